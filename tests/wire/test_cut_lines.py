"""F5, with F1 and F2 on the way: a pass is cut at every boundary, up and down; nothing is lost or done twice."""

from collections.abc import Callable

from tests.support.centre import Rig
from tests.wire.audit import converged, nothing_lost, once_each
from tests.wire.programs import Workstation
from tests.wire.proxy import CLEAR, Line, Weather

Maker = Callable[..., Workstation]


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


def test_a_reply_cut_at_any_boundary_is_no_reply(centre: Rig, line: Line, workstation: Maker) -> None:
    anna = centre.user("anna")
    case, *_ = centre.cases(centre.project(), 3, to=anna)
    station = workstation(anna, line.url).sign_in()
    station.settle()
    station.note(case)
    _, reply = a_pass_over_a_fresh_connection(line, station)
    places = boundaries(reply)
    assert len(places) > 40
    for number, place in enumerate(places):
        station.note(case)
        before = station.state()
        line.weather = Weather(cut_reply_after=place, end=("reset", "close")[number % 2])
        done = station.sync()
        after = nothing_lost(centre, station)
        assert after["cursor"] >= before["cursor"]
        if "fault" in done:
            assert done == {"fault": "CentreUnreachable", "portal": False}
        if after["cursor"] == before["cursor"]:
            assert after["records"] == before["records"], f"half a page was applied at byte {place}"
    line.weather = CLEAR
    station.settle()
    once_each(centre, station)
    converged(centre, station)


def test_a_request_cut_at_any_boundary_is_none_or_whole(centre: Rig, line: Line, workstation: Maker) -> None:
    anna = centre.user("anna")
    case, *_ = centre.cases(centre.project(), 3, to=anna)
    station = workstation(anna, line.url).sign_in()
    station.settle()
    station.note(case)
    request, _ = a_pass_over_a_fresh_connection(line, station)
    for place in boundaries(request):
        station.note(case)
        line.weather = Weather(cut_request_after=place)
        assert "fault" in station.sync()
        nothing_lost(centre, station)
    line.weather = CLEAR
    station.settle()
    once_each(centre, station)
    converged(centre, station)


def test_a_reply_that_comes_byte_by_byte_is_read_to_its_end(centre: Rig, line: Line, workstation: Maker) -> None:
    anna = centre.user("anna")
    case, *_ = centre.cases(centre.project(), 3, to=anna)
    station = workstation(anna, line.url).sign_in()
    line.weather = Weather(slices=1)
    station.settle()
    station.note(case)
    station.settle()
    once_each(centre, station)
    converged(centre, station)


def test_a_line_that_refuses_every_connection_changes_nothing(centre: Rig, line: Line, workstation: Maker) -> None:
    anna = centre.user("anna")
    case = centre.case(centre.project(), to=anna)
    station = workstation(anna, line.url).sign_in()
    station.settle()
    station.note(case)
    line.weather = Weather(refuses=True)
    assert station.sync() == {"fault": "CentreUnreachable", "portal": False}
    assert [how for _, how, _ in nothing_lost(centre, station)["outbox"]] == ["PENDING"]
    line.weather = CLEAR
    station.settle()
    once_each(centre, station)
