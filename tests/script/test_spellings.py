"""What supervisors write otherwise than we expect: refused with cell and remedy where it would mean something else,
read where it means the same. Where the public converter refuses a workbook, so do we.
"""

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from caller_app.script.compile import Checked, check_script
from caller_app.script.lint.product import surroundings
from tests.script.books import book
from tests.script.test_pyxform_refuses import refused_there

HEAD = (
    "type", "name", "label", "hint", "relevant", "constraint", "constraint_message", "required", "calculation",
    "default", "appearance", "choice_filter", "style", "sets_outcome", "raises", "pathway",
)  # fmt: skip
CHOICES: list[list[Any]] = [["list_name", "name", "label"], ["yn", "y", "Yes"], ["yn", "n", "No"]]
SETTINGS: list[list[Any]] = [["form_title", "form_id", "version"], ["A test", "a_test", "1"]]
Row = dict[str, Any]


def row(type_: Any, name: Any = None, label: Any = None, **cells: Any) -> Row:
    return {"type": type_, "name": name, "label": label, **cells}


ASK = row("select_one yn", "keen", "Keen?", required="yes")
BYE = row("note", "bye", "Goodbye", sets_outcome="D01")
PAGE = row("begin_group", "page", "A page")
END = row("end_group")


def sheet(*rows: Row, head: tuple[Any, ...] = HEAD) -> list[list[Any]]:
    return [list(head), *([one.get(column) for column in HEAD] for one in rows)]


def asked(**cells: Any) -> list[list[Any]]:
    """Give a script whose question (row 2) has these cells."""
    return sheet(ASK | cells, BYE)


def headed(meant: str, said: str) -> list[list[Any]]:
    """Give the good script with one heading written otherwise."""
    return sheet(ASK, BYE, head=tuple(said if one == meant else one for one in HEAD))


def after(**cells: Any) -> list[list[Any]]:
    """Give a script with a note (row 3) that has these cells, after the question."""
    return sheet(ASK, row("note", "then", "Then") | cells, BYE)


def checked(path: Path, survey: list[list[Any]], **sheets: list[list[Any]]) -> tuple[Checked, Path]:
    made = book(path / "s.xlsx", **{"survey": survey, "choices": CHOICES, "settings": SETTINGS, **sheets})
    return check_script(made, surroundings()), made


def refuses(path: Path, cell: str, code: str, survey: list[list[Any]], **sheets: list[list[Any]]) -> str:
    """Check that the workbook is refused for this at this cell; gives what is said."""
    found, _made = checked(path, survey, **sheets)
    assert found.script is None
    assert all(one.cell and one.what and one.remedy for one in found.findings)
    assert (cell, code) in [(one.cell, one.code) for one in found.errors], found.findings
    return next(one.sentence for one in found.errors if (one.cell, one.code) == (cell, code))


@pytest.mark.parametrize(
    ("meant", "said", "told"),
    [
        ("relevant", "Relevant", "Perhaps relevant is meant"),
        ("relevant", "r\u0435levant", "Perhaps relevant is meant"),  # a Cyrillic letter
        ("relevant", "relevant?", "Perhaps relevant is meant"),
        ("label", "lable::English (en)", "Perhaps label::English (en) is meant"),
        ("label", "Label::English", "Perhaps label::English is meant"),
        ("label", "label:English", "Perhaps label::English is meant"),
        ("hint", "hint::", "Perhaps hint is meant"),
        ("raises", "rasies", "Perhaps raises is meant"),
        ("hint", "media::image", "of no use in a call"),
        ("hint", "repeat_count", "of no use in a call"),
        ("hint", "bind::jr:preload", "of no use in a call"),
        ("hint", "parameters", "of no use in a call"),
    ],
)
def test_a_heading_that_is_not_ours_is_named_with_what_is_meant(
    meant: str, said: str, told: str, tmp_path: Path
) -> None:
    cell = f"survey!{chr(ord('A') + HEAD.index(meant))}1"
    assert told in refuses(tmp_path, cell, "column_unknown", headed(meant, said))


def test_a_misspelt_heading_does_not_bring_a_finding_for_every_row(tmp_path: Path) -> None:
    found, _made = checked(tmp_path, headed("label", "Label"))
    assert [(one.cell, one.code) for one in found.findings] == [("survey!C1", "column_unknown")]


@pytest.mark.parametrize("said", ["relevant  ", "relevant\u00a0", " relevant"])
def test_spaces_around_a_heading_mean_nothing(said: str, tmp_path: Path) -> None:
    assert checked(tmp_path, headed("relevant", said))[0].findings == ()


def test_one_language_twice_is_refused_however_it_is_spaced(tmp_path: Path) -> None:
    survey = [[*one, *more] for one, more in zip(asked(), [["label::Polish", "label:: Polish"], ["A", "B"], ["C", "D"]],
                                                 strict=True)]  # fmt: skip
    refuses(tmp_path, "survey!R1", "column_twice", survey)


def test_headings_that_do_not_stand_in_row_1_are_one_finding(tmp_path: Path) -> None:
    said = refuses(tmp_path, "survey!A1", "headings_missing", [["My script"], [], *asked()])
    assert "stand in row 3" in said
    found, _made = checked(tmp_path, [[], *asked()])
    assert [one.code for one in found.errors] == ["headings_missing"]
    assert "holds no headings" in refuses(tmp_path, "settings!A1", "headings_missing", asked(), settings=[["x"], ["y"]])


@pytest.mark.parametrize(
    ("column", "said", "code", "told"),
    [
        ("type", "select_one yn or_other", "list_unknown", "or_other cannot be used"),
        ("type", "select_one", "list_unknown", "names no list"),
        ("type", "select_one yn nope", "list_unknown", "more than the name of one list"),
        ("type", "select_one yn_", "list_unknown", "Perhaps yn is meant"),
        ("type", "begin repeat", "type_unknown", "nothing can be repeated"),
        ("type", "begin_repeat", "type_unknown", "nothing can be repeated"),
        ("type", "select_one_from_file yn.csv", "type_unknown", "not in another file"),
        ("type", "select_one_external yn", "type_unknown", "not in another file"),
        ("type", "audio", "type_unknown", "no pictures, sounds"),
        ("type", "background-audio", "type_unknown", "no pictures, sounds"),
        ("type", "geopoint", "type_unknown", "no places on a map"),
        ("type", "deviceid", "type_unknown", "notes by itself"),
        ("type", "time", "type_unknown", "no keys"),
        ("type", "text yn", "type_unknown", "takes no list"),
        ("type", "note x", "type_unknown", "takes no list"),
        ("type", "begin_group page", "type_unknown", "write begin_group alone"),
        ("type", "Select_one yn", "type_unknown", "Perhaps select_one is meant"),
        ("type", "SELECT_ONE yn", "type_unknown", "Perhaps select_one is meant"),
        ("name", "ke\u00a0en", "name_wrong", "letters, digits and _"),
        ("name", "prénom", "name_wrong", "letters, digits and _"),
        ("name", "meta", "name_wrong", "kept for the program"),
        ("required", "perhaps", "required_unknown", "yes, no"),
        ("appearance", "minimal horizontall", "appearance_unknown", "horizontall"),
        ("default", "${keen}", "default_wrong", "not reckoned"),
        ("default", "today()", "default_wrong", "not reckoned"),
        ("label", "Are you ${ keen }?", "merge_broken", "spaces inside"),
        ("label", "Are you ${keen}?", "reference_later", "asked later"),
    ],
)
def test_a_cell_of_a_question_is_refused_with_its_reason(
    column: str, said: str, code: str, told: str, tmp_path: Path
) -> None:
    cell = f"survey!{chr(ord('A') + HEAD.index(column))}2"
    assert told.lower() in refuses(tmp_path, cell, code, asked(**{column: said})).lower()


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("required", "YES"), ("required", "true()"), ("required", "False"), ("required", True),
        ("appearance", "minimal compact"), ("type", "select_one\u00a0yn"), ("type", "select_one   yn"),
        ("name", "keen\u00a0"), ("label", "Are\u00a0you keen?"), ("label", "هل أنت مهتم؟"), ("label", "It costs $5"),
        ("constraint", ". =\u00a0'y' or . = 'n'"), ("default", "y"),
    ],
)  # fmt: skip
def test_what_means_the_same_is_read(column: str, said: Any, tmp_path: Path) -> None:
    assert checked(tmp_path, asked(**{column: said}))[0].findings == ()


def test_a_group_that_is_a_page_may_say_so_as_xlsform_does(tmp_path: Path) -> None:
    page = PAGE | {"appearance": "field-list"}
    assert checked(tmp_path, sheet(page, ASK, END, BYE))[0].findings == ()
    refuses(tmp_path, "survey!K2", "appearance_unknown", sheet(PAGE | {"appearance": "table-list"}, ASK, END, BYE))
    spaced = sheet(PAGE | {"type": "begin  group"}, ASK, END | {"type": "end group"}, BYE)
    assert checked(tmp_path, spaced)[0].findings == ()


@pytest.mark.parametrize(
    ("what", "column", "said"),
    [
        *((PAGE, column, said) for column, said in (("sets_outcome", "D01"), ("raises", "SAFEGUARDING"), ("hint", "x"),
                                                    ("pathway", "x"), ("constraint", "1 = 1"), ("required", "yes"),
                                                    ("calculation", "1"), ("default", "x"), ("style", "say"))),
        *((row("calculate", "sum", calculation="1 + 1"), column, said)
          for column, said in (("sets_outcome", "D01"), ("raises", "SAFEGUARDING"), ("pathway", "x"),
                               ("default", "1"))),
        *((row("hidden", "known"), column, said)
          for column, said in (("sets_outcome", "D01"), ("raises", "SAFEGUARDING"), ("relevant", "1 = 1"))),
    ],
)  # fmt: skip
def test_a_cell_that_would_do_nothing_is_refused(what: Row, column: str, said: str, tmp_path: Path) -> None:
    rest = [ASK, END, BYE] if what is PAGE else [ASK, BYE]
    cell = f"survey!{chr(ord('A') + HEAD.index(column))}2"
    refuses(tmp_path, cell, "cell_idle", sheet(what | {column: said}, *rest))


def test_a_merge_field_where_nothing_fills_it_is_refused(tmp_path: Path) -> None:
    known = row("hidden", "pt_first")
    page = PAGE | {"label": "About ${pt_first}"}
    refuses(tmp_path, "survey!C3", "merge_unfilled", sheet(known, page, ASK, END, BYE))
    choices = [*CHOICES, ["yn", "perhaps", "Ask ${pt_first}"]]
    refuses(tmp_path, "choices!C4", "merge_unfilled", sheet(known, ASK, BYE), choices=choices)


def test_an_answer_read_out_by_its_name_deserves_a_look(tmp_path: Path) -> None:
    found, _made = checked(tmp_path, after(label="You said ${keen}"))
    assert [(one.cell, one.code, one.severity) for one in found.findings] == [("survey!C3", "merge_code", "warning")]
    words = row("calculate", "said", calculation="jr:choice-name(${keen}, '${keen}')")
    survey = sheet(ASK, words, row("note", "then", "You said ${said}"), BYE)
    assert checked(tmp_path, survey)[0].findings == ()


def test_a_call_that_shows_nothing_at_all_deserves_a_look(tmp_path: Path) -> None:
    known = row("hidden", "on_list")
    found, _made = checked(tmp_path, sheet(known, BYE | {"relevant": "${on_list} != 'y'"}))
    assert [(one.cell, one.code, one.severity) for one in found.findings if one.code != "list_unused"] == [
        ("survey!E3", "shows_nothing", "warning")
    ]
    assert "on_list = y" in found.findings[0].what
    both = sheet(known, BYE | {"relevant": "${on_list} != 'y'"}, row("note", "else", "Goodbye", sets_outcome="A06"))
    assert [one.code for one in checked(tmp_path, both)[0].findings] == ["list_unused"]


def test_an_answer_before_identity_does_not_tell_what_the_call_is_about(tmp_path: Path) -> None:
    survey = sheet(row("select_one about", "why", "Why?"), row("select_one yn", "id_ok", "Is it you?"), BYE)
    choices = [*CHOICES, ["about", "d", "Your diabetes check"]]
    refuses(tmp_path, "choices!C4", "discloses", survey, choices=choices)
    assert checked(tmp_path, survey[:2] + survey[3:], choices=choices)[0].errors == ()


@pytest.mark.parametrize(
    ("said", "code", "told"),
    [
        ("pulldata('a', 'b', 'c', ${keen}) = 1", "function_unknown", "not in another file"),
        ("indexed-repeat(${keen}, ${keen}, 1) = 'y'", "function_unknown", "nothing is repeated"),
        ("random() > 0.5", "function_unknown", "the same answers"),
        ("slected(${keen}, 'y')", "function_unknown", "selected() is meant"),
        ("position(..) = 1", "expression_wrong", "paths cannot be used"),
        ("../keen = 'y'", "expression_wrong", "paths cannot be used"),
        ("/data/keen = 'y'", "expression_wrong", "paths cannot be used"),
        ("${ keen } = 'y'", "expression_wrong", "without spaces"),
        ("${keen} == 'y'", "expression_wrong", "write ="),
        ("${keen} <> 'y'", "expression_wrong", "write !="),
        ("${keen} = 'y' AND 1 = 1", "expression_wrong", "write and"),
        ("not ${keen} = 'y'", "expression_wrong", "a bracket is missing"),
        ("true", "name_bare", "write true()"),
        ("1", "condition_words", "a number alone"),
        ("${keen} = 'y' or 5", "condition_words", "a number alone"),
        ("selected('${keen}', 'y')", "reference_quoted", "take the quotes away"),
        ("date('2026-02-31') > today()", "date_wrong", "is no day"),
        ("jr:choice-name(${keen}, '${nobody}') = 'Yes'", "choice_name_wrong", "in quotes"),
        ("string-length() = 1", "here_unknown", "full stop"),
    ],
)
def test_a_condition_is_refused_with_what_is_meant(said: str, code: str, told: str, tmp_path: Path) -> None:
    assert told.lower() in refuses(tmp_path, "survey!E3", code, after(relevant=said)).lower()


def test_a_number_nobody_can_choose_is_refused(tmp_path: Path) -> None:
    survey = sheet(row("select_one n", "how", "How many?"), row("note", "then", "Then", relevant="${how} = 3"), BYE)
    choices = [CHOICES[0], ["n", 1, "One"], ["n", 2.0, "Two"]]
    assert "its answers are 1, 2" in refuses(tmp_path, "survey!E3", "choice_unknown", survey, choices=choices).lower()
    survey[2][HEAD.index("relevant")] = "${how} = 2"
    assert checked(tmp_path, survey, choices=choices)[0].findings == ()


@pytest.mark.parametrize("said", [datetime(2026, 11, 22, 10, 30), time(10, 30), "22/11/2026", 46000])  # noqa: DTZ001
def test_what_is_no_day_is_no_default_of_a_date(said: Any, tmp_path: Path) -> None:
    refuses(tmp_path, "survey!J3", "default_wrong", sheet(ASK, row("date", "day", "When?", default=said), BYE))


def change(path: Path, how: Callable[[Any], None]) -> Checked:
    import openpyxl

    made = openpyxl.load_workbook(book(path / "s.xlsx", survey=asked(), choices=CHOICES, settings=SETTINGS))
    how(made)
    made.save(path / "s.xlsx")
    return check_script(path / "s.xlsx", surroundings())


def test_a_sheet_that_is_hidden_or_named_otherwise_is_no_sheet_of_ours(tmp_path: Path) -> None:
    def hide(made: Any) -> None:
        made.create_sheet("notes").sheet_state = "hidden"

    def rename(made: Any) -> None:
        made["survey"].title = "surveys"

    assert [(one.cell, one.code) for one in change(tmp_path, hide).errors] == [("notes", "sheet_unknown")]
    (misnamed,) = [one for one in change(tmp_path, rename).errors if one.cell == "surveys"]
    assert misnamed.remedy == "perhaps survey is meant: name it so"


def test_cells_that_are_merged_coloured_or_bound_to_a_list_are_read_as_their_text(tmp_path: Path) -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.worksheet.datavalidation import DataValidation

    def dress(made: Any) -> None:
        made["survey"].merge_cells("E2:E3")
        made["survey"]["C2"] = CellRichText("Are you ", TextBlock(InlineFont(b=True), "keen"), "?")
        made["survey"]["C2"].hyperlink = "https://example.org"
        bound = DataValidation(type="list", formula1='"yes,no"')
        bound.add("H2")
        made["survey"].add_data_validation(bound)

    found = change(tmp_path, dress)
    assert found.findings == ()
    assert found.script is not None
    assert found.script.rows()[0].label == "Are you keen?"


def test_formulas_of_every_kind_are_refused(tmp_path: Path) -> None:
    from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

    def write(cell: str, formula: Any) -> Callable[[Any], None]:
        return lambda made: made["survey"].__setitem__(cell, formula)

    for cell, formula in (("C2", ArrayFormula("C2:C2", "=SUM(A1)")), ("C2", DataTableFormula("C2", r1="A1")),
                          ("C2", "='[other.xlsx]Sheet1'!A1"), ("E1", '="rele"&"vant"')):  # fmt: skip
        found = change(tmp_path, write(cell, formula))
        assert (f"survey!{cell}", "formula") in [(one.cell, one.code) for one in found.errors]


def test_a_workbook_with_macros_is_refused(tmp_path: Path) -> None:
    import zipfile

    from caller_app.base.errors import Refused

    made = book(tmp_path / "s.xlsx", survey=asked(), choices=CHOICES, settings=SETTINGS)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0")
    with pytest.raises(Refused, match="macros"):
        check_script(made)


@pytest.mark.parametrize(
    "survey",
    [
        sheet(PAGE | {"label": "About ${nobody}"}, ASK, END, BYE), asked(default="${nobody}"), asked(type="note x"),
        after(label="${ keen }"), after(relevant="${ keen } = 'y'"), asked(name="meta"),
        [[*one, *more] for one, more in zip(asked(), [["label::A", "label:: A"], ["x", "y"], ["x", "y"]], strict=True)],
    ],
)  # fmt: skip
def test_what_the_public_converter_refuses_here_we_refuse_too(survey: list[list[Any]], tmp_path: Path) -> None:
    found, made = checked(tmp_path, survey)
    assert refused_there(made)
    assert found.script is None


def test_lists_with_spaces_in_their_name_and_merge_fields_in_answers_are_refused_as_there(tmp_path: Path) -> None:
    for choices in ([CHOICES[0], ["y n", "y", "Yes"], *CHOICES[1:]], [*CHOICES, ["yn", "z", "${nobody}"]]):
        survey = asked(type="select_one y n") if choices[1][0] == "y n" else asked()
        found, made = checked(tmp_path, survey, choices=choices)
        assert refused_there(made)
        assert found.script is None
