"""What is forgotten at the centre, when, and what keeps it: removal notes, old notices, workstations that stay away."""

from datetime import timedelta

from caller_app.central.db import writing
from caller_app.central.rules import devices, feed, notices, retention
from tests.support.centre import Rig
from tests.support.station import Station


def tidy(centre: Rig) -> int:
    return retention.tidy(centre.engine, now=centre.clock.now())


def gone(centre: Rig) -> int:
    count: int = centre.ask("SELECT count(*) FROM visibility WHERE gone")[0][0]
    return count


def two_stations_and_a_removal(centre: Rig) -> list[Station]:
    anna, ben = centre.user("anna"), centre.user("ben")
    ids = centre.cases(centre.project(), 2, to=anna)
    stations = [Station(centre, "anna").sign_in() for _ in range(2)]
    for one in stations:
        one.catch_up()
    centre.reassign(anna, ben, ids[:1])
    stations[0].catch_up()
    stations[0].catch_up()
    return stations


def test_a_removal_note_stays_until_every_workstation_of_the_person_has_taken_it(centre: Rig) -> None:
    _first, second = two_stations_and_a_removal(centre)
    tidy(centre)
    assert gone(centre) == 1
    second.catch_up()
    tidy(centre)
    assert gone(centre) == 1  # it has been served, its cursor has not come back yet
    second.catch_up()
    tidy(centre)
    assert gone(centre) == 0


def test_a_workstation_unseen_for_a_month_holds_nothing_up_and_reads_its_list_anew(centre: Rig) -> None:
    first, second = two_stations_and_a_removal(centre)
    centre.clock.pass_by(days=31)
    first.sign_in().catch_up()
    tidy(centre)  # retires the one that stayed away
    tidy(centre)
    assert centre.ask("SELECT count(*) FROM device WHERE status = 'retired'") == [(1,)]
    assert gone(centre) == 0
    second.sign_in()
    assert second.pull().json()["why"] == "collected"
    second.cursor, second.page_token = 0, ""
    second.catch_up()
    assert centre.ask("SELECT count(*) FROM device WHERE status = 'retired'") == [(0,)]


def test_a_barred_workstation_holds_nothing_up_after_a_month_and_never_comes_back(centre: Rig) -> None:
    first, second = two_stations_and_a_removal(centre)
    writing(centre.engine, lambda conn: devices.revoke(conn, second.device, now=centre.clock.now()))
    tidy(centre)
    assert gone(centre) == 1
    centre.clock.pass_by(days=31)
    first.sign_in().catch_up()
    tidy(centre)
    assert gone(centre) == 0
    second.sign_in()
    assert second.pull().status_code == 403
    assert centre.ask("SELECT count(*) FROM device WHERE status = 'revoked'") == [(1,)]


def test_what_a_person_was_told_leaves_their_list_after_a_month_words_and_all(centre: Rig) -> None:
    anna = centre.user("anna")
    centre.case(centre.project(), to=anna)
    now = centre.clock.now()
    for said_at in (now, now + timedelta(days=20)):
        writing(
            centre.engine,
            lambda conn, at=said_at: feed.write(  # type: ignore[misc]
                conn, notices.make(conn, [(anna.user_id, notices.said(at, "Your note was looked at."))])
            ),
        )
    station = Station(centre, "anna").sign_in()
    assert len([one for one in station.catch_up().values() if "words" in one]) == 2
    centre.clock.pass_by(days=31)
    tidy(centre)
    station.sign_in()
    assert len([one for one in station.catch_up().values() if "words" in one]) == 1
    assert centre.ask("SELECT count(*) FROM rec_body WHERE kind = 4") == [(1,)]
