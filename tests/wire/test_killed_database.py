"""PostgreSQL dies under a running centre, in the middle of a batch or with its sessions cut off, and comes back."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.centre import Rig, make_rig
from tests.wire.audit import converged, holding, nothing_lost, once_each, somebody_waits_for_a_lock, until
from tests.wire.cluster import Cluster
from tests.wire.programs import CentreProcess, Workstation

Maker = Callable[..., Workstation]


@pytest.fixture
def centre(cluster: Cluster) -> Iterator[Rig]:
    """A centre on a PostgreSQL that may be killed."""
    rig = make_rig(cluster.url())
    yield rig
    rig.close()


def at_work(centre: Rig, served: CentreProcess, workstation: Maker) -> tuple[Workstation, str]:
    anna = centre.user("anna")
    case, *_ = centre.cases(centre.project(), 3, to=anna)
    station = workstation(anna, served.url).sign_in()
    station.settle()
    return station, case


def test_a_database_that_crashes_in_the_middle_of_a_batch_and_returns_has_it_once(
    cluster: Cluster, centre: Rig, served: CentreProcess, workstation: Maker
) -> None:
    station, case = at_work(centre, served, workstation)
    locks = {
        "before it is stored": "SELECT 1 FROM device FOR UPDATE",
        "before it is judged": "TABLE rec_ver FOR UPDATE",
    }
    for what, lock in locks.items():
        station.note(case, count=20)
        with holding(cluster.url(), lock) as holder:
            station.begin("sync")
            until(lambda: somebody_waits_for_a_lock(cluster.url()), what)
            cluster.stop("immediate")
            holder.close()
        done = station.finish()
        cluster.start_again()
        assert done.get("fault") in ("CentreUnreachable", "Busy", "CentreFailed"), (what, done)
        centre.engine.dispose()
        nothing_lost(centre, station)
        station.settle()  # the same centre: it found the database again by itself
    until(lambda: not centre.ask("SELECT 1 FROM change_state WHERE verdict = 'received'"), "the worker to judge")
    station.settle()
    once_each(centre, station)
    converged(centre, station)


def test_killed_by_the_kernel_it_recovers_and_nothing_acknowledged_is_missing(
    cluster: Cluster, centre: Rig, served: CentreProcess, workstation: Maker
) -> None:
    station, case = at_work(centre, served, workstation)
    station.note(case, count=50)
    station.settle()
    cluster.kill()
    station.note(case, count=5)
    assert "fault" in station.sync()
    cluster.start_again()
    centre.engine.dispose()
    state = nothing_lost(centre, station)
    assert [how for _, how, _ in state["outbox"]].count("PENDING") == 5
    station.settle()
    once_each(centre, station)
    converged(centre, station)


def test_sessions_cut_off_under_the_centre_cost_one_pass_at_most(
    cluster: Cluster, centre: Rig, served: CentreProcess, workstation: Maker
) -> None:
    station, case = at_work(centre, served, workstation)
    for _ in range(5):
        station.note(case, count=5)
        cluster.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = 'caller' AND pid <> pg_backend_pid()"
        )
        centre.engine.dispose()
        station.sync()
        nothing_lost(centre, station)
        assert served.healthy()
    station.settle()
    once_each(centre, station)
    converged(centre, station)
