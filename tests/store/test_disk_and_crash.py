"""A full disk and a killed process: what was announced as saved is there, and nothing is half done."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from caller_app.store import health, mirror
from caller_app.store.engine import NoRoom
from tests.store import rig
from tests.support.clock import StoppedClock

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 10


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB; needs the right to mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("NOT TESTED HERE: a full disk needs a tmpfs of its own, and this user may not mount one")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path) -> None:
    with (folder / "filler").open("ab", buffering=0) as out:
        for size in (64 * 1024, 4096, 512):
            try:
                while True:
                    out.write(os.urandom(size))
            except OSError:
                continue


@pytest.mark.expects_log("disk full: ballast")
@pytest.mark.expects_log("shown rows lag behind")
def test_with_the_disk_full_the_outcome_in_hand_is_saved_on_the_room_set_aside(small_disk: Path) -> None:
    clock = StoppedClock()
    store = rig.opened(small_disk, clock)
    case = rig.item(1)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(case, 2)], clock))
    store.ballast._path.write_bytes(os.urandom(1024 * 1024))
    fill(small_disk)
    ids: list[str] = []
    try:
        with pytest.raises(NoRoom, match="NOT saved"):
            while len(ids) < 1000:
                change_id = store.write(lambda unit: unit.record(rig.note(case, "x" * 2000)))
                ids.append(change_id)
        assert store.low_on_room
        assert len(ids) > 20  # the room set aside was used before giving up
        assert [one.change_id for one in store.read(lambda view: view.my_changes(case.case_id))] == ids
        (small_disk / "filler").unlink()
        ids.append(store.write(lambda unit: unit.record(rig.note(case))))
        assert not store.low_on_room or not store.ballast.lay_down()
    finally:
        store.close()
    again = rig.opened(small_disk, clock)
    try:
        assert [one.change_id for one in again.read(lambda view: view.my_changes(case.case_id))] == ids
        assert health.is_sound(again.outbox)
    finally:
        again.close()


@pytest.mark.expects_log("disk full")
def test_a_page_that_finds_the_disk_full_leaves_the_cursor_with_its_rows(small_disk: Path) -> None:
    clock = StoppedClock()
    store = rig.opened(small_disk, clock)
    try:
        first = [rig.item(number) for number in range(1, 4)]
        lines = [rig.put_project(1), *(rig.put(p, n + 2) for n, p in enumerate(first))]
        mirror.apply_page(store, rig.page(lines, clock))
        more = [rig.put(rig.item(number), 10 + number, 1) for number in range(10, 4000)]
        store.ballast._path.write_bytes(os.urandom(1024 * 1024))
        fill(small_disk)
        with pytest.raises(NoRoom):
            mirror.apply_page(store, rig.page(more, clock))
        cursor = mirror.position(store).cursor
        held = store.read(lambda view: view.lists.exec_driver_sql("SELECT max(seq) FROM record").scalar())
        assert cursor == held or (cursor == 4 and held == 4)
        store.write(lambda unit: unit.record(rig.note(first[0])))
        (small_disk / "filler").unlink()
    finally:
        store.close()


CHILD = textwrap.dedent("""
    import sys
    from pathlib import Path
    from tests.store import rig
    from caller_app.store import mirror
    from tests.support.clock import StoppedClock

    folder, start = Path(sys.argv[1]), int(sys.argv[2])
    clock = StoppedClock()
    store = rig.opened(folder, clock)
    people = [rig.item(number) for number in range(1, 30)]
    mirror.apply_page(store, rig.page([rig.put_project(1), *(rig.put(p, n + 2) for n, p in enumerate(people))], clock))
    number = start
    while True:
        person = people[number % len(people)]
        change_id = store.write(lambda unit: unit.record(rig.attempt(person)))
        sys.stdout.write(change_id + "\\n")
        sys.stdout.flush()
        number += 1
""")


def test_a_process_killed_while_recording_loses_nothing_it_announced(tmp_path: Path) -> None:
    announced: list[str] = []
    for round_number in range(ROUNDS):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path), str(round_number)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        # Killed at another point of the work each time: after so many announced saves, in the middle of the next.
        announced += [child.stdout.readline().strip() for _ in range(3 + 4 * round_number)]
        child.kill()
        announced.extend(line.strip() for line in child.stdout if line.endswith("\n"))
        child.stdout.close()
        child.wait()
    store = rig.opened(tmp_path)
    try:
        rows = store.read(
            lambda view: view.outbox.exec_driver_sql("SELECT dseq, change_id FROM outbox ORDER BY dseq").all()
        )
        kept = [row.change_id for row in rows]
        assert len(announced) >= 200
        assert [one for one in announced if one not in set(kept)] == []
        assert [row.dseq for row in rows] == list(range(1, len(rows) + 1))  # no number skipped or used twice
        assert health.is_sound(store.outbox)
        assert health.is_sound(store.lists)
    finally:
        store.close()
