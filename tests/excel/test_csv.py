"""CSV files: any usual encoding and separator, all cells text, rows counted as Excel counts them."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caller_app.base.errors import Refused
from caller_app.excel.cohort import CohortCheck
from caller_app.excel.csv_rows import detect_encoding
from caller_app.excel.limits import Limits
from tests.excel.making import HEADINGS, check, person


def csv_text(people: list[dict[str, object]], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in people:
        born = row["Date of birth"]
        values = row | {"Date of birth": f"{born:%d/%m/%Y}" if born is not None else None}
        writer.writerow([values[heading] for heading in HEADINGS])
    return text.getvalue()


def check_text(folder: Path, content: bytes) -> CohortCheck:
    path = folder / "cohort.csv"
    path.write_bytes(content)
    return check(path)


def family_names(given: CohortCheck) -> list[str | None]:
    return [result.canonical.family_name for result in given.accepted() if result.canonical]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_usual_encoding_is_read_with_its_letters(tmp_path: Path, encoding: str) -> None:
    text = csv_text([person(0, Surname="Conceição"), person(1, Surname="D’Arcy")])
    given = check_text(tmp_path, text.encode(encoding))
    assert family_names(given) == ["Conceição", "D'Arcy"]
    assert given.counts.verdicts == {"accept": 2, "skip": 1}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_letters_outside_western_europe_survive(tmp_path: Path, encoding: str) -> None:
    given = check_text(tmp_path, csv_text([person(0, Surname="Žukauskienė")]).encode(encoding))
    assert family_names(given) == ["Žukauskienė"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_separator_is_found(tmp_path: Path, delimiter: str) -> None:
    given = check_text(tmp_path, csv_text([person(0), person(1)], delimiter).encode())
    assert given.counts.verdicts == {"accept": 2, "skip": 1}


@pytest.mark.parametrize(
    "content",
    [b"NHS number,Surname\n\x00\x01\x02,x\n", b"\xff\xfeN\x00H\x00S", b"\xef\xbb\xbfNHS,\xff\xfe\n", b"NHS \x81\x8d"],
)
def test_what_cannot_be_read_as_letters_is_refused_with_advice(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cohort.csv"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        check(path)
    assert refused.value.sentence.startswith("cohort.csv")


def test_a_lost_zero_a_serial_and_a_formula_are_text_here(tmp_path: Path) -> None:
    rows = [person(0, Mobile="7700900123"), person(1, Surname='=HYPERLINK("x")')]
    text = csv_text(rows).replace("01/01/1960", "21916")
    given = check_text(tmp_path, text.encode())
    assert set(given.rows[1].reasons) == {"PHONE_ZERO_RESTORED", "DOB_SERIAL"}
    assert given.rows[2].reasons == ("NAME_UNSAFE",)


def test_an_error_that_a_spreadsheet_wrote_as_text_is_an_error_here_too(tmp_path: Path) -> None:
    people = [person(0, Surname="#REF!"), person(1, Postcode="#N/A"), person(2, NHS_number="#N/A"), person(3)]
    given = check_text(tmp_path, csv_text(people).encode())
    assert [result.reasons for result in given.rows[1:]] == [("CELL_ERROR",), ("CELL_ERROR",), ("CELL_ERROR",), ()]
    assert [result.verdict.value for result in given.rows[1:]] == ["reject", "accept_with_repair", "reject", "accept"]
    assert any(finding.code == "ERROR_CELLS" for finding in given.findings)


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    text = csv_text([person(0, Surname="Kett\nKett"), person(1), person(2)])
    lines = text.split("\r\n")
    given = check_text(tmp_path, "\r\n".join([*lines[:-2], "", *lines[-2:]]).encode())
    assert [(result.row, result.verdict.value) for result in given.rows] == [
        (1, "skip"),
        (2, "accept"),
        (3, "accept"),
        (4, "skip"),
        (5, "accept"),
    ]
    assert given.rows[3].reasons == ("BLANK",)


def test_bounds_hold_for_text_as_well(tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    path.write_text(csv_text([person(place) for place in range(9)]), encoding="utf-8")
    for limits in (Limits(rows=5), Limits(file_bytes=100), Limits(columns=4), Limits(cell_characters=8)):
        with pytest.raises(Refused):
            check(path, limits=limits)


def test_lines_without_end_below_the_list_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    path.write_text(csv_text([person(0)]) + "\n" * 60)
    assert check(path).counts.verdicts == {"accept": 1, "skip": 1}
    with pytest.raises(Refused, match="more than 50 lines"):
        check(path, limits=Limits(sheet_rows=50))


def test_a_line_that_never_ends_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    path.write_text(csv_text([person(0)]) + "," * 2_000_001)
    with pytest.raises(Refused, match="2,000,000 characters"):
        check(path)


def test_a_quote_that_never_ends_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    path.write_text(csv_text([person(0)]) + '"' + "x" * 200_000, encoding="utf-8")
    with pytest.raises(Refused):
        check(path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_any_bytes_give_an_encoding_that_reads_them_or_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        encoding = detect_encoding(path)
    except Refused as refused:
        assert refused.sentence
    else:
        content.decode(encoding)
