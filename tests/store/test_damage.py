"""Damaged files, a wrong key, a second process: unsent work is never deleted, and what happened is said."""

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from caller_app.base.errors import Refused, Unavailable
from caller_app.base.paths import Paths
from caller_app.base.secrets import MemorySecrets
from caller_app.domain.calls import CallDraft
from caller_app.store import mirror, sending
from caller_app.store.local import LocalStore
from caller_app.store.opening import rebuild_list
from caller_app.store.profile import key_of, profile_of
from tests.store import rig
from tests.support.clock import StoppedClock

ROOT = Path(__file__).resolve().parents[2]


def filled(folder: Path, clock: StoppedClock, count: int = 40) -> list[str]:
    """Make a profile with people, recorded work and an open call, and close it; gives the change ids."""
    store = rig.opened(folder, clock)
    people = [rig.item(number) for number in range(1, count + 1)]
    mirror.apply_page(store, rig.page([rig.put_project(1), *(rig.put(p, n + 2) for n, p in enumerate(people))], clock))
    ids = [store.write(lambda unit, p=p: unit.record(rig.note(p, f"word {p.seed} " + "x" * 400))) for p in people]
    store.write(lambda unit: unit.save_draft(CallDraft(call_id="c", case_id=people[0].case_id, opened_at=unit.now)))
    store.close()
    return ids


def spoil(path: Path, place: int, size: int = 64) -> None:
    raw = bytearray(path.read_bytes())
    for at in range(place, min(place + size, len(raw))):
        raw[at] ^= 0xFF
    path.write_bytes(raw)


def outbox_ids(store: LocalStore) -> list[str]:
    return store.read(
        lambda view: list(view.outbox.exec_driver_sql("SELECT change_id FROM outbox ORDER BY dseq").scalars())
    )


def test_a_damaged_list_is_thrown_away_and_read_again_with_the_outbox_untouched(tmp_path: Path) -> None:
    clock = StoppedClock()
    ids = filled(tmp_path, clock)
    spoil(tmp_path / "list.db", 3 * 4096 + 100)
    store = rig.opened(tmp_path, clock)
    try:
        assert mirror.position(store).mode == "snapshot"
        assert mirror.position(store).cursor == 0
        assert outbox_ids(store) == ids
    finally:
        store.close()


@pytest.mark.parametrize("size", [0, 1000, 5000])
def test_a_truncated_list_is_read_again(tmp_path: Path, size: int) -> None:
    clock = StoppedClock()
    ids = filled(tmp_path, clock)
    path = tmp_path / "list.db"
    path.write_bytes(path.read_bytes()[:size])
    store = rig.opened(tmp_path, clock)
    try:
        assert mirror.position(store).cursor == 0
        assert outbox_ids(store) == ids
    finally:
        store.close()


@pytest.mark.expects_log("list.db is damaged")
def test_a_list_damaged_while_open_is_noticed_and_made_anew(tmp_path: Path) -> None:
    clock = StoppedClock()
    ids = filled(tmp_path, clock)
    store = rig.opened(tmp_path, clock)
    try:
        store.lists.checkpoint()
        store.lists._readers.dispose()
        store.lists._writer.dispose()
        store.lists._write_connection = None
        for page in range(1, 40):
            spoil(tmp_path / "list.db", page * 4096 + 50)
        with pytest.raises(Unavailable):
            store.read(lambda view: view.item(rig.item(5).case_id))
        assert store.list_is_damaged
        # Recording goes on: the commit to the outbox does not depend on the list being shown.
        rebuild_list(store)
        assert not store.list_is_damaged
        assert outbox_ids(store) == ids
    finally:
        store.close()


@pytest.mark.expects_log("damaged outbox set aside")
def test_a_damaged_outbox_is_set_aside_and_what_can_be_read_is_rescued(tmp_path: Path) -> None:
    clock = StoppedClock()
    ids = filled(tmp_path, clock)
    path = tmp_path / "outbox.db"
    whole = path.read_bytes()
    pages = len(whole) // 4096
    spoil(path, (pages // 2) * 4096 + 200)
    spoiled = path.read_bytes()
    store = rig.opened(tmp_path, clock)
    try:
        aside = sorted(tmp_path.glob("outbox.damaged-*.db"))
        assert len(aside) == 1
        assert aside[0].read_bytes() == spoiled
        rescued = outbox_ids(store)
        assert rescued
        assert set(rescued) <= set(ids)
        assert rescued == [one for one in ids if one in set(rescued)]  # their order is kept
        identity = store.read(lambda view: sending.identity(view.outbox))
        assert identity.device_id is None  # the old numbers may be in use at the centre
        assert identity.next_dseq == len(rescued) + 1
        counts = store.read(lambda view: sending.counts(view.outbox))
        assert counts.unsent == len(rescued)
        assert counts.alarm is not None
        assert str(len(rescued)) in counts.alarm
    finally:
        store.close()


@pytest.mark.expects_log("damaged outbox set aside")
def test_an_outbox_whose_first_page_is_gone_is_set_aside_not_deleted(tmp_path: Path) -> None:
    clock = StoppedClock()
    filled(tmp_path, clock)
    spoil(tmp_path / "outbox.db", 30, 500)
    store = rig.opened(tmp_path, clock)
    try:
        assert outbox_ids(store) == []
        assert len(list(tmp_path.glob("outbox.damaged-*.db"))) == 1
        assert store.read(lambda view: sending.counts(view.outbox)).alarm is not None
        store.write(lambda unit: unit.record(rig.note(rig.item(1))))
    finally:
        store.close()


def test_a_page_torn_while_the_log_was_folded_back_is_healed_and_nothing_is_set_aside(tmp_path: Path) -> None:
    clock = StoppedClock()
    before = tmp_path / "before"
    ids = filled(before, clock)
    store = rig.opened(before, clock)
    ids += [store.write(lambda unit: unit.record(rig.note(rig.item(1), "y" * 900))) for _ in range(9)]
    after = tmp_path / "after"
    shutil.copytree(before, after)  # as a machine whose power goes now leaves it, but for the torn pages
    store.close()
    log = (after / "outbox.db-wal").read_bytes()
    frames = range(32, len(log) - 24, 4096 + 24)
    pages = {int.from_bytes(log[at : at + 4]) for at in frames}
    size = (after / "outbox.db").stat().st_size
    torn = [number for number in pages if number * 4096 <= size and number > 1]
    assert torn
    for number in torn:
        spoil(after / "outbox.db", (number - 1) * 4096 + 512, 512)
    again = rig.opened(after, clock)
    try:
        assert outbox_ids(again) == ids
        assert list(after.glob("outbox.damaged-*")) == []
        assert again.read(lambda view: sending.counts(view.outbox)).alarm is None
    finally:
        again.close()


@pytest.mark.expects_log("damaged outbox set aside")
def test_a_second_damage_never_overwrites_the_first_set_aside_file(tmp_path: Path) -> None:
    clock = StoppedClock()
    for _ in range(2):
        store = rig.opened(tmp_path, clock)
        store.write(lambda unit: unit.record(rig.note(rig.item(1))))
        store.close()
        spoil(tmp_path / "outbox.db", 30, 500)
    rig.opened(tmp_path, clock).close()
    assert len(list(tmp_path.glob("outbox.damaged-*.db"))) == 2


def test_a_key_that_is_gone_is_never_replaced(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    profile = profile_of(paths, rig.SERVER, 7)
    secrets = MemorySecrets()
    key = key_of(profile, secrets)
    assert len(key) == 32
    assert key_of(profile, secrets) == key
    rig.opened(profile.folder, key=key).close()
    before = (profile.folder / "outbox.db").read_bytes()
    with pytest.raises(Refused, match="key"):
        key_of(profile, MemorySecrets())
    other = MemorySecrets()
    other.set(f"{profile.name}/key", bytes(32).hex())
    with pytest.raises(Refused, match="key"):
        key_of(profile, other)
    assert (profile.folder / "outbox.db").read_bytes() == before


def test_files_of_another_person_are_not_opened(tmp_path: Path) -> None:
    from caller_app.domain.staff import User

    rig.opened(tmp_path).close()
    with pytest.raises(Refused, match="another person"):
        rig.opened(tmp_path, me=User(user_id=8, name="ben", shown_name="Ben", role="caller"))


def test_a_second_opening_is_refused_and_names_the_process(tmp_path: Path) -> None:
    import os

    store = rig.opened(tmp_path)
    try:
        with pytest.raises(Refused, match=str(os.getpid())):
            rig.opened(tmp_path)
    finally:
        store.close()
    rig.opened(tmp_path).close()


def test_a_second_process_is_refused_while_the_first_has_the_profile(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from caller_app.base.errors import Refused
        from tests.store import rig
        try:
            rig.opened(Path(sys.argv[1]))
        except Refused as fault:
            print(fault.sentence)
            sys.exit(4)
    """)
    store = rig.opened(tmp_path)
    try:
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    finally:
        store.close()
    assert done.returncode == 4, done.stderr
    assert "already open" in done.stdout


def test_the_thread_of_the_window_may_not_touch_the_store(tmp_path: Path) -> None:
    from caller_app.base.threads import allow_thread, forbid_thread

    store = rig.opened(tmp_path)
    forbid_thread()
    try:
        with pytest.raises(RuntimeError):
            store.read(lambda view: view.now)
        with pytest.raises(RuntimeError):
            store.write(lambda unit: unit.now)
    finally:
        allow_thread()
        store.close()


def test_a_closed_store_is_never_opened_again_by_a_thread_left_behind(tmp_path: Path) -> None:
    store = rig.opened(tmp_path)
    store.close()
    with pytest.raises(Unavailable):
        store.read(lambda view: view.now)
    with pytest.raises(Unavailable):
        sending.nothing_is_under_way(store)


@pytest.mark.expects_log("outbox.db is damaged")
def test_an_outbox_damaged_while_open_is_named_and_rescued_at_the_next_start(tmp_path: Path) -> None:
    clock = StoppedClock()
    ids = filled(tmp_path, clock)
    store = rig.opened(tmp_path, clock)
    try:
        store.outbox.checkpoint()
        store.outbox._readers.dispose()
        middle = (tmp_path / "outbox.db").stat().st_size // 4096 // 2
        for page in range(middle, middle + 4):
            spoil(tmp_path / "outbox.db", page * 4096 + 50)
        with pytest.raises(Unavailable):
            store.read(lambda view: view.outbox.exec_driver_sql("SELECT sum(length(payload)) FROM outbox").scalar())
        assert store.outbox_is_damaged
        assert not store.list_is_damaged
    finally:
        store.close()
    assert ids
