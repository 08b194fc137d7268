"""What a supervisor sees of each workstation: when it was heard, what is still on it, what it has taken, and when."""

from typing import Any

from sqlalchemy import text

from caller_app.base.clock import to_text
from caller_app.base.ids import new_id
from caller_app.central.db import writing
from caller_app.central.rules import accounts, devices, retention
from tests.support.centre import Rig
from tests.support.station import Station, attempt


def asked(sam: Station) -> dict[str, Any]:
    found: dict[str, Any] = sam.sign_in().get("/v1/supervise/workstations").json()
    return found


def line_of(found: dict[str, Any], device: str) -> dict[str, Any]:
    return next(one for one in found["lines"] if one["device_id"] == device)


def test_a_workstation_says_when_it_was_heard_and_what_it_last_said(centre: Rig) -> None:
    anna = centre.user("anna")
    centre.user("sam", role="supervisor")
    (case_id,) = centre.cases(centre.project(), 1, to=anna)
    station = Station(centre, "anna").sign_in()
    station.pushed(attempt(case_id))
    station.get("/v1/head", unsent=3)
    said_at = centre.clock.now()
    centre.clock.pass_by(hours=2)
    sam = Station(centre, "sam")
    found = asked(sam)
    line = line_of(found, station.device)
    assert (line["person"], line["status"], line["app_version"]) == ("Anna", "active", "test 1")
    assert (line["unsent_said"], line["received"], line["to_go"]) == (3, 1, 0)
    assert line["last_heard_at"] == line["unsent_said_at"] == said_at.isoformat(timespec="microseconds")[:-6] + "Z"
    assert found["own_device"] == sam.device
    assert not line["list_locked"]
    centre.clock.pass_by(hours=72)
    assert line_of(asked(sam), station.device)["list_locked"]


def test_records_that_should_be_gone_are_counted_until_the_workstation_has_taken_it(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    centre.user("sam", role="supervisor")
    cases = centre.cases(centre.project(), 3, to=anna)
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    station.catch_up()
    centre.clock.pass_by(minutes=10)
    moved_at = centre.clock.now()
    centre.reassign(anna, ben, case_ids=cases[:2])
    centre.clock.pass_by(minutes=30)
    sam = Station(centre, "sam")
    found = asked(sam)
    line = line_of(found, station.device)
    assert (line["to_go"], line["to_go_since"]) == (2, moved_at.isoformat(timespec="microseconds")[:-6] + "Z")
    page = sam.get(f"/v1/supervise/workstations/{station.device}/to-go").json()
    assert page["total"] == 2
    assert {(one["rec_id"], one["why"]) for one in page["lines"]} == {(one, "reassigned") for one in cases[:2]}
    (order,) = found["orders"]
    assert (order["giver"], order["taker"], order["cases"], order["why"]) == ("Anna", "Ben", 2, "holiday")
    assert [one["taken_at"] for one in order["devices"]] == [None]

    station.sign_in().catch_up()
    centre.clock.pass_by(minutes=1)
    station.catch_up()  # this one presents the cursor after the removals: the receipt
    taken_at = centre.clock.now()
    found = asked(sam)
    assert line_of(found, station.device)["to_go"] == 0
    assert [one["taken_at"] for one in found["orders"][0]["devices"]] == [
        taken_at.isoformat(timespec="microseconds")[:-6] + "Z"
    ]


def test_what_is_held_for_an_open_call_is_no_receipt(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    centre.user("sam", role="supervisor")
    cases = centre.cases(centre.project(), 2, to=anna)
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    station.catch_up()
    centre.reassign(anna, ben)
    station.catch_up(held=cases[0])
    station.catch_up(held=cases[0])
    sam = Station(centre, "sam")
    found = asked(sam)
    line = line_of(found, station.device)
    assert (line["to_go"], line["held_open"]) == (1, 1)
    assert found["orders"][0]["devices"][0]["taken_at"] is None
    station.catch_up()
    found = asked(sam)
    assert line_of(found, station.device)["to_go"] == 0
    assert found["orders"][0]["devices"][0]["taken_at"] is not None


def test_a_workstation_that_came_after_the_move_never_had_it(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    centre.user("sam", role="supervisor")
    centre.cases(centre.project(), 2, to=anna)
    centre.reassign(anna, ben)
    centre.clock.pass_by(minutes=1)
    fresh = Station(centre, "anna").sign_in()
    fresh.pull()
    found = asked(Station(centre, "sam"))
    assert line_of(found, fresh.device)["to_go"] == 0
    assert found["orders"][0]["devices"] == []


def test_a_workstation_is_taken_out_of_use_once_and_by_name(centre: Rig) -> None:
    anna = centre.user("anna")
    sam_user = centre.user("sam", role="supervisor")
    (case_id,) = centre.cases(centre.project(), 1, to=anna)
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    station.get("/v1/head", unsent=2)
    sam = Station(centre, "sam").sign_in()
    path = f"/v1/supervise/workstations/{station.device}/revoke"
    assert sam.post(path, {"why": " "}).json()["errors"] == [{"field": "why"}]
    own = sam.post(f"/v1/supervise/workstations/{sam.device}/revoke", {"why": "x"})
    assert (own.status_code, "working on" in own.json()["detail"]) == (422, True)
    done = sam.post(path, {"why": "stolen from a car"}).json()
    assert done["done"] is True
    assert "2 results are unsent" in done["sentence"]
    again = sam.post(path, {"why": "stolen from a car"}).json()
    assert (again["done"], "already" in again["sentence"]) == (False, True)
    audited = centre.ask("SELECT user_id, detail->>'why' FROM audit WHERE what = 'device_revoked'")
    assert audited == [(sam_user.user_id, "stolen from a car")]
    assert station.pull().json()["code"] == "device_revoked"
    (result,) = station.pushed(attempt(case_id))
    assert (result["verdict"], result["reason"]) == ("quarantined", "revoked_device")
    line = line_of(asked(sam), station.device)
    assert (line["status"], line["to_go"]) == ("revoked", 1), "all that lies on it should be gone"
    assert sam.post(f"/v1/supervise/workstations/{new_id()}/revoke", {"why": "x"}).status_code == 404


def test_what_lies_with_somebody_who_left_counts_until_their_workstation_says_that_its_list_is_empty(
    centre: Rig,
) -> None:
    anna = centre.user("anna")
    centre.user("sam", role="supervisor")
    cases = centre.cases(centre.project(), 2, to=anna)
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    station.catch_up()
    writing(centre.engine, lambda conn: accounts.drain(conn, name="anna", now=centre.clock.now()))
    sam = Station(centre, "sam")
    assert line_of(asked(sam), station.device)["to_go"] == 2
    station.pushed(attempt(cases[0]))  # handed in, and judged: it comes on no list again by that
    page = sam.get(f"/v1/supervise/workstations/{station.device}/to-go").json()
    assert [(one["rec_id"] in cases, one["why"]) for one in page["lines"]] == [(True, "left_team")] * 2
    assert station.pull().json()["code"] == "account_disabled"
    assert line_of(asked(sam), station.device)["to_go"] == 2, "it was told, and has not said that it obeyed"
    for _again in range(2):
        said = station.pull(cursor=0, token="", mode="snapshot", empty="true")
        assert said.json()["code"] == "account_disabled"
    assert line_of(asked(sam), station.device)["to_go"] == 0
    audited = centre.ask("SELECT user_id, device_id::text FROM audit WHERE what = 'list_removed'")
    assert audited == [(anna.user_id, station.device)]


def test_nobody_says_for_another_that_a_list_was_removed(centre: Rig) -> None:
    anna = centre.user("anna")
    centre.user("ben")
    centre.user("sam", role="supervisor")
    centre.cases(centre.project(), 1, to=anna)
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    stranger = Station(centre, "ben").sign_in()
    writing(centre.engine, lambda conn: devices.revoke(conn, station.device, now=centre.clock.now()))
    writing(centre.engine, lambda conn: accounts.drain(conn, name="ben", now=centre.clock.now()))
    stranger.device = station.device
    assert stranger.pull(empty="true").status_code == 403
    sam = Station(centre, "sam")
    assert line_of(asked(sam), station.device)["to_go"] == 1
    assert station.pull(empty="true").json()["code"] == "device_revoked"
    assert line_of(asked(sam), station.device)["to_go"] == 0


def test_whoever_has_a_workstation_that_a_supervisor_took_out_of_use_registers_no_other(centre: Rig) -> None:
    centre.user("anna")
    centre.user("sam", role="supervisor")
    station = Station(centre, "anna").sign_in()
    asked_for = {"app": "another", "proto_min": 1, "proto_max": 1}
    assert station.post("/v1/register", asked_for).status_code == 200
    sam = Station(centre, "sam").sign_in()
    sam.post(f"/v1/supervise/workstations/{station.device}/revoke", {"why": "stolen from a car"})
    refused = station.post("/v1/register", asked_for)
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_needed")
    anna = Station(centre, "anna").sign_in()  # with the password she may
    assert anna.post("/v1/register", asked_for).status_code == 200


def test_only_a_supervisor_sees_the_workstations(centre: Rig) -> None:
    centre.user("anna")
    anna = Station(centre, "anna").sign_in()
    assert anna.get("/v1/supervise/workstations").status_code == 403
    assert anna.get(f"/v1/supervise/workstations/{anna.device}/to-go").status_code == 403
    assert anna.post(f"/v1/supervise/workstations/{anna.device}/revoke", {"why": "x"}).status_code == 403


def said(centre: Rig) -> str:
    return to_text(centre.clock.now())


def test_data_should_be_gone_since_the_removal_that_is_not_confirmed_and_not_since_an_earlier_one(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    centre.user("sam", role="supervisor")
    (case_id,) = centre.cases(centre.project(), 1, to=anna)
    older = Station(centre, "anna").sign_in()  # here when the case was first taken from her
    older.catch_up()
    older.catch_up()
    for giver, taker in ((anna, ben), (ben, anna)):
        centre.clock.pass_by(hours=1)
        centre.reassign(giver, taker)
    older.sign_in().catch_up()
    older.catch_up()
    younger = Station(centre, "anna").sign_in()  # and here only when it had come back
    for _ in range(2):
        younger.catch_up()
    with centre.engine.begin() as conn:
        conn.execute(
            text("UPDATE cases SET closed_at = :now WHERE case_id = CAST(:c AS uuid)"),
            {"now": centre.clock.now(), "c": case_id},
        )
        conn.execute(text("UPDATE rec_ver SET status = 'closed' WHERE id = CAST(:c AS uuid)"), {"c": case_id})
    centre.clock.pass_by(days=2)
    left_at = said(centre)
    retention.tidy(centre.engine, now=centre.clock.now())  # closed long enough: it leaves the list, nobody gets it
    centre.clock.pass_by(hours=1)
    found = asked(Station(centre, "sam"))
    for station in (older, younger):
        line = line_of(found, station.device)
        assert (line["to_go"], line["to_go_since"]) == (1, left_at)


def test_what_was_taken_back_and_lies_there_still_is_overdue_since_the_last_move_though_it_left_elsewhere_later(
    centre: Rig,
) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    centre.user("sam", role="supervisor")
    (case_id,) = centre.cases(centre.project(), 1, to=anna)
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    station.catch_up()
    for giver, taker in ((anna, ben), (ben, anna)):
        centre.clock.pass_by(hours=1)
        centre.reassign(giver, taker)
    centre.clock.pass_by(hours=1)
    moved_at = said(centre)
    centre.reassign(anna, ben)
    centre.clock.pass_by(hours=1)
    Station(centre, "ben").sign_in().pushed(attempt(case_id, "D02"))  # an objection: it leaves Ben's list an hour later
    found = asked(Station(centre, "sam"))
    line = line_of(found, station.device)
    assert (line["to_go"], line["to_go_since"]) == (1, moved_at)


def test_what_lies_with_somebody_whose_account_ended_is_overdue_since_then(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    centre.user("sam", role="supervisor")
    centre.cases(centre.project(), 2, to=anna)
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    station.catch_up()
    for giver, taker in ((anna, ben), (ben, anna)):
        centre.clock.pass_by(hours=1)
        centre.reassign(giver, taker)
    station.sign_in().catch_up()
    station.catch_up()
    centre.clock.pass_by(hours=1)
    ended_at = said(centre)
    writing(centre.engine, lambda conn: accounts.drain(conn, name="anna", now=centre.clock.now()))
    centre.clock.pass_by(hours=1)
    line = line_of(asked(Station(centre, "sam")), station.device)
    assert (line["to_go"], line["to_go_since"]) == (2, ended_at)
