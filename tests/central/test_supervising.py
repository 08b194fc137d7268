"""What a supervisor sees is counted from what happened, says its own time, and is written down as having been seen."""

from datetime import timedelta
from pathlib import Path

import pytest

from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.central.db import writing
from caller_app.central.rules import practices
from caller_app.central.rules.corrections import export
from caller_app.domain.changes import CallbackPromised, ConcernRaised, CorrectionProposed, IdentityRecord
from caller_app.domain.practices import Practice
from tests.support.centre import Rig
from tests.support.station import Station, attempt


def test_the_board_counts_cases_calls_promises_and_what_needs_looking_at(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    centre.user("sam", role="supervisor")
    project = centre.project()
    first, second, third = centre.cases(project, 3, to=anna)
    centre.cases(project, 2)
    station = Station(centre, "anna").sign_in()
    start = centre.clock.now() + timedelta(hours=2)
    act = new_id()
    station.pushed(
        attempt(first, "C01"),
        attempt(second, "R01", act_id=act, facts={"date": start.date().isoformat(), "time": "12:00-13:00"}),
        CallbackPromised(case_id=second, act_id=act, from_at=start, to_at=start + timedelta(hours=1)),
        ConcernRaised(case_id=third, act_id=new_id(), route="distress", words="she cried"),
    )
    station.get("/v1/head", unsent=2)
    sam = Station(centre, "sam").sign_in()
    board = sam.get("/v1/supervise/board").json()
    (line,) = [one for one in board["callers"] if one["user_id"] == anna.user_id]
    assert (line["open_cases"], line["callbacks_open"], line["callbacks_overdue"]) == (3, 1, 0)
    assert (line["attempts_today"], line["reached_today"], line["unsent_said"]) == (2, 1, 2)
    assert line["last_contact_at"] == line["unsent_said_at"] == board["as_of"]
    (tile,) = board["projects"]
    assert (tile["total"], tile["left"], tile["reached"]) == (5, 5, 1)
    assert ("concern", third, "distress") in {
        (one["what"], one["case_id"], one["reason"]) for one in board["attention"]
    }
    assert "she cried" not in str(board)
    centre.clock.pass_by(hours=4)
    late = sam.sign_in().get("/v1/supervise/board").json()
    assert [one["callbacks_overdue"] for one in late["callers"]] == [1, 0]
    assert ben.user_id in {one["user_id"] for one in late["callers"]}


def test_a_callers_list_comes_page_by_page_and_the_look_is_audited(centre: Rig) -> None:
    anna = centre.user("anna")
    sam = centre.user("sam", role="supervisor")
    ids = centre.cases(centre.project(), 5, to=anna)
    station = Station(centre, "sam").sign_in()
    path = f"/v1/supervise/callers/{anna.user_id}/cases"
    pages = [station.get(path, offset=offset, limit=2).json() for offset in (0, 2, 4)]
    assert [page["total"] for page in pages] == [5, 5, 5]
    assert {line["case_id"] for page in pages for line in page["lines"]} == set(ids)
    assert centre.ask("SELECT count(*) FROM audit WHERE what = 'list_viewed' AND user_id = :u", u=sam.user_id) == [(3,)]


def test_a_supervisor_moves_cases_and_hears_who_has_not_taken_it_yet(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    sam = centre.user("sam", role="supervisor")
    centre.cases(centre.project(), 3, to=anna)
    Station(centre, "anna").sign_in().catch_up()
    station = Station(centre, "sam").sign_in()
    order = {"from_user": anna.user_id, "to_user": ben.user_id, "why": "Anna is ill", "case_ids": None}
    reply = station.post("/v1/supervise/reassign", order).json()
    assert (reply["moved"], reply["devices_waiting"]) == (3, 1)
    rows = centre.ask("SELECT by_user, why FROM assignment WHERE user_id = :b", b=ben.user_id)
    assert rows == [(sam.user_id, "Anna is ill")] * 3
    assert station.post("/v1/supervise/reassign", {**order, "why": " "}).json()["errors"] == [{"field": "why"}]
    odd = {**order, "case_ids": ["x"]}
    assert station.post("/v1/supervise/reassign", odd).json()["code"] == "malformed"


def correction(centre: Rig, case_id: str, kind: str = "PHONE_WRONG", **other: object) -> CorrectionProposed:
    number = centre.item(case_id).numbers[0].e164
    given = {
        "type": kind, "field": f"phone:{number}", "old": number, "new": None,
        "values": {"number_on_record": number, "how_known": "who answered"}, "source": "third_party",
        "evidence": "household_said", **other,
    }  # fmt: skip
    return CorrectionProposed(case_id=case_id, act_id=new_id(), **given)  # type: ignore[arg-type]


def with_practices(centre: Rig) -> None:
    listed = [
        Practice(code, name, ("1 High Street",), "NR1 1AA", "", "A", "4", None, None)
        for code, name in (("D82001", "SAMPLE SURGERY"), ("D82002", "OTHER SURGERY"))
    ]
    writing(centre.engine, lambda conn: practices.load(conn, listed, now=centre.clock.now()))


def test_corrections_are_shown_to_the_supervisor_with_who_told_whom(centre: Rig) -> None:
    with_practices(centre)
    anna = centre.user("anna")
    centre.user("sam", role="supervisor")
    case_id = centre.case(centre.project(), to=anna, given_name="Pat", family_name="Example")
    Station(centre, "anna").sign_in().pushed(correction(centre, case_id))
    page = Station(centre, "sam").sign_in().get("/v1/supervise/corrections").json()
    (line,) = page["lines"]
    assert (page["total"], line["patient"], line["practice_name"], line["told_to"], line["type"]) == (
        1, "Pat Example", "SAMPLE SURGERY", "Anna", "PHONE_WRONG",
    )  # fmt: skip


def test_each_practice_gets_its_own_workbook_once(centre: Rig, tmp_path: Path) -> None:
    import openpyxl

    from caller_app.domain.items import Practice as Registered

    with_practices(centre)
    anna = centre.user("anna")
    project = centre.project()
    ours = centre.case(project, to=anna, family_name="Here")
    theirs = centre.case(project, to=anna, family_name="There", practice=Registered(ods="D82002", name="x"))
    station = Station(centre, "anna").sign_in()
    station.pushed(correction(centre, ours), correction(centre, theirs))
    written = export(centre.centre, tmp_path / "out")
    assert [one.path.name for one in written] == ["D82001_ALL_details_20260303_01.xlsx",
                                                  "D82002_ALL_details_20260303_01.xlsx"]  # fmt: skip
    for one, own, other in ((written[0], "Here", "There"), (written[1], "There", "Here")):
        cells = {str(cell.value) for row in openpyxl.load_workbook(one.path)["Corrections"] for cell in row}
        assert own in cells
        assert other not in cells
    assert export(centre.centre, tmp_path / "out") == []
    station.pushed(correction(centre, centre.case(project, to=anna)))
    (third,) = export(centre.centre, tmp_path / "out", project=project.name)
    assert third.path.name == "D82001_ALL_details_20260303_02.xlsx"


def test_an_export_that_cannot_be_finished_keeps_no_file_and_marks_nothing(centre: Rig, tmp_path: Path) -> None:
    from caller_app.domain.items import Practice as Registered

    with_practices(centre)
    anna = centre.user("anna")
    project = centre.project()
    ours = centre.case(project, to=anna)
    theirs = centre.case(project, to=anna, practice=Registered(ods="D82002", name="x"))
    Station(centre, "anna").sign_in().pushed(correction(centre, ours), correction(centre, theirs))
    in_the_way = tmp_path / "D82002_ALL_details_20260303_01.xlsx"
    in_the_way.write_bytes(b"somebody's")
    with pytest.raises(Refused, match="already"):
        export(centre.centre, tmp_path)
    assert list(tmp_path.iterdir()) == [in_the_way]
    assert centre.ask("SELECT count(*) FROM correction WHERE exported_at IS NOT NULL") == [(0,)]
    in_the_way.unlink()
    assert len(export(centre.centre, tmp_path)) == 2


def test_a_closed_case_stays_a_day_and_then_leaves_the_list(centre: Rig) -> None:
    from caller_app.central.rules import retention

    anna = centre.user("anna")
    case_id = centre.case(centre.project(), to=anna)
    station = Station(centre, "anna").sign_in()
    facts = {"reason": "not_given"}
    identity = {"policy": "3of3", "ticks": {"full_name": "matches", "dob": "matches", "address": "matches"}}
    done = attempt(case_id, "D01", facts=facts, identity=IdentityRecord(**identity, passed=True))
    assert station.pushed(done)[0]["verdict"] == "applied"
    assert station.catch_up()[case_id]["status"] == "closed"
    assert retention.tidy(centre.engine, now=centre.clock.now()) == 0
    centre.clock.pass_by(hours=24)
    assert retention.tidy(centre.engine, now=centre.clock.now()) == 1
    assert case_id not in station.sign_in().catch_up()
    assert retention.tidy(centre.engine, now=centre.clock.now()) == 0
