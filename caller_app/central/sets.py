"""Whole sets of rows with one statement each: one journey, one plan, whatever the number of rows and what they say.

Each column travels as one array in the database's own binary form (`central.arrays`), which `unnest` takes apart: to
read the same rows out of a JSON document was half of what some statements of a push cost. What a reader would get
wrong: None is NULL in every column, JSON ones too; and a column of arrays has no place here, for `unnest` would take
them apart too.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from psycopg import Cursor
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql

from caller_app.central.arrays import (
    Blobs,
    Column,
    Days,
    Documents,
    Flags,
    Ids,
    Instants,
    Larges,
    Smalls,
    Texts,
    Whole,
)
from caller_app.central.db import driver

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_CARRIED: dict[str, type[Column]] = {
    "BIGINT": Larges,
    "BOOLEAN": Flags,
    "BYTEA": Blobs,
    "DATE": Days,
    "INTEGER": Whole,
    "JSONB": Documents,
    "SMALLINT": Smalls,
    "TEXT": Texts,
    "TIMESTAMP WITH TIME ZONE": Instants,
    "UUID": Ids,
}

Rows = Sequence[Mapping[str, Any]]


def insert(conn: Connection, table: Table, rows: Rows, *, then: str = "") -> Cursor[Any]:
    """Put rows that all have the same columns into a table; `then` is a conflict clause, a RETURNING, or both."""
    names = tuple(rows[0])
    with driver(conn) as raw:
        return raw.execute(_inserting(table, names, then), _values(rows, _carriers(table, names, ())))


def update(
    conn: Connection, table: Table, rows: Rows, key: Sequence[str], *, more: Mapping[str, str] | None = None, **how: str
) -> None:
    """Set the other columns of the rows found by their key.

    `how` gives a column's new value in SQL (old row `t`, given row `s`); `more` types what a row holds beside columns.
    """
    names, beside = tuple(rows[0]), tuple((more or {}).items())
    statement = _updating(table, names, tuple(key), beside, tuple(how.items()))
    with driver(conn) as raw:
        raw.execute(statement, _values(rows, _carriers(table, names, beside)))


def _values(rows: Rows, carriers: tuple[tuple[str, type[Column]], ...]) -> dict[str, Column]:
    """Give each column of the rows, packed."""
    names = [name for name, _ in carriers]
    told = map(itemgetter(*names), rows) if len(names) > 1 else ((row[names[0]],) for row in rows)
    columns = zip(*told, strict=True)
    return {name: carrier(column) for (name, carrier), column in zip(carriers, columns, strict=True)}


@lru_cache(maxsize=256)
def _carriers(
    table: Table, names: tuple[str, ...], more: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, type[Column]], ...]:
    kinds = [(name, _kind(table, name, dict(more))) for name in names]
    for name, kind in kinds:
        if kind not in _CARRIED:
            raise TypeError(f"{table.name}.{name}: nothing carries values of {kind}")
    return tuple((name, _CARRIED[kind]) for name, kind in kinds)


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
    columns = ", ".join(f"CAST(%({one})s AS {_kind(table, one, more)}[])" for one in names)
    return f"unnest({columns}) AS s({', '.join(_quoted(one) for one in names)})"


def _kind(table: Table, name: str, more: Mapping[str, str]) -> str:
    return more[name] if name in more else str(table.c[name].type.compile(dialect=_DIALECT))


def _quoted(name: str) -> str:
    return f'"{name}"'
