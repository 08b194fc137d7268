"""Two centre processes on one database: any of them answers anyone, and what one does the other knows."""

import threading
from collections.abc import Callable, Iterator

import pytest

from tests.support.centre import Rig
from tests.wire.audit import converged, holding, nothing_lost, once_each, somebody_waits_for_a_lock, until
from tests.wire.meddler import Answer, Asked, Meddler
from tests.wire.programs import CentreProcess, Workstation
from tests.wire.proxy import CLEAR, Line

Maker = Callable[..., Workstation]


@pytest.fixture
def other(centre: Rig, served: CentreProcess) -> Iterator[CentreProcess]:
    """A second process on the same database."""
    process = CentreProcess(centre.url).start()
    yield process
    process.close()


@pytest.fixture
def meddler(served: CentreProcess) -> Iterator[Meddler]:
    meddler = Meddler(served.port)
    yield meddler
    meddler.close()


def test_one_request_that_reaches_both_at_once_is_done_once(
    centre: Rig, served: CentreProcess, other: CentreProcess, meddler: Meddler, workstation: Maker
) -> None:
    anna = centre.user("anna")
    cases = centre.cases(centre.project(), 5, to=anna)
    station = workstation(anna, meddler.url).sign_in()
    station.settle()

    def both(asked: Asked) -> Answer:
        answers: dict[int, Answer] = {}

        def ask(port: int) -> None:
            answers[port] = Meddler.forward_to(port, asked)

        threads = [threading.Thread(target=ask, args=(port,)) for port in (served.port, other.port)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        return answers[other.port]

    meddler.rule = both
    for case in cases:
        station.note(case, count=4)
        station.attempt(case)
        assert "fault" not in station.sync()
    station.settle()
    once_each(centre, station)
    converged(centre, station)


def test_callers_on_two_processes_push_while_cases_move_and_no_lock_is_ever_dead(
    centre: Rig, served: CentreProcess, other: CentreProcess, workstation: Maker
) -> None:
    project = centre.project(max_attempts=6)
    anna, ben = centre.user("anna"), centre.user("ben")
    ids = [*centre.cases(project, 12, to=anna), *centre.cases(project, 12, to=ben)]
    stations = [workstation(user, one.url).sign_in() for one in (served, other) for user in (anna, ben)]
    for station in stations:
        station.settle()
    for turn in range(3):
        for number, station in enumerate(stations):
            mine = list(station.state()["records"].keys() & set(ids))
            for case in mine[number::2]:
                station.note(case)
            station.begin("sync")
        centre.reassign(*((anna, ben) if turn % 2 == 0 else (ben, anna)))
        for station in stations:
            station.finish()
            nothing_lost(centre, station)
    for _ in range(2):
        for station in stations:
            station.settle()
    once_each(centre, *stations)
    converged(centre, *stations)
    assert centre.ask("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == [(0,)]


def test_what_a_dead_process_left_unjudged_is_judged_once_though_two_look_for_it(
    centre: Rig, served: CentreProcess, other: CentreProcess, workstation: Maker
) -> None:
    anna = centre.user("anna")
    case, *_ = centre.cases(centre.project(), 3, to=anna)
    station = workstation(anna, served.url).sign_in()
    station.settle()
    station.note(case, count=20)
    with holding(centre.url, "SELECT 1 FROM rec_ver FOR UPDATE"):
        station.begin("sync")
        until(lambda: somebody_waits_for_a_lock(centre.url), "the push to wait")
        served.kill()
        station.finish()
    served.start()  # both look for work left behind now
    until(lambda: not centre.ask("SELECT 1 FROM change_state WHERE verdict = 'received'"), "one of them to judge")
    station.settle()
    once_each(centre, station)
    converged(centre, station)
    assert centre.ask("SELECT count(*) FROM visibility WHERE kind = 4 AND NOT gone") == [(20,)]


def test_a_workstation_goes_on_at_the_other_when_its_own_process_dies(
    centre: Rig, served: CentreProcess, other: CentreProcess, workstation: Maker
) -> None:
    anna = centre.user("anna")
    case, *_ = centre.cases(centre.project(), 3, to=anna)
    balancer = Line(served.port)
    try:
        station = workstation(anna, balancer.url).sign_in()
        station.settle()
        station.note(case, count=3)
        served.kill()
        assert "fault" in station.sync()
        balancer.target_port = other.port
        balancer.weather = CLEAR
        station.settle()  # the same sign-in, the same device, the same cursor and token
        once_each(centre, station)
        converged(centre, station)
    finally:
        balancer.close()


def test_who_waits_for_news_at_one_process_hears_what_the_other_was_told(
    centre: Rig, served: CentreProcess, other: CentreProcess, workstation: Maker
) -> None:
    anna = centre.user("anna")
    case, *_ = centre.cases(centre.project(), 3, to=anna)
    first, second = (workstation(anna, one.url).sign_in() for one in (served, other))
    first.settle()
    second.settle()
    until(lambda: second.ask("wait", seconds=1)["waited"], "the other process to have heard of the new workstation")
    second.begin("wait", seconds=50)
    first.note(case)
    first.settle()
    answer = second.finish()
    assert answer["head"] == centre.ask("SELECT seq FROM feed_head WHERE user_id = :u", u=anna.user_id)[0][0]
    second.settle()
    converged(centre, first, second)
