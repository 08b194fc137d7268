"""The pad and the forms: which results are possible now, what each asks, and how a detail is put right.

What a reader would get wrong: "possible" is a courtesy of the screen. The command refuses what may not be recorded
whatever a form allowed; and consent is never filled in for anybody.
"""

from dataclasses import replace
from typing import Any

from caller_app.base.clock import london
from caller_app.base.errors import Refused
from caller_app.domain.authorities import covers, said_of
from caller_app.domain.callbacks import quick_slots
from caller_app.domain.corrections import EVIDENCE, CorrectionType
from caller_app.domain.details import LABELS, current_value
from caller_app.domain.eligibility import offerings
from caller_app.domain.identity import PROXY as PROXY_TICK
from caller_app.domain.interpreters import WHO as INTERPRETERS
from caller_app.domain.interpreters import family_warning
from caller_app.domain.items import Authority
from caller_app.domain.outcomes import FactField, Outcome
from caller_app.domain.projects import Project
from caller_app.domain.referrals import PATIENT, PROXY
from caller_app.domain.script_facts import CONSENT, facts_said
from caller_app.queries.details import number_in_words
from caller_app.queries.masking import View, look
from caller_app.queries.opening import NOBODY, message
from caller_app.queries.rows import CorrectionForm, CorrectionKind, OutcomeForm, PadGroup, PadOutcome, QuickTime
from caller_app.queries.safety import needs_of
from caller_app.queries.script_path import Ran, run_scripts
from caller_app.store.snapshot import Snapshot

_PROMISES = ("R01", "A04")
_BEFORE_DIALLING = ("N01", "N02")
_NOT_THE_PATIENT = ("P02", "P03", "T01", "T02", "S01", "S03", "R02")  # not once the patient was checked
_SEEN_UNCHECKED = ("phone", "language", "interpreter", "communication_needs", "communication_note", "safe_contact")
_URGENCY = {"same_day": "same day", "two_days": "within 2 working days", "weekly": "with the weekly report"}


def outcome_pad(s: Snapshot, *, case_id: str) -> tuple[PadGroup, ...]:
    """Give every code a caller may record, group by group, with whether it fits this moment of the call."""
    view = look(s, case_id)
    groups: dict[str, list[PadOutcome]] = {}
    for one in s.rules.outcomes.on_pad():
        why_not = _why_not(one, view)
        known = dict(_filled(one, view))
        asks = any(_must_be_asked(field, known) for field in _asked(one))
        groups.setdefault(one.group, []).append(
            PadOutcome(one.code, one.label, one.definition, not why_not, why_not, asks)
        )
    return tuple(PadGroup(name, tuple(outcomes)) for name, outcomes in groups.items())


def outcome_form(s: Snapshot, *, case_id: str, code: str) -> OutcomeForm:
    """Give what one code asks, with the choices of this person: numbers, pathways, ready-made times."""
    view = look(s, case_id)
    one = s.rules.outcomes.get(code)
    if not one.on_pad:
        raise Refused(f"{one.label} is set by the system and cannot be chosen.", field="outcome")
    said = _said_in_script(s, view, one)
    slots = quick_slots(s.now, view.project, s.rules.holidays) if view.project and code in _PROMISES else ()
    say, warn = message(s, view) if code == "C03" else ("", "")
    return OutcomeForm(
        code=one.code,
        label=one.label,
        definition=one.definition,
        next_step=one.next_step,
        fields=tuple(
            _with_hint(_with_choices(field, one, view), said)
            for field in _asked(one)
            if not (field.name == "check_proxy" and (view.draft is None or view.draft.speaker != "proxy"))
        ),
        filled=tuple(
            {**{name: value for name, value in said.items() if name != "consent"}, **dict(_filled(one, view))}.items()
        ),
        quick_times=tuple(QuickTime(slot.label, slot.words, slot.from_at, slot.to_at) for slot in slots),
        referral=agreement_fields(one, needs_of(view), view.under, view.project),
        say=say,
        warn=warn,
    )


def agreement_fields(
    one: Outcome, needs: tuple[str, ...], under: Authority | None = None, project: Project | None = None
) -> tuple[FactField, ...]:
    """Ask who agreed and whether an interpreter took part, where agreement is asked for; nothing is filled in."""
    consent = next((field for field in one.fields if field.name == "consent"), None)
    if consent is None:
        return ()
    # Where no data may have to leave, there may be nothing to agree to.
    condition = "consent=yes" if "not_needed" in dict(consent.choices) else ""
    known = next((need.replace(": ", ", ") for need in needs if need.startswith("Interpreter")), "")
    asked = FactField("given_by", "Who gave this answer?", "choice", choices=_may_agree(under), hint=_agrees(under))
    heard = FactField(
        "interpreter",
        "Who interpreted?",
        "choice",
        choices=INTERPRETERS,
        hint=" ".join(
            part
            for part in (f"On the record: {known[:1].lower()}{known[1:]}." if known else "", family_warning(project))
            if part
        ),
    )
    return tuple(replace(field, required=not condition, required_when=condition) for field in (asked, heard))


def _may_agree(under: Authority | None) -> tuple[tuple[str, str], ...]:
    """Name who may have agreed: the person, or who was checked in this call and may agree for them."""
    if under is None:
        return ((PATIENT, "The person themselves"),)
    return ((PROXY, said_of(under)),) if under.may_agree else ()


def _agrees(under: Authority | None) -> str:
    if under is None:
        return NOBODY
    if under.may_agree:
        return "They may agree for the person: an authority is recorded that says so."
    return f"{under.name} may speak for the person, and may not agree for them."


def _said_in_script(s: Snapshot, view: View, one: Outcome) -> dict[str, Any]:
    """Give what the script has answered of the facts a result asks; agreement as it was said there, in words."""
    if view.draft is None or view.project is None or not view.draft.answers:
        return {}
    ran = run_scripts(s, view, view.draft.answers)
    if ran is None:
        return {}
    call = ran.call
    values = {name: value for part in call.parts for name, value in part.values.items()}
    pathways = tuple(dict.fromkeys(code for part in call.parts for code in part.concluded.pathways))
    said = facts_said(one, values, pathways, view.project, point=_point(view, ran))
    agreed = {"y": "Yes", "n": "No"}.get(values.get(CONSENT, ""))
    return {**said, "consent": agreed} if agreed else said


def _point(view: View, ran: Ran) -> str:
    if view.verified:
        asked = {row.name for row in ran.script.rows()} if ran.script is not None else set()
        answered = view.draft is not None and not asked.isdisjoint(view.draft.answers)
        return "questions" if answered else "introduction"
    return "identity" if view.draft is not None and view.draft.ticks else "before_identity"


def _with_hint(field: FactField, said: dict[str, Any]) -> FactField:
    """Say where a value comes from, and what was said about agreement: that is never filled in (domain rules 2.16)."""
    if field.name == "consent" and "consent" in said:
        return replace(field, hint=f"In the script they answered: {said['consent']}. Confirm it for these words.")
    return replace(field, hint="From the answers of the script.") if field.name in said else field


def correction_form(s: Snapshot, *, case_id: str, detail: str) -> CorrectionForm:
    """Give the types that fit a detail; what we hold stands beside it only where it may be seen by now."""
    view = look(s, case_id)
    name, _, which = detail.partition(":")
    if name not in LABELS and not s.rules.corrections.fitting(detail):
        raise Refused("This detail cannot be corrected here.", field="detail")
    number = next((one for one in view.item.numbers if one.e164 == which), None)
    if which and number is None:
        raise Refused("This is not one of the person's numbers.", field="detail")
    may_be_seen = view.verified or (name in _SEEN_UNCHECKED and (name != "phone" or view.draft is not None))
    old = ""
    if may_be_seen:
        old = number_in_words(number) if number else current_value(view.item, detail) or ""
    label = LABELS.get(name, name.replace("_", " ").capitalize())
    return CorrectionForm(
        detail=detail,
        label=label,
        old=old,
        kinds=tuple(_kind(kind, view, which, label, old) for kind in s.rules.corrections.fitting(detail)),
        evidence=EVIDENCE,
    )


def _why_not(one: Outcome, view: View) -> str:
    draft = view.draft
    if draft is None:
        return "Open this person's card first."
    if one.code in _BEFORE_DIALLING:
        return "" if not draft.is_connected else "A call was made: record how it went."
    if one.code == "E01" and draft.concern_id is None and not view.item.concerns:
        return "Record the concern first: F12."
    if not draft.is_connected and one.code != "E01":
        return "Dial first: Enter."
    if one.needs_verified and not view.verified:
        return "Needs the identity check of this call."
    if draft.incoming and one.needs_number and one.code[0] in "CP":
        return "They rang us: no number was dialled."
    if view.verified and (one.code in _NOT_THE_PATIENT or (one.contact_level == "none" and one.code != "C05")):
        return "You are speaking to the person."
    return ""


def _asked(one: Outcome) -> list[FactField]:
    return [field for field in one.fields if not field.filled_from]


def _must_be_asked(field: FactField, known: dict[str, str]) -> bool:
    return field.required and not field.default and field.name not in known


def _filled(one: Outcome, view: View) -> tuple[tuple[str, str], ...]:
    """Name what the call itself knows already: the number dialled, the ticks, the concern."""
    draft = view.draft
    filled: list[tuple[str, str]] = []
    for field in one.fields:
        value = field.default if not field.filled_from else ""
        if draft is not None:
            if field.kind == "number_used" and draft.number:
                value = draft.number
            elif field.name.startswith("check_") and field.name.removeprefix("check_") in draft.ticks:
                value = draft.ticks[field.name.removeprefix("check_")]
            elif field.name == "check_proxy":
                theirs = [tick for name, tick in draft.ticks.items() if name.startswith(PROXY_TICK)]
                value = "matches" if "matches" in theirs else theirs[-1] if theirs else ""
            elif field.kind == "concern":
                marks = view.item.concerns
                value = draft.concern_id or (marks[-1].concern_id if marks else "")
        if one.code == "D03" and field.name == "scope":
            value = "person" if view.verified else "unconfirmed"
        if value:
            filled.append((field.name, value))
    return tuple(filled)


def _with_choices(field: FactField, one: Outcome, view: View) -> FactField:
    match field.kind:
        case "number_used":
            numbers = view.item.numbers if view.draft is not None else ()
            return replace(field, choices=tuple((number.e164, number_in_words(number)) for number in numbers))
        case "pathway" if view.verified and view.project is not None:
            answers = view.draft.answers if view.draft else {}
            offered = offerings(view.item, view.project, london(view.now).date(), answers)
            fitting = [each for each in offered if one.code in each.pathway.outcomes and each.ok is not False]
            if view.under is not None:
                fitting = [each for each in fitting if covers(view.under, each.pathway.code)]
            return replace(field, choices=tuple((each.pathway.code, each.pathway.title) for each in fitting))
        case "concern":
            words = {"immediate": "Immediate danger", "distress": "Very distressed", "safeguarding": "Safeguarding"}
            marks = [
                (mark.concern_id, f"{words.get(mark.route, mark.route)}, {london(mark.at):%H:%M}")
                for mark in view.item.concerns
            ]
            return replace(field, choices=tuple(marks))
    return field


def _kind(kind: CorrectionType, view: View, which: str, label: str, old: str) -> CorrectionKind:
    filled: list[tuple[str, str]] = []
    for field in kind.fields:
        if field.kind == "number_used" and which:
            filled.append((field.name, which))
        elif kind.code == "OTHER" and field.name == "field":
            filled.append((field.name, label))
        elif kind.code == "OTHER" and field.name == "old" and old:
            filled.append((field.name, old))
        elif field.default:
            filled.append((field.name, field.default))
    numbers = view.item.numbers if view.draft is not None else ()
    choices = tuple((number.e164, number_in_words(number)) for number in numbers)
    possible = view.verified or not kind.needs_verified
    return CorrectionKind(
        type=kind.code,
        label=kind.label,
        fields=tuple(replace(one, choices=choices) if one.kind == "number_used" else one for one in kind.fields),
        urgency=_URGENCY[kind.urgency],
        asked_of_practice=kind.asked_of_practice,
        possible=possible,
        why_not="" if possible else "Needs the identity check of this call.",
        filled=tuple(filled),
    )
