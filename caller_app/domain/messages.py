"""Whether a message may be left on a machine: the attempt it belongs to, and what speaks against it (domain rules 2.9).

What a reader would get wrong: the number of the attempt is the sitting's. A second number rung in the same sitting is
the same attempt. A message that was left although none may be is still recorded, as that, and a supervisor sees it:
what happened is never left out.
"""

from datetime import datetime

from caller_app.domain.calling_rules import SITTING, counted_history
from caller_app.domain.items import Item
from caller_app.domain.projects import Project

LEFT = "C03"
GREETING = "greeting"  # the question on the machine's own words, in the opening and in the form
ALTHOUGH = "although"  # a message was left, and it is known that none may be
_GREETS = {"household": "the greeting names another household", "business": "the greeting names a business"}
_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth")


def attempt_number(item: Item, now: datetime) -> int:
    """Give the number of the attempt that is being made now: one sitting is one attempt."""
    counted = counted_history(item.attempts)
    sitting = any(abs(now - one.at) < SITTING for one in counted)
    return max(1, item.counted_attempts + (0 if sitting else 1))


def why_no_message(item: Item, project: Project | None, now: datetime, greeting: str = "") -> str:
    """Say why no message may be left; empty where the neutral one may."""
    patient = item.patient
    if patient.voicemail_opt_out:
        return "they do not want messages"
    if patient.safe_contact:
        return "see the safe contact note"
    if any(number.shared for number in item.numbers):
        return "the number is shared"
    if greeting in _GREETS:
        return _GREETS[greeting]
    if any(one.outcome == LEFT and not one.superseded for one in item.attempts):
        return "one was left already"
    return _wrong_attempt(project, attempt_number(item, now)) if project is not None else ""


def _wrong_attempt(project: Project, number: int) -> str:
    first, last = project.voicemail_attempts
    if first <= number <= last:
        return ""
    if number < first:
        return f"not on the {_word(number)} attempt"
    return f"only on the {_word(first)} attempt" if first == last else f"not after the {_word(last)} attempt"


def _word(number: int) -> str:
    return _WORDS[number - 1] if number <= len(_WORDS) else f"{number}th"
