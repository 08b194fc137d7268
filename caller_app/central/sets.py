"""Whole sets of rows with one statement each: one journey, one plan, whatever the number of rows.

The rows travel as one JSON document which the database takes apart (`json_to_recordset`), so that arrays, JSON columns
and missing values need no cases of their own. What a reader would get wrong: None is NULL in every column, JSON ones
too; and bytes go as hex, which is how a bytea reads them.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, CursorResult, LargeBinary, Table, TextClause, text
from sqlalchemy.dialects import postgresql

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

Rows = Sequence[Mapping[str, Any]]


def insert(conn: Connection, table: Table, rows: Rows, *, then: str = "") -> CursorResult[Any]:
    """Put rows that all have the same columns into a table; `then` is a conflict clause, a RETURNING, or both."""
    return conn.execute(_inserting(table, tuple(rows[0]), then), {"rows": _document(table, rows)})


def update(
    conn: Connection, table: Table, rows: Rows, key: Sequence[str], *, more: Mapping[str, str] | None = None, **how: str
) -> None:
    """Set the other columns of the rows found by their key.

    `how` gives a column's new value in SQL (old row `t`, given row `s`); `more` types what a row holds beside columns.
    """
    statement = _updating(table, tuple(rows[0]), tuple(key), tuple((more or {}).items()), tuple(how.items()))
    conn.execute(statement, {"rows": _document(table, rows)})


@lru_cache(maxsize=256)
def _inserting(table: Table, names: tuple[str, ...], then: str) -> TextClause:
    columns = ", ".join(_quoted(one) for one in names)
    return text(f"INSERT INTO {table.name}({columns}) SELECT {columns} FROM {_given(table, names, {})} {then}")


@lru_cache(maxsize=256)
def _updating(
    table: Table,
    names: tuple[str, ...],
    key: tuple[str, ...],
    more: tuple[tuple[str, str], ...],
    how: tuple[tuple[str, str], ...],
) -> TextClause:
    plain = [one for one in names if one not in {*key, *dict(more), *dict(how)}]
    sets = [f"{_quoted(one)} = s.{_quoted(one)}" for one in plain] + [f"{_quoted(one)} = {sql}" for one, sql in how]
    where = " AND ".join(f"t.{_quoted(one)} = s.{_quoted(one)}" for one in key)
    given = _given(table, names, dict(more))
    return text(f"UPDATE {table.name} t SET {', '.join(sets)} FROM {given} WHERE {where}")


def _given(table: Table, names: Sequence[str], more: Mapping[str, str]) -> str:
    kinds = ", ".join(f"{_quoted(one)} {more.get(one) or _kind(table, one)}" for one in names)
    return f"json_to_recordset(CAST(:rows AS json)) AS s({kinds})"


def _kind(table: Table, name: str) -> str:
    return str(table.c[name].type.compile(dialect=_DIALECT))


def _quoted(name: str) -> str:
    return f'"{name}"'


def _document(table: Table, rows: Rows) -> str:
    raw = [name for name in rows[0] if name in table.c and isinstance(table.c[name].type, LargeBinary)]
    if raw:
        rows = [{**row, **{name: "\\x" + row[name].hex() for name in raw}} for row in rows]
    return msgspec.json.encode(rows).decode()
