"""Files that cannot be taken end in one plain sentence, whatever is wrong with them, and never in a fault."""

import random
import zipfile
from pathlib import Path

import pytest

from caller_app.base.errors import Refused
from caller_app.excel.limits import Limits
from tests.excel.making import (
    HEADINGS,
    ROOT,
    SHEET,
    check,
    good_numbers,
    header_row,
    person,
    person_row,
    sheet_xml,
    table,
    text_cell,
    write_raw,
    write_xlsx,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sentence(path: Path, **options: object) -> str:
    with pytest.raises(Refused) as refused:
        check(path, **options)  # type: ignore[arg-type]
    told = refused.value.sentence
    assert told[0].isupper() or told.startswith(path.name)
    assert told.endswith(".")
    assert "999" not in told
    return told


def people(count: int) -> list[dict[str, object]]:
    return [person(place) for place in range(count)]


def test_a_list_without_nhs_numbers_names_the_sheet_and_the_headings_found(tmp_path: Path) -> None:
    headings = [heading for heading in HEADINGS if heading != "NHS number"]
    told = sentence(write_xlsx(tmp_path / "c.xlsx", {"Patients": table(people(3), headings)}))
    assert "'Patients'" in told
    assert "'Surname', 'Forename', 'Date of birth'" in told


def test_a_list_without_headings_shows_no_patient(tmp_path: Path) -> None:
    told = sentence(write_xlsx(tmp_path / "c.xlsx", {"Patients": table(people(30))[1:]}))
    assert "'Patients'" in told
    assert "Kett" not in told


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        (("Date of birth",), "date of birth"),
        (("Surname", "Forename"), "name"),
        (("Practice code", "Practice name"), "GP practice"),
    ],
)
def test_a_list_without_a_needed_column_says_which(tmp_path: Path, missing: tuple[str, ...], named: str) -> None:
    headings = [heading for heading in HEADINGS if heading not in missing]
    assert named in sentence(write_xlsx(tmp_path / "c.xlsx", {"List": table(people(3), headings)}))


def test_two_sheets_that_look_like_cohorts_are_a_question(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "c.xlsx", {"October": table(people(2)), "Notes": [["x"]], "November": table(people(3))}
    )
    told = sentence(path)
    assert "'October'" in told
    assert "'November'" in told
    assert "--sheet" in told
    assert check(path, sheet="november").counts.verdicts["accept"] == 3


def test_a_sheet_that_is_not_there_is_said_with_those_that_are(tmp_path: Path) -> None:
    told = sentence(write_xlsx(tmp_path / "c.xlsx", {"October": table(people(2))}), sheet="May")
    assert "'May'" in told
    assert "'October'" in told


def test_two_columns_for_one_field_are_a_question(tmp_path: Path) -> None:
    rows = [[*row, row[3]] for row in table(people(3))]
    rows[0][-1] = "DOB"
    told = sentence(write_xlsx(tmp_path / "c.xlsx", {"List": rows}))
    assert "D and K" in told
    assert "dob" in told


def test_swapped_columns_stop_the_file(tmp_path: Path) -> None:
    rows = table(people(30))
    for row in rows[1:]:
        row[0], row[6] = row[6], row[0]
    told = sentence(write_xlsx(tmp_path / "c.xlsx", {"List": rows}))
    assert "Column A 'NHS number'" in told
    assert "30 of 30" in told


def test_a_postcode_column_that_holds_something_else_stops_the_file(tmp_path: Path) -> None:
    told = sentence(
        write_xlsx(tmp_path / "c.xlsx", {"List": table([person(n, Postcode="Norwich") for n in range(30)])})
    )
    assert "Column I 'Postcode'" in told


def test_a_birth_date_column_that_holds_something_else_stops_the_file(tmp_path: Path) -> None:
    rows = [person(n, Date_of_birth=f"{1 + n % 28:02d}/03/2020") for n in range(30)]
    assert "Column D 'Date of birth'" in sentence(write_xlsx(tmp_path / "c.xlsx", {"List": table(rows)}))


def test_registration_dates_under_the_heading_of_birth_dates_stop_the_file(tmp_path: Path) -> None:
    rows = [person(n, Date_of_birth=f"{1 + n % 28:02d}/03/{2002 + n % 24}") for n in range(36)]
    assert "Column D 'Date of birth'" in sentence(write_xlsx(tmp_path / "c.xlsx", {"List": table(rows)}))


def test_a_list_that_is_merely_bad_is_refused_row_by_row(tmp_path: Path) -> None:
    rows = [person(n, **({"NHS_number": "12345"} if n % 3 else {})) for n in range(36)]
    rows += [person(n, Date_of_birth="31/02/1960", Postcode="Norwich") for n in range(40, 70)]
    counts = check(write_xlsx(tmp_path / "c.xlsx", {"List": table(rows)})).counts
    assert counts.verdicts == {"accept": 12, "reject": 54, "skip": 1}


def test_another_programs_container_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "c.ods", "w") as archive:
        archive.writestr("content.xml", "<office/>")
    assert "is not an .xlsx workbook" in sentence(tmp_path / "c.ods")


def test_a_short_list_of_faults_is_not_taken_for_swapped_columns(tmp_path: Path) -> None:
    rows = [person(n, NHS_number="12345") for n in range(5)]
    assert check(write_xlsx(tmp_path / "c.xlsx", {"List": table(rows)})).counts.verdicts == {"reject": 5, "skip": 1}


def test_a_month_first_column_is_a_question_and_the_answer_is_followed(tmp_path: Path) -> None:
    dates = ["03/25/1961", "03/04/1961", "12/31/1960"]
    path = write_xlsx(
        tmp_path / "c.xlsx", {"List": table([person(n, Date_of_birth=text) for n, text in enumerate(dates)])}
    )
    told = sentence(path)
    assert "Column D 'Date of birth'" in told
    assert "row 2" in told
    assert "--date-order" in told
    months = check(path, date_order="mdy")
    assert [str(result.canonical.dob) for result in months.accepted() if result.canonical] == [
        "1961-03-25",
        "1961-03-04",
        "1960-12-31",
    ]
    days = check(path, date_order="dmy")
    assert [result.reasons for result in days.rows[1:]] == [("DOB_IMPOSSIBLE",), (), ("DOB_IMPOSSIBLE",)]


def test_one_impossible_date_among_unmistakable_ones_is_no_question(tmp_path: Path) -> None:
    dates = ["01/13/1961", "25/04/1961", "31/12/1960"]
    given = check(
        write_xlsx(tmp_path / "c.xlsx", {"L": table([person(n, Date_of_birth=text) for n, text in enumerate(dates)])})
    )
    assert [result.verdict.value for result in given.rows[1:]] == ["reject", "accept", "accept"]


def test_an_encrypted_workbook_says_so(tmp_path: Path) -> None:
    path = tmp_path / "secret.xlsx"
    path.write_bytes(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600))
    assert "password" in sentence(path)


def test_an_old_workbook_says_so_under_either_name(tmp_path: Path) -> None:
    for name in ("old.xls", "old.xlsx"):
        path = tmp_path / name
        path.write_bytes(OLE + bytes(600) + "Workbook".encode("utf-16-le") + bytes(600))
        assert ".xls format" in sentence(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.xlsx", b""),
        ("text.xlsx", b"NHS number,Surname\n"),
        ("page.xls", b"<html><table></table></html>"),
        ("zip.xlsx", b"PK\x03\x04 and then nothing"),
        ("other.xlsx", OLE + bytes(2_000)),
        ("empty.csv", b""),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(200)),
    ],
)
def test_what_is_no_list_at_all_says_so(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    sentence(path)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    assert "no file" in sentence(tmp_path / "nothing.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = sheet_xml(header_row(), before=" " * 60_000_000)
    path = write_raw(tmp_path / "bomb.xlsx", bomb)
    assert path.stat().st_size < 200_000
    assert "100 to one" in sentence(path)


def test_a_file_that_unfolds_too_far_is_refused(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(400_000).hex()
    path = write_raw(tmp_path / "big.xlsx", sheet_xml(header_row()), parts={"xl/media/noise.bin": noise})
    assert "unfolds" in sentence(path, limits=Limits(expanded_bytes=500_000))
    assert "MB" in sentence(path, limits=Limits(file_bytes=100_000))


def test_a_container_of_too_many_parts_is_refused(tmp_path: Path) -> None:
    path = write_raw(tmp_path / "parts.xlsx", sheet_xml(header_row()), parts={f"x/{n}": "" for n in range(60)})
    assert "parts" in sentence(path, limits=Limits(members=50))


def test_entities_are_refused_before_they_unfold(tmp_path: Path) -> None:
    declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<!DOCTYPE worksheet [<!ENTITY e0 "lol">{declared}]>' + sheet_xml(
        f'<row r="1">{text_cell("A1", "&e11;")}</row>'
    )
    assert "declaration" in sentence(write_raw(tmp_path / "lol.xlsx", xml))


def test_an_outside_reference_is_refused(tmp_path: Path) -> None:
    xml = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + sheet_xml(
        f'<row r="1">{text_cell("A1", "&x;")}</row>'
    )
    path = write_raw(tmp_path / "out.xlsx", "<x/>", parts={"xl/sharedStrings.xml": xml})
    assert "declaration" in sentence(path)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
def test_a_missing_part_is_said(tmp_path: Path, part: str) -> None:
    whole = write_raw(tmp_path / "whole.xlsx", sheet_xml(header_row()))
    path = tmp_path / "partial.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for info in source.infolist():
            if info.filename != part:
                target.writestr(info, source.read(info))
    sentence(path)


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<worksheet>",
        "no xml",
        f'<worksheet xmlns="{SHEET}"><sheetData><row r="1"><c r="A1"><v>1</c></row></sheetData></worksheet>',
        sheet_xml('<row r="2"/>', '<row r="1"><c r="A1"><v>1</v></c></row>'),
        sheet_xml('<row r="0"><c r="A1"><v>1</v></c></row>'),
        sheet_xml('<row r="x"><c r="A1"><v>1</v></c></row>'),
        sheet_xml('<row r="1"><c r="A1"><v>one</v></c></row>'),
        sheet_xml('<row r="1"><c r="A1"><v>1e999</v></c></row>'),
        sheet_xml('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'),
        sheet_xml('<row r="1"><c r="1"><v>7</v></c></row>'),
        sheet_xml('<row r="12"><c r="AE1"><v>7</v></c></row>'),
        sheet_xml('<row r="12"><c r="A12"><v>7</v></c><c r="A1"><f>1</f></c></row>'),
        sheet_xml('<row r="1048577"><c r="A1"><v>7</v></c></row>'),
    ],
)
def test_a_damaged_sheet_is_refused(tmp_path: Path, xml: str) -> None:
    sentence(write_raw(tmp_path / "bad.xlsx", xml))


def test_more_rows_than_allowed_are_refused_by_their_numbers(tmp_path: Path) -> None:
    numbers = good_numbers(12)
    rows = [person_row(place, number) for place, number in enumerate(numbers, start=2)]
    path = write_raw(tmp_path / "long.xlsx", sheet_xml(header_row(), *rows))
    assert check(path, limits=Limits(rows=12)).counts.verdicts["accept"] == 12
    assert "row 13" in sentence(path, limits=Limits(rows=11))


def test_one_cell_far_below_the_list_is_refused_and_not_filled_up_with_blanks(tmp_path: Path) -> None:
    far = f'<row r="1048576">{text_cell("A1048576", "x")}</row>'
    path = write_raw(tmp_path / "far.xlsx", sheet_xml(header_row(), person_row(2, good_numbers(1)[0]), far))
    assert "1,048,576" in sentence(path)


def test_a_sheet_with_formatted_rows_down_to_its_foot_is_read(tmp_path: Path) -> None:
    looks = (
        'spans="1:5" s="1" customFormat="1" ht="15.75" customHeight="1" thickTop="0" thickBot="0" collapsed="0" ph="0"'
    )
    empty = [f'<row r="{n}" {looks} outlineLevel="0"/>' for n in range(4, 150_001)]
    numbers = good_numbers(2)
    people = [person_row(2, numbers[0]), '<row r="3" s="1"/>', *empty, person_row(150_001, numbers[1])]
    given = check(write_raw(tmp_path / "c.xlsx", sheet_xml(header_row(), *people[:-1])))
    assert given.counts.verdicts == {"accept": 1, "skip": 1}
    assert "row 150,001" in sentence(write_raw(tmp_path / "d.xlsx", sheet_xml(header_row(), *people)))


def test_content_beyond_the_last_column_is_refused(tmp_path: Path) -> None:
    row = person_row(2, good_numbers(1)[0], extra='<c r="IW2"><v>1</v></c>')
    assert "column IW" in sentence(write_raw(tmp_path / "wide.xlsx", sheet_xml(header_row(), row)))


@pytest.mark.parametrize("shared", [False, True])
def test_a_cell_of_enormous_length_is_refused(tmp_path: Path, shared: bool) -> None:
    text = "".join(random.Random(2).choices("abcdefgh ", k=40_000))
    parts = {"xl/sharedStrings.xml": f'<sst xmlns="{SHEET}"><si><t>{text}</t></si></sst>'} if shared else {}
    cell = '<c r="A2" t="s"><v>0</v></c>' if shared else text_cell("A2", text)
    path = write_raw(tmp_path / "cell.xlsx", sheet_xml(header_row(), f'<row r="2">{cell}</row>'), parts=parts)
    assert "characters" in sentence(path)


def test_a_shared_text_without_an_end_is_damage(tmp_path: Path) -> None:
    letters = random.Random(7).choices("abcdefghijklmnopqrstuvwxyz", k=5_200_000)
    parts = {"xl/sharedStrings.xml": f'<sst xmlns="{SHEET}"><si><t>{"".join(letters)}'}
    path = write_raw(tmp_path / "c.xlsx", sheet_xml(header_row(), person_row(2, good_numbers(1)[0])), parts=parts)
    assert "damaged" in sentence(path)


def test_random_damage_ends_in_a_result_or_a_sentence(tmp_path: Path) -> None:
    chance = random.Random(20261005)
    whole = (ROOT / "resources" / "demo" / "cohort_demo.xlsx").read_bytes()
    path = tmp_path / "damaged.xlsx"
    outcomes = {"read": 0, "refused": 0}
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 5)):
            place = chance.randrange(len(damaged))
            if chance.random() < 0.7:
                damaged[place] = chance.randrange(256)
            else:
                del damaged[place : place + chance.randint(1, 60)]
        path.write_bytes(damaged)
        try:
            check(path, campaign="diabetes_prevention")
            outcomes["read"] += 1
        except Refused as refused:
            assert refused.sentence
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 0
