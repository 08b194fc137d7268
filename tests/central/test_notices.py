"""Notices come down once, the newest are kept, and none goes before every workstation of the person has it."""

from typing import Any

from caller_app.central.db import writing
from caller_app.central.rules import feed, notices
from caller_app.domain.staff import User
from tests.support.centre import Rig
from tests.support.station import Station


def tell(centre: Rig, user: User, count: int, words: str = "News.") -> None:
    def work(conn: Any) -> None:
        told = [(user.user_id, notices.said(centre.clock.now(), f"{words} {number}")) for number in range(count)]
        feed.write(conn, notices.make(conn, told))

    writing(centre.engine, work)


def held(centre: Rig) -> int:
    return int(centre.ask("SELECT count(*) FROM rec_body WHERE kind = 4")[0][0])


def test_beyond_the_newest_the_oldest_go_once_every_workstation_has_them(centre: Rig) -> None:
    anna = centre.user("anna")
    first, second = Station(centre, "anna").sign_in(), Station(centre, "anna").sign_in()
    tell(centre, anna, notices.KEPT + 30)
    for _ in range(2):
        first.catch_up()
    tell(centre, anna, 1)
    assert held(centre) == notices.KEPT + 31, "the second workstation has none of them yet"
    for _ in range(2):
        first.catch_up()
        second.catch_up()
    tell(centre, anna, 1, "The last.")
    assert held(centre) == notices.KEPT + 1
    shown = second.catch_up()
    assert len(shown) == notices.KEPT + 1
    assert "The last. 0" in {body["words"] for body in shown.values()}


def test_the_notices_of_others_are_never_touched(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    stations = [Station(centre, name).sign_in() for name in ("anna", "ben")]
    for user in (anna, ben):
        tell(centre, user, notices.KEPT + 5)
    for one in stations:
        one.catch_up()
        one.catch_up()
    tell(centre, anna, 1)
    assert held(centre) == 2 * notices.KEPT + 6
    assert len(stations[1].catch_up()) == notices.KEPT + 5
