"""F54: a concern behind 400 queued changes on a line of 64 kbit/s: it has its receipt before anything else goes up."""

import json

from tests.wire.audit import until
from tests.wire.proxy import Weather
from tests.wire.team import Team

NARROW = 8_000  # bytes a second
IN_TIME = 10 * NARROW  # what such a line carries before a receipt would come too late
WORDS = "A note as long as notes are when somebody was rung in the afternoon."


def test_a_concern_goes_before_four_hundred_queued_changes_on_a_narrow_line(team: Team) -> None:
    cases = team.at_work(20)
    held = team.changes()
    for case in cases:
        team.ann.note(case, count=20, words=WORDS)
    (concern,) = team.ann.concern(cases[7])
    team.line.connections.clear()
    team.line.weather = Weather(bytes_per_second=NARROW, latency=0.02, slices=1460)
    team.ann.begin("sync")
    raised = "SELECT 1 FROM concern WHERE concern_id = CAST(:c AS uuid)"
    until(lambda: team.rig.ask(raised, c=concern), "the concern to come")
    assert team.changes() == held + 1
    (seen,) = team.line.connections
    first_batch = json.loads(bytes(seen.request).split(b"\r\n\r\n")[1].split(b"POST ")[0])
    assert [one["id"] for one in first_batch["changes"]] == [concern]
    assert len(seen.request) + len(seen.reply) < IN_TIME
    team.line.drop()
    team.ann.finish()
    team.all_is_well()
