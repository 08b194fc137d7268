"""Whole sets of rows with one statement each: one journey, one plan, whatever the number of rows.

The rows travel as one JSON document which the database takes apart (`json_to_recordset`), so that arrays, JSON columns
and missing values need no cases of their own; what is long, bytes and finished documents, goes beside it in arrays of
its own, unquoted. What a reader would get wrong: None is NULL in every column, JSON ones too.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from psycopg import Cursor
from sqlalchemy import Connection, LargeBinary, Table
from sqlalchemy.dialects import postgresql

from caller_app.central.arrays import Blobs, Texts
from caller_app.central.db import driver

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

Rows = Sequence[Mapping[str, Any]]


def insert(conn: Connection, table: Table, rows: Rows, *, then: str = "") -> Cursor[Any]:
    """Put rows that all have the same columns into a table; `then` is a conflict clause, a RETURNING, or both."""
    with driver(conn) as raw:
        return raw.execute(_inserting(table, tuple(rows[0]), then), _values(table, rows))


def update(
    conn: Connection, table: Table, rows: Rows, key: Sequence[str], *, more: Mapping[str, str] | None = None, **how: str
) -> None:
    """Set the other columns of the rows found by their key.

    `how` gives a column's new value in SQL (old row `t`, given row `s`); `more` types what a row holds beside columns.
    """
    statement = _updating(table, tuple(rows[0]), tuple(key), tuple((more or {}).items()), tuple(how.items()))
    with driver(conn) as raw:
        raw.execute(statement, _values(table, rows))


@lru_cache(maxsize=256)
def _inserting(table: Table, names: tuple[str, ...], then: str) -> str:
    columns = ", ".join(_quoted(one) for one in names)
    return f"INSERT INTO {table.name}({columns}) SELECT {columns} FROM {_given(table, names, {})} {then}"


@lru_cache(maxsize=256)
def _updating(
    table: Table,
    names: tuple[str, ...],
    key: tuple[str, ...],
    more: tuple[tuple[str, str], ...],
    how: tuple[tuple[str, str], ...],
) -> str:
    plain = [one for one in names if one not in {*key, *dict(more), *dict(how)}]
    sets = [f"{_quoted(one)} = s.{_quoted(one)}" for one in plain] + [f"{_quoted(one)} = {sql}" for one, sql in how]
    where = " AND ".join(f"t.{_quoted(one)} = s.{_quoted(one)}" for one in key)
    given = _given(table, names, dict(more))
    return f"UPDATE {table.name} t SET {', '.join(sets)} FROM {given} WHERE {where}"


def _given(table: Table, names: Sequence[str], more: Mapping[str, str]) -> str:
    apart = _apart(table, names)
    short = [one for one in names if one not in apart]
    kinds = ", ".join(f"{_quoted(one)} {more.get(one) or _kind(table, one)}" for one in short)
    document = f"json_to_recordset(CAST(%(rows)s AS json)) AS {'' if apart else 's'}({kinds})"
    if not apart:
        return document
    beside = ", ".join(f"unnest(CAST(%({one})s AS {_kind(table, one)}[]))" for one in apart)
    return f"ROWS FROM ({document}, {beside}) AS s({', '.join(_quoted(one) for one in (*short, *apart))})"


def _apart(table: Table, names: Iterable[str]) -> list[str]:
    return [one for one in names if one in table.c and (one == "body" or isinstance(table.c[one].type, LargeBinary))]


def _kind(table: Table, name: str) -> str:
    return str(table.c[name].type.compile(dialect=_DIALECT))


def _quoted(name: str) -> str:
    return f'"{name}"'


def _values(table: Table, rows: Rows) -> dict[str, Any]:
    apart = _apart(table, rows[0])
    values: dict[str, Any] = {}
    for name in apart:
        kind = Blobs if isinstance(table.c[name].type, LargeBinary) else Texts
        values[name] = kind(row[name] for row in rows)
    if apart:
        rows = [{name: value for name, value in row.items() if name not in apart} for row in rows]
    values["rows"] = msgspec.json.encode(rows).decode()
    return values
