"""A centre with its own PostgreSQL is killed: the next start on its folder takes that over, and stops it later."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from caller_app.central.embedded import start_embedded
from tests.wire.cluster import Cluster, wheel_tools
from tests.wire.programs import PATIENCE, ROOT, environment


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that the account PostgreSQL runs under can reach."""
    folder = Path(tempfile.mkdtemp(prefix="taken-"))
    yield folder
    Cluster(wheel_tools(), folder, "postgres").stop("immediate")
    shutil.rmtree(folder)


@contextmanager
def serving(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "caller_app.central", "serve", "--embedded", "--data-dir", str(folder), "--port", "0"],
        cwd=ROOT, env=environment(CALLER_CENTRAL_LOG_LEVEL="error"), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("listening on ")
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


def first_process(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])


def test_the_database_of_a_killed_centre_is_taken_over_and_stopped_by_the_next(folder: Path) -> None:
    with serving(folder):
        left_behind = first_process(folder)
    assert psutil.pid_exists(left_behind)
    with serving(folder) as second:
        assert first_process(folder) == left_behind
        second.terminate()
        assert second.wait(PATIENCE) == 0
    assert not (folder / "postgres" / "postmaster.pid").exists()


def test_a_making_that_was_cut_short_is_set_aside_and_done_again(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("18\n", encoding="ascii")
    (folder / ".making").touch()
    server = start_embedded(folder)
    try:
        assert (folder / "postgres" / "global" / "pg_control").exists()
        assert [one.name for one in folder.glob("postgres-*")] == ["postgres-unfinished-1"]
        assert not (folder / ".making").exists()
    finally:
        server.stop()
