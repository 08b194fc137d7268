"""An outbox of an older program whose migration is killed half way, and a file that another program holds."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from caller_app.base.errors import Unavailable
from caller_app.store import migrate, schema_outbox, sending
from caller_app.store.engine import CipherFile
from tests.store import rig

_OPEN = "import sys, pathlib; from tests.store import rig; rig.opened(pathlib.Path(sys.argv[1])).close()"
ROOT = Path(__file__).resolve().parents[2]


def test_a_migration_killed_half_way_leaves_the_old_file_and_completes_at_the_next_start(tmp_path: Path) -> None:
    store = rig.opened(tmp_path)
    one = rig.item(1)
    store.write(lambda unit: [unit.record(rig.note(one, f"word {number}")) for number in range(500)])
    store.close()
    file = CipherFile(tmp_path / "outbox.db", rig.KEY)
    try:
        with file.write() as connection:
            migrate.downgrade(connection, "0001")
            connection.exec_driver_sql("PRAGMA user_version = 1")
    finally:
        file.close()
    environment = {**os.environ, "CALLSYNC_CRASH_AT": "migrated_before_stamped", "PYTHONPATH": str(ROOT)}
    killed = subprocess.run([sys.executable, "-c", _OPEN, str(tmp_path)], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    file = CipherFile(tmp_path / "outbox.db", rig.KEY)
    try:
        assert migrate.version_of(file) == 1
        with file.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE state = 'PENDING'").scalar() == 500
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    finally:
        file.close()
    store = rig.opened(tmp_path)
    try:
        assert migrate.version_of(store.outbox) == schema_outbox.VERSION
        with store.outbox.read() as connection:
            assert sending.counts(connection).unsent == 500
            assert migrate.differences(connection) == []
    finally:
        store.close()


def test_while_another_program_holds_the_file_nothing_is_said_to_be_saved_and_then_it_is(tmp_path: Path) -> None:
    store = rig.opened(tmp_path)
    other = CipherFile(tmp_path / "outbox.db", rig.KEY)
    try:
        raw = store.outbox._opened().connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA busy_timeout = 20").fetchall()
        with other.write() as held:
            held.exec_driver_sql("UPDATE identity SET alarm = alarm")
            with pytest.raises(Unavailable, match="Another program holds"):
                store.write(lambda unit: unit.record(rig.note(rig.item(1))))
        with store.outbox.read() as connection:
            assert sending.counts(connection).unsent == 0
        store.write(lambda unit: unit.record(rig.note(rig.item(1))))
        with store.outbox.read() as connection:
            assert sending.counts(connection).unsent == 1
    finally:
        other.close()
        store.close()
