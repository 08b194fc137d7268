"""What workstations may forget: only what a finished backup or the archive of the log holds."""

import pytest

from caller_app.central.db import writing
from caller_app.central.rules import durability
from tests.support.centre import Rig
from tests.support.station import Station, attempt


@pytest.mark.parametrize(
    ("archived", "wanted", "covered"),
    [
        ("000000010000000000000007", "000000010000000000000007", True),
        ("000000010000000000000008", "000000010000000000000007", True),
        ("000000010000000000000006", "000000010000000000000007", False),
        ("0000000100000001000000FF", "000000010000000200000000", False),
        ("000000020000000000000009", "000000010000000000000007", False),  # another history of the log
        ("00000002.history", "000000010000000000000007", False),
        ("000000010000000000000009.00000028.backup", "000000010000000000000007", False),
        (None, "000000010000000000000007", False),
    ],
)
def test_an_archive_covers_what_it_has_come_to_on_its_own_timeline(
    archived: str | None, wanted: str, covered: bool
) -> None:
    assert durability.covers(archived, wanted) is covered


def test_a_mark_holds_what_was_stored_before_it_and_nothing_later(centre: Rig) -> None:
    case_id = centre.case(centre.project(), to=centre.user("anna"))
    station = Station(centre, "anna").sign_in()
    station.pushed(attempt(case_id), attempt(case_id))
    with centre.engine.connect() as conn:
        mark = durability.mark(conn)
        assert durability.last_archived(conn) is None
        assert not durability.archives(conn)  # the server for tests keeps no archive
    assert dict(mark.numbers) == {station.device: 2}
    assert durability.covers(mark.segment, mark.segment)
    station.pushed(attempt(case_id))
    assert writing(centre.engine, lambda conn: durability.archived(conn, mark.numbers)) == 1
    assert station.get("/v1/head").json()["durable_seq"] == 2
    assert writing(centre.engine, lambda conn: durability.archived(conn, mark.numbers)) == 0  # no news


def test_an_older_backup_that_ends_late_takes_nothing_back(centre: Rig) -> None:
    case_id = centre.case(centre.project(), to=centre.user("anna"))
    station = Station(centre, "anna").sign_in()
    station.pushed(attempt(case_id))
    with centre.engine.connect() as conn:
        early = durability.watermarks(conn)
    station.pushed(attempt(case_id))
    with centre.engine.connect() as conn:
        late = durability.watermarks(conn)
    for marks in (late, early):
        writing(centre.engine, lambda conn, marks=marks: durability.confirm(conn, marks, now=centre.clock.now()))
    assert station.get("/v1/head").json()["durable_seq"] == 2
