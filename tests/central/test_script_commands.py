"""`script publish`, `export-answers` and `script responses` typed by an operator: processes, on a real database."""

import json
import subprocess
from pathlib import Path

from tests.central.test_answers import Calls, calls, script
from tests.central.test_command_line import command
from tests.support.centre import KEY, Rig
from tests.support.station import Station

__all__ = ["calls"]

ANSWERS = {"connect": "answered", "keen": "y", "wishes": ["walk"]}


def typed(rig: Rig, *words: str) -> "subprocess.CompletedProcess[str]":
    return command(*words, "--project", "Healthy start", "--database-url", rig.url,
                   CALLER_CENTRAL_STOP_LIST_KEY=KEY.hex())  # fmt: skip


def test_a_script_that_is_published_reaches_the_callers_and_not_twice(calls: Calls, tmp_path: Path) -> None:
    calls.rig.case(calls.project, to=calls.anna)
    newer = script(tmp_path, 3, ["note", "more", "One thing more.", None, None, None, None])
    said = typed(calls.rig, "script", "publish", str(tmp_path / "3.xlsx"))
    assert (said.returncode, said.stderr) == (0, "")
    assert "wishes/3 is now the script of 'Healthy start'" in said.stdout
    shown = Station(calls.rig, "anna").sign_in().catch_up()
    assert shown[calls.project.project_id]["script_id"] == newer.script_id
    assert shown[newer.script_id]["version"] == "3"
    again = typed(calls.rig, "script", "publish", str(tmp_path / "3.xlsx"))
    assert (again.returncode, again.stdout) == (1, "")
    assert "already" in again.stderr
    assert calls.rig.ask("SELECT count(*) FROM audit WHERE what = 'script_published'")[0][0] == 1


def test_the_answers_are_written_as_a_workbook_that_is_never_written_over(calls: Calls, tmp_path: Path) -> None:
    calls.call(ANSWERS)
    out = tmp_path / "answers.xlsx"
    said = typed(calls.rig, "export-answers", str(out))
    assert (said.returncode, said.stdout) == (0, f"1 calls written to {out}.\n"), said.stderr
    import openpyxl

    head, row = openpyxl.load_workbook(out)["Answers"].iter_rows(values_only=True)
    found = dict(zip(head, row, strict=True))
    assert (found["keen"], found["wishes/walk"], found["wishes/swim"]) == ("y", 1, 0)
    written = out.read_bytes()
    again = typed(calls.rig, "export-answers", str(out))
    assert (again.returncode, again.stdout) == (1, "")
    assert out.read_bytes() == written


def test_the_responses_are_written_one_call_a_line(calls: Calls, tmp_path: Path) -> None:
    calls.call(ANSWERS)
    calls.call({"keen": "n"})
    out = tmp_path / "responses.ndjson"
    said = typed(calls.rig, "script", "responses", str(out))
    assert (said.returncode, said.stdout) == (0, f"2 calls written to {out}.\n"), said.stderr
    lines = [json.loads(one) for one in out.read_text("utf-8").splitlines()]
    assert {one["resourceType"] for one in lines} == {"QuestionnaireResponse"}
    assert len(lines) == 2
