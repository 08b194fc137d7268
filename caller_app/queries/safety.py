"""Safe to call: the lines shown before the number, and the needs to know before anybody speaks (domain rules 2.8).

What a reader would get wrong: every line here is seen before identity has passed. No project, no value of the record,
nobody else's name.
"""

from caller_app.base.clock import london
from caller_app.domain.authorities import holding, is_child, kind_words, said_of
from caller_app.domain.callbacks import may_keep
from caller_app.domain.calling_rules import Permission, age_on, when
from caller_app.domain.cohort.languages import language_name
from caller_app.domain.interpreters import family_warning
from caller_app.domain.items import Authority, PastAttempt, Promise
from caller_app.domain.messages import GREETING, why_no_message
from caller_app.domain.outcomes import OutcomeCatalogue
from caller_app.queries.masking import View
from caller_app.queries.offer_rows import SpokenFor
from caller_app.queries.rows import SafetyLine

NO_MESSAGE = "Leave no message"


def needs_of(view: View) -> tuple[str, ...]:
    """Give the needs as short badges: language, interpreter, information needs, texts."""
    patient = view.item.patient
    needs = []
    language = language_name(patient.language) if patient.language else ""
    if patient.interpreter:
        needs.append(f"Interpreter: {language}" if language else "Interpreter needed")
    elif language and patient.language != "en":
        needs.append(f"Language: {language}")
    needs += [need.replace("_", " ").capitalize() for need in patient.communication_needs]
    if patient.communication_note:
        needs.append(patient.communication_note)
    if patient.text_opt_out:
        needs.append("No texts")
    return tuple(needs)


def safety_lines(
    view: View, permission: Permission, outcomes: OutcomeCatalogue, user_id: int
) -> tuple[SafetyLine, ...]:
    """Give the lines, cautions first; what holds the call back and the safe-contact note have places of their own."""
    item, patient = view.item, view.item.patient
    lines: list[SafetyLine] = []
    if permission.ok and permission.reason:
        lines.append(SafetyLine("caution", permission.reason))
    age = age_on(patient.dob, london(view.now).date())
    if age is not None and age < 18:
        words = (
            "16 or 17: speak to them directly; parents are third parties."
            if age >= 16
            else ("Under 16: speak only to somebody with parental responsibility.")
        )
        lines.append(SafetyLine("caution", words))
    if holding(item, view.now):
        lines.append(
            SafetyLine("info", "Somebody is recorded who may speak for them. They say who they are, and you check it.")
        )
    if any(number.shared for number in item.numbers):
        lines.append(
            SafetyLine("caution", "Other people share this number: ask for the person, never say anybody else's name.")
        )
    lines += [_promise_line(view, promise, user_id) for promise in item.promises if promise.state == "open"]
    why_not = no_message(view)
    if why_not:
        lines.append(SafetyLine("info", f"{NO_MESSAGE}: {why_not}."))
    last = max((one for one in item.attempts if not one.superseded), key=lambda one: one.at, default=None)
    if last is not None:
        lines.append(SafetyLine("info", _last_line(view, last, outcomes)))
    if any(not number.verified for number in item.numbers):
        lines.append(SafetyLine("info", "A number was told to us on a call and is not confirmed yet."))
    return tuple(lines)


def no_message(view: View) -> str:
    """Say why no message may be left in this call; empty where the neutral one may (domain rules 2.9)."""
    greeting = view.draft.answers.get(f"vm_{GREETING}") if view.draft is not None else None
    return why_no_message(view.item, view.project, view.now, str(greeting or ""))


def spoken_for(view: View) -> SpokenFor | None:
    """Say who was checked in this call, where that is not the person, and what they may (domain rules 2.11)."""
    one = view.under
    if one is None:
        return None
    may = "speak about this call and agree for the person" if one.may_agree else "speak about this call, and not agree"
    return SpokenFor(
        said_of(one), f"You speak with {said_of(one)}, {kind_words(one.kind)}: they may {may}.", one.may_agree
    )


def about_the_call(view: View) -> tuple[SafetyLine, ...]:
    """Give what has to be kept in mind once the check has passed: who is on the line, and who may interpret."""
    lines = []
    found, one = spoken_for(view), view.under
    if found is not None and one is not None:
        lines.append(SafetyLine("caution", " ".join(part for part in (found.words, _limits(one, view)) if part)))
    family = family_warning(view.project)
    if family and view.item.patient.interpreter:
        lines.append(SafetyLine("caution", family))
    return tuple(lines)


def _limits(one: Authority, view: View) -> str:
    said = [f"Not about: {one.limits}."] if one.limits else []
    if one.pathways and view.project is not None:
        titles = [found.title for code in one.pathways if (found := view.project.pathway(code)) is not None]
        said.append(f"Only for: {', '.join(titles) or 'nothing of this project'}.")
    if is_child(view.item, view.now):
        said.append("Say nothing that the child may have told a service in confidence.")
    return " ".join(said)


def _promise_line(view: View, promise: Promise, user_id: int) -> SafetyLine:
    begins, ends = promise.from_at, promise.to_at
    said = when(begins, view.now) + (f" to {london(ends):%H:%M}" if ends > begins else "")
    who = "You" if promise.made_by_id == user_id else promise.made_by or "A colleague"
    if not may_keep(promise, user_id):
        return SafetyLine("caution", f"{who} promised to ring {said}: the person asked for {promise.made_by}.")
    return SafetyLine("info", f"{who} promised to ring {said}.")


def _last_line(view: View, last: PastAttempt, outcomes: OutcomeCatalogue) -> str:
    known = outcomes.find(last.outcome)
    by = f" by {last.caller}" if last.caller else ""
    return f"Last call: {known.label.lower() if known else last.outcome}, {when(last.at, view.now)}{by}."
