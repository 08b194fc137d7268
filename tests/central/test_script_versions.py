"""A script's way from draft to published through the real centre: two people, one table of examples, nothing twice."""

import base64
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from caller_app.base.ids import new_id
from caller_app.domain.projects import Pathway, Project
from tests.script.books import CHOICES, SETTINGS, SURVEY, book, changed
from tests.support.centre import Rig
from tests.support.station import Station

PATH = "/v1/supervise/scripts"
EXAMPLES = [["example", "keen", "outcome"], ["Keen", "y", None], ["Not keen", "n", "D01"]]


@pytest.fixture
def project(centre: Rig) -> Project:
    for name in ("sam", "kim"):
        centre.user(name, role="supervisor")
    return centre.project()


def workbook(folder: Path, version: int = 2027010101, **sheets: Any) -> bytes:
    settings = changed(SETTINGS, (2, 3), version)
    return book(folder / f"{version}.xlsx", **{"settings": settings, "examples": EXAMPLES, **sheets}).read_bytes()


def add(station: Station, project: Project, body: bytes, version_id: str | None = None) -> Any:
    said = {
        "version_id": version_id or new_id(),
        "project_id": project.project_id,
        "workbook": base64.b64encode(body).decode(),
    }
    return station.post(f"{PATH}/add", said)


def step(station: Station, version_id: str, code: str, why: str = "") -> Any:
    return station.post(f"{PATH}/{version_id}/step", {"step": code, "why": why})


def versions(station: Station, project: Project) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = station.get(PATH, project_id=project.project_id).json()["versions"]
    return found


def published(sam: Station, kim: Station, project: Project, body: bytes) -> str:
    version_id: str = add(sam, project, body).json()["version_id"]
    for who, code in ((sam, "ask_review"), (kim, "approve"), (sam, "publish")):
        done = step(who, version_id, code)
        assert (done.status_code, done.json()["done"]) == (200, True), done.text
    return version_id


def test_a_version_goes_from_draft_to_published_with_who_and_when(
    centre: Rig, project: Project, tmp_path: Path
) -> None:
    sam, kim = Station(centre, "sam").sign_in(), Station(centre, "kim").sign_in()
    first = published(sam, kim, project, workbook(tmp_path))
    centre.clock.pass_by(minutes=5)
    second = published(sam, kim, project, workbook(tmp_path, 2027020101))
    now, before = versions(sam, project)
    assert [(now["version_id"], now["state"], now["in_use"]), (before["version_id"], before["state"])] == [
        (second, "published", True), (first, "retired"),
    ]  # fmt: skip
    assert [(one["words"], one["by"]) for one in before["steps"]] == [
        ("added", "Sam"), ("put forward for review", "Sam"), ("approved", "Kim"), ("published", "Sam"),
        ("retired", "Sam"),
    ]  # fmt: skip
    assert before["steps"][-1]["why"] == "replaced by a_test/2027020101"
    assert now["state_at"] == now["steps"][-1]["at"] > before["made_at"]
    audited = [row[0] for row in centre.ask("SELECT what FROM audit WHERE what LIKE 'script_%' ORDER BY audit_id")]
    one_round = ["script_added", "script_ask_review", "script_approve", "script_publish", "script_published"]
    assert audited == one_round * 2


def test_who_wrote_a_version_may_not_approve_it(centre: Rig, project: Project, tmp_path: Path) -> None:
    sam, kim = Station(centre, "sam").sign_in(), Station(centre, "kim").sign_in()
    version_id = add(sam, project, workbook(tmp_path)).json()["version_id"]
    step(kim, version_id, "ask_review")
    refused = step(sam, version_id, "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert "somebody else" in refused.json()["detail"]
    (line,) = versions(sam, project)
    assert [(one["code"], bool(one["refused"])) for one in line["acts"]] == [
        ("approve", True), ("send_back", False), ("drop", False),
    ]  # fmt: skip
    assert not any(one["refused"] for one in versions(kim, project)[0]["acts"])
    assert step(kim, version_id, "approve").json()["state"] == "approved"


@pytest.mark.parametrize("early", ["approve", "publish", "send_back", "nonsense"])
def test_no_step_is_left_out(centre: Rig, project: Project, tmp_path: Path, early: str) -> None:
    sam, kim = Station(centre, "sam").sign_in(), Station(centre, "kim").sign_in()
    version_id = add(sam, project, workbook(tmp_path)).json()["version_id"]
    said = step(kim, version_id, early, "because")
    # Sending back a draft is asked for twice: it is where it was wanted.
    assert (said.status_code, said.json().get("done")) == ((200, False) if early == "send_back" else (422, None))
    assert versions(sam, project)[0]["state"] == "draft"


def test_the_same_step_twice_is_taken_once_and_says_who_did_it(centre: Rig, project: Project, tmp_path: Path) -> None:
    sam, kim = Station(centre, "sam").sign_in(), Station(centre, "kim").sign_in()
    body, version_id = workbook(tmp_path), new_id()
    assert add(sam, project, body, version_id).json()["done"] is True
    assert add(sam, project, body, version_id).json()["done"] is False
    other = add(sam, project, workbook(tmp_path, 2027020101), version_id)
    assert other.status_code == 422, "another workbook under the same number is not taken for the same"
    step(sam, version_id, "ask_review")
    step(kim, version_id, "approve")
    again = step(sam, version_id, "approve").json()
    assert (again["done"], "Kim" in again["sentence"]) == (False, True)
    assert step(sam, version_id, "publish").json()["done"] is True
    assert step(kim, version_id, "publish").json()["done"] is False
    (line,) = versions(sam, project)
    assert [one["step"] for one in line["steps"]] == ["added", "ask_review", "approve", "publish"]


def test_a_script_with_errors_or_a_table_that_ends_elsewhere_is_not_taken(
    centre: Rig, project: Project, tmp_path: Path
) -> None:
    sam = Station(centre, "sam").sign_in()
    wrong_table = changed(EXAMPLES, (3, 3), "A01")
    for sheets, cell, words in (
        ({"examples": wrong_table}, "examples!C3", "ends with D01, not A01"),
        ({"survey": changed(SURVEY, (1, 4), "relevent")}, "survey!D1", "relevent"),
        ({"choices": changed(CHOICES, (2, 5), "elsewhere")}, "choices!E2", "elsewhere"),
        ({"survey": changed(SURVEY, (2, 2), "shoe_size"), "choices": CHOICES}, "survey!C4", "pt_first"),
    ):
        refused = add(sam, project, workbook(tmp_path, **sheets))
        assert refused.status_code == 422, refused.text
        assert cell in refused.json()["detail"] and words in refused.json()["detail"], refused.text
    for body in (b"", b"no workbook at all", b"PK\x03\x04" + b"\0" * 200):
        assert add(sam, project, body).status_code == 422
    assert versions(sam, project) == []


def test_what_was_right_when_approved_is_checked_again_when_it_is_published(centre: Rig, tmp_path: Path) -> None:
    for name in ("sam", "kim"):
        centre.user(name, role="supervisor")
    there = Pathway(code="COURSE", title="A course", route="signpost", how="Say where.", outcomes=("A02",))
    project = centre.project(pathways=(there,))
    sam, kim = Station(centre, "sam").sign_in(), Station(centre, "kim").sign_in()
    version_id = add(sam, project, workbook(tmp_path, choices=changed(CHOICES, (2, 5), "COURSE"))).json()["version_id"]
    step(sam, version_id, "ask_review")
    step(kim, version_id, "approve")
    with centre.engine.begin() as conn:
        conn.execute(text("UPDATE rec_body SET body = replace(body, '\"COURSE\"', '\"CLASS\"') WHERE kind = 5"))
    refused = step(sam, version_id, "publish")
    assert (refused.status_code, "choices!E2" in refused.json()["detail"]) == (422, True)
    (line,) = versions(sam, project)
    assert line["state"] == "approved"


def test_one_version_has_one_wording(centre: Rig, project: Project, tmp_path: Path) -> None:
    sam, kim = Station(centre, "sam").sign_in(), Station(centre, "kim").sign_in()
    published(sam, kim, project, workbook(tmp_path))
    again = add(kim, project, workbook(tmp_path))
    assert "published" in again.json()["detail"]
    other = add(sam, project, workbook(tmp_path, survey=changed(SURVEY, (4, 3), "Good day ${pt_first}")))
    assert "new version" in other.json()["detail"]
    settings = changed(changed(SETTINGS, (2, 3), 2027030101), (2, 2), "another_form")
    stranger = add(sam, project, workbook(tmp_path, settings=settings))
    assert "works with a_test" in stranger.json()["detail"]
    settings = changed(SETTINGS, (2, 2), "core_call_flow")
    assert "opening" in add(sam, project, workbook(tmp_path, settings=settings)).json()["detail"]


def test_what_was_sent_back_says_why_and_to_whom_it_matters(centre: Rig, project: Project, tmp_path: Path) -> None:
    sam, kim = Station(centre, "sam").sign_in(), Station(centre, "kim").sign_in()
    version_id = add(sam, project, workbook(tmp_path)).json()["version_id"]
    step(sam, version_id, "ask_review")
    assert [one["words"] for one in kim.catch_up().values()] == [
        "Script “A test”, version 2027010101, waits for your review: Sam asks for it."
    ]
    assert step(kim, version_id, "send_back").json()["errors"] == [{"field": "why"}]
    assert step(kim, version_id, "send_back", "page two is too long").json()["state"] == "draft"
    (told,) = [one["words"] for one in sam.catch_up().values()]
    assert told == "Script “A test”, version 2027010101: sent back by Kim. Why: page two is too long"
    assert versions(sam, project)[0]["steps"][-1]["why"] == "page two is too long"
    assert step(sam, version_id, "drop", "written anew").json()["state"] == "dropped"
    assert add(sam, project, workbook(tmp_path)).status_code == 200, "what was given up blocks nothing"


def test_the_version_before_can_be_put_back_in_use(centre: Rig, project: Project, tmp_path: Path) -> None:
    anna = centre.user("anna")
    centre.case(project, to=anna)
    caller = Station(centre, "anna").sign_in()
    sam, kim = Station(centre, "sam").sign_in(), Station(centre, "kim").sign_in()
    first = published(sam, kim, project, workbook(tmp_path))
    published(sam, kim, project, workbook(tmp_path, 2027020101))
    (act,) = versions(sam, project)[1]["acts"]
    assert (act["code"], act["label"]) == ("publish", "Put back in use")
    assert step(kim, first, "publish").json()["done"] is True
    lines = versions(sam, project)
    assert [(one["version"], one["state"]) for one in lines] == [
        ("2027010101", "published"), ("2027020101", "retired"),
    ]  # fmt: skip
    shown = caller.catch_up()
    assert shown[project.project_id]["script_id"] == lines[0]["script_id"]
    assert lines[0]["script_id"] in shown


def test_the_workbook_comes_back_as_it_was_given(centre: Rig, project: Project, tmp_path: Path) -> None:
    sam = Station(centre, "sam").sign_in()
    body = workbook(tmp_path)
    version_id = add(sam, project, body).json()["version_id"]
    got = sam.get(f"{PATH}/{version_id}/workbook").json()
    assert base64.b64decode(got["workbook"]) == body
    assert got["file_name"] == "a_test_2027010101.xlsx"
    assert sam.get(f"{PATH}/{new_id()}/workbook").status_code == 404


def test_only_a_supervisor_works_with_scripts(centre: Rig, project: Project, tmp_path: Path) -> None:
    centre.user("anna")
    anna = Station(centre, "anna").sign_in()
    assert anna.get(PATH).status_code == 403
    assert add(anna, project, workbook(tmp_path)).status_code == 403
    assert step(anna, new_id(), "publish").status_code == 403
    assert anna.get(f"{PATH}/{new_id()}/workbook").status_code == 403
    sam = Station(centre, "sam").sign_in()
    assert step(sam, new_id(), "approve").status_code == 404
    missing = {"version_id": new_id(), "project_id": new_id(), "workbook": base64.b64encode(b"x").decode()}
    assert sam.post(f"{PATH}/add", missing).status_code == 404
    assert sam.get(PATH, project_id=new_id()).json()["versions"] == []
    reply = sam.get(PATH).json()
    assert reply["project_id"] == project.project_id
    assert reply["projects"][0]["pathways"] == {"PROGRAMME": "The programme"}
    assert "pt_first" in reply["projects"][0]["fields"]
