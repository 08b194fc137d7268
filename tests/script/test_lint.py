"""Every mistake a supervisor can make in a script is named with its cell, its code and something to do."""

from pathlib import Path
from typing import Any

import pytest

from caller_app.script.compile import Checked, check_script
from caller_app.script.lint import Surroundings
from caller_app.script.lint.product import surroundings
from tests.script.books import PACKS, SETTINGS, book

AROUND = Surroundings(
    outcomes=frozenset({"A01", "A02", "D01", "E01"}),
    pathways=frozenset({"course"}),
    routes=frozenset({"SAFEGUARDING"}),
    fields=frozenset({"pt_first", "hba1c"}),
)
HEAD = (
    "type", "name", "label", "relevant", "constraint", "constraint_message", "required", "calculation", "hint", "style",
    "sets_outcome", "raises", "default", "appearance", "choice_filter", "pathway",
)  # fmt: skip
GOOD: list[dict[str, Any]] = [
    {"type": "hidden", "name": "pt_first"},
    {"type": "hidden", "name": "hba1c"},
    {"type": "begin_group", "name": "why", "label": "Why we ring"},
    {"type": "note", "name": "hello", "label": "Hello ${pt_first}"},
    {"type": "select_one yn", "name": "keen", "label": "May I go on?", "required": "yes"},
    {"type": "end_group"},
    {"type": "calculate", "name": "high", "calculation": "if(${hba1c} >= 42, 'y', 'n')"},
    {"type": "begin_group", "name": "more", "label": "More", "relevant": "${keen} = 'y' and ${high} = 'y'"},
    {"type": "integer", "name": "age", "label": "How old are you?", "constraint": ". >= 0 and . < 130"},
    {"type": "select_multiple wish", "name": "wishes", "label": "What would you like?", "required": "yes"},
    {"type": "note", "name": "thanks", "label": "Thank you", "relevant": "selected(${wishes}, 'course')"},
    {"type": "end_group"},
    {"type": "note", "name": "bye", "label": "Goodbye", "sets_outcome": "D01"},
]
CHOICES = [
    ["list_name", "name", "label", "sets_outcome", "pathway"],
    ["yn", "y", "Yes", None, None],
    ["yn", "n", "No", "D01", None],
    ["wish", "course", "The course", "A01", "course"],
    ["wish", "details", "Only details", "A02", None],
]


def survey(*changes: tuple[int, str, Any], more: list[dict[str, Any]] | None = None) -> list[list[Any]]:
    """Give the good rows with cells replaced (row as Excel counts it, column, value) and rows added at the end."""
    rows = [dict(row) for row in GOOD] + (more or [])
    for nr, column, value in changes:
        rows[nr - 2][column] = value
    return [list(HEAD), *([row.get(one) for one in HEAD] for row in rows)]


def checked(path: Path, *changes: tuple[int, str, Any], **sheets: Any) -> Checked:
    more = sheets.pop("more", None)
    return check_script(
        book(path / "s.xlsx", **{"survey": survey(*changes, more=more), "choices": CHOICES, **sheets}), AROUND
    )


def test_a_good_script_has_no_findings(tmp_path: Path) -> None:
    found = checked(tmp_path)
    assert found.findings == ()
    assert found.script is not None


@pytest.mark.parametrize(
    ("change", "cell", "code"),
    [
        ((9, "relevant", "${keen} = 'y' and ${high} = 'yes'"), "survey!D9", "choice_unknown"),
        ((9, "relevant", "${keen} = 'yes'"), "survey!D9", "choice_unknown"),
        ((9, "relevant", "${keen} = 'y"), "survey!D9", "expression_wrong"),
        ((9, "relevant", "${keen} = ‘y’"), "survey!D9", "expression_wrong"),
        ((9, "relevant", "(${keen} = 'y'"), "survey!D9", "expression_wrong"),
        ((9, "relevant", "${kean} = 'y'"), "survey!D9", "reference_unknown"),
        ((9, "relevant", "${wishes} = 'course'"), "survey!D9", "cycle"),
        ((9, "relevant", "${keen}"), "survey!D9", "condition_bare"),
        ((9, "relevant", "not(${keen})"), "survey!D9", "condition_bare"),
        ((9, "relevant", "'y'"), "survey!D9", "condition_words"),
        ((9, "relevant", "keen = 'y'"), "survey!D9", "name_bare"),
        ((9, "relevant", "${hello} = 'y'"), "survey!D9", "reference_note"),
        ((9, "relevant", "false()"), "survey!D9", "page_unreachable"),
        ((9, "relevant", "${keen} = 'y' and ${keen} = 'n'"), "survey!D9", "page_unreachable"),
        ((9, "relevant", "${hba1c} > 48 and ${hba1c} < 42"), "survey!D9", "page_unreachable"),
        ((5, "relevant", "${keen} = 'y'"), "survey!D5", "reference_later"),
        ((5, "label", "Hello ${age}"), "survey!C5", "reference_later"),
        ((5, "label", "Hello ${pt_frist}"), "survey!C5", "reference_unknown"),
        ((5, "label", "Hello ${pt_first"), "survey!C5", "merge_broken"),
        ((5, "constraint", ". = 1"), "survey!E5", "constraint_useless"),
        ((5, "calculation", "1 + 1"), "survey!H5", "calculation_useless"),
        ((5, "hint", "left\u202eright"), "survey!I5", "hidden_character"),
        ((5, "style", "shout"), "survey!J5", "style_unknown"),
        ((5, "appearance", "fancy"), "survey!N5", "appearance_unknown"),
        ((8, "calculation", "${hba1c} + 'x'"), "survey!H8", "kind_wrong"),
        ((8, "calculation", "${keen} + 1"), "survey!H8", "kind_wrong"),
        ((8, "calculation", "${high} + 1"), "survey!H8", "cycle"),
        ((8, "calculation", "flub(1)"), "survey!H8", "function_unknown"),
        ((8, "calculation", "if(1 = 1, 2)"), "survey!H8", "arguments_wrong"),
        ((8, "calculation", "1 div 0"), "survey!H8", "division_by_zero"),
        ((8, "calculation", "format-date(today(), '%Q')"), "survey!H8", "format_wrong"),
        ((8, "calculation", "jr:choice-name(${hba1c}, '${hba1c}')"), "survey!H8", "choice_name_wrong"),
        ((8, "calculation", None), "survey!H8", "missing"),
        ((10, "constraint", ". >= 'old'"), "survey!E10", "kind_wrong"),
        ((10, "constraint", ". = 'old'"), "survey!E10", "kind_wrong"),
        ((10, "constraint", "regex(., '^(?=[0-9])')"), "survey!E10", "pattern_wrong"),
        ((10, "constraint", "regex(., '[0-9')"), "survey!E10", "pattern_wrong"),
        ((10, "default", "many"), "survey!M10", "default_wrong"),
        ((10, "choice_filter", "name != 'x'"), "survey!O10", "filter_useless"),
        ((11, "choice_filter", "region = 'x'"), "survey!O11", "name_bare"),
        ((11, "default", "course coarse"), "survey!M11", "default_wrong"),
        ((12, "relevant", "selected(${wishes}, 'coarse')"), "survey!D12", "choice_unknown"),
        ((12, "relevant", "selected(${wishes}, 'course') and ${hba1c} < 42"), "survey!D12", "row_unreachable"),
        ((14, "sets_outcome", "A77"), "survey!K14", "outcome_unknown"),
        ((14, "pathway", "coarse"), "survey!P14", "pathway_unknown"),
        ((14, "raises", "SAFEGARDING"), "survey!L14", "route_unknown"),
        ((10, "type", "imteger"), "survey!A10", "type_unknown"),
        ((10, "type", "geopoint"), "survey!A10", "type_unknown"),
        ((11, "type", "select_multiple wisch"), "survey!A11", "list_unknown"),
    ],
)
def test_a_mistake_is_an_error_with_its_cell(
    change: tuple[int, str, Any], cell: str, code: str, tmp_path: Path
) -> None:
    found = checked(tmp_path, change)
    assert (cell, code) in [(one.cell, one.code) for one in found.errors], found.findings
    assert found.script is None
    assert all(one.remedy and one.what for one in found.findings)


@pytest.mark.parametrize(
    ("change", "cell", "code"),
    [
        ((12, "relevant", "${wishes} = 'course'"), "survey!D12", "choices_compared"),
        ((10, "constraint", "regex(., '[0-9]')"), "survey!E10", "pattern_open"),
        ((5, "label", "word " * 160), "survey!C4", "page_long"),
        ((5, "label", "word " * 40), "survey!C5", "sentence_long"),
        ((5, "required", "yes"), "survey!G5", "required_useless"),
        ((14, "sets_outcome", None), "survey!B14", "dead_end"),
    ],
)
def test_what_deserves_a_look_is_a_warning(change: tuple[int, str, Any], cell: str, code: str, tmp_path: Path) -> None:
    found = checked(tmp_path, change)
    assert (cell, code, "warning") in [(one.cell, one.code, one.severity) for one in found.findings], found.findings
    assert found.errors == ()


def test_a_list_no_question_uses_is_a_warning(tmp_path: Path) -> None:
    found = checked(tmp_path, choices=[*CHOICES, ["left", "over", "Left over", None, None]])
    assert [(one.cell, one.code, one.severity) for one in found.findings] == [("choices!B6", "list_unused", "warning")]


def test_a_required_question_that_can_never_show_is_an_error(tmp_path: Path) -> None:
    found = checked(tmp_path, (11, "relevant", "${age} > 5 and ${age} < 3"))
    assert ("survey!D11", "required_never") in [(one.cell, one.code) for one in found.errors]


def test_a_choice_no_answer_can_stand_for_is_an_error_and_a_number_deserves_a_look(tmp_path: Path) -> None:
    never = checked(tmp_path, (6, "constraint", "string-length(.) > 9"), (6, "constraint_message", "Longer"))
    assert [(one.cell, one.code) for one in never.errors] == [("survey!E6", "page_stuck")]
    never = checked(tmp_path, (11, "constraint", "count-selected(.) > 2"))
    assert [(one.cell, one.code) for one in never.errors] == [("survey!E11", "page_stuck")]
    assert checked(tmp_path, (11, "constraint", "count-selected(.) = 2")).errors == ()
    number = checked(tmp_path, (10, "required", "yes"), (10, "constraint", ". > 200 and . < 130"))
    assert number.errors == ()
    assert ("survey!E10", "page_stuck") in [(one.cell, one.code) for one in number.findings]
    assert checked(tmp_path, (10, "required", "yes"), (10, "constraint", ". > 1200000 and . < 1200002")).findings == ()


def test_calculations_that_need_each_other_are_a_circle(tmp_path: Path) -> None:
    more = [
        {"type": "calculate", "name": "one", "calculation": "${two} + 1"},
        {"type": "calculate", "name": "two", "calculation": "${one} + 1"},
    ]
    assert ("survey!H15", "cycle") in [(one.cell, one.code) for one in checked(tmp_path, more=more).errors]


def test_a_field_nothing_supplies_is_an_error(tmp_path: Path) -> None:
    more = [
        {"type": "hidden", "name": "shoe_size"},
        {"type": "note", "name": "shoes", "label": "Size ${shoe_size}"},
    ]
    assert [(one.cell, one.code) for one in checked(tmp_path, more=more).errors] == [("survey!C16", "merge_unknown")]


def test_words_that_tell_what_the_call_is_about_do_not_stand_before_identity(tmp_path: Path) -> None:
    gate = {"type": "calculate", "name": "id_ok", "calculation": "if(${keen} = 'y', 'y', 'n')"}
    found = checked(tmp_path, (5, "label", "Hello, it is about your diabetes check"), more=[gate])
    assert ("survey!C5", "discloses") in [(one.cell, one.code) for one in found.errors]
    assert checked(tmp_path, (5, "label", "Hello, it is about your diabetes check")).errors == ()


def test_a_choice_filter_may_look_at_a_column_of_its_own(tmp_path: Path) -> None:
    choices = [[*row, one] for row, one in zip(CHOICES, ["region", None, None, "north", "south"], strict=True)]
    found = checked(tmp_path, (11, "choice_filter", "region = 'north' or ${keen} = 'n'"), choices=choices)
    assert found.errors == ()
    unused = checked(tmp_path, choices=choices)
    assert [(one.cell, one.code) for one in unused.errors] == [("choices!F1", "column_unknown")]


@pytest.mark.parametrize(
    ("said", "meant"), [("relevent", "relevant"), ("lable", "label"), ("sets_outcom", "sets_outcome")]
)
def test_a_misspelt_column_is_never_ignored(said: str, meant: str, tmp_path: Path) -> None:
    rows = survey()
    rows[0][HEAD.index(meant)] = said
    found = check_script(book(tmp_path / "s.xlsx", survey=rows, choices=CHOICES), AROUND)
    (one,) = [one for one in found.errors if one.code == "column_unknown"]
    assert one.cell.endswith("1")
    assert meant in one.remedy


def test_a_column_is_named_once_not_with_every_cell_below_it(tmp_path: Path) -> None:
    rows = [[*row, f"for row {nr}", f"and {nr}"] for nr, row in enumerate(survey())]
    rows[0][-2:] = ["who_said", None]
    found = check_script(book(tmp_path / "s.xlsx", survey=rows, choices=CHOICES), AROUND)
    headed, unheaded = (chr(ord("A") + len(rows[0]) - back) for back in (2, 1))
    assert [(one.cell, one.code) for one in found.errors] == [
        (f"survey!{headed}1", "column_unknown"),
        (f"survey!{unheaded}2", "cell_without_heading"),
    ]


def test_a_language_needs_its_columns(tmp_path: Path) -> None:
    settings = [[*SETTINGS[0], "default_language"], [*SETTINGS[1], "Polish"]]
    rows = survey()
    rows[0] = [*rows[0], "label::English", "label::French"]
    rows = [rows[0], *([*row, None, "Bonjour" if row[1] == "hello" else None] for row in rows[1:])]
    found = check_script(book(tmp_path / "s.xlsx", survey=rows, choices=CHOICES, settings=settings), AROUND)
    assert [one.code for one in found.errors] == ["language_unknown"]


EXAMPLES: list[list[Any]] = [
    ["example", "hba1c", "keen", "wishes", "outcome", "pathways"],
    ["Keen and high", 44, "y", "course", "D01", "course"],
    ["Not keen", 44, "n", None, "D01", None],
]


def test_examples_that_end_as_they_should_are_no_findings(tmp_path: Path) -> None:
    assert checked(tmp_path, examples=EXAMPLES).findings == ()


@pytest.mark.parametrize(
    ("row", "column", "value", "cell", "code"),
    [
        (2, 5, "A01", "examples!E2", "example_failed"),
        (2, 5, None, "examples!E2", "example_failed"),
        (2, 6, "details", "examples!F2", "example_failed"),
        (2, 4, None, "examples!A2", "example_unfinished"),
        (2, 3, "perhaps", "examples!A2", "example_unfinished"),
        (1, 2, "hba2c", "examples!B1", "column_unknown"),
    ],
)
def test_an_example_that_ends_elsewhere_keeps_the_script_from_being_published(
    row: int, column: int, value: Any, cell: str, code: str, tmp_path: Path
) -> None:
    rows = [list(one) for one in EXAMPLES]
    rows[row - 1][column - 1] = value
    found = checked(tmp_path, examples=rows)
    assert (cell, code) in [(one.cell, one.code) for one in found.errors], found.findings


@pytest.mark.parametrize("path", sorted(PACKS.glob("*.xlsx")), ids=lambda path: path.stem)
def test_the_shipped_packs_are_clean_and_bring_examples_that_end_as_they_say(path: Path) -> None:
    checked = check_script(path, surroundings())
    assert checked.findings == ()
    assert len(checked.examples) >= 4


def test_a_day_excel_made_a_date_of_is_read_as_the_script_writes_it(tmp_path: Path) -> None:
    from datetime import datetime

    more = [{"type": "date", "name": "day", "label": "When?", "default": datetime(2026, 11, 22)}]  # noqa: DTZ001
    found = checked(tmp_path, more=more)
    assert found.errors == ()
    assert found.script is not None
    assert found.script.row("day").default == "2026-11-22"  # type: ignore[union-attr]


def test_a_workbook_of_mistakes_ends_in_a_bounded_list(tmp_path: Path) -> None:
    rows = [["type", "name", "label"], *([["note", "the same", f"words {nr}"] for nr in range(3_000)])]
    found = check_script(book(tmp_path / "s.xlsx", survey=rows, choices=CHOICES), AROUND)
    assert len(found.findings) == 200
    assert found.left_out > 2_000


def test_a_calculation_that_copies_another_can_be_compared_with_what_that_gives(tmp_path: Path) -> None:
    survey: list[list[Any]] = [
        ["type", "name", "label", "relevant", "calculation", "sets_outcome"],
        ["integer", "age", "How old?", None, None, None],
        ["calculate", "old", None, None, "if(${age} > 64, 'y', 'n')", None],
        ["calculate", "copied", None, None, "${old}", None],
        ["calculate", "either", None, None, "if(${age} > 90, ${copied}, 'very')", None],
        ["note", "bye", "Goodbye", "${copied} = 'y' or ${either} = 'very'", None, "D01"],
    ]
    assert check_script(book(tmp_path / "s.xlsx", survey=survey, choices=CHOICES)).errors == ()
