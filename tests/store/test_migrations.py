"""Migrations of the outbox: head equals the tables, up and down, with pending rows, and back when one fails."""

from pathlib import Path

import pytest

from caller_app.base.errors import Refused
from caller_app.store import migrate, schema_outbox, sending
from caller_app.store.engine import CipherFile
from tests.store import rig


def test_the_head_of_the_migrations_equals_the_tables(tmp_path: Path) -> None:
    migrated = CipherFile(tmp_path / "migrated.db", rig.KEY)
    made = CipherFile(tmp_path / "made.db", rig.KEY)
    try:
        with migrated.write() as connection:
            migrate.upgrade(connection)
            assert migrate.differences(connection) == []
        migrate.make_outbox(made)
        with made.read() as one, migrated.read() as two:
            shape = "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
            assert one.exec_driver_sql(shape).all() == two.exec_driver_sql(shape).all()
            stamp = "SELECT version_num FROM alembic_version"
            assert one.exec_driver_sql(stamp).scalar() == two.exec_driver_sql(stamp).scalar() == schema_outbox.HEAD
            for table in schema_outbox.metadata.tables:
                columns = f"SELECT name, type, pk FROM pragma_table_info('{table}') ORDER BY cid"
                assert one.exec_driver_sql(columns).all() == two.exec_driver_sql(columns).all()
    finally:
        migrated.close()
        made.close()


def test_each_migration_goes_up_and_down(tmp_path: Path) -> None:
    file = CipherFile(tmp_path / "outbox.db", rig.KEY)
    try:
        with file.write() as connection:
            migrate.upgrade(connection)
        with file.write() as connection:
            migrate.downgrade(connection, "base")
            assert migrate.tables_of(connection) == {"alembic_version"}
        with file.write() as connection:
            migrate.upgrade(connection)
            assert migrate.differences(connection) == []
    finally:
        file.close()


def test_a_file_of_a_newer_program_without_what_sending_takes_is_refused_and_left_alone(tmp_path: Path) -> None:
    store = rig.opened(tmp_path)
    store.write(lambda unit: unit.record(rig.note(rig.item(1))))
    with store.outbox.write() as connection:
        connection.exec_driver_sql("ALTER TABLE outbox RENAME COLUMN act_id TO deed_id")
        connection.exec_driver_sql(f"PRAGMA user_version = {schema_outbox.VERSION + 1}")
    store.close()
    with pytest.raises(Refused, match="newer version"):
        rig.opened(tmp_path)
    file = CipherFile(tmp_path / "outbox.db", rig.KEY)
    try:
        with file.read() as connection:
            assert sending.counts(connection).unsent == 1
    finally:
        file.close()


def test_a_migration_that_fails_puts_the_file_back_as_it_was(tmp_path: Path) -> None:
    store = rig.opened(tmp_path)
    store.write(lambda unit: unit.record(rig.note(rig.item(1))))
    with store.outbox.write() as connection:
        # An older file whose migration cannot succeed: the tables are there, the stamp is not.
        connection.exec_driver_sql("PRAGMA user_version = 0")
        connection.exec_driver_sql("DELETE FROM alembic_version")
    store.close()
    for _ in range(2):
        with pytest.raises(Exception, match="already exists"):
            rig.opened(tmp_path)
    file = CipherFile(tmp_path / "outbox.db", rig.KEY)
    try:
        with file.read() as connection:
            assert sending.counts(connection).unsent == 1
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    finally:
        file.close()


def test_an_ordinary_start_does_not_import_alembic(tmp_path: Path) -> None:
    import subprocess
    import sys

    program = (
        "import sys; from pathlib import Path; from tests.store import rig;"
        f"rig.opened(Path({str(tmp_path)!r})).close();"
        "print([name for name in ('alembic', 'requests', 'openpyxl', 'keyring', 'argon2') if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_list_of_another_version_is_made_anew(tmp_path: Path) -> None:
    from caller_app.store import mirror
    from tests.support.clock import StoppedClock

    clock = StoppedClock()
    store = rig.opened(tmp_path, clock)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(rig.item(1), 2)], clock))
    with store.lists.write() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    store.close()
    again = rig.opened(tmp_path, clock)
    try:
        assert mirror.position(again).cursor == 0
    finally:
        again.close()
