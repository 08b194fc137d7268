"""The day of `./run demo` as a test: real processes, real HTTP, real PostgreSQL, real SQLCipher, the real window."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from caller_app.domain.phones import show

ROOT = Path(__file__).resolve().parents[2]
PLAY_SECONDS = 600

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def day() -> Iterator[tuple[Path, dict[str, Any], str]]:
    """Play the day once; gives its folder, its summary and what it printed."""
    # Not below pytest's own folder: its next session closes that to the account PostgreSQL runs under.
    folder = Path(tempfile.mkdtemp(prefix="caller-day-"))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    words = ["--play", "--data", str(folder / "data"), "--out", str(folder / "out")]
    played = subprocess.run(
        [sys.executable, "-m", "demo", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PLAY_SECONDS, check=False,
    )  # fmt: skip
    assert played.returncode == 0, played.stdout[-4000:] + played.stderr[-4000:]
    yield folder, json.loads((folder / "out" / "summary.json").read_text(encoding="utf-8")), played.stdout
    shutil.rmtree(folder)


def test_everything_recorded_is_at_the_centre_once(day: tuple[Path, dict[str, Any], str]) -> None:
    _, summary, _ = day
    held = summary["centre"]
    assert held["outcomes"] == dict.fromkeys(
        ("C01", "C04", "P02", "R01", "A02", "D01", "T01", "A03", "E01", "R02", "A04", "S01"), 1
    )
    assert held["attempts"] == 12
    assert held["corrections"] == 4  # three by a person's hand, one that a death brings with it
    assert held["changes_waiting"] == held["changes_set_aside"] == 0
    assert held["changes_applied"] == held["changes"]
    assert held["concerns_open"] == 1
    assert held["audit_chain"] == "whole"


def test_half_of_the_calls_were_made_while_the_centre_was_gone(day: tuple[Path, dict[str, Any], str]) -> None:
    _, summary, _ = day
    assert len(summary["acts"]["morning"]["outcomes"]) == 9  # six with the centre, three without, then the power cut
    assert len(summary["acts"]["afternoon"]["outcomes"]) == 3  # after a start without the centre
    assert summary["acts"]["afternoon"]["light"] == "All sent"
    assert summary["acts"]["desk"]["moved"].startswith("Move 2")  # some twenty people who are still open, to Bo


def test_each_practice_gets_its_own_workbook_and_no_other_practices_rows(day: tuple[Path, dict[str, Any], str]) -> None:
    folder, summary, _ = day
    import openpyxl

    books = sorted((folder / "out" / "corrections").glob("*.xlsx"))
    assert [book.name for book in books] == summary["corrections_workbooks"]
    rows = 0
    for book in books:
        sheet = openpyxl.load_workbook(book)["Corrections"]
        headings = [cell.value for cell in sheet[1]]
        assert headings[:2] == ["Ref", "NHS number"]
        rows += sum(1 for row in sheet.iter_rows(min_row=2, values_only=True) if row[0])
    assert rows == summary["centre"]["corrections"]


def test_a_picture_of_each_screen_is_left(day: tuple[Path, dict[str, Any], str]) -> None:
    folder, _, _ = day
    names = {re.sub(r"^\w+-\d+-", "", path.stem) for path in (folder / "out").glob("*.png")}
    wanted = {
        "first-run", "list", "rung", "voicemail", "wrong-number", "call-back", "check", "confirmed", "script",
        "script-end", "what-if",
        "declined",
        "details", "worried", "worried-kept", "offline", "sign-in-offline", "opened-offline", "died", "someone-rang-me",
        "my-day", "what-is-sent", "board", "move-people", "moved", "corrections",
    }  # fmt: skip
    assert wanted <= names
    assert all(path.stat().st_size > 5_000 for path in (folder / "out").glob("*.png"))


def test_nothing_of_a_patient_stands_in_a_log_or_a_file_name(day: tuple[Path, dict[str, Any], str]) -> None:
    import openpyxl

    folder, _, printed = day
    sheet = openpyxl.load_workbook(ROOT / "resources" / "demo" / "cohort_demo.xlsx").worksheets[0]
    secret = set()
    headings: list[Any] = []
    for row in sheet.iter_rows(values_only=True):
        if not headings:
            headings = list(row)
            continue
        for heading, value in zip(headings, row, strict=False):
            if heading in ("NHS number", "Family name", "Postcode", "Mobile phone", "Home phone") and value:
                secret.add(str(value).strip())
    secret |= {show(f"+44{one[1:]}") for one in secret if one.isdigit() and one.startswith("07")}
    logs = [path for path in (folder / "data").rglob("*") if path.is_file() and "log" in path.suffix + path.parent.name]
    assert logs
    said = printed + "".join(path.read_text(encoding="utf-8", errors="replace") for path in logs)
    said += " ".join(path.name for path in folder.rglob("*"))
    assert len(secret) > 100
    assert [one for one in secret if len(one) > 3 and re.search(rf"\b{re.escape(one)}\b", said)] == []
