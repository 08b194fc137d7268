"""A damaged file: the list is thrown away and read again, the outbox is set aside and everything readable rescued.

What a reader would get wrong: a damaged `outbox.db` is never deleted. It is renamed, stays there for support, and the
rows that can still be read go into a new file under a new device id (the old numbers may be in use at the centre).
Change ids are kept, so nothing that had arrived already can count twice.
"""

import logging
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from caller_app.base.errors import Unavailable
from caller_app.store.drafts import key_of
from caller_app.store.engine import CipherFile, Damaged
from caller_app.store.migrate import bring_up
from caller_app.store.schema_outbox import metadata

log = logging.getLogger(__name__)

_SIDES = ("-wal", "-shm")
_PAGE = 4096
_CHECKED_WHOLE = 64 * 1024 * 1024
_PROBED = 50_000  # places looked at one by one between two that cannot be read


def is_sound(file: CipherFile) -> bool:
    """Check a file page by page: the cipher's own marks, then SQLite's structure."""
    if _is_whole(file):
        return True
    wal = file.path.with_name(file.path.name + "-wal")
    if not wal.exists() or not wal.stat().st_size:
        return False
    # Power that went while the log was being folded back leaves torn pages in the file. The log has them whole, but
    # the cipher's check reads the file alone: fold once more, then look again.
    try:
        file.checkpoint()
    except Unavailable:
        return False
    return _is_whole(file)


def _is_whole(file: CipherFile) -> bool:
    try:
        with file.read() as connection:
            bad_pages = connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall()
            verdict = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    except Damaged:
        return False
    return not bad_pages and verdict == "ok"


def is_small(path: Path) -> bool:
    """Tell whether a file is small enough to be checked whole at each start."""
    return path.stat().st_size < _CHECKED_WHOLE


def forget(path: Path) -> None:
    """Delete a projection file with its side files."""
    for side in ("", *_SIDES):
        path.with_name(path.name + side).unlink(missing_ok=True)


def set_aside(path: Path, stamp: str) -> Path:
    """Rename a damaged file with its side files, never over an earlier one; gives the new path."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{stamp}-{number}{path.suffix}")).exists():
        number += 1
    for side in ("", *_SIDES):
        source = path.with_name(path.name + side)
        if source.exists():
            source.rename(aside.with_name(aside.name + side))
    return aside


def rescue(aside: Path, key: bytes, fresh: CipherFile) -> tuple[int, int]:
    """Copy every readable row of a set-aside outbox into a fresh file; gives (rescued, drafts).

    Works on a copy, so that the set-aside file stays byte for byte what it was.
    """
    work = aside.with_name(aside.stem + ".work.db")
    for side in ("", *_SIDES):
        if aside.with_name(aside.name + side).exists():
            shutil.copy2(aside.with_name(aside.name + side), work.with_name(work.name + side))
    old = CipherFile(work, key)
    try:
        changes = list(_readable(old, "outbox", "dseq"))
        open_calls = list(_readable(old, "draft", "rowid"))
        ledger = list(_readable(old, "ledger", "rowid"))
    finally:
        old.close()
        forget(work)
    with fresh.write() as connection:
        count = 0
        for row in sorted(changes, key=lambda one: one["dseq"]):
            count += 1
            row.update(dseq=count, state="PENDING", tries=0, next_try_at=None, batch_id=None, last_error=None)
            row.update(verdict=None, result_ver=None, acked_at=None, durable_at=None)
            _insert(connection, "outbox", row)
        for row in open_calls:
            row.update(nr=key_of(row["rec_id"]))
            _insert(connection, "draft", row)
        for row in ledger:
            _insert(connection, "ledger", row)
        connection.exec_driver_sql("UPDATE identity SET next_dseq = ? WHERE one = 1", (count + 1,))
    log.error("damaged outbox set aside: %d changes and %d open calls rescued", count, len(open_calls))
    return count, len(open_calls)


def _readable(file: CipherFile, table: str, key: str) -> Iterator[dict[str, Any]]:
    """Give the rows of a table that can still be read: from both ends, then one by one between what cannot."""
    if not _has(file, table):
        return
    first: int | None = None
    last: int | None = None
    for order in ("ASC", "DESC"):
        try:
            for at, row in _rows(file, f"SELECT {key} AS _at, * FROM {table} NOT INDEXED ORDER BY {key} {order}"):
                if order == "DESC" and first is not None and at <= first:
                    return
                first, last = (at, last) if order == "ASC" else (first, at)
                yield row
            if order == "ASC":
                return
        except Unavailable:
            continue
    if first is None or last is None or last - first > _PROBED:
        return
    for at in range(first + 1, last):
        with suppress(Unavailable):
            yield from (row for _, row in _rows(file, f"SELECT {key} AS _at, * FROM {table} WHERE {key} = {at:d}"))


def _has(file: CipherFile, table: str) -> bool:
    try:
        with file.read() as connection:
            found = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).scalar()
    except Unavailable:
        return False
    return found is not None


def _rows(file: CipherFile, statement: str) -> Iterator[tuple[int, dict[str, Any]]]:
    with file.read() as connection:
        for row in connection.exec_driver_sql(statement).mappings():
            yield row["_at"], {name: value for name, value in row.items() if name != "_at"}


def _insert(connection: Any, table: str, row: dict[str, Any]) -> None:
    known = metadata.tables[table].columns
    row = {name: value for name, value in row.items() if name in known}
    names = ", ".join(row)
    marks = ", ".join("?" * len(row))
    connection.exec_driver_sql(f"INSERT OR IGNORE INTO {table}({names}) VALUES ({marks})", tuple(row.values()))


def check_or_make(path: Path, key: bytes) -> CipherFile:
    """Open an outbox and bring its tables up; raises Damaged where it cannot be what it was."""
    size = path.stat().st_size if path.exists() else 0
    if 0 < size < _PAGE:  # what is shorter than a page would be taken for a new file and written over
        raise Damaged("The file of your saved work is damaged.")
    file = CipherFile(path, key)
    try:
        if size and is_small(path) and not is_sound(file):
            raise Damaged("The file of your saved work is damaged.")
        bring_up(file)
    except BaseException:
        file.close()
        raise
    return file
