"""What of a card may be filled in now: the one place that decides, from the draft, what the screen may hold.

What a reader would get wrong: nothing below the line is read into a row and hidden later. Where `View.verified` is
false the functions that fill those parts are not called at all (domain rules 2.10).
"""

from dataclasses import dataclass
from datetime import datetime

from caller_app.base.clock import london_day
from caller_app.base.errors import Refused
from caller_app.domain.authorities import holding, kind_words, said_of
from caller_app.domain.calls import CallDraft, checked, panel_is_open, speaks_for
from caller_app.domain.identity import TITLES, assess, policy_words, proxy_field
from caller_app.domain.items import Authority, Item, Patient
from caller_app.domain.nhs_number import show as show_nhs_number
from caller_app.domain.phones import show as show_phone
from caller_app.domain.projects import Project
from caller_app.queries.rows import CheckField, IdentityPanel
from caller_app.store.shown import CANNOT_BE_READ
from caller_app.store.snapshot import Snapshot

GONE = "This person is no longer on your list."


@dataclass(frozen=True, slots=True)
class View:
    """A case as it may be looked at now. `draft` is the open call, None while the card is only looked at."""

    item: Item
    project: Project | None
    draft: CallDraft | None
    verified: bool
    now: datetime
    under: Authority | None = None  # of whoever was checked in this call, where that is not the person


def look(s: Snapshot, case_id: str) -> View:
    """Give a case with what may be shown of it; raises Refused where it left the list."""
    item = s.item(case_id)
    if item is None:
        raise Refused(CANNOT_BE_READ if s.has_record(case_id) else GONE)
    draft = s.draft(case_id)
    if draft is not None and draft.parked:
        draft = None
    verified, under = checked(draft, item, s.now), speaks_for(draft, item, s.now)
    return View(item, s.project(item.project_id), draft, verified, s.now, under)


def identity_panel(view: View) -> IdentityPanel:
    """Give the tick panel; what is expected stands in it only between the audited reveal and the decision."""
    draft, project = view.draft, view.project
    policy = project.identity_policy if project else "3of3"
    names = project.identity_fields if project else ("full_name", "dob", "address")
    revealed = panel_is_open(draft, view.now)
    ticks = draft.ticks if draft else {}
    failed = draft is not None and draft.identity_failed
    partial = project is not None and project.partial_dob
    # Whoever speaks for the person is asked for the person's details and for who they are themselves. Their names are
    # not read before the panel is shown, like everything else that is compared there.
    theirs = holding(view.item, view.now) if draft is not None and draft.speaker == "proxy" else None
    proxies = None if theirs is None else tuple(proxy_field(one.authority_id) for one in theirs)
    sentence = assess(policy, ticks, names, partial_dob=partial, proxies=proxies).sentence
    return IdentityPanel(
        policy=policy,
        policy_words=policy_words(policy) + (" Then they say who they are themselves." if theirs else ""),
        fields=tuple(
            CheckField(
                name=name,
                title=TITLES[name],
                expected=_expected(view.item.patient, view.item, name) if revealed else None,
                tick=ticks.get(name, "not_asked"),
                may_be_partial=name == "dob",
            )
            for name in names
        )
        + tuple(
            CheckField(
                name=name,
                title=f"Their own name and relationship: {kind_words(one.kind)}",
                expected=said_of(one),
                tick=ticks.get(name, "not_asked"),
            )
            for name, one in zip(proxies or (), theirs or (), strict=True)
            if revealed
        ),
        revealed=revealed,
        passed=view.verified,
        failed=failed,
        sentence=sentence if view.verified or not (draft and draft.identity_passed) else "Check again who this is.",
    )


def age_of(view: View) -> int | None:
    """Give the age on the day of the call."""
    from caller_app.domain.calling_rules import age_on

    return age_on(view.item.patient.dob, london_day(view.now))


def _expected(patient: Patient, item: Item, name: str) -> str:
    match name:
        case "full_name":
            return f"{patient.given_name} {patient.family_name}".strip()
        case "dob":
            return day_in_words(patient.dob)
        case "address":
            first = next((line for line in patient.address_lines if line.strip()), "")
            return ", ".join(part for part in (first, patient.postcode or "") if part) or "nothing on the record"
        case "phone":
            return " or ".join(show_phone(number.e164) for number in item.numbers) or "nothing on the record"
        case "nhs_number":
            return show_nhs_number(patient.nhs_number)
    return ""


def day_in_words(iso: str) -> str:
    """Say an ISO date as people say it: "3 March 1961"; a text that is no date stays as it is."""
    try:
        day = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {day:%B %Y}"
