"""What an older centre could not read waits as it came, and is judged by the next version without anybody's help."""

from dataclasses import replace
from typing import Any

import pytest

from caller_app.central.db import reading, writing
from caller_app.central.rules import access, apply, reread
from caller_app.central.rules.arrivals import PushBody, read_push
from caller_app.central.rules.store import store
from caller_app.protocol.codec import decode, encode
from tests.support.centre import Rig
from tests.support.station import Station, attempt


def left_by_an_older_centre(centre: Rig, station: Station, envelope: dict[str, Any]) -> None:
    """Store a change as a centre does that does not know its kind yet."""
    body = decode(encode(station.batch([envelope])), PushBody)
    arrived = [replace(one, fault="unknown_schema") for one in read_push(body)]
    with reading(centre.engine) as conn:
        asker = access.identify(conn, f"Bearer {station.token}", centre.clock.now())
    writing(centre.engine, lambda conn: store(conn, asker, station.device, arrived, now=centre.clock.now()))


def read_anew(centre: Rig) -> int:
    return writing(centre.engine, lambda conn: reread.reread(conn, now=centre.clock.now()))


@pytest.fixture
def station(centre: Rig) -> Station:
    centre.case(centre.project(), to=centre.user("anna"))
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    return station


def test_a_change_that_can_be_read_now_is_judged_and_its_author_hears_of_it(centre: Rig, station: Station) -> None:
    [(case_id,)] = centre.ask("SELECT case_id FROM cases")
    envelope = station.envelope(attempt(case_id))
    left_by_an_older_centre(centre, station, envelope)
    assert centre.item(case_id).attempts == ()
    assert read_anew(centre) == 1
    centre.clock.pass_by(minutes=1)
    now = centre.clock.now()
    assert apply.judge_waiting(centre.centre, older_than=now, now=now) == 1
    assert len(centre.item(case_id).attempts) == 1
    assert centre.ask("SELECT verdict, reason FROM change_state") == [("applied", None)]
    assert centre.ask("SELECT state, resolution->>'act' FROM review_case") == [("resolved", "judged_after_update")]
    told = [body for body in station.catch_up().values() if body.get("change_id") == envelope["id"]]
    assert [one["verdict"] for one in told] == ["applied"]
    assert read_anew(centre) == 0


def test_one_that_is_still_not_known_waits_on(centre: Rig, station: Station) -> None:
    [(case_id,)] = centre.ask("SELECT case_id FROM cases")
    [result] = station.pushed({**station.envelope(attempt(case_id)), "kind": "from_the_future", "schema": 9})
    assert (result["verdict"], result["reason"]) == ("quarantined", "unknown_schema")
    assert read_anew(centre) == 0
    assert centre.ask("SELECT state FROM review_case") == [("open",)]


def test_one_that_turns_out_to_be_malformed_stays_with_the_supervisor_and_holds_up_nobody(
    centre: Rig, station: Station
) -> None:
    [(case_id,)] = centre.ask("SELECT case_id FROM cases")
    odd = station.envelope(attempt(case_id))
    odd["data"] = {"case_id": case_id}
    left_by_an_older_centre(centre, station, odd)
    left_by_an_older_centre(centre, station, station.envelope(attempt(case_id)))
    assert read_anew(centre) == 1
    assert centre.ask("SELECT reason FROM change_state WHERE verdict = 'quarantined'") == [("malformed",)]
    assert centre.ask("SELECT count(*) FROM review_case WHERE state = 'open'") == [(1,)]
    assert read_anew(centre) == 0
