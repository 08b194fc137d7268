"""The workbook of corrections a practice gets, and the sample cohort of the demo."""

import hashlib
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caller_app.central.demo_cohort import HEADINGS, people, write_demo_cohort
from caller_app.domain.practices import PracticeDirectory
from caller_app.excel.cohort import CohortCheck
from caller_app.excel.practices import read_practices
from caller_app.excel.write import ACTIONS, COLUMNS, CorrectionRow, Written, corrections_file_name, write_corrections
from tests.excel.making import PRACTICE_LIST, ROOT, check, write_xlsx

MADE_ON = date(2026, 10, 9)


def correction(**changes: object) -> CorrectionRow:
    facts: dict[str, object] = {
        "ref": "C-1",
        "practice_ods": "D82104",
        "nhs_number": "9990123454",
        "surname": "Kett",
        "forename": "Maureen",
        "date_of_birth": date(1960, 1, 2),
        "type_label": "New or better number",
        "on_record": "",
        "given": "+447700900123",
        "who_told": "patient (identity checked)",
        "told_on": date(2026, 10, 8),
        "priority": "weekly",
        "ask": "Add or replace",
    }
    return CorrectionRow(**(facts | changes))  # type: ignore[arg-type]


def write(path: Path, rows: list[CorrectionRow], ods: str = "D82104") -> Written:
    return write_corrections(
        path,
        rows,
        practice_ods=ods,
        practice_name="Acle Medical Partnership",
        project_code="NDPP",
        made_on=MADE_ON,
        sequence=1,
    )


def test_the_workbook_has_its_sheets_columns_and_checksum(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "out.xlsx"
    written = write(path, [correction(), correction(ref="C-2")])
    assert written == Written(hashlib.sha256(path.read_bytes()).hexdigest(), 2)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Read me", "Corrections", "Lists", "Receipt"]
    assert all(sheet.sheet_state == "visible" for sheet in book.worksheets)
    sheet = book["Corrections"]
    assert [cell.value for cell in sheet[1]] == [heading for heading, _ in COLUMNS]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[2]][:4] == ["C-1", "999 012 3454", "Kett", "Maureen"]
    assert (sheet["E2"].is_date, sheet["E2"].number_format) == (True, "dd/mm/yyyy")
    assert [book["Lists"].cell(row, 1).value for row in range(2, 6)] == list(ACTIONS)
    rule = sheet.data_validations.dataValidation[0]
    assert (rule.type, str(rule.sqref)) == ("list", "N2:N3")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("text", ["=1+1", "+447700900123", "-5", "@SUM(A1)", "\t=1", '=HYPERLINK("x")', "'quoted"])
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    import openpyxl

    path = tmp_path / "out.xlsx"
    write(path, [correction(given=text, surname=text)])
    cell = openpyxl.load_workbook(path)["Corrections"]["H2"]
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in archive.read(name)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_any_text_is_written_and_read_back_as_text(tmp_path: Path, text: str) -> None:
    import openpyxl

    path = tmp_path / "out.xlsx"
    write(path, [correction(given=text.encode("utf-8", "ignore").decode())])
    cell = openpyxl.load_workbook(path)["Corrections"]["H2"]
    assert cell.data_type in ("s", "inlineStr", "n")
    assert cell.value is None or isinstance(cell.value, str)


def test_a_row_of_another_practice_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    with pytest.raises(ValueError, match="another practice"):
        write(path, [correction(), correction(ref="C-2", practice_ods="D82001")])
    assert list(tmp_path.iterdir()) == []


def test_a_week_without_corrections_is_a_nil_return(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "out.xlsx"
    assert write(path, []).rows == 0
    texts = [cell.value for row in openpyxl.load_workbook(path)["Read me"].iter_rows() for cell in row]
    assert any(str(text).startswith("Nil return") for text in texts)


def test_a_birthday_before_the_calendar_of_spreadsheets_is_text(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "out.xlsx"
    write(path, [correction(date_of_birth=date(1899, 5, 4)), correction(date_of_birth=None)])
    sheet = openpyxl.load_workbook(path)["Corrections"]
    assert (sheet["E2"].value, sheet["E3"].value) == ("04/05/1899", None)


def test_the_file_is_named_for_practice_project_day_and_number() -> None:
    assert corrections_file_name("D82104", "NDPP", MADE_ON, 3) == "D82104_NDPP_details_20261009_03.xlsx"
    assert corrections_file_name("D82104", None, MADE_ON, 12) == "D82104_ALL_details_20261009_12.xlsx"
    assert corrections_file_name("D82104", "a/b..", MADE_ON, 1) == "D82104_a-b_details_20261009_01.xlsx"


def demo_check(path: Path) -> CohortCheck:
    practices: PracticeDirectory = read_practices(PRACTICE_LIST)
    return check(path, campaign="diabetes_prevention", practices=practices)


def test_the_shipped_sample_cohort_is_what_the_module_makes(tmp_path: Path) -> None:
    path = tmp_path / "cohort_demo.xlsx"
    write_demo_cohort(path)
    made, shipped = demo_check(path), demo_check(ROOT / "resources" / "demo" / "cohort_demo.xlsx")
    assert made.rows == shipped.rows
    assert made.columns == shipped.columns


def test_the_sample_cohort_shows_what_a_caller_meets() -> None:
    given = demo_check(ROOT / "resources" / "demo" / "cohort_demo.xlsx")
    assert len(people()) == 48
    assert given.counts.verdicts == {"accept": 45, "accept_with_repair": 2, "duplicate": 1, "skip": 1}
    stored = [result.canonical for result in given.accepted() if result.canonical]
    assert {"pl", "lt", "pt", "q4"} < {patient.language for patient in stored}
    assert sum(patient.interpreter for patient in stored) == 3
    assert sum(bool(patient.communication_needs) for patient in stored) >= 4
    assert {"NO_PHONE", "NO_FIXED_ABODE", "PHONE_SHARED", "HBA1C_DIABETIC_RANGE"} <= given.counts.warnings.keys()
    assert sum(patient.sensitive for patient in stored) == 1


def test_nobody_in_the_sample_cohort_could_be_rung() -> None:
    for row in people():
        assert str(row["NHS number"]).startswith("999")
        for heading in ("Mobile phone", "Home phone", "Work phone"):
            assert row[heading] is None or str(row[heading]).startswith(("07700 900", "01632 960"))
    assert set(people()[0]) == set(HEADINGS)


def test_a_returned_workbook_is_not_taken_for_a_cohort(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "c.xlsx", {"Corrections": [[heading for heading, _ in COLUMNS], ["C-1"]]})
    with pytest.raises(Exception, match="GP practice"):
        check(path)
