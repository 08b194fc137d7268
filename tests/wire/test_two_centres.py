"""Two centre processes on one database: any of them answers anyone, and what one does the other knows."""

import threading
from collections.abc import Iterator

import pytest

from tests.wire.audit import holding, nothing_lost, somebody_waits_for_a_lock, until
from tests.wire.meddler import Answer, Asked, Meddler
from tests.wire.programs import CentreProcess
from tests.wire.team import Team


@pytest.fixture(scope="module")
def other(shared_team: Team) -> Iterator[CentreProcess]:
    """A second process on the team's database."""
    process = CentreProcess(shared_team.rig.url).start()
    yield process
    process.close()


def test_one_request_that_reaches_both_at_once_is_done_once(team: Team, other: CentreProcess) -> None:
    cases = team.at_work(5)

    def both(asked: Asked) -> Answer:
        answers: dict[int, Answer] = {}

        def ask(port: int) -> None:
            answers[port] = Meddler.forward_to(port, asked)

        threads = [threading.Thread(target=ask, args=(port,)) for port in (team.served.port, other.port)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        return answers[other.port]

    meddler = Meddler(team.served.port, both)
    try:
        team.line.target_port = meddler.port
        team.line.drop()
        for case in cases:
            team.ann.note(case, count=4)
            team.ann.attempt(case)
            assert "fault" not in team.ann.sync()
        assert meddler.asked
    finally:
        meddler.close()
    team.all_is_well()


def test_callers_on_two_processes_push_while_cases_move_and_no_lock_is_ever_dead(
    team: Team, other: CentreProcess
) -> None:
    moving = {*team.at_work(12), *team.bens(12)}
    team.bens_line.target_port = other.port
    team.bens_line.drop()
    for turn in range(4):
        for station in (team.ann, team.benjamin):
            for case in sorted(station.state()["records"].keys() & moving)[::2]:
                station.note(case)
            station.begin("sync")
        team.rig.reassign(*((team.anna, team.ben) if turn % 2 == 0 else (team.ben, team.anna)), sorted(moving))
        for station in (team.ann, team.benjamin):
            station.finish()
            nothing_lost(team.rig, station)
    team.all_is_well()
    assert team.rig.ask("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == [(0,)]


def test_what_a_dead_process_left_unjudged_is_judged_once_though_two_look_for_it(
    team: Team, other: CentreProcess
) -> None:
    (case,) = team.at_work()
    told = "SELECT count(*) FROM visibility WHERE kind = 4 AND NOT gone"
    before = team.rig.ask(told)[0][0]
    team.ann.note(case, count=20)
    with holding(team.rig.url, "SELECT 1 FROM rec_ver FOR UPDATE"):
        team.ann.begin("sync")
        until(lambda: somebody_waits_for_a_lock(team.rig.url), "the push to wait")
        team.served.kill()
        team.ann.finish()
    team.served.start()  # both look for work left behind now
    until(lambda: not team.rig.ask("SELECT 1 FROM change_state WHERE verdict = 'received'"), "one of them to judge")
    team.all_is_well()
    assert team.rig.ask(told)[0][0] == before + 20


def test_a_workstation_goes_on_at_the_other_when_its_own_process_dies(team: Team, other: CentreProcess) -> None:
    (case,) = team.at_work()
    team.ann.note(case, count=3)
    team.served.kill()
    assert "fault" in team.ann.sync()
    team.line.target_port = other.port
    team.line.drop()
    done = team.ann.settle()  # the same sign-in, the same device, the same cursor and token
    assert done["resets"] == 0
    team.all_is_well()


def test_who_waits_for_news_at_one_process_hears_what_the_other_was_told(team: Team, other: CentreProcess) -> None:
    team.at_work()
    (case,) = team.bens(1)
    team.bens_line.target_port = other.port
    team.bens_line.drop()
    team.benjamin.note(case)  # not sent yet when the case moves on to Ann
    team.rig.reassign(team.ben, team.anna, [case])
    team.ann.settle()
    until(lambda: team.ann.ask("wait", seconds=1)["waited"], "the process to have heard of the workstation")
    team.ann.begin("wait", seconds=50)
    team.benjamin.settle()
    newest = team.rig.ask("SELECT seq FROM feed_head WHERE user_id = :u", u=team.anna.user_id)
    assert [(team.ann.finish()["head"],)] == newest
    team.all_is_well()
