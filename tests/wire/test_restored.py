"""F24-F27: the centre's database goes back in time, in every way an operator can do that; what was recorded returns.

The clusters are real: a base backup with its archive and a recovery target, a cold copy of the files, a dump into a
new cluster, a standby that takes over without the primary's last commits. What was lost is always the same (`lost`).
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.centre import make_rig
from tests.wire.audit import converged, once_each, until
from tests.wire.cluster import Cluster, debian_tools, wheel_tools
from tests.wire.programs import ROOT, CentreProcess, Workstation, environment

Maker = Callable[..., Workstation]


class Scene:
    """A team at work on a cluster of its own: Ann and Ben with their lists."""

    def __init__(self, cluster: Cluster, workstation: Maker) -> None:
        self.cluster = cluster
        self.rig = make_rig(cluster.url())
        self.served = CentreProcess(cluster.url())
        self.served.start()
        project = self.rig.project(max_attempts=6)
        self.anna, self.ben = self.rig.user("anna"), self.rig.user("ben")
        self.hers = self.rig.cases(project, 4, to=self.anna)
        self.his = self.rig.cases(project, 4, to=self.ben)
        self.ann, self.benjamin = (self._at_work(workstation, one) for one in (self.anna, self.ben))
        self.before = self.epochs()

    def _at_work(self, make: Maker, user: Any) -> Workstation:
        station = make(self.served.url, user, self.rig.centre.standing.server_id).sign_in()
        station.settle()
        return station

    def work(self) -> None:
        """What both record, sent and acknowledged."""
        for station, cases in ((self.ann, self.hers), (self.benjamin, self.his)):
            station.note(cases[0], count=3)
            station.attempt(cases[1])
            station.settle()

    def lose(self) -> None:
        """Do what the restore will undo: recorded work, a concern, and a supervisor's moving of a case."""
        self.work()
        self.ann.concern(self.hers[2])
        self.ann.settle()
        self.rig.reassign(self.anna, self.ben, case_ids=[self.hers[3]])
        self.ann.settle()
        self.benjamin.settle()
        assert self.hers[3] in self.benjamin.state()["records"]
        assert self.hers[3] not in self.ann.state()["records"]

    def down(self, mode: str = "fast") -> None:
        """Stop service and database; both callers go on working."""
        self.served.stop()
        self.rig.engine.dispose()
        self.cluster.stop(mode)
        self.ann.note(self.hers[1], count=2)
        self.benjamin.note(self.his[1], count=2)
        assert "fault" in self.ann.sync()

    def up(self, restored: Cluster) -> None:
        """Put another cluster in the place of the first, with the service on it."""
        restored.start_again(at=self.cluster)
        self.cluster = restored
        until(lambda: restored.execute("SELECT pg_is_in_recovery()") == [(False,)], "the end of recovery")
        self.served.start()

    def epochs(self) -> int:
        """Count the histories this centre knows of."""
        return int(self.rig.ask("SELECT count(*) FROM sync_epoch")[0][0])

    def everything_is_back(self, concerns: int = 1) -> None:
        """After both came back, nothing recorded is missing or doubled, and the lists are the centre's again."""
        for _ in range(2):
            self.ann.settle()
            self.benjamin.settle()
        once_each(self.rig, self.ann, self.benjamin)
        converged(self.rig, self.ann, self.benjamin)
        # The supervisor's act had no copy anywhere else: it is undone, and both lists say so.
        assert self.hers[3] in self.ann.state()["records"]
        assert self.hers[3] not in self.benjamin.state()["records"]
        assert len(self.rig.ask("SELECT 1 FROM concern")) == concerns

    def close(self) -> None:
        self.served.close()
        self.rig.close()
        self.cluster.remove()


def scene_on(tools: Path, clusters: Path, name: str, workstation: Maker) -> Scene:
    return Scene(Cluster(tools, clusters, name).made_once().archiving().start(), workstation)


@pytest.fixture
def scene(clusters: Path, workstation: Maker, request: pytest.FixtureRequest) -> Iterator[Scene]:
    """A team on the PostgreSQL of the wheel."""
    scene = scene_on(wheel_tools(), clusters, f"r{abs(hash(request.node.nodeid)) % 10_000_000}", workstation)
    yield scene
    scene.close()


def test_after_a_restore_to_a_point_in_time_everything_retained_is_sent_again(
    clusters: Path, workstation: Maker
) -> None:
    # By the oldest PostgreSQL we support where Debian's packages put one; else by the one we ship, as all below.
    scene = scene_on(debian_tools() or wheel_tools(), clusters, "pitr", workstation)
    try:
        restored = scene.cluster.backup_to("pitrback")
        scene.work()
        scene.cluster.execute("SELECT pg_create_restore_point('ten minutes ago')", "SELECT pg_switch_wal()")
        scene.lose()
        scene.down()
        restored.recover("recovery_target_name = 'ten minutes ago'", "recovery_target_action = 'promote'")
        scene.up(restored)
        scene.everything_is_back()
        assert scene.epochs() == scene.before + 1  # PostgreSQL itself says that its history forked
    finally:
        scene.close()


def test_after_files_are_put_back_the_loss_is_noticed_though_the_database_cannot_know(scene: Scene) -> None:
    scene.work()
    scene.served.stop()
    scene.rig.engine.dispose()
    scene.cluster.stop()
    copy = scene.cluster.copy_to(f"{scene.cluster.data.name}x")
    scene.cluster.start_again()
    scene.served.start()
    scene.lose()
    scene.down()
    # F27, R1: this goes first and alone, with a number above everything that was lost: only a contiguous watermark
    # shows that the middle is missing.
    scene.ann.concern(scene.hers[0])
    scene.up(copy)
    scene.everything_is_back(concerns=2)
    assert scene.epochs() == scene.before


def test_after_a_backup_is_read_into_a_new_cluster_what_came_later_is_sent_again(scene: Scene, tmp_path: Path) -> None:
    scene.work()
    backup = tmp_path / "centre.dump"
    made = subprocess.run(
        [sys.executable, "-m", "caller_app.central", "backup", "--database-url", scene.cluster.url(), "--out",
         str(backup)],
        cwd=ROOT, env={**environment(), "PATH": f"{scene.cluster.tools}:/usr/bin:/bin"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    scene.ann.note(scene.hers[0])
    scene.ann.settle()
    assert scene.ann.state()["durable"] > 0  # what the backup holds may be forgotten here
    scene.lose()
    scene.down()
    fresh = Cluster(scene.cluster.tools, scene.cluster.home, f"{scene.cluster.data.name}n").make()
    fresh.start_again(at=scene.cluster)
    fresh.read_in(backup)
    fresh.stop()
    scene.up(fresh)
    scene.everything_is_back()
    assert scene.epochs() == scene.before + 1


def test_after_a_standby_takes_over_without_the_last_commits_they_are_sent_again(scene: Scene) -> None:
    scene.work()
    standby = scene.cluster.backup_to(f"{scene.cluster.data.name}s")  # it never hears of what comes after this
    scene.lose()
    scene.served.stop()
    scene.rig.engine.dispose()
    scene.cluster.kill()
    standby.stand_by()
    standby.start_again(at=scene.cluster)
    with pytest.raises(AssertionError, match="exit code 3"):
        scene.served.start()  # a standby that has not taken over is no place for a centre
    standby.run("pg_ctl", "-D", str(standby.data), "-w", "promote")
    scene.cluster.data = standby.data
    scene.served.start()  # at once: the first checkpoint of the new history may not be written yet
    scene.everything_is_back()
    assert scene.epochs() == scene.before + 1
