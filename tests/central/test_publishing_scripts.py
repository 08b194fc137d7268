"""A new version of a script reaches everybody who works with the project, and what was published before stays."""

import json
from pathlib import Path

import pytest

from caller_app.base.errors import Refused
from caller_app.central.db import writing
from caller_app.central.rules import projects, scripts, scripts_check
from caller_app.domain.projects import Project
from caller_app.script.script import Script
from tests.central.test_command_line import command
from tests.script.books import PACKS, SETTINGS, book, changed
from tests.support.centre import Rig
from tests.support.station import Station


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    return book(tmp_path / "newer.xlsx", settings=changed(SETTINGS, (2, 3), 2027010101))


def publish(centre: Rig, project: Project, path: Path) -> Script:
    with centre.engine.connect() as conn:
        project = projects.project_of(conn, project.project_id)
    offered = scripts_check.check(path.read_bytes(), project)
    writing(
        centre.engine,
        lambda conn: scripts.publish_at_once(conn, project.project_id, offered, now=centre.clock.now()),
    )
    return offered.script


def test_a_new_version_comes_before_the_project_that_names_it(centre: Rig, newer: Path) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    project = centre.project()
    centre.case(project, to=anna)
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    script = publish(centre, project, newer)
    shown = station.catch_up()
    assert shown[project.project_id]["script_id"] == script.script_id
    assert shown[script.script_id]["version"] == "2027010101"
    numbers = centre.ask(
        "SELECT kind FROM visibility WHERE user_id = :u AND rec_id = ANY(CAST(:ids AS uuid[])) ORDER BY seq",
        u=anna.user_id, ids=[script.script_id, project.project_id],
    )  # fmt: skip
    assert [row.kind for row in numbers] == [2, 5]
    # Who gets their first case later gets the version in use.
    centre.case(project, to=ben)
    late = Station(centre, "ben").sign_in().catch_up()
    assert script.script_id in late
    assert late[project.project_id]["script_id"] == script.script_id


def test_the_version_before_stays_for_calls_in_progress(centre: Rig, newer: Path, tmp_path: Path) -> None:
    anna = centre.user("anna")
    project = centre.project()
    centre.case(project, to=anna)
    before = publish(centre, project, newer)
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    newest = publish(centre, project, book(tmp_path / "newest.xlsx", settings=changed(SETTINGS, (2, 3), 2028010101)))
    assert {before.script_id, newest.script_id} <= set(station.catch_up())
    assert [row[0] for row in centre.ask("SELECT what FROM audit WHERE what = 'script_published'")] == [
        "script_published"
    ] * 2


def test_the_very_script_in_use_is_not_published_again(centre: Rig, newer: Path) -> None:
    project = centre.project()
    publish(centre, project, newer)
    with pytest.raises(Refused, match="already"):
        publish(centre, project, newer)


def test_check_evaluate_and_walk_say_what_they_find_as_json(tmp_path: Path) -> None:
    checked = command("script", "check", str(PACKS / "talking_therapies.xlsx"), "--json")
    said = json.loads(checked.stdout)
    assert (checked.returncode, said["ok"], said["script"]["form_id"]) == (0, True, "talking_therapies")
    assert all(one["severity"] == "warning" and one["cell"] and one["remedy"] for one in said["findings"])

    from tests.script.books import SURVEY

    broken = book(tmp_path / "s.xlsx", survey=changed(SURVEY, (1, 4), "relevent"))
    checked = command("script", "check", str(broken), "--json")
    said = json.loads(checked.stdout)
    assert (checked.returncode, said["ok"], said["script"]) == (1, False, None)
    assert ("survey!D1", "error", "column_unknown") in [
        (one["cell"], one["severity"], one["code"]) for one in said["findings"]
    ]
    (tmp_path / "no.xlsx").write_bytes(b"nothing")
    checked = command("script", "check", str(tmp_path / "no.xlsx"), "--json")
    assert (checked.returncode, json.loads(checked.stdout)["findings"][0]["code"]) == (1, "file_unreadable")

    (tmp_path / "values.json").write_text('{"age": 44, ".": "7", "many": ["a", "b"]}')
    for expression, value, kind in (
        ("${age} + 1", 45, "number"),
        (". = 7", True, "boolean"),
        ("selected(${many}, 'b')", True, "boolean"),
        ("1 div 0", "Infinity", "number"),
        ("date('2026-11-22')", "2026-11-22", "date"),
        ("concat(${age}, ' years')", "44 years", "string"),
    ):
        done = command("script", "evaluate", expression, "--values", str(tmp_path / "values.json"), "--json")
        assert (done.returncode, json.loads(done.stdout)) == (0, {"value": value, "type": kind})
    done = command("script", "evaluate", "flub(1)", "--json")
    assert done.returncode == 1
    assert "flub" in json.loads(done.stdout)["error"]

    (tmp_path / "answers.json").write_text(json.dumps({"flu_due": "y", "had": ["flu"], "covid_due": "n"}))
    done = command(
        "script", "walk", str(PACKS / "winter_vaccination.xlsx"), "--answers", str(tmp_path / "answers.json"), "--json"
    )
    walked = json.loads(done.stdout)
    assert done.returncode == 0
    assert [page["name"] for page in walked["pages"]] == ["why"]
    assert (walked["finished"], walked["missing"]) == (True, [])
