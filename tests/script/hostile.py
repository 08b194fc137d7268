"""Hostile workbooks by name: each is made by a function and has to end in a report, in bounded time and memory.

`ends` says how: (code, cell) of a finding, or ("refused", a word of the sentence), or ("good", "") where nothing is
wrong with it. Used by the tests and by `benchmarks/hostile_scripts.py`.
"""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.script.books import CHOICES, SETTINGS, SURVEY, changed
from tests.script.raw_books import HEAD, MAIN, letters, pack, parts, sheet, styles

HEADINGS = ["type", "name", "label", "relevant", "calculation", "constraint", "required", "sets_outcome"]
COLUMNS = {name: nr for nr, name in enumerate(HEADINGS)}


@dataclass(frozen=True)
class Hostile:
    """One hostile workbook."""

    name: str
    make: Callable[[Path], Path]
    ends: tuple[str, str]


ALL: list[Hostile] = []


def hostile(code: str, cell: str) -> Callable[[Callable[[Path], Path]], Callable[[Path], Path]]:
    def add(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
        ALL.append(Hostile(make.__name__, make, (code, cell)))
        return make

    return add


def row(**cells: Any) -> list[Any]:
    """Give a row of the survey by column."""
    made: list[Any] = [None] * len(HEADINGS)
    for name, value in cells.items():
        made[COLUMNS[name]] = value
    return made


def survey(path: Path, rows: Iterator[list[Any]] | list[list[Any]], **more: Any) -> Path:
    return pack(path, parts(survey=[HEADINGS, *rows], **more))


# What stands in cells.


@hostile("formula", "survey!C2")
def formulas(path: Path) -> Path:
    formula = ("raw", '<c r="{r}" t="str"><f>HYPERLINK("x","y")</f><v>y</v></c>')
    return survey(path, [row(type="note", name=f"n{nr}", label=formula) for nr in range(9_000)])


@hostile("formula", "survey!C4")
def a_shared_formula(path: Path) -> Path:
    return pack(path, parts(survey=changed(SURVEY, (4, 3), ("raw", '<c r="{r}"><f t="shared" si="0"/><v>1</v></c>'))))


@hostile("cell_long", "survey!C4")
def ten_megabytes_in_a_cell(path: Path) -> Path:
    return pack(path, parts(survey=changed(SURVEY, (4, 3), "x" * 10_000_000)))


@hostile("cell_long", "survey!C4")
def ten_megabytes_shared(path: Path) -> Path:
    made = parts(survey=changed(SURVEY, (4, 3), ("raw", '<c r="{r}" t="s"><v>0</v></c>')))
    made["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}"><si><t>{"y" * 10_000_000}</t></si></sst>'
    return pack(path, made)


@hostile("hidden_character", "survey!C4")
def turned_to_the_left(path: Path) -> Path:
    return pack(path, parts(survey=changed(SURVEY, (4, 3), "Say \u202eno\u202c to them")))


@hostile("hidden_character", "survey!B5")
def a_name_with_nothing_to_be_seen(path: Path) -> Path:
    return pack(path, parts(survey=changed(SURVEY, (5, 2), "ke\u200ben")))


@hostile("hidden_character", "survey!B5")
def a_name_with_a_joiner(path: Path) -> Path:
    return pack(path, parts(survey=changed(SURVEY, (5, 2), "ke\u200den")))


@hostile("hidden_character", "survey!D1")
def a_heading_with_a_soft_hyphen(path: Path) -> Path:
    return pack(path, parts(survey=changed(SURVEY, (1, 4), "rele\u00advant")))


@hostile("hidden_character", "survey!C4")
def written_in_tags(path: Path) -> Path:
    return pack(path, parts(survey=changed(SURVEY, (4, 3), "Hello" + "".join(chr(0xE0000 + ord(s)) for s in "lie"))))


@hostile("hidden_character", "survey!C4")
def nul_by_excels_escape(path: Path) -> Path:
    return pack(path, parts(survey=changed(SURVEY, (4, 3), "Hello_x0000_you")))


@hostile("refused", "damaged")
def nul_itself(path: Path) -> Path:
    return pack(path, parts(survey=changed(SURVEY, (4, 3), ("raw", '<c r="{r}" t="str"><v>a&#0;b</v></c>'))))


@hostile("name_wrong", "survey!B4")
def the_largest_number(path: Path) -> Path:
    return pack(path, parts(survey=changed(SURVEY, (4, 2), ("raw", '<c r="{r}"><v>1e308</v></c>'))))


@hostile("error_value", "survey!B4")
def a_number_beyond_all(path: Path) -> Path:
    return pack(path, parts(survey=changed(SURVEY, (4, 2), ("raw", '<c r="{r}"><v>1e999</v></c>'))))


@hostile("refused", "damaged")
def a_number_of_five_thousand_digits(path: Path) -> Path:
    digits = "9" * 5_000
    return pack(path, parts(survey=changed(SURVEY, (4, 2), ("raw", '<c r="{r}"><v>' + digits + "</v></c>"))))


# How much there is.


@hostile("sheet_large", "survey!A10001")
def a_hundred_thousand_rows(path: Path) -> Path:
    return survey(path, (row(type="note", name=f"n{nr}", label="x") for nr in range(100_000)))


@hostile("good", "")
def an_empty_row_at_the_very_end(path: Path) -> Path:
    made = parts()
    part = str(made["xl/worksheets/sheet1.xml"])
    made["xl/worksheets/sheet1.xml"] = part.replace(
        "</sheetData>", '<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>'
    )
    return pack(path, made)


@hostile("cell_far", "survey!BI1")
def sixteen_thousand_columns(path: Path) -> Path:
    wide = [[*SURVEY[0], *(f"x{nr}" for nr in range(len(SURVEY[0]), 16_384))], *SURVEY[1:]]
    return pack(path, parts(survey=wide))


@hostile("cell_far", "survey!XFD5")
def a_cell_at_the_far_end_of_every_row(path: Path) -> Path:
    made = parts()
    rows = "".join(f'<row r="{nr}"><c r="XFD{nr}"><v>1</v></c></row>' for nr in range(5, 10_000))
    made["xl/worksheets/sheet1.xml"] = sheet([HEADINGS]).replace("</sheetData>", f"{rows}</sheetData>")
    return pack(path, made)


@hostile("refused", "survey!")
def cells_without_end(path: Path) -> Path:
    return survey(path, [[1] * 16_384 for _ in range(30)])


@hostile("refused", "survey!")
def a_row_of_a_million_empty_cells(path: Path) -> Path:
    made = parts()
    made["xl/worksheets/sheet1.xml"] = sheet([HEADINGS]).replace(
        "</sheetData>", f"<row>{'<c/>' * 1_000_000}</row></sheetData>"
    )
    return pack(path, made)


@hostile("refused", "formats and names")
def half_a_million_formats(path: Path) -> Path:
    return pack(path, parts() | {"xl/styles.xml": styles("<xf/>" * 500_000)})


@hostile("refused", "pieces of text")
def half_a_million_pieces_of_one_text(path: Path) -> Path:
    return pack(
        path, parts() | {"xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}"><si>{"<r/>" * 500_000}</si></sst>'}
    )


@hostile("refused", "unpacks to far more")
def a_zip_bomb(path: Path) -> Path:
    return pack(path, parts() | {"xl/media/image1.png": b"\0" * (30 * 2**20)})


@hostile("refused", "far more parts")
def a_hundred_thousand_parts(path: Path) -> Path:
    return pack(path, parts() | {f"x/{nr}": b"" for nr in range(20_000)}, way=zipfile.ZIP_STORED)


@hostile("refused", "nested")
def elements_inside_elements(path: Path) -> Path:
    return pack(path, parts() | {"xl/styles.xml": f"{HEAD}{'<a>' * 500_000}{'</a>' * 500_000}"})


@hostile("refused", "document type")
def a_billion_laughs(path: Path) -> Path:
    laughs = "".join(f'<!ENTITY l{nr} "{f"&l{nr - 1};" * 10}">' for nr in range(1, 12))
    declared = f'<!DOCTYPE s [<!ENTITY l0 "lol">{laughs}]>'
    made = parts()
    part = str(made["xl/worksheets/sheet1.xml"]).replace("<worksheet", f"{declared}<worksheet", 1)
    made["xl/worksheets/sheet1.xml"] = part.replace("Keen?", "&l11;")
    return pack(path, made)


@hostile("refused", "document type")
def an_entity_from_outside(path: Path) -> Path:
    made = parts()
    declared = '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    part = str(made["xl/worksheets/sheet1.xml"]).replace("<worksheet", f"{declared}<worksheet", 1)
    made["xl/worksheets/sheet1.xml"] = part.replace("Keen?", "&x;")
    return pack(path, made)


@hostile("script_large", "survey!")
def one_long_text_in_every_cell(path: Path) -> Path:
    shared = ("raw", '<c r="{r}" t="s"><v>0</v></c>')
    made = parts(survey=[HEADINGS, *(row(type="note", name=f"n{nr}", label=shared) for nr in range(9_000))])
    made["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}"><si><t>{"word " * 790}</t></si></sst>'
    return pack(path, made)


@hostile("script_large", "survey!")
def a_thousand_answers_to_every_question(path: Path) -> Path:
    choices = [CHOICES[0][:3], *(["yn", f"a{nr}", f"Answer {nr}"] for nr in range(9_000))]
    asked = [row(type="select_one yn", name=f"q{nr}", label="Which?") for nr in range(9_000)]
    return survey(path, asked, choices=choices)


@hostile("examples_many", "examples!A302")
def nine_thousand_examples(path: Path) -> Path:
    examples = [["example", "keen", "outcome"], *([f"e{nr}", "n", "D01"] for nr in range(9_000))]
    return pack(path, parts(examples=examples))


# What is meant by it.


@hostile("group_nested", "survey!A3")
def groups_inside_groups(path: Path) -> Path:
    begun = [row(type="begin_group", name=f"g{nr}", label="G") for nr in range(4_000)]
    return survey(path, [*begun, row(type="note", name="n", label="x"), *(row(type="end_group") for _ in range(4_000))])


def _reckoned(path: Path, calculation: str) -> Path:
    return survey(
        path, [row(type="integer", name="a", label="A?"), row(type="calculate", name="b", calculation=calculation)]
    )


@hostile("cell_long", "survey!E3")
def ten_thousand_brackets(path: Path) -> Path:
    return _reckoned(path, "(" * 10_000 + "1" + ")" * 10_000)


@hostile("expression_wrong", "survey!E3")
def as_many_brackets_as_a_cell_holds(path: Path) -> Path:
    return _reckoned(path, "(" * 1_999 + "1" + ")" * 1_999)


@hostile("expression_wrong", "survey!E3")
def a_sum_without_end(path: Path) -> Path:
    return _reckoned(path, "+".join(["${a}"] * 790))


@hostile("expression_wrong", "survey!E3")
def minus_minus_minus(path: Path) -> Path:
    return _reckoned(path, "-" * 3_000 + "1")


@hostile("expression_wrong", "survey!E3")
def a_number_no_amount_is(path: Path) -> Path:
    return _reckoned(path, "9" * 3_000)


@hostile("cycle", "survey!E2")
def everything_needs_the_next(path: Path) -> Path:
    count = 1_000
    return survey(
        path, [row(type="calculate", name=f"c{nr}", calculation=f"${{c{(nr + 1) % count}}} + 1") for nr in range(count)]
    )


@hostile("reference_unknown", "survey!D2")
def ten_thousand_wrong_conditions(path: Path) -> Path:
    wrong = " or ".join(f"${{nobody{nr}}} = 'cours{nr}'" for nr in range(100))
    return survey(path, [row(type="note", name=f"n{nr}", label="x", relevant=wrong) for nr in range(90)])


@hostile("choice_unknown", "survey!D3")
def nearly_right_answers_among_thousands(path: Path) -> Path:
    choices = [CHOICES[0][:3], *(["yn", f"answer_number_{nr:05}_of_many", f"A {nr}"] for nr in range(2_000))]
    asked = [row(type="select_one yn", name="q", label="Which?")]
    wrong = [
        row(type="note", name=f"n{nr}", label="x", relevant=f"${{q}} = 'answer_numbre_{nr:05}_of_many'")
        for nr in range(300)
    ]
    return survey(path, [*asked, *wrong], choices=choices)


@hostile("pattern_wrong", "survey!F2")
def a_pattern_repeated_beyond_measure(path: Path) -> Path:
    return survey(path, [row(type="text", name="t", label="T?", constraint="regex(., '^(((a{999}){999}){999})$')")])


@hostile("outcome_never", "survey")
def patterns_that_would_take_for_ever(path: Path) -> Path:
    text = "a" * 290
    rows = [
        row(type="calculate", name=f"c{nr}", calculation=f"regex('{text}', '^(a|a|aa)*(a?){{30}}b$')")
        for nr in range(300)
    ]
    return survey(path, [*rows, row(type="note", name="n", label="x")])


@hostile("outcome_never", "survey")
def lines_that_double_the_last(path: Path) -> Path:
    rows = [row(type="text", name="c0", label="Say?")]
    rows += [
        row(type="calculate", name=f"c{nr}", calculation=f"concat('ab', ${{c{nr - 1}}}, ${{c{nr - 1}}})")
        for nr in range(1, 200)
    ]
    return survey(path, [*rows, row(type="note", name="n", label="${c199}")])


@hostile("choices_compared", "survey!D62")
def nothing_that_can_be_proved(path: Path) -> Path:
    asked = [row(type="select_multiple yn", name=f"q{nr}", label="Which?") for nr in range(60)]
    never = []
    for nr in range(300):
        others = [f"${{q{(nr + k) % 60}}} != ${{q{(nr + k + 1) % 60}}}" for k in range(6)]
        said = " and ".join([*others, f"${{q{nr % 60}}} = ''", f"${{q{nr % 60}}} = 'y'"])
        never.append(row(type="note", name=f"n{nr}", label="x", relevant=said))
    return survey(path, [*asked, *never])


# What is broken.


@hostile("sheet_missing", "survey")
def a_sheet_that_is_not_there(path: Path) -> Path:
    made = parts()
    del made["xl/worksheets/sheet1.xml"]
    return pack(path, made)


@hostile("refused", "damaged")
def a_cell_without_a_proper_address(path: Path) -> Path:
    return pack(path, parts(survey=changed(SURVEY, (4, 3), ("raw", '<c r="9Z"><v>1</v></c>'))))


@hostile("refused", "damaged")
def a_text_that_is_not_there(path: Path) -> Path:
    return pack(path, parts(survey=changed(SURVEY, (4, 3), ("raw", '<c r="{r}" t="s"><v>99</v></c>'))))


@hostile("refused", "damaged")
def torn_off(path: Path) -> Path:
    made = parts()
    made["xl/worksheets/sheet1.xml"] = str(made["xl/worksheets/sheet1.xml"])[:400]
    return pack(path, made)


@hostile("sheet_unknown", "a" * 31)
def a_thousand_sheets(path: Path) -> Path:
    made = parts()
    more = "".join(
        f'<sheet name="{"a" * 31 if nr == 9 else f"s{nr}"}" sheetId="{nr}" r:id="rId1"/>' for nr in range(9, 1_009)
    )
    made["xl/workbook.xml"] = str(made["xl/workbook.xml"]).replace("</sheets>", f"{more}</sheets>")
    return pack(path, made)


assert SETTINGS and letters(16_384) == "XFD"
