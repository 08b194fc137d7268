"""Dates as cohort files bring them (domain rules 2.5).

A real date wins; text is read day first unless someone has answered the question; a two-digit year takes the
century that is not in the future. `evidence_in` says what one text tells about its column: the importer collects it and
asks, it never guesses per row.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from caller_app.domain.text import is_filler, plain


class DateOrder(StrEnum):
    """How numbers in text dates are ordered."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class DateFault(StrEnum):
    """Why a cell gives no date."""

    MISSING = "MISSING"
    UNREADABLE = "UNREADABLE"
    IMPOSSIBLE = "IMPOSSIBLE"


class DateEvidence(StrEnum):
    """What a text date says about the order used in its column."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class DateRead:
    """What one cell gave: a date or a fault, and how it was come by."""

    value: date | None
    fault: DateFault | None = None
    from_text: bool = False
    two_digit_year: bool = False
    serial: bool = False


_MISSING = DateRead(None, DateFault.MISSING)
_UNREADABLE = DateRead(None, DateFault.UNREADABLE)
_IMPOSSIBLE = DateRead(None, DateFault.IMPOSSIBLE)
_FIRST_SERIAL, _LAST_SERIAL = 1, 2_958_465
_NUMBERS = re.compile(r"([0-9]{1,2})([/.\-\s])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})([/.\-])([0-9]{1,2})\2([0-9]{1,2})")
_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[\s/.\-]*([a-z]{3,9})\.?,?[\s/.\-]*([0-9]{4}|[0-9]{2})")
_NAMED_US = re.compile(r"([a-z]{3,9})\.?[\s\-]*([0-9]{1,2})(?:st|nd|rd|th)?,?[\s\-]+([0-9]{4})")
_TIME = re.compile(r"(?:\s+|t)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:z|\s*[ap]m)?$")
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+")
_ROOM = re.compile(r"\s*([/.\-])\s*")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}


def from_serial(serial: float, *, date1904: bool = False) -> date | None:
    """The day of an Excel serial number; None outside the calendar and for 29 February 1900, which never was."""
    days = int(serial)
    if date1904:
        return date(1904, 1, 1) + timedelta(days) if 0 <= days <= _LAST_SERIAL - 1462 else None
    if not _FIRST_SERIAL <= days <= _LAST_SERIAL or days == 60:
        return None
    return (date(1899, 12, 31) if days < 60 else date(1899, 12, 30)) + timedelta(days)


def read_date(cell: object, *, as_of: date, order: DateOrder = DateOrder.DAY_FIRST, date1904: bool = False) -> DateRead:
    """Read a cell or typed text as a date (domain rules 2.5)."""
    if isinstance(cell, datetime):
        return DateRead(cell.date())
    if isinstance(cell, date):
        return DateRead(cell)
    if cell is None:
        return _MISSING
    if isinstance(cell, str):
        return _from_text(plain(cell).casefold(), as_of, order, date1904)
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return _UNREADABLE
    return _from_number(cell, date1904)


def _from_number(number: float, date1904: bool) -> DateRead:
    if 1850 <= number <= 2100 and number == int(number):
        return _UNREADABLE  # a year alone; as a serial it would be a birthday in 1905
    if 18_500_101 <= number <= 21_001_231 and number == int(number):
        digits = str(int(number))
        return _checked(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    day = from_serial(number, date1904=date1904)
    return _IMPOSSIBLE if day is None else DateRead(day, serial=True)


def _from_text(text: str, as_of: date, order: DateOrder, date1904: bool) -> DateRead:
    if is_filler(text):
        return _MISSING
    text = _bare(text)
    if match := _ISO.fullmatch(text):
        return _checked(int(match[1]), int(match[3]), int(match[4]))
    if match := _NUMBERS.fullmatch(text):
        first, second = int(match[1]), int(match[3])
        day, month = (second, first) if order is DateOrder.MONTH_FIRST else (first, second)
        return _with_year(match[4], month, day, as_of)
    if match := _NAMED.fullmatch(text):
        number = _MONTHS.get(match[2])
        return _UNREADABLE if number is None else _with_year(match[3], number, int(match[1]), as_of)
    if match := _NAMED_US.fullmatch(text):
        number = _MONTHS.get(match[1])
        return _UNREADABLE if number is None else _with_year(match[3], number, int(match[2]), as_of)
    if text.isascii() and text.removesuffix(".0").isdigit():
        digits = text.removesuffix(".0")
        if len(digits) in (5, 8):
            return _from_number(int(digits), date1904)
    return _UNREADABLE


def _bare(text: str) -> str:
    """A date without its weekday, its time, room around its separators and what stands for a century left out."""
    return _ROOM.sub(r"\1", _WEEKDAY.sub("", _TIME.sub("", text))).rstrip(".").replace("'", "").replace("’", "")


def evidence_in(text: str) -> DateEvidence | None:
    """What a text date says about the order used in its column; None when it is no date in numbers."""
    match = _NUMBERS.fullmatch(_bare(plain(text).casefold()))
    return None if match is None else _evidence(int(match[1]), int(match[3]))


def _evidence(first: int, second: int) -> DateEvidence | None:
    if not (1 <= first <= 31 and 1 <= second <= 31):
        return None
    if first > 12:
        return DateEvidence.DAY_FIRST if second <= 12 else None
    return DateEvidence.MONTH_FIRST if second > 12 else DateEvidence.EITHER


def _with_year(year_text: str, month: int, day: int, as_of: date) -> DateRead:
    year = int(year_text)
    if len(year_text) == 4:
        return _checked(year, month, day)
    recent = _checked(2000 + year, month, day, two_digit_year=True)
    if recent.value is not None and recent.value <= as_of:
        return recent
    older = _checked(1900 + year, month, day, two_digit_year=True)
    return older if older.value is not None or recent.value is None else recent


def _checked(year: int, month: int, day: int, *, two_digit_year: bool = False) -> DateRead:
    try:
        value = date(year, month, day)
    except ValueError:
        return DateRead(None, DateFault.IMPOSSIBLE, from_text=True)
    return DateRead(value, from_text=True, two_digit_year=two_digit_year)


def age_on(born: date, day: date) -> int:
    """Completed years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
