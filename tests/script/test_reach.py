"""What is said to be never shown is never shown; what only was not tried is not said to be."""

from pathlib import Path
from typing import Any

import pytest

from tests.script.test_spellings import ASK, BYE, Row, checked, row, sheet

BEFORE: list[Row] = [
    ASK,
    row("integer", "age", "How old?"),
    row("integer", "tall", "How tall?"),
    row("decimal", "weight", "What do you weigh?"),
    row("date", "born", "When were you born?"),
    row("text", "words", "What else?"),
    row("select_multiple wish", "wishes", "What would you like?"),
    row("hidden", "known"),
]
CHOICES: list[list[Any]] = [
    ["list_name", "name", "label", "of"], ["yn", "y", "Yes", None], ["yn", "n", "No", None],
    *(["wish", f"w{nr}", f"Wish {nr}", None] for nr in range(7)),
    ["area", "north", "North", None], ["area", "south", "South", None],
    ["town", "alder", "Alder", "north"], ["town", "birch", "Birch", "south"],
]  # fmt: skip


def codes(path: Path, *rows: Row, choices: list[list[Any]] | None = None) -> list[str]:
    listed = [[*one[:3]] for one in CHOICES if one[0] not in ("area", "town")] if choices is None else choices
    found, _made = checked(path, sheet(*BEFORE, *rows, BYE), choices=listed)
    return [one.code for one in found.findings]


@pytest.mark.parametrize(
    "condition",
    [
        "${age} > 17.5", "${age} > 17 and ${age} < 19", "${weight} > 5 and ${weight} < 5.5", "${weight} * 2 > 100",
        "(${age} + ${tall}) div 2 > 200", "min(${age}, ${tall}) > 1000", "${age} > ${tall} + 100", "${age} mod 97 = 13",
        "round(${weight}, 1) = 2.5", "string(${age}) = '5'", "${age} = number('5')", "${age} > '2026-01-01'",
        "string-length(${words}) > 30", "regex(${words}, '^[A-Z][a-z]+$')", "substr(${words}, 0, 1) = 'Q'",
        "concat(${words}, ${age}) = 'x5'", "date(${words}) > today()", "${born} = today()", "${born} > '2026-11-22'",
        "${born} + 30 < date('1950-01-01')", "format-date(today(), '%a') = 'Tue'", "today() > '2090-01-01'",
        "int((today() - ${born}) div 365.25) >= 100", "${known} * 3 > 1000", "${known} = 'never heard of'",
        "string-length(${known}) = 11", "count-selected(${wishes}) = 6", "${wishes} = 'w5 w2'",
        "selected(${wishes}, 'w0') and selected(${wishes}, 'w3') and selected(${wishes}, 'w6')",
    ],
)  # fmt: skip
def test_what_can_be_shown_is_not_said_to_be_never_shown(condition: str, tmp_path: Path) -> None:
    found = codes(tmp_path, row("note", "then", "Then", relevant=condition))
    assert not {"row_unreachable", "page_unreachable", "required_never"} & set(found)
    page = [row("begin_group", "page", "Page", relevant=condition), row("note", "then", "Then"), row("end_group")]
    assert "page_unreachable" not in codes(tmp_path, *page)


@pytest.mark.parametrize(
    "condition",
    [
        "${age} > 17 and ${age} < 18", "${age} > 17.2 and ${age} < 17.8", "${weight} > 5.5 and ${weight} < 5.5",
        "${born} > '2026-11-22' and ${born} < '2026-11-23'", "${known} > 48 and ${known} < 42",
        "${words} = 'a' and ${words} = 'b'", "${keen} = 'y' and ${keen} = 'n'",
        "selected(${wishes}, 'w0') and not(selected(${wishes}, 'w0'))",
        "selected(${wishes}, 'w1') and ${age} = 4 and ${age} != 4",
    ],
)  # fmt: skip
def test_what_no_answer_can_bring_is_said_to_be_never_shown(condition: str, tmp_path: Path) -> None:
    assert "row_unreachable" in codes(tmp_path, row("note", "then", "Then", relevant=condition))


def test_a_question_that_must_be_answered_is_blank_while_its_page_is_shown(tmp_path: Path) -> None:
    page = [row("begin_group", "page", "Page"), row("select_one yn", "sure", "Sure?", required="yes"),
            row("note", "hurry", "Take your time.", relevant="${sure} = ''"), row("end_group")]  # fmt: skip
    assert "row_unreachable" not in codes(tmp_path, *page)


def test_answers_that_another_answer_lets_through_are_reached(tmp_path: Path) -> None:
    town = row("select_one town", "town", "Which town?", choice_filter="of = ${area}", required="yes")
    rows = [row("select_one area", "area", "Which part?", required="yes"), town,
            row("note", "then", "Then", relevant="${town} = 'birch' and ${age} = 77")]  # fmt: skip
    assert codes(tmp_path, *rows, choices=CHOICES) == []
    rows[-1] = row("note", "then", "Then", relevant="${town} = 'birch' and ${area} = 'north'")
    assert codes(tmp_path, *rows, choices=CHOICES) == ["row_unreachable"]


@pytest.mark.parametrize(
    ("kind", "constraint"),
    [
        ("integer", ". > ${age}"), ("integer", ". mod 97 = 13"), ("integer", ". > 1200000 and . < 1200002"),
        ("decimal", ". > 5 and . < 5.5"), ("date", ". > ${born}"), ("date", ". > today() + 400"),
        ("date", ". >= '2026-11-22' and . < '2026-11-23'"), ("text", "regex(., '^07[0-9]{9}$')"),
    ],
)  # fmt: skip
def test_a_question_some_answer_of_which_can_stand_does_not_hold_the_call(
    kind: str, constraint: str, tmp_path: Path
) -> None:
    assert "page_stuck" not in codes(tmp_path, row(kind, "more", "More?", required="yes", constraint=constraint))


def test_a_number_no_value_of_which_can_stand_deserves_a_look(tmp_path: Path) -> None:
    never = row("integer", "more", "More?", required="yes", constraint=". > 5 and . < 6")
    assert "page_stuck" in codes(tmp_path, never)


@pytest.mark.parametrize(
    "condition",
    ["${adult} = true()", "true() = ${keen}", "1 < ${age} < 5", "${keen} = ${keen} = 'y'",
     "selected(${wishes}, 'w1') = 'false'", "selected(${age}, '5')"],
)  # fmt: skip
def test_a_comparison_that_looks_at_nothing_is_refused(condition: str, tmp_path: Path) -> None:
    adult = row("calculate", "adult", calculation="${age} >= 18")
    assert "kind_wrong" in codes(tmp_path, adult, row("note", "then", "Then", relevant=condition))
    fine = row("note", "then", "Then", relevant="${adult} = 'true' and selected(${wishes}, 'w1') = true()")
    assert "kind_wrong" not in codes(tmp_path, adult, fine)


def test_a_message_without_a_constraint_deserves_a_look(tmp_path: Path) -> None:
    assert codes(tmp_path, row("text", "more", "More?", constraint_message="Shorter")) == ["cell_idle"]
