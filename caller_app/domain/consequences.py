"""What one outcome does to one case when nothing else interferes: status, next time, number, count.

What a reader would get wrong: this is the clean case only. Who may still set the status after a reassignment, an
opt-out or another outcome is decided in `domain.rebase`. The catalogue's column `disposition` is followed code by code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from caller_app.domain.altered import altered
from caller_app.domain.callbacks import slot_in
from caller_app.domain.calling_rules import (
    SITTING,
    at_wall,
    counted_history,
    next_allowed,
    next_band,
    number_fits,
)
from caller_app.domain.facts import parse_range
from caller_app.domain.items import CaseStatus, Item, Number, NumberState, PastAttempt
from caller_app.domain.outcomes import Outcome
from caller_app.domain.projects import Project
from caller_app.domain.rulebook import Rulebook

ON_NUMBER: dict[str, NumberState] = {
    "C01": "no_answer",
    "C02": "no_answer",
    "C03": "no_answer",
    "C04": "no_answer",
    "P01": "dead",
    "P02": "wrong",
    "P03": "wrong",
}


@dataclass(frozen=True, slots=True)
class Consequence:
    """Where the case stands after the attempt. `code` is C06 where the attempt rule closed it."""

    status: CaseStatus
    not_before: datetime | None = None
    why: str = ""
    code: str = ""
    review_on: str | None = None  # a supervisor looks again on this day


def numbers_after(item: Item, code: str, number: str | None) -> tuple[Number, ...]:
    """Give the numbers with the fate the outcome gives to the one that was used (domain rules 2.2, point 6)."""
    if number is None or code[0] == "N":
        return item.numbers
    return tuple(_fate(one, code) if one.e164 == number else one for one in item.numbers)


def _fate(number: Number, code: str) -> Number:
    state = ON_NUMBER.get(code)
    if number.state == "barred" or code in ("C05", "C06"):
        return number
    if state in ("wrong", "dead"):
        return altered(number, state=state, textable=False)  # never a text to a stranger either
    if number.state in ("wrong", "dead"):
        return number
    if state == "no_answer":
        return altered(number, state="no_answer", no_answers=number.no_answers + 1)
    return altered(number, state="ok")


def counts(outcome: Outcome, facts: Mapping[str, Any], item: Item, at: datetime, promise: str) -> bool:
    """Tell whether the attempt uses up one of the person's attempts (domain rules 2.7).

    Several numbers tried in one sitting count once. A callback kept on time counts only when the person was not there.
    """
    if outcome.counts_as_attempt == "no":
        return False
    if outcome.counts_as_attempt == "barred_only" and facts.get("which") != "barred":
        return False
    if promise == "late":  # missed by us
        return False
    if promise == "on_time" and outcome.contact_level in ("patient", "verified", "patient or third party"):
        return False
    return not any(abs(at - one.at) < SITTING for one in counted_history(item.attempts))


def consequence(
    item: Item, attempt: PastAttempt, outcome: Outcome, facts: Mapping[str, Any], rules: Rulebook, project: Project
) -> Consequence:
    """Decide where the case stands. `item` already holds the number's new fate but not this attempt."""
    code, at = outcome.code, attempt.at
    holidays = rules.holidays
    earlier = [one.outcome for one in item.attempts if not one.superseded]

    def again(why: str, least: datetime | None = None) -> Consequence:
        total = item.counted_attempts + attempt.counted
        if total >= project.max_attempts and attempt.counted:
            return _used_up(outcome)
        soonest = next_allowed(item, max(at, least) if least else at, project, holidays, after=attempt)
        return Consequence("ready", soonest, why)

    def closed(why: str = "") -> Consequence:
        return Consequence("closed", None, why or outcome.label.lower(), code)

    if outcome.stop is not None or (outcome.final and code != "N02"):
        return closed()
    match code:
        case "N01":
            return Consequence(item.status, item.not_before, item.status_why)
        case "N02":
            return closed("withdrawn before dialling: for the supervisor to look at")
        case "C01" | "C02" | "C03" | "C04":
            return again(_WHY[code])
        case "C05":
            if facts.get("which") == "barred":
                return again("the call was barred")
            if _number_left(item, attempt.number):
                return Consequence("ready", None, "line fault: another number to try")
            return Consequence("ready", next_band(at, project, holidays), "line fault")
        case "P01" | "P02" | "P03":
            if _number_left(item, attempt.number):
                return _another_number(item, attempt, project)
            return Consequence("closed", None, f"{outcome.label.lower()}: no number left, letter instead", code)
        case "T01":
            given = _time_given(facts)
            if given is not None and given > at:
                return Consequence("callback", given, "a better time was given")
            return again("not there when we rang")
        case "T02":
            if "T02" in earlier:
                return Consequence("supervisor", None, "twice a third party would not connect us")
            return again("a third party would not connect us: one more try")
        case "R01" | "R03" | "A04":
            slot = slot_in(code, facts, project, holidays)
            if code == "A04" and (slot is None or "A04" in earlier):
                return closed("wants to think: details given")
            return Consequence("callback", slot.from_at if slot else at, _WHY[code])
        case "R02":
            if "R02" in earlier:
                return Consequence("held", None, "identity not confirmed twice: letter asking to check details", code)
            soonest = next_allowed(item, at, project, holidays, after=attempt)
            return Consequence("held", soonest, "identity not confirmed: one more try on another day")
        case "R04":
            if attempt.counted and item.counted_attempts + 1 >= project.max_attempts:
                return Consequence("supervisor", None, "cut off at the last attempt: the supervisor decides")
            return again("cut off: try again")
        case "R05":
            day = str(facts.get("review_date", ""))
            return Consequence("held", None, f"held until {_said(day)}: then the supervisor decides", review_on=day)
        case "R06":
            return Consequence("supervisor", None, "cannot take part by phone: another channel")
        case "E01":
            return Consequence("supervisor", None, "stopped for risk")
        case "E02":
            if facts.get("afterwards") == "hold":
                return Consequence("held", None, "waits for the practice's answer")
            return closed("with the practice")
        case "S03":
            if "S03" in earlier:
                return closed("nobody with authority to speak")
            return Consequence("held", None, "nobody with authority to speak: letter, or the practice decides")
    return Consequence("supervisor", None, "a result this version does not know")


_WHY = {
    "C01": "no answer",
    "C02": "engaged",
    "C03": "message left",
    "C04": "voicemail, no message",
    "R01": "callback agreed",
    "R03": "support booked, then ring again",
    "A04": "wants to think: ring again",
}


def _used_up(outcome: Outcome) -> Consequence:
    if outcome.contact_level in ("patient", "verified"):
        return Consequence("supervisor", None, "attempts used up: the supervisor decides")
    return Consequence("closed", None, "attempts used up without reaching the person", "C06")


def _number_left(item: Item, used: str | None) -> bool:
    return any(number_fits(one).ok for one in item.numbers if one.e164 != used)


def _another_number(item: Item, attempt: PastAttempt, project: Project) -> Consequence:
    """Another number may be dialled in the same sitting, unless the attempts are used up (P03 counts)."""
    if attempt.counted and item.counted_attempts + 1 >= project.max_attempts:
        return Consequence("closed", None, "attempts used up without reaching the person", "C06")
    return Consequence("ready", None, "another number to try")


def _time_given(facts: Mapping[str, Any]) -> datetime | None:
    day = facts.get("date")
    if not isinstance(day, str):
        return None
    span = parse_range(facts.get("time"))
    try:
        return at_wall(date.fromisoformat(day), time.fromisoformat(span[0] if span else "09:00"))
    except ValueError:
        return None


def _said(day: str) -> str:
    try:
        when = date.fromisoformat(day)
    except ValueError:
        return "the review date"
    return f"{when.day} {when:%B %Y}"
