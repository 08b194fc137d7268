"""A workstation's outbox as a later release will leave it: migrated by a revision of its own, with work of its own."""

import hashlib
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, Text

from caller_app.base.ids import new_id
from caller_app.store import schema_outbox
from caller_app.store.engine import CipherFile
from caller_app.store.outbox import NEXT_DSEQ
from tests.store.rig import KEY

AT = "2026-03-03T10:00:00.000000Z"


def migrate(folder: Path, key: bytes = KEY) -> None:
    """Bring a closed outbox to the tables of a later release: additions only, as each release promises."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    file = CipherFile(folder / "outbox.db", key)
    try:
        with file.write() as connection:
            op = Operations(MigrationContext.configure(connection))
            op.add_column("outbox", Column("witness", Text))
            op.add_column("outbox", Column("weight", Integer, nullable=False, server_default="3"))
            op.add_column("identity", Column("mood", Text))
            op.create_table("recording", Column("change_id", Text, primary_key=True), Column("kept", Text))
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9001'")
            connection.exec_driver_sql(f"PRAGMA user_version = {schema_outbox.VERSION + 1}")
    finally:
        file.close()


def as_before(folder: Path) -> None:
    """Give a file the number of this program's tables again, as if the newer release had been this one."""
    file = CipherFile(folder / "outbox.db", KEY)
    try:
        with file.write() as connection:
            connection.exec_driver_sql(f"PRAGMA user_version = {schema_outbox.VERSION}")
    finally:
        file.close()


def add(
    folder: Path, case_id: str, *, kind: str = "wish_recorded", payload: bytes = b'{"wish":"a visit"}',
    key: bytes = KEY, **more: Any,
) -> str:  # fmt: skip
    """Record something in a closed outbox as a later release does; gives its id."""
    change_id = new_id()
    values = {
        "change_id": change_id, "act_id": new_id(), "kind": kind, "schema": 1, "rec_kind": 1, "rec_id": case_id,
        "base_ver": 1, "assign_gen": 1, "occurred_at": AT, "mono_ns": 1, "boot_id": "b", "utc_offset": 0,
        "payload": payload, "sha256": hashlib.sha256(payload).digest(), "state": "PENDING", "lane": 1, "tries": 0,
        "recorded_at": AT, **more,
    }  # fmt: skip
    file = CipherFile(folder / "outbox.db", key)
    try:
        with file.write() as connection:
            connection.exec_driver_sql(
                f"INSERT INTO outbox(dseq, {', '.join(values)}) VALUES ({NEXT_DSEQ}{',?' * len(values)})",
                tuple(values.values()),
            )
    finally:
        file.close()
    return change_id
