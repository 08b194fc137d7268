"""F54: a concern behind 400 queued changes on a line of 64 kbit/s: it has its receipt before anything else goes up."""

import json
from collections.abc import Callable

from tests.support.centre import Rig
from tests.wire.audit import converged, once_each, until
from tests.wire.programs import Workstation
from tests.wire.proxy import CLEAR, Line, Weather

NARROW = 8_000  # bytes a second
IN_TIME = 10 * NARROW  # what such a line carries before a receipt would come too late


def test_a_concern_goes_before_four_hundred_queued_changes_on_a_narrow_line(
    centre: Rig, line: Line, workstation: Callable[..., Workstation]
) -> None:
    anna = centre.user("anna")
    cases = centre.cases(centre.project(), 20, to=anna)
    station = workstation(anna, line.url).sign_in()
    station.settle()
    for case in cases:
        station.note(
            case, count=20, words="A note of the length that notes have when somebody was rung in the afternoon."
        )
    (concern,) = station.concern(cases[7])
    line.connections.clear()
    line.weather = Weather(bytes_per_second=NARROW, latency=0.02, slices=1460)
    station.begin("sync")
    until(
        lambda: centre.ask("SELECT 1 FROM concern WHERE concern_id = CAST(:c AS uuid)", c=concern),
        "the concern to come",
    )
    assert centre.ask("SELECT change_id::text FROM change") == [(concern,)]
    (seen,) = line.connections
    first_batch = json.loads(bytes(seen.request).split(b"\r\n\r\n")[1].split(b"POST ")[0])
    assert [one["id"] for one in first_batch["changes"]] == [concern]
    assert len(seen.request) + len(seen.reply) < IN_TIME
    line.weather = CLEAR  # the rest may take the quick way
    station.finish()
    station.settle()
    once_each(centre, station)
    converged(centre, station)
