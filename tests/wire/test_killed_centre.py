"""F6, F7, F8: the centre is killed at each point of a push; the point is reached by holding what it needs next."""

from tests.wire.audit import holding, nothing_lost, somebody_waits_for_a_lock, until
from tests.wire.proxy import Weather
from tests.wire.team import Team

OFFLINE = {"fault": "CentreUnreachable", "portal": False}


def killed_while_waiting(team: Team, lock: str) -> None:
    """Let Ann push while somebody else holds a lock, and kill the centre where it waits for it."""
    with holding(team.rig.url, lock):
        team.ann.begin("sync")
        until(lambda: somebody_waits_for_a_lock(team.rig.url), "the push to wait")
        team.served.kill()
        assert team.ann.finish() == OFFLINE
    nothing_lost(team.rig, team.ann)


def test_killed_before_the_commit_it_has_stored_nothing_and_is_sent_it_again(team: Team) -> None:
    (case,) = team.at_work()
    held = team.changes()
    team.ann.note(case, count=20)
    killed_while_waiting(team, "SELECT 1 FROM device FOR UPDATE")
    assert team.changes() == held
    team.all_is_well()


def test_killed_after_the_commit_and_before_the_reply_it_says_dup(team: Team) -> None:
    (case,) = team.at_work()
    held = team.changes()
    notes = team.ann.note(case, count=20)
    team.line.weather = Weather(cut_reply_after=0, end="stall")
    team.ann.begin("sync")
    assert team.line.stalled.wait(30)
    team.served.kill()
    team.line.drop()
    assert team.ann.finish() == OFFLINE
    assert team.changes() == held + 20
    states = {change_id: how for change_id, how, _ in nothing_lost(team.rig, team.ann)["outbox"]}
    assert {states[one] for one in notes} == {"PENDING"}
    team.all_is_well()


def test_killed_between_storing_and_judging_the_next_start_judges_and_the_author_is_told(team: Team) -> None:
    (case,) = team.at_work()
    told = "SELECT count(*) FROM visibility WHERE kind = 4 AND NOT gone"
    before = team.rig.ask(told)[0][0]
    team.ann.note(case, count=20)
    killed_while_waiting(team, "SELECT 1 FROM rec_ver FOR UPDATE")
    unjudged = "SELECT count(*) FROM change_state WHERE verdict = 'received'"
    assert team.rig.ask(unjudged) == [(20,)]
    team.served.start()
    until(lambda: team.rig.ask(unjudged) == [(0,)], "the worker to judge what waits")
    team.all_is_well()
    assert team.rig.ask(told)[0][0] == before + 20  # one per change whose verdict came later than its receipt


def test_killed_again_and_again_while_two_push_it_loses_nothing(team: Team) -> None:
    cases = {team.ann: team.at_work(10), team.benjamin: team.bens(10)}
    for _ in range(2):
        held = team.changes()
        for station, mine in cases.items():
            for case in mine:
                station.note(case, count=3)
            station.begin("sync")
        until(lambda at=held: team.changes() > at, "the first batch to be stored")  # type: ignore[misc]
        team.served.kill()
        for station in cases:
            station.finish()  # a pass that was cut, or that had just got through
            nothing_lost(team.rig, station)
        team.served.start()
    team.all_is_well()
