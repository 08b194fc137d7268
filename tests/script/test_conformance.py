"""Every expression of the table gives what a public engine gave: Enketo's, or JavaRosa's where those two disagree.

What is different from both stands below with the reason why.
"""

import json
import math
from datetime import UTC, datetime
from pathlib import Path

import pytest

from caller_app.script.expressions.evaluate import Asked, compiled
from caller_app.script.expressions.functions import BadCall
from caller_app.script.expressions.grammar import CannotRead, parse
from caller_app.script.expressions.values import Value, as_text, number_text
from tests.script.conformance.expressions import HERE, VALUES, everything

Answer = tuple[str, object]
_FOLDER = Path(__file__).parent / "conformance"
TABLE = json.loads((_FOLDER / "answers.json").read_text("utf-8"))
OTHER = json.loads((_FOLDER / "javarosa.json").read_text("utf-8"))
ENKETO: dict[str, Answer] = {expression: (kind, answer) for expression, kind, answer in TABLE["answers"]}
JAVAROSA: dict[str, Answer] = {expression: (kind, answer) for expression, kind, answer in OTHER["answers"]}
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DIFFERENT: dict[str, Answer] = {
    # A day that is none is no day: one engine runs on into the next month, the other stops the form.
    "date('2026-02-30')": ("string", "Invalid Date"),
    "date('2023-02-29')": ("string", "Invalid Date"),
    # Enketo takes a browser's reading of a lone number for a month, JavaRosa stops the form.
    "date(' 7 ')": ("string", "Invalid Date"),
    "date(${spaced})": ("string", "Invalid Date"),
    # Enketo writes the zone of Greenwich as -00:00, JavaRosa leaves the time out.
    "date(2.5)": ("string", "1970-01-03T12:00:00.000+00:00"),
    "date(-2.5)": ("string", "1969-12-29T12:00:00.000+00:00"),
    "date('2026-11-22T10:00:00Z')": ("string", "2026-11-22T10:00:00.000+00:00"),
    "date('2026-11-22T10:00:00+01:00')": ("string", "2026-11-22T09:00:00.000+00:00"),
    # Enketo counts a date in words as days but reads no minus sign before it; JavaRosa the other way round.
    "-'2026-11-22'": ("number", -20779.0),
    # Both stop the form. A call goes on: nothing raises while somebody is on the line; publishing refuses it.
    "-date('nonsense')": ("number", "NaN"),
    "regex('x', '^[a-z')": ("boolean", False),
    # Enketo has a blank answer for true and loses the date, JavaRosa has it for false; publishing refuses it.
    "${blank} and date('2026-11-22')": ("boolean", True),
}


def ours(expression: str) -> Answer:
    asked = Asked(TABLE["values"], NOON, here=TABLE["here"])
    try:
        value = compiled(parse(expression))(asked)
    except (CannotRead, BadCall):
        return "error", ""
    return shown(value)


def shown(value: Value) -> Answer:
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, float):
        return "number", value if math.isfinite(value) else number_text(value)
    return "string", as_text(value)


def test_the_tables_are_the_ones_that_were_asked() -> None:
    assert list(ENKETO) == list(JAVAROSA) == everything()
    assert TABLE["values"] == VALUES
    assert TABLE["here"] == HERE


def test_every_answer_is_that_of_a_public_engine() -> None:
    wrong = {
        expression: (answer, JAVAROSA[expression], ours(expression))
        for expression, answer in ENKETO.items()
        if expression not in DIFFERENT and ours(expression) not in (answer, JAVAROSA[expression])
    }
    assert wrong == {}


def test_it_is_enketos_wherever_that_engine_can_read_the_expression_and_means_what_is_written() -> None:
    """Left are a minus sign before anything but a number, which it does not read, and what it reads too generously."""
    from_the_other = [
        expression
        for expression, answer in ENKETO.items()
        if expression not in DIFFERENT and ours(expression) != answer
    ]
    unread = [one for one in from_the_other if ENKETO[one] in (("error", ""), ("number", "NaN"))]
    assert all("-" in one for one in unread)
    assert sorted(set(from_the_other) - set(unread)) == sorted(
        [
            "'0x10' + 0", "round(1e1, 2)", "string(1e3)", "'a", "if(1, 2)", "if(1,2,3,4)", "coalesce('a')",
            "coalesce('a','b','c')", ".5.", "concat('a',)", "'\\''", "boolean-from-string(1 div 0)",
            "date('2026-11-22') and 'yes'",
        ]
    )  # fmt: skip


@pytest.mark.parametrize(("expression", "answer"), DIFFERENT.items())
def test_where_we_differ_from_both_the_answer_is_the_one_given_here(expression: str, answer: Answer) -> None:
    assert ours(expression) == answer
    assert answer not in (ENKETO[expression], JAVAROSA[expression])


def test_a_minus_sign_stands_before_any_operand() -> None:
    assert ours("-${five}") == JAVAROSA["-${five}"] == ("number", -5.0)
    assert ours("-'abc'") == ("number", "NaN")
    assert ours("--5") == ("number", 5.0)
