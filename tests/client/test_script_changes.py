"""A new version in the middle of a call: the call ends on the one it began with, the next call begins with the new."""

from pathlib import Path
from typing import Any

from caller_app.base.ids import new_id
from caller_app.client import Client
from caller_app.commands.attempts import record_attempt
from caller_app.commands.calls import open_call, record_dial, reveal_check_panel, save_page, tick_identity
from caller_app.queries.script_path import script_path
from caller_app.store.snapshot import Snapshot
from caller_app.supervise.scripts import add_script, script_versions, script_workbook, step_script
from tests.client.house import PATIENCE, House, until
from tests.deeds.rig import PASSING
from tests.script.books import SETTINGS, SURVEY, book, changed


def workbook(folder: Path, version: int, asks: str) -> bytes:
    survey = changed(SURVEY, (5, 3), asks)
    return book(folder / f"{version}.xlsx", survey=survey, settings=changed(SETTINGS, (2, 3), version)).read_bytes()


def published(sam: Client, kim: Client, house: House, body: bytes) -> str:
    project_id, version_id = house.project.project_id, new_id()
    sam.ask(add_script, version_id=version_id, project_id=project_id, workbook=body).result(PATIENCE)
    for who, step in ((sam, "ask_review"), (kim, "approve"), (sam, "publish")):
        assert who.ask(step_script, version_id=version_id, step=step, why="").result(PATIENCE).done
    found = sam.ask(script_versions, project_id=project_id).result(PATIENCE)
    assert sam.ask(script_workbook, version_id=version_id).result(PATIENCE).workbook == body
    return next(one.script_id for one in found.versions if one.in_use)


def in_use(client: Client, project_id: str) -> str:
    def ask(s: Snapshot) -> str:
        project = s.project(project_id)
        return project.script_id if project is not None else ""

    return client.read(ask).result(PATIENCE)


def begin(client: Client, case_id: str, number: str) -> None:
    client.write(open_call, case_id=case_id).result(PATIENCE)
    client.write(record_dial, case_id=case_id, number=number).result(PATIENCE)
    client.write(reveal_check_panel, case_id=case_id).result(PATIENCE)
    client.write(tick_identity, case_id=case_id, ticks=PASSING).result(PATIENCE)


def read_aloud(client: Client, case_id: str, **answers: Any) -> str:
    found = client.read(script_path, case_id=case_id, answers=answers).result(PATIENCE)
    return " ".join(line.text for page in found.pages for line in page.lines)


def test_a_call_in_progress_ends_on_the_version_it_began_with(house: House, tmp_path: Path) -> None:
    for name in ("sam", "kim"):
        house.rig.user(name, role="supervisor")
    sam, kim = house.sign_in("sam"), house.sign_in("kim")
    first = published(sam, kim, house, workbook(tmp_path, 2027010101, "Keen?"))
    cases = house.rig.cases(house.project, 2, to=house.anna)
    numbers = [house.rig.item(one).numbers[0].e164 for one in cases]
    anna = house.sign_in("anna")
    until(anna, lambda light: light.list_as_of is not None and light.state == "all_sent")
    begin(anna, cases[0], numbers[0])
    assert "Keen?" in read_aloud(anna, cases[0])
    anna.write(save_page, case_id=cases[0], page=0, answers={"keen": "n"}).result(PATIENCE)

    second = published(sam, kim, house, workbook(tmp_path, 2027020101, "Would you like to hear more?"))
    anna.nudge()
    until(anna, lambda _light: in_use(anna, house.project.project_id) == second)
    assert "Keen?" in read_aloud(anna, cases[0], keen="n")
    anna.write(
        record_attempt, case_id=cases[0], outcome="D01", number=numbers[0], facts={"reason": "not_given"}
    ).result(PATIENCE)
    begin(anna, cases[1], numbers[1])
    assert "Would you like to hear more?" in read_aloud(anna, cases[1])
    anna.write(save_page, case_id=cases[1], page=0, answers={"keen": "n"}).result(PATIENCE)
    anna.write(
        record_attempt, case_id=cases[1], outcome="D01", number=numbers[1], facts={"reason": "not_given"}
    ).result(PATIENCE)
    anna.nudge()
    until(anna, lambda light: light.unsent == 0)
    rows = house.rig.ask(
        "SELECT rec_id::text AS rec, CAST(convert_from(envelope, 'UTF8') AS jsonb)->'data'->>'script' AS script "
        "FROM change WHERE kind = 'attempt_recorded'"
    )
    assert {row.rec: row.script for row in rows} == {cases[0]: first, cases[1]: second}
