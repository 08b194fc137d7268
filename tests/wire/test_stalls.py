"""F38 and its kin: a line that falls silent, and a laptop that sleeps in the middle of a request."""

import signal

from tests.wire.audit import nothing_lost
from tests.wire.proxy import CLEAR, Weather
from tests.wire.team import Team

OFFLINE = {"fault": "CentreUnreachable", "portal": False}

SILENT = {
    "accepts and never answers": Weather(half_open=True),
    "swallows the request half way": Weather(cut_request_after=300, end="stall"),
    "swallows the reply": Weather(cut_reply_after=0, end="stall"),
    "falls silent in the middle of the reply": Weather(cut_reply_after=700, end="stall"),
}


def test_silence_is_given_up_on_and_nothing_changes(team: Team) -> None:
    (case,) = team.at_work()
    team.ann.ask("patience", seconds=0.5)
    for what, weather in SILENT.items():
        team.ann.note(case)
        before = team.ann.state()
        team.line.weather = weather
        assert team.ann.sync() == OFFLINE, what
        assert team.line.stalled.is_set(), what
        after = nothing_lost(team.rig, team.ann)
        assert (after["cursor"], after["records"]) == (before["cursor"], before["records"]), what
    team.all_is_well()


def test_a_reply_that_drips_without_end_is_given_up_on_though_it_is_never_silent(team: Team) -> None:
    (case,) = team.at_work()
    team.ann.ask("patience", seconds=30, whole=0.5)
    team.ann.note(case)
    before = team.ann.state()
    for at in (1, 300):  # in the headers, and in the body
        team.line.weather = Weather(slices=at, latency=0.2)
        assert team.ann.sync() == OFFLINE
        after = nothing_lost(team.rig, team.ann)
        assert (after["cursor"], after["records"]) == (before["cursor"], before["records"])
    team.all_is_well()


def test_a_laptop_that_sleeps_in_the_middle_of_a_request_wakes_to_a_dead_line(team: Team) -> None:
    (case,) = team.at_work()
    for at in (0, 700):  # before the reply, and in the middle of it
        team.ann.note(case)
        team.line.weather = Weather(cut_reply_after=at, end="stall")
        team.ann.begin("sync")
        assert team.line.stalled.wait(30)
        team.ann.process.send_signal(signal.SIGSTOP)
        team.line.weather = CLEAR  # while it slept, everything between here and there forgot the connection
        team.ann.process.send_signal(signal.SIGCONT)
        assert team.ann.finish() == OFFLINE
        nothing_lost(team.rig, team.ann)
    team.all_is_well()
