"""How cells of an .xlsx come out: formulas unread, dates by format, sizes not believed, odd XML read all the same."""

import random
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import pytest

from caller_app.base.errors import Refused
from caller_app.domain.cohort.cells import ERROR, FORMULA, Cell
from caller_app.excel.limits import DEFAULT_LIMITS
from caller_app.excel.package import open_package
from caller_app.excel.rows import Row, SheetFacts, column_index, column_letter
from caller_app.excel.shared_texts import read_texts
from caller_app.excel.sheet import stream_rows
from caller_app.excel.workbook import is_date_format, read_workbook
from tests.excel.making import DATA, SHEET, good_numbers, header_row, person_row, sheet_xml, text_cell, write_raw


def rows_of(path: Path, sheet: int = 0) -> list[Row]:
    with open_package(path, DEFAULT_LIMITS) as package:
        facts = read_workbook(package)
        texts = read_texts(package, facts.texts_part, DEFAULT_LIMITS)
        return list(stream_rows(package, facts.sheets[sheet].part, facts, texts, DEFAULT_LIMITS, SheetFacts()))


def cells_of(folder: Path, xml: str, **options: object) -> dict[int, Cell]:
    rows = rows_of(write_raw(folder / "one.xlsx", xml, **options))  # type: ignore[arg-type]
    assert len(rows) == 1
    return rows[0].cells


@pytest.mark.parametrize("name", ["clean_dpp", "messy_dpp", "messy_tt", "messy_vacc"])
def test_every_cell_agrees_with_openpyxl(name: str) -> None:
    import openpyxl

    path = DATA / f"cohort_{name}.xlsx"
    book = openpyxl.load_workbook(path)
    for number, sheet in enumerate(book.worksheets):
        theirs: dict[tuple[int, int], object] = {}
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value in (None, ""):
                    continue
                value: object = cell.value
                if cell.data_type == "f":
                    value = FORMULA
                elif cell.data_type == "e":
                    value = ERROR
                elif isinstance(value, datetime):
                    value = value.date()
                theirs[cell.row, cell.column - 1] = value
        ours = {(row.number, index): cell for row in rows_of(path, number) for index, cell in row.cells.items()}
        assert ours == theirs


@pytest.mark.parametrize(
    "formula",
    [
        '<c r="A1"><f>1+1</f><v>2</v></c>',
        '<c r="A1" t="str"><f>CONCATENATE("999","0123454")</f><v>9990123454</v></c>',
        '<c r="A1"><f t="shared" si="0"/><v>2</v></c>',
        '<c r="A1"><f/><v>2</v></c>',
        '<c r="A1" t="array"><f t="array" ref="A1">1</f><v>2</v></c>',
    ],
)
def test_the_result_of_a_formula_is_never_read(tmp_path: Path, formula: str) -> None:
    assert cells_of(tmp_path, sheet_xml(f'<row r="1">{formula}</row>')) == {0: FORMULA}


def test_cells_filled_by_an_array_formula_are_formulas_too(tmp_path: Path) -> None:
    rows = rows_of(
        write_raw(
            tmp_path / "array.xlsx",
            sheet_xml(
                '<row r="1"><c r="A1"><f t="array" ref="A1:B2">X1:Y2</f><v>1</v></c><c r="B1"><v>2</v></c>'
                '<c r="C1"><v>3</v></c></row>',
                '<row r="2"><c r="A2"><v>4</v></c><c r="B2"><v>5</v></c><c r="C2"><v>6</v></c></row>',
                '<row r="3"><c r="A3"><v>7</v></c></row>',
            ),
        )
    )
    assert [row.cells for row in rows] == [{0: FORMULA, 1: FORMULA, 2: 3}, {0: FORMULA, 1: FORMULA, 2: 6}, {0: 7}]


def test_kinds_of_cells(tmp_path: Path) -> None:
    cells = cells_of(
        tmp_path,
        sheet_xml(
            '<row r="1"><c r="A1"><v>9990123454</v></c><c r="B1"><v>0.5</v></c><c r="C1" t="b"><v>1</v></c>'
            '<c r="D1" t="e"><v>#N/A</v></c><c r="E1" s="1"><v>21916</v></c><c r="F1" s="2"><v>21916.75</v></c>'
            '<c r="G1" t="d"><v>1960-01-01T00:00:00</v></c><c r="H1"><v>9.99E+09</v></c><c r="I1" s="1"/>'
            '<c r="J1"><v></v></c>'
            f"{text_cell('K1', 'O&apos;Brien &amp; Co')}</row>"
        ),
    )
    born = date(1960, 1, 1)
    assert cells == {0: 9990123454, 1: 0.5, 2: True, 3: ERROR, 4: born, 5: born, 6: born, 7: 9.99e9, 10: "O'Brien & Co"}


def test_dates_since_1904_are_shifted(tmp_path: Path) -> None:
    xml = sheet_xml('<row r="1"><c r="A1" s="1"><v>20454</v></c></row>')
    assert cells_of(tmp_path, xml, workbook='<workbookPr date1904="1"/>') == {0: date(1960, 1, 1)}


def test_a_wrong_size_in_the_sheet_is_not_believed(tmp_path: Path) -> None:
    rows = [f'<row r="{number}"><c r="C{number}"><v>{number}</v></c></row>' for number in range(1, 40)]
    path = write_raw(tmp_path / "size.xlsx", sheet_xml(*rows, before='<dimension ref="A1:A1"/>'))
    assert [row.number for row in rows_of(path)] == list(range(1, 40))


def test_cells_and_rows_without_addresses_are_counted(tmp_path: Path) -> None:
    path = write_raw(
        tmp_path / "bare.xlsx", sheet_xml("<row><c><v>1</v></c><c/><c><v>3</v></c></row>", "<row><c><v>4</v></c></row>")
    )
    assert [(row.number, row.cells) for row in rows_of(path)] == [(1, {0: 1, 2: 3}), (2, {0: 4})]


def test_prefixes_comments_and_cdata_are_read_by_the_parser(tmp_path: Path) -> None:
    xml = (
        f'<x:worksheet xmlns:x="{SHEET}"><x:sheetData><!-- <row r="1"><c r="A1"><v>6</v></c></row> -->'
        '<x:row r="1">'
        '<x:c r="A1" t="inlineStr"><x:is><x:t><![CDATA[</row>Kett]]></x:t></x:is></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )
    assert cells_of(tmp_path, xml) == {0: "</row>Kett"}


def test_a_prefixed_sheet_without_comments_is_read(tmp_path: Path) -> None:
    rows = "".join(f'<x:row r="{n}"><x:c r="A{n}"><x:v>{n}</x:v></x:c></x:row>' for n in range(1, 3_001))
    path = write_raw(
        tmp_path / "prefix.xlsx", f'<x:worksheet xmlns:x="{SHEET}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    )
    assert [row.cells for row in rows_of(path)] == [{0: n} for n in range(1, 3_001)]


def test_a_sheet_in_utf_16_is_read(tmp_path: Path) -> None:
    xml = '<?xml version="1.0" encoding="UTF-16"?>' + sheet_xml(f'<row r="1">{text_cell("A1", "Müller")}</row>')
    path = write_raw(tmp_path / "wide.xlsx", "", parts={"xl/worksheets/sheet1.xml": xml.encode("utf-16")})
    assert [row.cells for row in rows_of(path)] == [{0: "Müller"}]


def test_rich_text_loses_its_looks_and_phonetic_readings(tmp_path: Path) -> None:
    shared = (
        f'<sst xmlns="{SHEET}"><si><t>one</t></si><si><r><rPr><b/></rPr><t>Ke</t></r>'
        '<r><t xml:space="preserve">tt </t></r>'
        "<rPh><t>reading</t></rPh></si><si><t/></si><si><t>_x0041_&amp;</t></si></sst>"
    )
    cells = "".join(f'<c r="{letter}1" t="s"><v>{place}</v></c>' for place, letter in enumerate("ABCD"))
    xml = sheet_xml(f'<row r="1">{cells}</row>')
    assert cells_of(tmp_path, xml, parts={"xl/sharedStrings.xml": shared}) == {0: "one", 1: "Kett ", 3: "A&"}


def test_plain_and_unusual_rows_keep_their_order_across_pieces_of_the_file(tmp_path: Path) -> None:
    rows = []
    for number in range(1, 6_001):
        unusual = "&#10;" if number % 7 == 0 else ""
        text = text_cell(f"A{number}", f"Row {number} {'é' * (number % 50)}{unusual}")
        rows.append(
            f'<row r="{number}" hidden="{int(number % 5 == 0)}">{text}<c r="B{number}"><v>{number}</v></c></row>'
        )
    found = rows_of(write_raw(tmp_path / "many.xlsx", sheet_xml(*rows)))
    assert [row.number for row in found] == list(range(1, 6_001))
    assert all(row.cells[1] == row.number for row in found)
    assert all(str(row.cells[0]).startswith(f"Row {row.number} ") for row in found)
    assert [row.number for row in found if row.hidden] == list(range(5, 6_001, 5))


def outcome(path: Path) -> list[tuple[int, dict[int, Cell], bool]] | str:
    try:
        return [(row.number, row.cells, row.hidden) for row in rows_of(path)]
    except Refused:
        return "refused"


def test_a_row_cut_by_the_pattern_is_what_the_parser_would_have_made_of_it(tmp_path: Path) -> None:
    chance = random.Random(7)
    bits = (
        "<f>1</f>",
        "&lt;",
        "&#65;",
        "</c>",
        '<c r="A1"/>',
        ' r="A1"',
        't="s"',
        "<v>-1</v>",
        "<is><t>x</t></is>",
        "\r\n",
        "\x01",
    )
    numbers = good_numbers(12)
    kinds = {"same": 0, "refused": 0}
    for _ in range(400):
        xml = sheet_xml(header_row(), *(person_row(place, number) for place, number in enumerate(numbers, start=2)))
        at = chance.randrange(xml.index("<row"), xml.index("</sheetData>"))
        if chance.random() < 0.5:
            xml = xml[:at] + chance.choice(bits) + xml[at:]
        else:
            xml = xml[:at] + xml[at + chance.randint(1, 4) :]
        cut = outcome(write_raw(tmp_path / "cut.xlsx", xml))
        # A comment anywhere sends the whole sheet through the parser.
        parsed = outcome(write_raw(tmp_path / "parsed.xlsx", xml.replace("<sheetData>", "<sheetData><!-- -->")))
        assert cut == parsed
        kinds["refused" if cut == "refused" else "same"] += 1
    assert min(kinds.values()) > 20


def test_reading_may_stop_early(tmp_path: Path) -> None:
    path = write_raw(
        tmp_path / "stop.xlsx", sheet_xml(*(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 9)))
    )
    with open_package(path, DEFAULT_LIMITS) as package:
        facts = read_workbook(package)
        stream = stream_rows(package, facts.sheets[0].part, facts, [], DEFAULT_LIMITS, SheetFacts())
        assert len(list(islice(stream, 3))) == 3


@pytest.mark.parametrize(("letters", "index"), [("A", 0), ("Z", 25), ("AA", 26), ("IV", 255), ("XFD", 16_383)])
def test_letters_and_numbers_of_columns(letters: str, index: int) -> None:
    assert column_index(letters) == index
    assert column_letter(index) == letters


@pytest.mark.parametrize(
    "code",
    ["dd/mm/yyyy", "d-mmm-yy", "[$-809]dd mmmm yyyy;@", "yyyy\\-mm\\-dd", "mm-dd-yy", "mmm-yy", "dd/mm/yy hh:mm"],
)
def test_formats_that_show_days_are_dates(code: str) -> None:
    assert is_date_format(code)


@pytest.mark.parametrize(
    "code", ["General", "0.00", "@", "[h]:mm:ss", "hh:mm", "#,##0", '0 "days"', "[Red]0", '"y"0', "mm:ss"]
)
def test_other_formats_are_not(code: str) -> None:
    assert not is_date_format(code)
