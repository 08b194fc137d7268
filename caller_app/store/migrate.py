"""Bringing `outbox.db` up to this program's tables; Alembic is imported only when the file is behind.

What a reader would get wrong: a fresh file is made from the tables directly and stamped, so that Alembic's 660 ms are
paid once per release and not per start. A file of a newer program is never migrated. Before a migration the
whole file is copied; a migration that fails puts the copy back.
"""

import shutil
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from caller_app.base.errors import Refused
from caller_app.base.failpoints import crash_here
from caller_app.base.paths import alembic_path
from caller_app.store import bodies, schema_list, schema_outbox, search
from caller_app.store.engine import CipherFile, troubles_named

NEWER = (
    "Your saved work was written by a newer version of this program. Start that version, or ask IT to update this one."
)


def version_of(file: CipherFile) -> int:
    """Give the number a file carries of its tables; 0 where it was just made."""
    with file.read() as connection:
        version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    return version


def make_outbox(file: CipherFile) -> None:
    """Make the tables of a fresh outbox and stamp it with the newest revision."""
    with file.write() as connection:
        schema_outbox.metadata.create_all(connection)
        connection.exec_driver_sql(
            "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"
        )
        connection.exec_driver_sql("INSERT INTO alembic_version(version_num) VALUES (?)", (schema_outbox.HEAD,))
        connection.exec_driver_sql(f"PRAGMA user_version = {schema_outbox.VERSION}")


def make_list(file: CipherFile) -> None:
    """Make the tables of a fresh list."""
    with file.write() as connection:
        schema_list.metadata.create_all(connection)
        for statement in search.SEARCH_TABLES:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("INSERT INTO meta(one) VALUES (1)")
        connection.exec_driver_sql(f"PRAGMA user_version = {bodies.layout()}")


def bring_up(file: CipherFile) -> None:
    """Make or migrate the tables of the outbox. A newer program's file stays as it is: something can be sent from it
    (store/versions.py), or Refused is raised."""
    version = version_of(file)
    if version == schema_outbox.VERSION:
        return
    if version > schema_outbox.VERSION:
        if not has_what_sending_takes(file):
            raise Refused(NEWER)
        return
    with file.read() as connection:
        is_fresh = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one() == 0
    if is_fresh:
        make_outbox(file)
        return
    copy = file.path.with_name(f"outbox.before-{schema_outbox.HEAD}.db")
    file.checkpoint()
    shutil.copy2(file.path, copy)
    try:
        with file.write() as connection:
            upgrade(connection)
            crash_here("migrated_before_stamped")
            connection.exec_driver_sql(f"PRAGMA user_version = {schema_outbox.VERSION}")
        with file.read() as connection:
            if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
                raise Refused("Your saved work could not be brought to this version. Nothing is lost; ask IT.")
    except BaseException:
        file.close()
        for side in ("-wal", "-shm"):
            file.path.with_name(file.path.name + side).unlink(missing_ok=True)
        shutil.copy2(copy, file.path)
        raise
    copy.unlink(missing_ok=True)


def has_what_sending_takes(file: CipherFile) -> bool:
    """Tell whether a file of a newer program still has every table and column this one works with."""
    with file.read() as connection:
        for table in schema_outbox.metadata.tables.values():
            columns = connection.exec_driver_sql(f"SELECT name FROM pragma_table_info('{table.name}')").scalars()
            if not {column.name for column in table.columns} <= set(columns):
                return False
    return True


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations of the workstation environment on an open transaction."""
    _command("upgrade", connection, revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Run the migrations backwards: for tests and for support."""
    _command("downgrade", connection, revision)


def differences(connection: Connection) -> list[Any]:
    """Name what a migrated file has that the tables do not say, and the other way round: empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with troubles_named():
        return list(compare_metadata(MigrationContext.configure(connection), schema_outbox.metadata))


def _command(name: str, connection: Connection, revision: str) -> None:
    from alembic.config import Config

    from alembic import command

    config = Config()
    config.set_main_option("script_location", str(_environment()).replace("%", "%%"))
    config.attributes["connection"] = connection
    getattr(command, name)(config, revision)


def _environment() -> Path:
    return alembic_path("workstation")


def tables_of(connection: Connection) -> set[str]:
    """Name the tables of a file."""
    return set(sa.inspect(connection).get_table_names())
