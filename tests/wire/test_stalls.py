"""F38 and its kin: a line that falls silent, and a laptop that sleeps in the middle of a request."""

import signal
from collections.abc import Callable

from tests.support.centre import Rig
from tests.wire.audit import converged, nothing_lost, once_each
from tests.wire.programs import Workstation
from tests.wire.proxy import CLEAR, Line, Weather

Maker = Callable[..., Workstation]
OFFLINE = {"fault": "CentreUnreachable", "portal": False}

SILENT = {
    "accepts and never answers": Weather(half_open=True),
    "swallows the request half way": Weather(cut_request_after=300, end="stall"),
    "swallows the reply": Weather(cut_reply_after=0, end="stall"),
    "falls silent in the middle of the reply": Weather(cut_reply_after=700, end="stall"),
}


def at_work(centre: Rig, line: Line, workstation: Maker, **more: float) -> tuple[Workstation, str]:
    """Give a workstation whose list is up to date, and one of its cases."""
    anna = centre.user("anna")
    case, *_ = centre.cases(centre.project(), 3, to=anna)
    station = workstation(anna, line.url, **more).sign_in()
    station.settle()
    return station, case


def test_silence_is_given_up_on_and_nothing_changes(centre: Rig, line: Line, workstation: Maker) -> None:
    station, case = at_work(centre, line, workstation, read_seconds=0.5)
    for what, weather in SILENT.items():
        station.note(case)
        before = station.state()
        line.weather = weather
        assert station.sync() == OFFLINE, what
        assert line.stalled.is_set(), what
        after = nothing_lost(centre, station)
        assert (after["cursor"], after["records"]) == (before["cursor"], before["records"]), what
    line.weather = CLEAR
    station.settle()
    once_each(centre, station)
    converged(centre, station)


def test_a_laptop_that_sleeps_in_the_middle_of_a_request_wakes_to_a_dead_line(
    centre: Rig, line: Line, workstation: Maker
) -> None:
    station, case = at_work(centre, line, workstation)
    for at in (0, 700):  # before the reply, and in the middle of it
        station.note(case)
        line.weather = Weather(cut_reply_after=at, end="stall")
        station.begin("sync")
        assert line.stalled.wait(30)
        station.process.send_signal(signal.SIGSTOP)
        line.weather = CLEAR  # while it slept, everything between here and there forgot the connection
        station.process.send_signal(signal.SIGCONT)
        assert station.finish() == OFFLINE
        nothing_lost(centre, station)
    station.settle()
    once_each(centre, station)
    converged(centre, station)
