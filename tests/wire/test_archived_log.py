"""Where PostgreSQL archives its log, a workstation may forget what the archive holds, and nothing before.

What a reader would get wrong: nothing here says that anything is durable but the centre itself, by its worker, and the
database, by `archive_timeout`, as operators are told to set it.
"""

from collections.abc import Callable
from pathlib import Path

from caller_app.central.rules import durability
from tests.support.centre import make_rig
from tests.wire.audit import until
from tests.wire.cluster import Cluster, wheel_tools
from tests.wire.programs import CentreProcess, Workstation


def test_what_the_archive_of_the_log_holds_is_called_durable_and_nothing_before(
    clusters: Path, workstation: Callable[..., Workstation]
) -> None:
    cluster = Cluster(wheel_tools(), clusters, "walarch").made_once().archiving().start()
    rig = make_rig(cluster.url())
    try:
        anna = rig.user("anna")
        cases = rig.cases(rig.project(max_attempts=6), 2, to=anna)
        served = CentreProcess(cluster.url())
        served.start()
        try:
            ann = workstation(served.url, anna, rig.centre.standing.server_id).sign_in()
            ann.note(cases[0], count=3)
            ann.settle()
            assert ann.state()["durable"] == 0  # it is in no finished file of the log
            served.stop()
            served.start()  # its worker sets a mark at once, with the three in it
            cluster.execute("ALTER SYSTEM SET archive_timeout = '2s'", "SELECT pg_reload_conf()")
            until(lambda: _durable(ann) == 3, "the archive to hold what was recorded")
            with rig.engine.connect() as conn:
                last = durability.last_archived(conn)
            assert last is not None
            assert (cluster.archive / last).stat().st_size > 0
        finally:
            served.close()
    finally:
        rig.close()
        cluster.remove()


def _durable(station: Workstation) -> int:
    assert "fault" not in station.sync()
    durable: int = station.state()["durable"]
    return durable
