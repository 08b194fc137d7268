"""An outbox of an earlier release: nothing in it is lost on the way, even where the way is cut short (F48)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from caller_app.base.failpoints import VARIABLE
from caller_app.store import migrate, schema_outbox, sending
from caller_app.store.engine import CipherFile
from caller_app.store.local import LocalStore
from tests.store import old_file, rig

ROOT = Path(__file__).resolve().parents[2]
OPEN = "import sys; from pathlib import Path; from tests.store import rig; rig.opened(Path(sys.argv[1])).close()"


def held(store: LocalStore) -> list[str]:
    return store.read(
        lambda view: list(view.outbox.exec_driver_sql("SELECT change_id FROM outbox ORDER BY dseq").scalars())
    )


def test_an_outbox_of_the_first_release_is_brought_up_with_all_that_waits_in_it(tmp_path: Path) -> None:
    ids = old_file.make(tmp_path, 500)
    store = rig.opened(tmp_path)
    try:
        assert held(store) == ids
        assert store.read(lambda view: [one.page for one in view.drafts()]) == [1, 2]
        assert store.read(lambda view: view.draft(rig.item(2).case_id)).page == 2
        fresh = store.write(lambda unit: unit.record(rig.note(rig.item(1))))
        assert held(store) == [*ids, fresh]
        batch, entries = sending.take_batch(store)
        assert batch
        assert [one.dseq for one in entries] == list(range(1, 201))
        with store.outbox.read() as connection:
            assert migrate.differences(connection) == []
        assert not list(tmp_path.glob("outbox.before-*"))
    finally:
        store.close()


def test_a_migration_killed_half_way_leaves_the_old_file_and_is_completed_at_the_next_start(tmp_path: Path) -> None:
    ids = old_file.make(tmp_path, 500)
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(tmp_path)],
        cwd=ROOT, env={**os.environ, VARIABLE: "migrated_before_stamped"}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    file = CipherFile(tmp_path / "outbox.db", rig.KEY)
    try:
        assert migrate.version_of(file) == 1
        with file.read() as connection:
            count = connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE state = 'PENDING'").scalar_one()
            assert count == 500
            assert connection.exec_driver_sql("SELECT count(*) FROM draft").scalar_one() == 2
    finally:
        file.close()
    store = rig.opened(tmp_path)
    try:
        assert held(store) == ids
        assert migrate.version_of(store.outbox) == schema_outbox.VERSION
    finally:
        store.close()


def test_on_the_way_back_the_next_number_is_the_one_after_the_last_that_was_given(tmp_path: Path) -> None:
    old_file.make(tmp_path, 3)
    store = rig.opened(tmp_path)
    try:
        store.write(lambda unit: unit.record(rig.note(rig.item(1))))
        with store.outbox.write() as connection:
            migrate.downgrade(connection, "0001")
            assert connection.exec_driver_sql("SELECT next_dseq FROM identity").scalar_one() == 5
            assert connection.exec_driver_sql("SELECT count(*) FROM draft").scalar_one() == 2
    finally:
        store.close()
