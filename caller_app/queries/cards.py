"""The call card: everything the caller needs for one person, and nothing before its time.

What a reader would get wrong: masking happens here, below the screen. Before the identity check of this call has
passed, the parts below the line are not made. Numbers are given only while the card is open: opening it is audited.
"""

from dataclasses import replace

from caller_app.domain.calling_rules import Permission
from caller_app.domain.calls import may_dial_now, numbers_in_order
from caller_app.domain.items import Item, Promise
from caller_app.queries.details import details_of
from caller_app.queries.masking import View, age_of, identity_panel, look
from caller_app.queries.offers import offers_of, practice_first, referrals_of
from caller_app.queries.rows import Card, SafetyLine
from caller_app.queries.safety import about_the_call, needs_of, safety_lines, spoken_for
from caller_app.queries.script_path import path_of
from caller_app.store.snapshot import Snapshot

NOT_HERE_YET = "The script and rules for this person have not arrived yet. Wait until the list is up to date."


def card(s: Snapshot, *, case_id: str) -> Card:
    """Give the card of a person as it may be shown now; raises Refused where they left the list."""
    view = look(s, case_id)
    item, draft, project = view.item, view.draft, view.project
    promises = tuple(sorted((one for one in item.promises if one.state == "open"), key=lambda one: one.from_at))
    best = _best(item, promises)
    permission = _permission(s, view, best)
    script = path_of(s, view, draft.answers, draft.language) if draft else path_of(s, view, {})
    shown = Card(
        case_id=case_id,
        call_id=draft.call_id if draft else None,
        shown_name=f"{item.patient.given_name} {item.patient.family_name}".strip(),
        numbers=item.numbers if draft else (),
        best_number=best if draft else None,
        needs=needs_of(view),
        safe_contact=item.patient.safe_contact,
        warnings=safety_lines(view, permission, s.rules.outcomes, s.me.user_id),
        may_dial=permission.ok,
        hold_reason=None if permission.ok else permission.reason,
        identity=identity_panel(view),
        script=script,
        promises=promises if draft else tuple(replace(one, number=None) for one in promises),
        page=min(draft.page, max(0, len(script.pages) - 1)) if draft else 0,  # an answer taken back leads less far
        language=draft.language if draft else "",
        answers=dict(draft.answers) if draft else {},
        dialled_number=draft.number if draft else None,
        dialled_at=draft.dialled_at if draft else None,
        taken_away=s.taken_away(case_id),
    )
    return _with_record(s, view, shown) if view.verified and project is not None else shown


def _with_record(s: Snapshot, view: View, shown: Card) -> Card:
    """Fill in what only the patient, checked in this call, may be spoken to about."""
    item, patient = view.item, view.item.patient
    held = practice_first(view)
    return replace(
        shown,
        project_name=view.project.name if view.project else None,
        warnings=(
            *((SafetyLine("stop", f"{held[0].upper()}{held[1:]}."),) if held else ()),
            *about_the_call(view),
            *shown.warnings,
        ),
        spoken_for=spoken_for(view),
        age=age_of(view),
        nhs_last4=patient.nhs_number[-4:],
        practice_name=patient.practice.name if patient.practice else None,
        details=details_of(item, s.rules.corrections),
        offers=offers_of(view),
        referrals=referrals_of(view),
        timeline=tuple(sorted(item.attempts, key=lambda one: one.at, reverse=True)),
        notes=tuple(f"{note.words} ({note.author})" for note in item.notes),
    )


def _best(item: Item, promises: tuple[Promise, ...]) -> str | None:
    promised = promises[0].number if promises else None
    return next((number.e164 for number in numbers_in_order(item, promised)), None)


def _permission(s: Snapshot, view: View, best: str | None) -> Permission:
    if view.project is None:
        return Permission(False, NOT_HERE_YET)
    as_of = s.list_as_of
    return may_dial_now(
        view.item,
        view.draft,
        s.now,
        s.now - as_of if as_of else None,
        view.project,
        number=best,
        user_id=s.me.user_id,
        holidays=s.rules.holidays,
        taken_away=s.taken_away(view.item.case_id),
        by_the_centre=s.by_the_centre,
    )
