"""`check-cohort` as a command: exit codes, JSON, progress, and nothing of the centre loaded."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from caller_app.central.check_command import run
from tests.excel.making import DATA, PRACTICE_LIST, ROOT, person, table, write_xlsx

OPTIONS = ["--campaign", "talking_therapies", "--practices", str(PRACTICE_LIST), "--as-of", "2026-10-05", "--test-mode"]


def test_a_file_that_was_read_exits_0_with_the_rows_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([str(DATA / "cohort_messy_tt.xlsx"), *OPTIONS, "--json"]) == 0
    shown = capsys.readouterr()
    report = json.loads(shown.out)
    assert len(report["rows"]) == 429
    assert report["campaign"] == "talking_therapies"
    assert len(report["sha256"]) == 64
    assert "429 rows" in shown.err


def test_the_summary_shows_counts_and_no_patient(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([str(DATA / "cohort_messy_tt.xlsx"), *OPTIONS]) == 0
    shown = capsys.readouterr().out
    assert "171  accept" in shown
    assert "297  of them may be called" in shown
    assert "FORMULA_LIKE_TEXT" in shown
    assert "999" not in shown
    assert "Bacon" not in shown


def test_a_refused_file_exits_1_with_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_xlsx(tmp_path / "c.xlsx", {"Notes": [["nothing", "to", "see"]]})
    assert run([str(path), *OPTIONS]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("c.xlsx has no column with NHS numbers")
    assert run([str(path), *OPTIONS, "--json"]) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)["refused"] == shown.err.strip()


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_names_of_all_letters_come_out_whatever_the_pipe_is_set_to(tmp_path: Path, encoding: str) -> None:
    path = write_xlsx(tmp_path / "c.xlsx", {"Ścieżka": table([person(0, Surname="Świątek")])})
    command = [sys.executable, "-m", "caller_app.central", "check-cohort", str(path), *OPTIONS]
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*command, "--json"], capture_output=True, env=environment, check=True)
    assert json.loads(done.stdout)["rows"][1]["canonical"]["family_name"] == "Świątek"
    done = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert "cie" in done.stdout.decode(encoding)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["file.xlsx"],
        ["file.xlsx", *OPTIONS, "--campaign", "flu"],
        ["file.xlsx", *OPTIONS, "--as-of", "today"],
        ["file.xlsx", *OPTIONS, "--date-order", "ymd"],
        ["file.xlsx", *OPTIONS, "--unknown"],
    ],
)
def test_a_wrong_use_exits_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "usage" in capsys.readouterr().err


def test_a_bad_practice_list_is_refused_like_a_bad_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_xlsx(tmp_path / "c.xlsx", {"List": table([person(0)])})
    assert run([str(path), *OPTIONS, "--practices", str(tmp_path / "none.csv")]) == 1
    assert "epraccur" in capsys.readouterr().err


def test_answers_to_questions_are_options(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dates = [person(0, Date_of_birth="03/25/1961"), person(1, Date_of_birth="03/04/1961")]
    path = write_xlsx(tmp_path / "c.xlsx", {"A": table(dates), "B": table(dates)})
    chosen = [str(path), *OPTIONS, "--practices", str(PRACTICE_LIST)]
    assert run(chosen) == 1
    assert "--sheet" in capsys.readouterr().err
    assert run([*chosen, "--sheet", "B"]) == 1
    assert "--date-order" in capsys.readouterr().err
    assert run([*chosen, "--sheet", "B", "--date-order", "mdy"]) == 0


def test_the_command_loads_no_database_no_service_and_no_workbook_library() -> None:
    program = (
        "import sys; from caller_app.central.check_command import run; "
        f"assert run([{str(DATA / 'cohort_clean_dpp.xlsx')!r}, '--campaign', 'diabetes_prevention', '--practices', "
        f"{str(PRACTICE_LIST)!r}, '--as-of', '2026-10-05', '--test-mode']) == 0; "
        "heavy = {'sqlalchemy', 'litestar', 'openpyxl', 'alembic', 'psycopg'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
