"""A folder that may not be written, and files another program holds: said in words, and nothing half done (F36)."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from caller_app.base.errors import Unavailable
from caller_app.store import mirror, sending
from caller_app.store.local import LocalStore
from tests.store import rig
from tests.support.clock import StoppedClock


@contextmanager
def held_by_another_program(path: Path) -> Iterator[None]:
    """Hold a file's write lock as a virus scanner or a copying program might."""
    other = driver.connect(str(path), isolation_level=None)
    other.execute(f"PRAGMA key = \"x'{rig.KEY.hex()}'\"")
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Take away the right to write there; root, whom no mode forbids anything, gets it mounted read-only."""
    if os.geteuid():
        folder.chmod(0o500)
        yield
        folder.chmod(0o700)
        return
    for words in (["--bind", str(folder), str(folder)], ["-o", "remount,bind,ro", str(folder)]):
        if subprocess.run(["mount", *words], capture_output=True, check=False).returncode:
            pytest.skip("NOT TESTED HERE: a read-only folder needs the right to mount, or not to be root")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    clock = StoppedClock()
    store = rig.opened(tmp_path / "profile", clock)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(rig.item(1), 2)], clock))
    with store.outbox.write() as connection:  # how long it is patient is not what is tested
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    yield store
    store.close()


def test_while_another_program_holds_the_outbox_a_save_fails_aloud_and_works_afterwards(store: LocalStore) -> None:
    with held_by_another_program(store.outbox.path):
        with pytest.raises(Unavailable, match="Another program holds"):
            store.write(lambda unit: unit.record(rig.note(rig.item(1))))
        with pytest.raises(Unavailable):
            sending.take_batch(store)
        assert store.read(lambda view: sending.counts(view.outbox)).unsent == 0  # reading goes on
    change_id = store.write(lambda unit: unit.record(rig.note(rig.item(1))))
    _batch, entries = sending.take_batch(store)
    assert [(one.dseq, one.change_id) for one in entries] == [(1, change_id)]


@pytest.mark.expects_log("shown rows lag behind")
def test_while_another_program_holds_the_list_recording_goes_on_and_what_is_shown_follows(store: LocalStore) -> None:
    with store.lists.write() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    with store.outbox.read() as connection:
        key = connection.exec_driver_sql("SELECT list_key FROM identity").scalar_one()
    other = driver.connect(str(store.lists.path), isolation_level=None)
    other.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    other.execute("BEGIN IMMEDIATE")
    case = rig.item(1).case_id
    store.write(lambda unit: unit.record(rig.attempt(rig.item(1))))
    other.execute("ROLLBACK")
    other.close()
    assert store.read(lambda view: sending.counts(view.outbox)).unsent == 1
    store.show_again()
    shown = store.read(lambda view: view.item(case))
    assert shown is not None and len(shown.attempts) == 1


def test_a_folder_that_may_not_be_written_is_said_in_words_and_everything_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    store = rig.opened(folder)
    kept = store.write(lambda unit: unit.record(rig.note(rig.item(1))))
    store.close()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with unwritable(folder):
        with pytest.raises(Unavailable, match="cannot write"):
            rig.opened(folder)
        with pytest.raises(Unavailable, match="cannot write"):
            rig.opened(folder)  # and the lock was not left behind
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    again = rig.opened(folder)
    try:
        assert [one.change_id for one in again.read(lambda view: view.my_changes(rig.item(1).case_id))] == [kept]
    finally:
        again.close()
