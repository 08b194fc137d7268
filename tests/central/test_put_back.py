"""After the database was put back: who is told, what waits and for how long, and how workstations come back in turn."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from caller_app.central.centre import open_centre
from caller_app.central.cli import main
from caller_app.central.db import writing
from caller_app.central.rules import history, retention
from caller_app.protocol.codec import decode
from caller_app.protocol.notices import NoticeBody
from tests.support.centre import KEY, Rig
from tests.support.station import Station, attempt


def restored(centre: Rig) -> None:
    """What PostgreSQL shows after a restore to a point in time: another timeline. The centre looks once a minute."""
    with centre.engine.begin() as conn:
        conn.execute(text("UPDATE sync_epoch SET timeline = timeline + 7 WHERE active"))
    assert centre.centre.look_at_history()


def told(centre: Rig, user_id: int) -> list[str]:
    rows = centre.ask(
        "SELECT b.body FROM visibility v JOIN rec_body b ON (b.kind, b.id) = (v.kind, v.rec_id) "
        "WHERE v.user_id = :u AND v.kind = 4",
        u=user_id,
    )
    return [decode(row.body, NoticeBody).words for row in rows]


def waits(centre: Rig) -> bool:
    return writing(centre.engine, lambda conn: history.waits(conn, now=centre.clock.now()))


def test_supervisors_hear_from_when_to_when_what_they_did_is_lost(centre: Rig) -> None:
    sue, anna = centre.user("sue", role="supervisor"), centre.user("anna")
    case_id = centre.case(centre.project(), to=anna)
    Station(centre, "anna").sign_in().pushed(attempt(case_id))
    centre.clock.pass_by(minutes=45)
    before = centre.centre.standing.epoch
    restored(centre)
    assert centre.centre.standing.epoch != before
    assert told(centre, anna.user_id) == []
    [words] = told(centre, sue.user_id)
    assert "between 03 March 10:00 and 03 March 10:45 is lost" in words
    assert centre.ask("SELECT count(*) FROM audit WHERE what = 'alarm_history_restored'")[0][0] == 1
    assert not centre.centre.look_at_history()  # said once
    assert len(told(centre, sue.user_id)) == 1


def test_a_first_start_is_no_break(centre: Rig) -> None:
    assert centre.ask("SELECT count(*) FROM history_break") == [(0,)]
    again = open_centre(centre.centre.settings)
    again.close()
    assert centre.ask("SELECT count(*) FROM history_break") == [(0,)]


def test_tidying_waits_until_every_workstation_in_use_was_heard_from(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    ids = centre.cases(centre.project(), 2, to=anna)
    stations = [Station(centre, "anna").sign_in() for _ in range(2)]
    for one in stations:
        one.catch_up()
    centre.reassign(anna, ben, ids[:1])
    for one in stations:
        one.catch_up()
        one.catch_up()
    centre.clock.pass_by(minutes=5)
    restored(centre)
    centre.clock.pass_by(minutes=1)
    retention.tidy(centre.engine, now=centre.clock.now())
    assert centre.ask("SELECT count(*) FROM visibility WHERE gone") == [(1,)]
    stations[0].get("/v1/head")
    assert waits(centre)
    stations[1].get("/v1/head")
    assert not waits(centre)
    retention.tidy(centre.engine, now=centre.clock.now())
    assert centre.ask("SELECT count(*) FROM visibility WHERE gone") == [(0,)]


def test_a_workstation_that_stays_away_holds_things_up_for_a_day_at_most(centre: Rig) -> None:
    centre.user("anna")
    Station(centre, "anna").sign_in()
    centre.clock.pass_by(minutes=5)
    restored(centre)
    centre.clock.pass_by(hours=23, minutes=50)
    assert waits(centre)
    centre.clock.pass_by(minutes=11)
    assert not waits(centre)
    assert not waits(centre)


def ahead_by_push(station: Station, case_id: str) -> Any:
    return station.post("/v1/push", {**station.batch([station.envelope(attempt(case_id))]), "acked_hw": 40})


def ahead_by_cursor(station: Station, case_id: str) -> Any:
    return station.pull(cursor=999)


@pytest.mark.parametrize("ahead", [ahead_by_push, ahead_by_cursor])
def test_a_workstation_that_knows_more_than_the_centre_shows_that_its_files_were_put_back(
    centre: Rig, ahead: Callable[[Station, str], Any]
) -> None:
    sue, anna = centre.user("sue", role="supervisor"), centre.user("anna")
    case_id = centre.case(centre.project(), to=anna)
    station = Station(centre, "anna").sign_in()
    epoch = centre.centre.standing.epoch
    assert ahead(station, case_id).status_code == 200
    [words] = told(centre, sue.user_id)
    assert "put back to an earlier state" in words
    assert centre.centre.standing.epoch == epoch
    assert centre.ask("SELECT kind FROM history_break") == [("rolled_back",)]
    ahead(station, case_id)
    assert len(told(centre, sue.user_id)) == 1  # once a day, whoever else says so


def test_receipts_of_another_history_prove_nothing(centre: Rig) -> None:
    anna = centre.user("anna")
    case_id = centre.case(centre.project(), to=anna)
    station = Station(centre, "anna").sign_in()
    station.epoch = "01890a5d-ac96-774b-bcce-b302099a8057"
    assert ahead_by_push(station, case_id).status_code == 200
    assert centre.ask("SELECT count(*) FROM history_break") == [(0,)]


def test_many_workstations_are_told_to_come_back_one_after_the_other(centre: Rig) -> None:
    centre.user("anna")
    station = Station(centre, "anna").sign_in()
    assert station.get("/v1/head").json()["resync_within"] == 0
    with centre.engine.begin() as conn:
        conn.execute(
            text("INSERT INTO device(device_id, user_id) SELECT gen_random_uuid(), 1 FROM generate_series(1, 299)")
        )
    restored(centre)
    assert station.get("/v1/head").json()["resync_within"] == 300
    assert station.pull(cursor=5, token="0" * 16).json()["resync_within"] == 300
    centre.clock.pass_by(minutes=61)
    centre.centre.look_at_history()
    station.sign_in()
    assert station.get("/v1/head").json()["resync_within"] == 0
    assert timedelta(seconds=300) < history.RESYNC_FOR


def test_nothing_is_sent_out_of_the_house_twice_after_a_restore(
    centre: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CALLER_CENTRAL_TEST_MODE", "1")
    monkeypatch.setenv("CALLER_CENTRAL_STOP_LIST_KEY", KEY.hex())
    centre.user("anna")
    Station(centre, "anna").sign_in()
    centre.clock.pass_by(minutes=5)
    restored(centre)
    with centre.engine.begin() as conn:  # the command goes by the machine's own clock
        conn.execute(text("UPDATE history_break SET noticed_at = now()"))
    words = ["export-corrections", "--out", str(tmp_path / "out"), "--database-url", centre.url]
    assert main(words) == 1
    assert "would be sent again" in capsys.readouterr().err
    assert main([*words, "--after-restore"]) == 0
