"""F5, with F1 and F2 on the way: a pass is cut at every boundary, up and down; nothing is lost or done twice."""

from tests.wire.audit import nothing_lost
from tests.wire.programs import Workstation
from tests.wire.proxy import CLEAR, Line, Weather
from tests.wire.team import Team


def boundaries(stream: bytes) -> list[int]:
    """Give the places on both sides of every line's end, and the two ends of the stream."""
    ends = [at + 1 for at, byte in enumerate(stream) if byte == 0x0A]
    places = {0, 1, len(stream) - 1} | {end + step for end in ends for step in (-2, -1, 0, 1)}
    return sorted(place for place in places if 0 <= place < len(stream))


def a_pass_over_a_fresh_connection(line: Line, station: Workstation) -> tuple[bytes, bytes]:
    """Run one whole pass and give what went up and what came down."""
    line.weather = CLEAR
    line.connections.clear()
    assert "fault" not in station.sync()
    (seen,) = line.connections
    return bytes(seen.request), bytes(seen.reply)


def test_a_reply_cut_at_any_boundary_is_no_reply(team: Team) -> None:
    (case,) = team.at_work()
    team.ann.note(case)
    _, reply = a_pass_over_a_fresh_connection(team.line, team.ann)
    places = boundaries(reply)
    assert len(places) > 40
    for number, place in enumerate(places):
        team.ann.note(case)
        before = team.ann.state()
        team.line.weather = Weather(cut_reply_after=place, end=("reset", "close")[number % 2])
        done = team.ann.sync()
        after = nothing_lost(team.rig, team.ann)
        assert after["cursor"] >= before["cursor"]
        if "fault" in done:
            assert done == {"fault": "CentreUnreachable", "portal": False}
        if after["cursor"] == before["cursor"]:
            assert after["records"] == before["records"], f"half a page was applied at byte {place}"
    team.all_is_well()


def test_a_request_cut_at_any_boundary_is_none_or_whole(team: Team) -> None:
    (case,) = team.at_work()
    team.ann.note(case)
    request, _ = a_pass_over_a_fresh_connection(team.line, team.ann)
    for place in boundaries(request):
        team.ann.note(case)
        team.line.weather = Weather(cut_request_after=place)
        assert "fault" in team.ann.sync()
        nothing_lost(team.rig, team.ann)
    team.all_is_well()


def test_a_reply_that_comes_byte_by_byte_is_read_to_its_end(team: Team) -> None:
    (case,) = team.at_work()
    team.line.weather = Weather(slices=1)
    team.ann.note(case)
    team.ann.settle()
    team.all_is_well()


def test_a_line_that_refuses_every_connection_changes_nothing(team: Team) -> None:
    (case,) = team.at_work()
    (note,) = team.ann.note(case)
    team.line.weather = Weather(refuses=True)
    assert team.ann.sync() == {"fault": "CentreUnreachable", "portal": False}
    assert [note, "PENDING", None] in nothing_lost(team.rig, team.ann)["outbox"]
    team.all_is_well()
