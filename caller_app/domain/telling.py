"""Tell a change in words: label and value, line by line, as a supervisor or the caller who recorded it reads it.

What a reader would get wrong: this is the whole of what was recorded, patient words included. It is shown to the
person who recorded it and to supervisors, never logged, and goes into a file only where somebody said yes to that.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from caller_app.base.clock import london
from caller_app.domain import phones
from caller_app.domain.changes import (
    Accessed,
    AttemptRecorded,
    AttemptSuperseded,
    CallbackPromised,
    Change,
    ConcernAdded,
    ConcernRaised,
    CorrectionProposed,
    NoteAdded,
    ReferralRequested,
    ReferralTakenBack,
)
from caller_app.domain.corrections import EVIDENCE
from caller_app.domain.details import LABELS
from caller_app.domain.facts import FactField
from caller_app.domain.interpreters import WORDS as INTERPRETED
from caller_app.domain.rulebook import Rulebook

Lines = tuple[tuple[str, str], ...]

ROUTES = {"immediate": "immediate danger", "distress": "suicide or distress", "safeguarding": "safeguarding"}
REFERRAL_ROUTES = {
    "signpost": "told where to go",
    "self_referral": "refers themselves",
    "supported_referral": "referred by us",
    "practice_task": "passed to the practice",
}
GIVEN_BY = {"patient": "the person", "proxy": "who speaks for them", "caller": "the caller"}
SOURCES = {
    "patient": "the person",
    "proxy": "who speaks for them",
    "third_party": "somebody else",
    "network": "the telephone network",
    "post": "returned post",
}
_EVIDENCE = {code: label for code, label, _source in EVIDENCE}
_ACCESSED = {
    "view": "card opened",
    "check_panel": "check panel shown",
    "danger_details": "details for 999 shown",
    "dial": "number dialled",
    "incoming": "incoming call taken",
    "copied": "copy made for support",
}


def instant_words(moment: datetime) -> str:
    """Say an instant: "3 Mar 2026, 10:02"."""
    wall = london(moment)
    return f"{wall.day} {wall:%b %Y}, {wall:%H:%M}"


def title_of(change: Change, rules: Rulebook) -> str:
    """Say what a change is, never whom it is about."""
    match change:
        case AttemptRecorded():
            outcome = rules.outcomes.find(change.outcome)
            return f"Call: {outcome.label}" if outcome else "Call"
        case AttemptSuperseded():
            return "Call taken back"
        case CorrectionProposed():
            kind = rules.corrections.find(change.type)
            return f"Correction: {kind.label}" if kind else "Correction"
        case CallbackPromised():
            return "Callback promised"
        case ReferralRequested():
            return "Pathway taken up"
        case ReferralTakenBack():
            return "Referral withdrawn"
        case NoteAdded():
            return "Note"
        case ConcernRaised():
            return "Concern raised"
        case ConcernAdded():
            return "Added to a concern"
        case Accessed():
            words = _ACCESSED.get(change.what, "record looked at")
            return words[:1].upper() + words[1:]
    return change.kind.replace("_", " ")


def lines_of(change: Change, rules: Rulebook, pathways: Mapping[str, str] | None = None) -> Lines:
    """Give everything a change says, in words; what was left empty is left out."""
    known = pathways or {}
    match change:
        case AttemptRecorded():
            lines = _attempt(change, rules, known)
        case AttemptSuperseded():
            lines = [("Why", change.reason)]
        case CorrectionProposed():
            lines = _correction(change)
        case CallbackPromised():
            span = f"{instant_words(change.from_at)} to {london(change.to_at):%H:%M}"
            lines = [("Promised for", span), ("By whom", "anybody" if change.anyone else "the caller in person"),
                     ("Number", _number(change.number)), ("Words", change.words or "")]  # fmt: skip
        case ReferralRequested():
            lines = [("Pathway", known.get(change.pathway, change.pathway)),
                     ("How", REFERRAL_ROUTES.get(change.route, change.route)), ("Consent", change.consent or ""),
                     ("Consent read out", change.consent_wording or ""),
                     ("Given by", GIVEN_BY.get(change.given_by, change.given_by)),
                     ("Shared with", change.shared_with or ""), ("Task", change.task or ""),
                     ("Due", _day(change.due_on)), ("Version of the words", change.wording_version or ""),
                     ("Shared", ", ".join(change.shared_fields)), ("Read in", _language(change))]  # fmt: skip
        case ReferralTakenBack():
            lines = [("Why", change.reason), ("Said by", GIVEN_BY.get(change.given_by, change.given_by))]
        case NoteAdded():
            lines = [("Note", change.words)]
        case ConcernRaised():
            lines = [("About", ROUTES.get(change.route, change.route)), ("Words", change.words),
                     ("Told", ", ".join(change.told))]  # fmt: skip
        case ConcernAdded():
            lines = [("Words", change.words), ("Told", ", ".join(change.told))]
        case Accessed():
            lines = [("What", _ACCESSED.get(change.what, change.what)), ("Detail", _number(change.detail))]
        case _:
            lines = []
    return tuple((label, value) for label, value in lines if value)


def value_words(field: FactField | None, value: Any, pathways: Mapping[str, str]) -> str:
    """Say one value of a form as a person reads it."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(value_words(field, one, pathways) for one in value)
    text = str(value)
    if field is None:
        return text
    if field.kind in ("choice", "multi"):
        return dict(field.choices).get(text, text)
    if field.kind == "pathway":
        return pathways.get(text, text)
    if field.kind == "date":
        return _day(text)
    return _number(text)


def _attempt(change: AttemptRecorded, rules: Rulebook, pathways: Mapping[str, str]) -> list[tuple[str, str]]:
    outcome = rules.outcomes.find(change.outcome)
    fields = {one.name: one for one in outcome.fields} if outcome else {}
    lines = [("Result", outcome.label if outcome else change.outcome), ("Number", _number(change.number))]
    if change.started_at and change.ended_at:
        lines.append(("Call", f"{instant_words(change.started_at)} to {london(change.ended_at):%H:%M}"))
    for name, value in change.facts.items():
        field = fields.get(name)
        if name != "number_used":
            label = field.label if field else name.replace("_", " ")
            lines.append((label[:1].upper() + label[1:], value_words(field, value, pathways)))
    if change.identity:
        lines.append(("Identity", "confirmed" if change.identity.passed else "not confirmed"))
        lines.append(("Spoken to", "who speaks for them" if change.identity.authority else ""))
    lines.append(("Note", change.note or ""))
    return lines


def _correction(change: CorrectionProposed) -> list[tuple[str, str]]:
    detail = change.field.partition(":")[0]
    return [
        ("Detail", LABELS.get(detail, detail.replace("_", " "))),
        ("We hold", _value(change.old) or "nothing"),
        ("We were told", _value(change.new) or "that it is wrong"),
        ("Told by", SOURCES.get(change.source, change.source)),
        ("How known", _EVIDENCE.get(change.evidence, change.evidence.replace("_", " "))),
    ]


def _value(text: str | None) -> str:
    return _day(text) if text and len(text) == 10 and text[4:5] == "-" else _number(text)


def _language(change: ReferralRequested) -> str:
    if not change.interpreter:
        return change.language or ""
    return f"{change.language or 'English'}, {INTERPRETED.get(change.interpreter, change.interpreter)}"


def _number(text: str | None) -> str:
    return phones.show(text) if text and text.startswith("+44") else text or ""


def _day(text: str | None) -> str:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return text or ""
    return f"{day.day} {day:%B %Y}"
