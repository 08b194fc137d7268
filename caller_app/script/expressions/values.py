"""What an expression works with, and how one kind becomes another: the casts of XPath 1.0 as XForms widens them.

Five kinds: words (str), numbers (float), true or false (bool), a moment (Moment), an answer (Answer: the text of one
question). What a reader would get wrong: a blank answer is '' as words and NaN as a number; NaN equals nothing and is
neither above nor below anything; an answer in a condition of its own is true even when blank (it is a node that is
there), which is why the check at publishing refuses such a condition. Days count from 1 January 1970, whole for dates.
"""

import math
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

DATE_LIKE: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:T.*)?", re.DOTALL | re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_WHOLE: Final = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_DAYS: Final = 2_900_000.0  # the years datetime knows, from 1970
NAN: Final = math.nan


class Answer(NamedTuple):
    """What was answered to one question, as text; blank where it was not asked or not answered."""

    text: str


class Moment(NamedTuple):
    """A date or a time: days since 1 January 1970, None where there is none; `blank` for a date made of nothing."""

    days: float | None
    blank: bool = False


Value = str | float | bool | Answer | Moment


def as_text(value: Value) -> str:
    """Cast to words (XPath 1.0 section 4.2)."""
    if isinstance(value, Answer):
        return value.text
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Moment):
        return _moment_text(value)
    return number_text(value)


def as_number(value: Value) -> float:
    """Cast to a number; what is no number is NaN (XPath 1.0 section 4.4; dates as days, as XForms)."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float):
        return value
    if isinstance(value, Moment):
        return NAN if value.days is None else value.days
    return number_of(as_text(value))


def as_boolean(value: Value) -> bool:
    """Cast to true or false (XPath 1.0 section 4.3)."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    if isinstance(value, Moment):
        return value.days is not None
    if isinstance(value, Answer):
        return True  # a node that is there
    return bool(value)


def number_of(text: str) -> float:
    """Read a number or a date out of text."""
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    if DATE_LIKE.fullmatch(text):
        return days_of(text)
    return {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}.get(text, NAN)


def number_text(number: float) -> str:
    """Write a number as JavaScript and XPath engines do: no .0, no exponent below 1e21."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "0"
    mantissa, sign, exponent = repr(number).partition("e")
    if sign and not -7 < int(exponent) < 21:
        power = int(exponent)
        return f"{mantissa.removesuffix('.0')}e{'+' if power > 0 else '-'}{abs(power)}"
    return format(Decimal(repr(number)), "f").removesuffix(".0")


def days_of(text: str) -> float:
    """Give the days since 1970 of a date or a date with time, NaN where it is not one."""
    if "T" in text:
        moment = _instant(text)
        return NAN if moment is None else (moment - _EPOCH) / timedelta(days=1)
    year, month, day = (int(part) for part in text.split("-"))
    # A day beyond its month runs on into the next one, as the engines count it.
    if not 1 <= year <= 9999:
        return NAN
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if not 1 <= year <= 9999:
        return NAN
    return float((date(year, month, 1) - date(1970, 1, 1)).days + day - 1)


def moment_of(value: Value) -> Moment:
    """Cast to a date; a blank gives a blank one, what is no date none."""
    if isinstance(value, Moment):
        return value
    if isinstance(value, bool):
        return Moment(None)
    if isinstance(value, float):
        return _moment(value)
    text = as_text(value)
    if not text:
        return Moment(None, blank=True)
    if _WHOLE.fullmatch(text):
        return _moment(math.trunc(float(text)) if len(text) < 20 else NAN)  # longer is no day that a calendar knows
    if not DATE_LIKE.fullmatch(text):
        return Moment(None)
    if "T" not in text:
        year, month, day = (int(part) for part in text.split("-"))
        try:
            date(year, month, day)
        except ValueError:
            return Moment(None)
    return _moment(days_of(text))


def when(moment: Moment) -> datetime | None:
    """Give the calendar time a moment stands for."""
    if moment.days is None:
        return None
    return _EPOCH + timedelta(milliseconds=round(moment.days * 86_400_000))


def _moment(days: float) -> Moment:
    if math.isnan(days) or not -700_000 < days < _MAX_DAYS:
        return Moment(None)
    return Moment(days)


def _instant(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _moment_text(moment: Moment) -> str:
    shown = when(moment)
    if shown is None:
        return "" if moment.blank else "Invalid Date"
    if shown.time() == datetime.min.time():
        return shown.date().isoformat()
    return shown.isoformat(timespec="milliseconds")
