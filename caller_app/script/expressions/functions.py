"""The functions a script may call: names, how many arguments, what kinds, and what each gives.

What a reader would get wrong: this table is all there is. A name that is not in it is refused when the script is
checked and gives an error when it is evaluated; no name reaches Python. `and`, `or`, `if` and `once` choose which
argument is looked at and are therefore in `evaluate`. Source of the semantics: ODK XForms specification (functions) and
XPath 1.0, as the public OpenRosa evaluator behaves; tests/script/conformance holds what it answered.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from caller_app.base.clock import london
from caller_app.script.expressions.patterns import NotAPattern, Pattern, pattern
from caller_app.script.expressions.values import (
    Moment,
    Value,
    as_boolean,
    as_number,
    as_text,
    moment_of,
    number_of,
    when,
)

WORDS, NUMBER, TRUTH, MOMENT, ANY = "words", "number", "yes or no", "date", "any"
MANY: Final = 99
LONGEST: Final = (
    4_000  # signs of a text that is put together: thirty lines that each double the last would fill a memory
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class BadCall(ValueError):
    """A call that means nothing: an unknown function, too few or too many arguments, a format that is none."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function: at least and at most so many arguments, of these kinds (the last one repeats), giving a kind."""

    name: str
    least: int
    most: int
    takes: tuple[str, ...]
    gives: str
    run: Callable[..., Value]


def round_half_away(number: float) -> float:
    """Round to a whole number, halves away from zero (ODK's round, which is not XPath's)."""
    if not math.isfinite(number):
        return number
    whole = math.floor(abs(number))  # not floor(x + 0.5): the sum itself may round up
    return math.copysign(whole + (abs(number) - whole >= 0.5), number) if abs(number) < 2**52 else number


def _round(number: Value, digits: Value = 0.0) -> float:
    value, places = as_number(number), as_number(digits)
    if not math.isfinite(value) or math.isnan(places):
        return value if not math.isfinite(value) else math.nan
    count = int(max(-30.0, min(30.0, places)))
    power = 10.0 ** abs(count)
    return round_half_away(value * power) / power if count > 0 else round_half_away(value / power) * power


def _int(value: Value) -> float:
    number = as_number(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def _place(value: Value, size: int) -> int:
    number = as_number(value)
    if math.isnan(number):
        return 0
    if math.isinf(number):
        return size if number > 0 else 0
    place = math.trunc(number)
    return max(0, size + place) if place < 0 else min(place, size)


def _substr(text: Value, start: Value, end: Value | None = None) -> str:
    words = as_text(text)
    return words[_place(start, len(words)) : len(words) if end is None else _place(end, len(words))]


def _selected(chosen: Value, one: Value) -> bool:
    return as_text(one).strip() in as_text(chosen).split(" ")


def _extreme(pick: Callable[[list[float]], float]) -> Callable[..., float]:
    def run(*values: Value) -> float:
        numbers = [as_number(one) for one in values]
        return pick(numbers) if numbers and not any(map(math.isnan, numbers)) else math.nan

    return run


def _boolean_from_string(value: Value) -> bool:
    if isinstance(value, float) and value > 0 and value.is_integer():
        return True
    return as_text(value) in ("1", "true")


def _number(value: Value) -> float:
    return as_number(value)


def _decimal_date_time(value: Value) -> float:
    if isinstance(value, float):
        return value
    text = as_text(value)
    return number_of(text) if "-" in text[1:] else math.nan


def pattern_of(text: str) -> Pattern:
    """Read a pattern; raises BadCall where it is none, too long, or one that cannot be used here."""
    try:
        return pattern(text)
    except NotAPattern as error:
        raise BadCall(str(error)) from None


def _regex(text: Value, written: Value) -> bool:
    try:
        return pattern_of(as_text(written)).found_in(as_text(text))
    except BadCall:
        return False


def _concat(*values: Value) -> str:
    return "".join(as_text(one)[:LONGEST] for one in values)[:LONGEST]


def _join(between: Value, *values: Value) -> str:
    return as_text(between)[:LONGEST].join(as_text(one)[:LONGEST] for one in values)[:LONGEST]


def _format_date(value: Value, form: Value) -> str:
    shown = when(moment_of(value))
    return "" if shown is None else formatted(shown, as_text(form)[:LONGEST])[:LONGEST]


def formatted(shown: datetime, form: str) -> str:
    """Write a time in a format of ODK's escapes; raises BadCall for an escape it does not know."""
    said: list[str] = []
    signs = iter(form)
    for sign in signs:
        if sign != "%":
            said.append(sign)
            continue
        escape = next(signs, "")
        if escape not in _ESCAPES:
            raise BadCall(f"%{escape} is not an escape of a date format" if escape else "the date format ends with %")
        said.append(_ESCAPES[escape](shown))
    return "".join(said)


_ESCAPES: Final[dict[str, Callable[[datetime], str]]] = {
    "%": lambda _: "%",
    "Y": lambda at: f"{at.year:04}",
    "y": lambda at: f"{at.year % 100:02}",
    "m": lambda at: f"{at.month:02}",
    "n": lambda at: str(at.month),
    "b": lambda at: _MONTHS[at.month - 1],
    "d": lambda at: f"{at.day:02}",
    "e": lambda at: str(at.day),
    "H": lambda at: f"{at.hour:02}",
    "h": lambda at: str(at.hour),
    "M": lambda at: f"{at.minute:02}",
    "S": lambda at: f"{at.second:02}",
    "3": lambda at: f"{at.microsecond // 1000:03}",
    "a": lambda at: _DAYS[at.weekday()],
}


def today(now: datetime) -> Moment:
    """Give the day in London as whole days."""
    day = london(now).date()
    return Moment(float((day - date(1970, 1, 1)).days))


def right_now(now: datetime) -> Moment:
    """Give the wall time in London."""
    wall = london(now).replace(tzinfo=UTC)
    return Moment((wall - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() / 86_400)


_ALL = (
    Function("true", 0, 0, (), TRUTH, lambda: True),
    Function("false", 0, 0, (), TRUTH, lambda: False),
    Function("not", 1, 1, (TRUTH,), TRUTH, lambda value: not as_boolean(value)),
    Function("boolean", 1, 1, (ANY,), TRUTH, as_boolean),
    Function("boolean-from-string", 1, 1, (ANY,), TRUTH, _boolean_from_string),
    Function("number", 1, 1, (ANY,), NUMBER, _number),
    Function("string", 1, 1, (ANY,), WORDS, as_text),
    Function("int", 1, 1, (NUMBER,), NUMBER, _int),
    Function("round", 1, 2, (NUMBER, NUMBER), NUMBER, _round),
    Function("min", 0, MANY, (NUMBER,), NUMBER, _extreme(min)),
    Function("max", 0, MANY, (NUMBER,), NUMBER, _extreme(max)),
    Function("selected", 2, 2, (WORDS, WORDS), TRUTH, _selected),
    Function(
        "count-selected", 1, 1, (WORDS,), NUMBER, lambda one: float(len([x for x in as_text(one).split(" ") if x]))
    ),
    Function("coalesce", 2, 2, (ANY, ANY), WORDS, lambda one, other: as_text(one) or as_text(other)),
    Function("string-length", 0, 1, (WORDS,), NUMBER, lambda one: float(len(as_text(one).encode("utf-16-le")) // 2)),
    Function("substr", 2, 3, (WORDS, NUMBER, NUMBER), WORDS, _substr),
    Function("concat", 0, MANY, (ANY,), WORDS, _concat),
    Function("join", 1, MANY, (WORDS, ANY), WORDS, _join),
    Function("regex", 2, 2, (WORDS, WORDS), TRUTH, _regex),
    Function("date", 1, 1, (ANY,), MOMENT, moment_of),
    Function("decimal-date-time", 1, 1, (ANY,), NUMBER, _decimal_date_time),
    Function("format-date", 2, 2, (ANY, WORDS), WORDS, _format_date),
)
FUNCTIONS: Final = {one.name: one for one in _ALL}
# These look at who asks, at the time or at one argument only; `evaluate` runs them.
SPECIAL: Final = {
    "if": Function("if", 3, 3, (TRUTH, ANY, ANY), ANY, as_boolean),
    "once": Function("once", 1, 1, (ANY,), WORDS, as_text),
    "today": Function("today", 0, 0, (), MOMENT, today),
    "now": Function("now", 0, 0, (), MOMENT, right_now),
    "jr:choice-name": Function("jr:choice-name", 2, 2, (WORDS, WORDS), WORDS, as_text),
}
KNOWN: Final = FUNCTIONS | SPECIAL
