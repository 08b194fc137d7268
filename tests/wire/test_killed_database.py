"""PostgreSQL dies under a running centre, in the middle of a batch or with its sessions cut off, and comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wire.audit import holding, nothing_lost, somebody_waits_for_a_lock, until
from tests.wire.cluster import Cluster, wheel_tools
from tests.wire.team import Team


@pytest.fixture(scope="module")
def cluster(clusters: Path) -> Iterator[Cluster]:
    """A PostgreSQL that may be killed."""
    cluster = Cluster(wheel_tools(), clusters, "mortal").made_once().start()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def team(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A team at a centre on that database."""
    team = Team(cluster.url(), tmp_path_factory.mktemp("mortal"))
    yield team
    team.close()


def back(cluster: Cluster, team: Team) -> None:
    """Start the database again; the centre has to find it by itself."""
    cluster.start_again()
    team.rig.engine.dispose()


def test_a_database_that_crashes_in_the_middle_of_a_batch_and_returns_has_it_once(cluster: Cluster, team: Team) -> None:
    (case,) = team.at_work()
    locks = {
        "before it is stored": "SELECT 1 FROM device FOR UPDATE",
        "before it is judged": "TABLE rec_ver FOR UPDATE",
    }
    for what, lock in locks.items():
        team.ann.note(case, count=20)
        with holding(cluster.url(), lock) as holder:
            team.ann.begin("sync")
            until(lambda: somebody_waits_for_a_lock(cluster.url()), what)
            cluster.stop("immediate")
            holder.close()
        done = team.ann.finish()
        back(cluster, team)
        assert done.get("fault") in ("CentreUnreachable", "Busy", "CentreFailed"), (what, done)
        nothing_lost(team.rig, team.ann)
        team.ann.settle()
    until(lambda: not team.rig.ask("SELECT 1 FROM change_state WHERE verdict = 'received'"), "the worker to judge")
    team.all_is_well()


def test_killed_by_the_kernel_it_recovers_and_nothing_acknowledged_is_missing(cluster: Cluster, team: Team) -> None:
    (case,) = team.at_work()
    team.ann.note(case, count=50)
    team.ann.settle()
    cluster.kill()
    late = team.ann.note(case, count=5)
    assert "fault" in team.ann.sync()
    back(cluster, team)
    states = {change_id: how for change_id, how, _ in nothing_lost(team.rig, team.ann)["outbox"]}
    assert {states[one] for one in late} == {"PENDING"}
    team.all_is_well()


def test_sessions_cut_off_under_the_centre_cost_one_pass_at_most(cluster: Cluster, team: Team) -> None:
    (case,) = team.at_work()
    for _ in range(5):
        team.ann.note(case, count=5)
        cluster.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = 'caller' AND pid <> pg_backend_pid()"
        )
        team.rig.engine.dispose()
        team.ann.sync()
        nothing_lost(team.rig, team.ann)
        assert team.served.healthy()
    team.all_is_well()
