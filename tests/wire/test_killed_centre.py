"""F6, F7, F8: the centre is killed at each point of a push; the point is reached by holding what it needs next."""

from collections.abc import Callable

from tests.support.centre import Rig
from tests.wire.audit import converged, holding, nothing_lost, once_each, somebody_waits_for_a_lock, until
from tests.wire.programs import CentreProcess, Workstation
from tests.wire.proxy import CLEAR, Line, Weather

Maker = Callable[..., Workstation]
OFFLINE = {"fault": "CentreUnreachable", "portal": False}


def at_work(centre: Rig, url: str, workstation: Maker) -> tuple[Workstation, str]:
    anna = centre.user("anna")
    case, *_ = centre.cases(centre.project(), 3, to=anna)
    station = workstation(anna, url).sign_in()
    station.settle()
    return station, case


def killed_while_waiting(centre: Rig, served: CentreProcess, station: Workstation, lock: str) -> None:
    """Push while somebody else holds a lock, and kill the centre where it waits for it."""
    with holding(centre.url.replace("+psycopg", ""), lock):
        station.begin("sync")
        until(lambda: somebody_waits_for_a_lock(centre.url), "the push to wait")
        served.kill()
        assert station.finish() == OFFLINE
    nothing_lost(centre, station)


def test_killed_before_the_commit_it_has_stored_nothing_and_is_sent_it_again(
    centre: Rig, served: CentreProcess, workstation: Maker
) -> None:
    station, case = at_work(centre, served.url, workstation)
    station.note(case, count=20)
    killed_while_waiting(centre, served, station, "SELECT 1 FROM device FOR UPDATE")
    assert centre.ask("SELECT count(*) FROM change") == [(0,)]
    served.start()
    station.settle()
    once_each(centre, station)
    converged(centre, station)


def test_killed_after_the_commit_and_before_the_reply_it_says_dup(
    centre: Rig, served: CentreProcess, line: Line, workstation: Maker
) -> None:
    station, case = at_work(centre, line.url, workstation)
    station.note(case, count=20)
    line.weather = Weather(cut_reply_after=0, end="stall")
    station.begin("sync")
    assert line.stalled.wait(30)
    served.kill()
    line.weather = CLEAR
    assert station.finish() == OFFLINE
    assert centre.ask("SELECT count(*) FROM change_state WHERE verdict = 'applied'") == [(20,)]
    state = nothing_lost(centre, station)
    assert {how for _, how, _ in state["outbox"]} == {"PENDING"}
    served.start()
    station.settle()
    once_each(centre, station)
    converged(centre, station)


def test_killed_between_storing_and_judging_the_next_start_judges_and_the_author_is_told(
    centre: Rig, served: CentreProcess, workstation: Maker
) -> None:
    station, case = at_work(centre, served.url, workstation)
    station.note(case, count=20)
    killed_while_waiting(centre, served, station, "SELECT 1 FROM rec_ver FOR UPDATE")
    assert centre.ask("SELECT verdict, count(*) FROM change_state GROUP BY 1") == [("received", 20)]
    served.start()
    until(
        lambda: not centre.ask("SELECT 1 FROM change_state WHERE verdict = 'received'"),
        "the worker to judge what waits",
    )
    station.settle()
    once_each(centre, station)
    converged(centre, station)
    notices = centre.ask("SELECT count(*) FROM visibility WHERE kind = 4 AND NOT gone")
    assert notices == [(20,)]  # one per change whose verdict came later than its receipt


def test_killed_again_and_again_while_many_push_it_loses_nothing(
    centre: Rig, served: CentreProcess, workstation: Maker
) -> None:
    project = centre.project()
    anna, ben = centre.user("anna"), centre.user("ben")
    cases = {user.name: centre.cases(project, 10, to=user) for user in (anna, ben)}
    stations = [workstation(user, served.url).sign_in() for user in (anna, ben)]
    for station in stations:
        station.settle()
    for _ in range(2):
        for station in stations:
            for case in cases[station.user.name]:
                station.note(case, count=3)
            station.begin("sync")
        before = centre.ask("SELECT count(*) FROM change")[0][0]
        until(
            lambda at=before: (
                centre.ask("SELECT count(*) FROM change")[0][0] > at  # type: ignore[misc]
                or somebody_waits_for_a_lock(centre.url)
            ),
            "the first batch to be stored",
        )
        served.kill()
        for station in stations:
            station.finish()  # a pass that was cut, or that had just got through
            nothing_lost(centre, station)
        served.start()
    for station in stations:
        station.settle()
    once_each(centre, *stations)
    converged(centre, *stations)
