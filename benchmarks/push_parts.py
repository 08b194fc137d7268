"""The floor below a push: the rows that the centre and the workstation wrote for it, written again with nothing else.

Per batch two PostgreSQL commits (what arrived; what it did) and one commit of the settlement in a SQLCipher file, the
same rows in the same tables with the same indexes, by COPY and one statement a table. No HTTP, no checks, no rules.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.pull_parts import FILE_KEY
from caller_app.store.engine import CipherFile, bulk, quick

Rows = list[tuple[Any, ...]]
BATCH = 200
ADDED_FIRST = ("change", "device_seq", "change_state")
ADDED_SECOND = ("attempt", "audit")
ALTERED: dict[str, tuple[str, ...]] = {
    "rec_ver": ("id",),
    "rec_body": ("kind", "id"),
    "cases": ("case_id",),
    "visibility": ("user_id", "kind", "rec_id"),
    "device": ("device_id",),
    "feed_head": ("user_id",),
}
# How the rows of one device's changes are found in each table.
_OF = {
    "change": "t.change_id = ANY(%(ids)s)",
    "device_seq": "t.change_id = ANY(%(ids)s)",
    "change_state": "t.change_id = ANY(%(ids)s)",
    "attempt": "t.attempt_id = ANY(%(ids)s)",
    "audit": "t.detail->>'change_id' = ANY(CAST(%(ids)s AS text[]))",
    "rec_ver": "t.id = ANY(%(cases)s)",
    "rec_body": "t.kind = 1 AND t.id = ANY(%(cases)s)",
    "cases": "t.case_id = ANY(%(cases)s)",
    "visibility": "t.user_id = %(user)s AND t.rec_id = ANY(%(cases)s)",
    "device": "t.user_id = %(user)s",
    "feed_head": "t.user_id = %(user)s",
}


@dataclass(frozen=True, slots=True)
class Written:
    """What one batch wrote at the centre: table -> rows as text, and what the workstation settled."""

    centre: dict[str, Rows]
    settled: Rows


class Floor:
    """Tables like the centre's, as they stood before the pushes, in a schema of their own."""

    def __init__(self, url: str) -> None:
        self._conn = psycopg.connect(url)
        self._columns: dict[str, list[tuple[str, str]]] = {}
        with self._conn.cursor() as ask:
            ask.execute("CREATE SCHEMA floor")
            for table in _OF:
                ask.execute(f"CREATE TABLE floor.{table} (LIKE public.{table} INCLUDING ALL)")
                ask.execute(
                    "SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE oid = %s::regclass",
                    (f"public.{table}",),
                )
                if options := ask.fetchall()[0][0]:  # LIKE leaves out how full its pages are to be
                    ask.execute(f"ALTER TABLE floor.{table} SET ({options})")
                if table in ALTERED:
                    ask.execute(f"INSERT INTO floor.{table} SELECT * FROM public.{table}")
                ask.execute(
                    "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = %s::regclass "
                    "AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                    (f"floor.{table}",),
                )
                self._columns[table] = [(row[0], row[1]) for row in ask.fetchall()]
        self._conn.commit()

    def close(self) -> None:
        """Give the connection back."""
        self._conn.close()

    def written(self, folder: Path, user_id: int) -> list[Written]:
        """Read back, batch by batch, what a push wrote at both ends."""
        file = CipherFile(folder / "outbox.db", FILE_KEY)
        try:
            with file.read() as connection:
                rows = quick(
                    connection,
                    "SELECT verdict, reason, review_id, result_ver, acked_at, change_id, dseq, kind, rec_id FROM outbox"
                    " WHERE state = 'ACKED' ORDER BY dseq",
                )
        finally:
            file.close()
        found = []
        for at in range(0, len(rows), BATCH):
            part = rows[at : at + BATCH]
            names = {"ids": [row[5] for row in part], "cases": [row[8] for row in part], "user": user_id}
            found.append(Written({table: self._rows(table, names) for table in _OF}, part))
        self._conn.commit()
        return found

    def run(self, batches: Sequence[Written], outbox: Path) -> float:
        """Give the seconds that writing the same rows takes; `outbox` is the file as it was before the push."""
        file = CipherFile(outbox, FILE_KEY)
        try:
            with file.write():
                pass  # open before the clock runs
            start = time.perf_counter()
            for one in batches:
                self._arrive(one)
                self._judge(one)
                _settle(file, one.settled)
            return time.perf_counter() - start
        finally:
            file.close()

    def _rows(self, table: str, names: dict[str, Any]) -> Rows:
        columns = ", ".join(f"t.{name}::text" for name, _ in self._columns[table])
        return self._conn.execute(f"SELECT {columns} FROM public.{table} t WHERE {_OF[table]}", names).fetchall()

    def _arrive(self, one: Written) -> None:
        for table in ADDED_FIRST:
            self._add(table, one.centre[table])
        self._alter("device", one.centre["device"])
        self._conn.commit()

    def _judge(self, one: Written) -> None:
        for table in ADDED_SECOND:
            self._add(table, one.centre[table])
        self._alter("change_state", one.centre["change_state"], key=("change_id",))
        for table in ("rec_ver", "rec_body", "cases", "visibility", "feed_head"):
            self._alter(table, one.centre[table])
        self._conn.commit()

    def _add(self, table: str, rows: Rows) -> None:
        with self._conn.cursor() as ask, ask.copy(f"COPY floor.{table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _alter(self, table: str, rows: Rows, key: tuple[str, ...] | None = None) -> None:
        key = key or ALTERED[table]
        columns = self._columns[table]
        names = ", ".join(f"c{at}" for at in range(len(columns)))
        arrays = ", ".join("%b::text[]" for _ in columns)  # binary: quoting texts would be half of what this costs
        value = {name: f"s.c{at}::{kind}" for at, (name, kind) in enumerate(columns)}
        sets = ", ".join(f"{name} = {value[name]}" for name, _ in columns if name not in key)
        where = " AND ".join(f"t.{name} = {value[name]}" for name in key)
        self._conn.execute(
            f"UPDATE floor.{table} t SET {sets} FROM unnest({arrays}) s({names}) WHERE {where}",
            [list(column) for column in zip(*rows, strict=True)],
        )


def _settle(file: CipherFile, rows: Rows) -> None:
    with file.write() as connection:
        bulk(
            connection,
            "UPDATE outbox SET state = 'ACKED', verdict = ?, reason = ?, review_id = ?, result_ver = ?, acked_at = ?"
            " WHERE change_id = ?",
            [row[:6] for row in rows],
        )
        bulk(
            connection,
            "INSERT INTO ledger(change_id, dseq, kind, rec_hash, state, at) VALUES (?,?,?,?,'acked',?)",
            [(row[5], row[6], row[7], row[8], row[4]) for row in rows],
        )
        quick(connection, "UPDATE identity SET acked_hw = ?, receipt_at = ?", (rows[-1][6], rows[-1][4]))
