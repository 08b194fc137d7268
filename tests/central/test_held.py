"""What the centre says it holds: only the asker's own, only by id, durable only under the number it has for it."""

import pytest
from sqlalchemy import text

from caller_app.base.ids import new_id
from caller_app.central.db import writing
from caller_app.central.rules import durability
from caller_app.protocol.limits import ASKED_CHANGES
from tests.support.centre import Rig
from tests.support.station import Station, attempt


@pytest.fixture
def station(centre: Rig) -> Station:
    case_id = centre.case(centre.project(), to=centre.user("anna"))
    station = Station(centre, "anna").sign_in()
    station.shown["case"] = case_id
    return station


def pushed(station: Station, count: int) -> list[str]:
    return [one["id"] for one in station.pushed(*(attempt(station.shown["case"]) for _ in range(count)))]


def made_durable(centre: Rig, station: Station, seq: int) -> None:
    writing(centre.engine, lambda conn: durability.confirm(conn, {station.device: seq}, now=centre.clock.now()))


def held(station: Station, *asked: tuple[str, int]) -> tuple[list[str], list[str]]:
    reply = station.post(
        "/v1/held", {"device": station.device, "changes": [{"id": name, "seq": seq} for name, seq in asked]}
    )
    assert reply.status_code == 200, reply.text
    said = reply.json()
    return said["held"], said["durable"]


def test_only_what_is_durable_under_its_own_number_is_named_as_durable(centre: Rig, station: Station) -> None:
    first, second, third = pushed(station, 3)
    made_durable(centre, station, 2)
    names, durable = held(station, (first, 1), (second, 1), (third, 3), (new_id(), 2))
    assert sorted(names) == sorted([first, second, third])
    assert durable == [first]  # the second under another's number, the third beyond what a backup holds


def test_without_a_number_it_is_only_said_whether_it_is_there(centre: Rig, station: Station) -> None:
    (first,) = pushed(station, 1)
    made_durable(centre, station, 1)
    assert held(station, (first, 0)) == ([first], [])


def test_the_same_change_under_another_device_of_the_person_is_there_and_not_durable(
    centre: Rig, station: Station
) -> None:
    (first,) = pushed(station, 1)
    made_durable(centre, station, 1)
    other = Station(centre, "anna").sign_in()
    assert held(other, (first, 1)) == ([first], [])


def test_nobody_learns_of_another_persons_changes(centre: Rig, station: Station) -> None:
    (first,) = pushed(station, 1)
    made_durable(centre, station, 1)
    centre.user("ben")
    ben = Station(centre, "ben").sign_in()
    assert held(ben, (first, 1)) == ([], [])
    ben.device = station.device
    assert ben.post("/v1/held", {"device": station.device, "changes": []}).status_code == 403


def test_a_known_id_with_other_content_counts_as_there_for_both_who_sent_it(centre: Rig, station: Station) -> None:
    """Both contents are kept, so whoever sent the second may forget it too."""
    (first,) = pushed(station, 1)
    centre.user("ben")
    case_id = station.shown["case"]
    ben = Station(centre, "ben").sign_in()
    ben.pushed(ben.envelope(attempt(case_id), change_id=first))
    made_durable(centre, ben, 1)
    assert held(ben, (first, 1)) == ([first], [first])


def test_a_barred_workstation_and_an_ended_account_may_ask(centre: Rig, station: Station) -> None:
    (first,) = pushed(station, 1)
    made_durable(centre, station, 1)
    with centre.engine.begin() as conn:
        conn.execute(text("UPDATE device SET status = 'revoked'"))
        conn.execute(text("UPDATE account SET status = 'draining', status_since = :now"), {"now": centre.clock.now()})
    assert held(station, (first, 1)) == ([first], [first])


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ([{"id": "x", "seq": 1}], 422),
        ([{"id": new_id(), "seq": -1}], 422),
        ([{"id": new_id(), "seq": 2**63}], 422),
        ([{"seq": 1}], 400),
        ([{"id": new_id(), "seq": 1}] * (ASKED_CHANGES + 1), 413),
    ],
)
def test_a_question_not_in_its_form_is_refused(station: Station, changes: list[object], status: int) -> None:
    assert station.post("/v1/held", {"device": station.device, "changes": changes}).status_code == status


def test_a_workstation_that_is_not_known_is_told_so(station: Station) -> None:
    assert station.post("/v1/held", {"device": new_id(), "changes": []}).status_code == 410
