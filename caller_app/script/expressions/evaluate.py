"""Evaluating an expression: each tree becomes one closure once, and is then asked as often as answers change.

What a reader would get wrong: evaluating never raises for anything an answer may hold. What cannot be evaluated at all
(an unknown function, a wrong number of arguments) is refused when the closure is made, when a script is loaded.
"""

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from caller_app.script.expressions import tree
from caller_app.script.expressions.functions import FUNCTIONS, KNOWN, BadCall, right_now, today
from caller_app.script.expressions.tree import Node
from caller_app.script.expressions.values import (
    DATE_LIKE,
    Answer,
    Moment,
    Value,
    as_boolean,
    as_number,
    as_text,
    days_of,
    moment_of,
)

ANSWER_REFERENCE: Final = ("${", "}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an expression may see: the answers by name, the answer at hand, the time, and the labels of choices."""

    answers: Mapping[str, str]
    now: datetime
    here: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    labels: Callable[[str, str], str] = field(default=lambda _question, _value: "")


Run = Callable[[Asked], Value]


def compiled(node: Node) -> Run:
    """Make the closure of a tree; raises BadCall for a call that means nothing."""
    match node[0]:
        case tree.TEXT | tree.NUMBER:
            constant: Value = node[1]
            return lambda _asked: constant
        case tree.ANSWER:
            name: str = node[1]
            return lambda asked: Answer(asked.answers.get(name, ""))
        case tree.COLUMN:
            column: str = node[1]
            return lambda asked: Answer(asked.columns.get(column, ""))
        case tree.HERE:
            return lambda asked: Answer(asked.here)
        case tree.MINUS:
            inner = compiled(node[1])
            return lambda asked: -as_number(inner(asked))
        case tree.INFIX:
            return _infix(node[1], compiled(node[2]), compiled(node[3]))
        case tree.CALL:
            return _call(node[1], node[2:])
    raise BadCall("a part of the expression is not known")


def truth(run: Run, asked: Asked) -> bool:
    """Evaluate as a condition."""
    return as_boolean(run(asked))


def words(run: Run, asked: Asked) -> str:
    """Evaluate as what a calculation keeps: words, NaN and impossible dates as blank, as XForms clients store them."""
    value = run(asked)
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    if isinstance(value, Moment) and value.days is None:
        return ""
    return as_text(value)


def _call(name: str, given: tuple[Node, ...]) -> Run:
    function = KNOWN.get(name)
    if function is None:
        raise BadCall(f"the function {name}() is not known")
    if not function.least <= len(given) <= function.most:
        raise BadCall(f"{name}() does not take {len(given)} values")
    if name == "jr:choice-name":
        return _choice_name(given)
    runs = tuple(map(compiled, given if given or name != "string-length" else ((tree.HERE,),)))
    match name:
        case "if":
            test, then, otherwise = runs
            return lambda asked: then(asked) if as_boolean(test(asked)) else otherwise(asked)
        case "once":
            (once,) = runs
            return lambda asked: asked.here or as_text(once(asked))
        case "today":
            return lambda asked: today(asked.now)
        case "now":
            return lambda asked: right_now(asked.now)
    run = FUNCTIONS[name].run
    if len(runs) == 1:
        (only,) = runs
        return _guarded(name, lambda asked: run(only(asked)))
    return _guarded(name, lambda asked: run(*(one(asked) for one in runs)))


def _guarded(name: str, run: Run) -> Run:
    """A format that only an answer could make wrong gives nothing instead of an error."""
    if name != "format-date":
        return run

    def safe(asked: Asked) -> Value:
        try:
            return run(asked)
        except BadCall:
            return ""

    return safe


def _choice_name(given: tuple[Node, ...]) -> Run:
    question = referred(given[1])
    if question is None:
        raise BadCall("jr:choice-name() takes the question in quotes: jr:choice-name(${name}, '${name}')")
    value = compiled(given[0])
    return lambda asked: asked.labels(question, as_text(value(asked)))


def referred(node: Node) -> str | None:
    """Give the question a text like '${name}' refers to."""
    if node[0] != tree.TEXT:
        return None
    begin, end = ANSWER_REFERENCE
    text = node[1].strip()
    return text[len(begin) : -len(end)] if text.startswith(begin) and text.endswith(end) else None


def _infix(sign: str, left: Run, right: Run) -> Run:
    if sign == "or":
        return lambda asked: as_boolean(left(asked)) or as_boolean(right(asked))
    if sign == "and":
        return lambda asked: as_boolean(left(asked)) and as_boolean(right(asked))
    if sign in _ARITHMETIC:
        reckon = _ARITHMETIC[sign]
        return lambda asked: reckon(_amount(left(asked)), _amount(right(asked)))
    if sign in ("=", "!="):
        same = sign == "="
        return lambda asked: _equal(left(asked), right(asked), same=same)
    compare = _ORDER[sign]
    return lambda asked: bool(compare(*_both_numbers(left(asked), right(asked))))


def _divided(one: float, other: float) -> float:
    if other == 0:
        if one == 0 or math.isnan(one):
            return math.nan
        return math.copysign(math.inf, one) * math.copysign(1.0, other)
    try:
        return one / other
    except OverflowError:
        return math.copysign(math.inf, one) * math.copysign(1.0, other)


def _remainder(one: float, other: float) -> float:
    if other == 0 or math.isinf(one) or math.isnan(one) or math.isnan(other):
        return math.nan
    return math.fmod(one, other)


_ARITHMETIC: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": _divided,
    "mod": _remainder,
}
_ORDER: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _amount(value: Value) -> float:
    return as_number(value)


def _dated(value: Value) -> Value:
    """A text that looks like a date counts as its days in a comparison."""
    if isinstance(value, str | Answer):
        text = as_text(value)
        if DATE_LIKE.fullmatch(text):
            return days_of(text)
    return value


def _both_numbers(left: Value, right: Value) -> tuple[float, float]:
    if isinstance(left, Moment) or isinstance(right, Moment):
        left, right = _as_days(left), _as_days(right)
    return as_number(left), as_number(right)


def _as_days(value: Value) -> Value:
    return moment_of(value) if isinstance(value, str | Answer) else value


def _equal(left: Value, right: Value, *, same: bool) -> bool:
    """Equality of XPath 1.0 section 3.4, dates as days; NaN equals nothing and is unequal to everything."""
    if isinstance(left, Moment) or isinstance(right, Moment):
        if not (isinstance(left, bool) or isinstance(right, bool)):
            one, other = _both_numbers(left, right)
            return (one == other) is same
    else:
        left, right = _dated(left), _dated(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return (as_boolean(left) == as_boolean(right)) is same
    if isinstance(left, float) or isinstance(right, float):
        return (as_number(left) == as_number(right)) is same
    return (as_text(left) == as_text(right)) is same
