"""Days and times as a caller types them in a hurry: "tomorrow", "fri", "24/11", "24 nov 26", "9", "930", "14:30".

What a reader would get wrong: a day without a year is the one that fits the field: the next such day where a day to
come is asked, the last one where a past day is asked. A form says the reading back in words before it is recorded.
"""

import re
from datetime import date, timedelta
from typing import Literal

Day = Literal["", "future", "past"]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s./-]+(\d{1,2}|[a-z]{3,9})(?:[\s./-]+(\d{4}|\d{2}))?")
_TIME = re.compile(r"(\d{1,2})(?:[:.]?([0-5]\d))?\s*(am|pm)?")


def read_day(text: str, today: date, day: Day = "") -> date | None:
    """Read a typed day; None where it is not one."""
    said = " ".join(text.lower().split())
    near = {"today": 0, "tomorrow": 1, "yesterday": -1}
    if said in near:
        return today + timedelta(days=near[said])
    if len(said) >= 3 and (named := [n for n, one in enumerate(_WEEKDAYS) if one.startswith(said)]):
        ahead = (named[0] - today.weekday()) % 7
        return today + timedelta(days=ahead - 7 if day == "past" and ahead else ahead)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
        return _real(*(int(part) for part in said.split("-")))
    match = _DAY.fullmatch(said)
    if match is None:
        return None
    month = _month(match[2])
    if month is None:
        return None
    if match[3] is not None:
        year = int(match[3])
        return _real(year if year > 99 else 2000 + year, month, int(match[1]))
    return _without_year(month, int(match[1]), today, day)


def _without_year(month: int, number: int, today: date, day: Day) -> date | None:
    this = _real(today.year, month, number)
    if day == "future" and (this is None or this < today):
        return _real(today.year + 1, month, number) or this
    if day == "past" and (this is None or this > today):
        return _real(today.year - 1, month, number) or this
    return this


def _month(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    named = [n for n, one in enumerate(_MONTHS, 1) if one.startswith(text)]
    return named[0] if named else None


def _real(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def day_in_words(day: date) -> str:
    """Say a day whole: "Tuesday 24 November 2026"."""
    return f"{_WEEKDAYS[day.weekday()].capitalize()} {day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"


def read_time(text: str) -> str | None:
    """Read a typed wall time as HH:MM; a bare 1 to 7 is the afternoon, because nobody rings at night."""
    match = _TIME.fullmatch(text.lower().strip())
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3] == "pm" and hour < 12:
        hour += 12
    elif match[3] == "am" and hour == 12:
        hour = 0
    elif match[3] is None and 1 <= hour <= 7 and not text.strip().startswith("0"):
        hour += 12
    return f"{hour:02d}:{minute:02d}" if hour < 24 else None
