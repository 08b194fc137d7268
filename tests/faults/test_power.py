"""Power loss: what was announced as saved is there, whatever the disk kept of the rest (I13, F32)."""

import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.power import disk
from tests.faults.promises import Promises, check
from tests.store import old_file, rig
from tests.support.clock import StoppedClock

ROOT = Path(__file__).resolve().parents[2]
CUTS = 45
OPEN = "import sys; from pathlib import Path; from tests.store import rig; rig.opened(Path(sys.argv[1])).close()"
LASTING = (0.0, 0.5, 0.9, 1.0)  # nothing unsynced, half of it torn, nearly all, everything but the process


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return disk.build(tmp_path_factory.mktemp("layer"))


def recorded(layer: Path, folder: Path, seed: int, steps: int) -> list[disk.Event]:
    """Let a workstation work for a while on a disk that writes everything down."""
    under = folder / "machine"
    under.mkdir()
    subprocess.run(
        [sys.executable, "-m", "tests.faults.recorder", str(under), str(seed), str(steps)],
        cwd=ROOT, env=disk.environment(layer, under, folder / "record"), check=True, capture_output=True,
    )  # fmt: skip
    return disk.read(folder / "record")


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_announced_outlives_a_power_cut_at_any_point(layer: Path, tmp_path: Path, seed: int) -> None:
    events = recorded(layer, tmp_path, seed, steps=40)
    ever = disk.notes(events)
    assert len(ever) > 20
    chance = random.Random(seed)
    fared: Counter[str] = Counter()
    first = next(number for number, one in enumerate(events) if one.what == "N")
    for cut in sorted(chance.sample(range(first, len(events)), CUTS)):
        past = events[: cut + 1]
        left = tmp_path / "left"
        disk.put(disk.after_power_cut(past, chance, last=chance.choice(LASTING)), tmp_path / "machine", left)
        fared[check(left / "profile", Promises(disk.notes(past), ever))] += 1
        shutil.rmtree(left)
    assert fared["kept"] > 0


def test_a_power_cut_while_the_files_are_made_the_first_time_leaves_a_program_that_starts(
    layer: Path, tmp_path: Path
) -> None:
    events = recorded(layer, tmp_path, seed=3, steps=0)
    first = next(number for number, one in enumerate(events) if one.what == "N")
    chance = random.Random(3)
    for cut in range(1, first, max(1, first // 25)):
        left = tmp_path / "left"
        disk.put(disk.after_power_cut(events[:cut], chance, last=chance.choice(LASTING)), tmp_path / "machine", left)
        check(left / "profile", Promises([], disk.notes(events)))
        shutil.rmtree(left, ignore_errors=True)


def test_a_power_cut_during_a_migration_leaves_the_old_file_or_the_new_one_with_all_that_waits(
    layer: Path, tmp_path: Path
) -> None:
    machine = tmp_path / "machine"
    ids = old_file.make(machine / "profile", 120)
    before = {str(machine / "profile" / "outbox.db"): (machine / "profile" / "outbox.db").read_bytes()}
    subprocess.run(
        [sys.executable, "-c", OPEN, str(machine / "profile")],
        cwd=ROOT, env=disk.environment(layer, machine, tmp_path / "record"), check=True, capture_output=True,
    )  # fmt: skip
    events = disk.read(tmp_path / "record")
    chance = random.Random(4)
    for cut in sorted(chance.sample(range(1, len(events)), 20)):
        left = tmp_path / "left"
        files = disk.after_power_cut(events[:cut], chance, last=chance.choice(LASTING), before=before)
        disk.put(files, machine, left)
        store = rig.opened(left / "profile", StoppedClock())
        try:
            found = store.read(
                lambda view: list(view.outbox.exec_driver_sql("SELECT change_id FROM outbox ORDER BY dseq").scalars())
            )
            assert found == ids
            assert len(store.read(lambda view: view.drafts())) == 2
            assert not list((left / "profile").glob("*.damaged-*"))
        finally:
            store.close()
        shutil.rmtree(left)
