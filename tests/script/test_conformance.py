"""Every expression of the table gives what the public engine gave, or stands below with the reason why not."""

import json
import math
from datetime import UTC, datetime
from pathlib import Path

import pytest

from caller_app.script.expressions.evaluate import Asked, compiled
from caller_app.script.expressions.grammar import CannotRead, parse
from caller_app.script.expressions.values import Value, as_text, number_text
from tests.script.conformance.expressions import HERE, VALUES, everything

TABLE = json.loads((Path(__file__).parent / "conformance" / "answers.json").read_text("utf-8"))
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
# The engine reads a minus sign as part of a number only; XPath 1.0 section 3.5 has it for every operand.
_UNARY_MINUS = {
    expression
    for expression, *_ in TABLE["answers"]
    if expression.startswith("-") and expression[1] not in " 0123456789"
}
DIFFERENT = {
    # It takes a browser's reading of a lone number for a month.
    "date(' 7 ')": ("string", "Invalid Date"),
    "date(${spaced})": ("string", "Invalid Date"),
    # It writes the zone of Greenwich as -00:00.
    "date(2.5)": ("string", "1970-01-03T12:00:00.000+00:00"),
    "date(-2.5)": ("string", "1969-12-29T12:00:00.000+00:00"),
    # It loses a date beside `and`.
    "${blank} and date('2026-11-22')": ("boolean", True),
    "date('2026-11-22') and 'yes'": ("boolean", True),
    # Without end: neither 1 nor true.
    "boolean-from-string(1 div 0)": ("boolean", False),
}


def ours(expression: str) -> tuple[str, object]:
    asked = Asked(TABLE["values"], NOON, here=TABLE["here"])
    try:
        value = compiled(parse(expression))(asked)
    except CannotRead:
        return "error", ""
    return shown(value)


def shown(value: Value) -> tuple[str, object]:
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, float):
        return "number", value if math.isfinite(value) else number_text(value)
    return "string", as_text(value)


def test_the_table_is_the_one_that_was_asked() -> None:
    assert [expression for expression, *_ in TABLE["answers"]] == everything()
    assert TABLE["values"] == VALUES
    assert TABLE["here"] == HERE


def test_every_answer_of_the_public_engine_is_ours() -> None:
    wrong = [
        (expression, (kind, answer), ours(expression))
        for expression, kind, answer in TABLE["answers"]
        if expression not in DIFFERENT and expression not in _UNARY_MINUS and ours(expression) != (kind, answer)
    ]
    assert wrong == []


@pytest.mark.parametrize(("expression", "answer"), DIFFERENT.items())
def test_where_we_differ_the_answer_is_the_one_given_here(expression: str, answer: tuple[str, object]) -> None:
    assert ours(expression) == answer


def test_a_minus_sign_stands_before_any_operand() -> None:
    assert len(_UNARY_MINUS) < 40
    assert ours("-${five}") == ("number", -5.0)
    assert ours("-'abc'") == ("number", "NaN")
    assert ours("--5") == ("number", 5.0)
    assert all(ours(expression)[0] == "number" for expression in _UNARY_MINUS)
