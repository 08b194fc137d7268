"""Fail the i-th thing beneath the store: every sync, write, truncation and removal of a file, one after another (F35).

After each the files are opened again: what was announced is there, nothing is that was said to have failed, and the
same work done again ends as it would have. The rest of the works and kinds: `python -m tests.faults.each_call`.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.power import disk

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return disk.build(tmp_path_factory.mktemp("layer"))


def each(layer: Path, folder: Path, works: str, kinds: str) -> list[dict[str, int]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.each_call", str(folder), works, kinds],
        cwd=ROOT, env=disk.over(layer), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("work", ["opening", "act", "page", "push", "grow_old", "fold"])
def test_whichever_sync_fails_the_work_is_whole_or_not_there(layer: Path, tmp_path: Path, work: str) -> None:
    (counted,) = each(layer, tmp_path, work, "S")
    assert counted["failed"] >= 5  # every recording waits for the disk at least once, and so does the end


def test_whichever_write_finds_no_room_the_outcome_in_hand_is_saved(layer: Path, tmp_path: Path) -> None:
    (counted,) = each(layer, tmp_path, "act", "W")
    assert counted["failed"] >= 8
    assert counted["told"] == 0  # the room set aside was given up, and it was saved


@pytest.mark.parametrize("kind", ["T", "U"])
def test_whichever_file_cannot_be_cut_or_removed_nothing_is_lost(layer: Path, tmp_path: Path, kind: str) -> None:
    for counted in each(layer, tmp_path, "fold,push", kind):
        assert counted["failed"] >= 1


@pytest.mark.parametrize("room", [1_350_000, 1_700_000])
def test_a_disk_that_fills_up_at_any_moment_loses_nothing_it_announced(layer: Path, tmp_path: Path, room: int) -> None:
    from tests.faults.promises import Promises, check

    machine = tmp_path / "machine"
    machine.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.recorder", str(machine), "4", "120", "record,act,act,draft,page,push"],
        cwd=ROOT, env=disk.environment(layer, machine, tmp_path / "record", POWER_SPACE=str(room)),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) > 0, "the disk was never full"
    said = (machine / "announced").read_text(encoding="ascii").splitlines()
    assert len(said) > 20
    check(machine / "profile", Promises(said, said))
