"""Whole sets of rows with one statement each: one journey, one plan, whatever the number of rows.

The rows travel as one JSON document which the database takes apart (`json_to_recordset`), so that arrays, JSON columns
and missing values need no cases of their own; what is long, bytes and finished documents, goes beside it in arrays of
its own, unquoted. What many rows all say (who sent them, when they came) goes once, as a parameter: reading it out of
each row again is a good part of what a push costs the database. What a reader would get wrong: None is NULL in every
column, JSON ones too.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec
from psycopg import Cursor
from sqlalchemy import JSON, Connection, LargeBinary, Table
from sqlalchemy.dialects import postgresql

from caller_app.central.arrays import Blobs, Texts
from caller_app.central.db import driver

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

Rows = Sequence[Mapping[str, Any]]


MANY = 20  # rows; fewer go the one way that stays prepared, whatever they say


def insert(conn: Connection, table: Table, rows: Rows, *, then: str = "") -> Cursor[Any]:
    """Put rows that all have the same columns into a table; `then` is a conflict clause, a RETURNING, or both."""
    same = _said_by_all(table, rows)
    with driver(conn) as raw:
        return raw.execute(_inserting(table, tuple(rows[0]), tuple(same), then), _values(table, rows, same))


def update(
    conn: Connection, table: Table, rows: Rows, key: Sequence[str], *, more: Mapping[str, str] | None = None, **how: str
) -> None:
    """Set the other columns of the rows found by their key.

    `how` gives a column's new value in SQL (old row `t`, given row `s`); `more` types what a row holds beside columns.
    """
    same = _said_by_all(table, rows, but=key)
    statement = _updating(
        table, tuple(rows[0]), tuple(same), tuple(key), tuple((more or {}).items()), tuple(how.items())
    )
    with driver(conn) as raw:
        raw.execute(statement, _values(table, rows, same))


def _said_by_all(table: Table, rows: Rows, *, but: Sequence[str] = ()) -> dict[str, Any]:
    """Give what each of many rows says alike, by column; one column is always left to be said by each row.

    JSON columns are never among them: to Python 1 and true are equal.
    """
    if len(rows) < MANY:
        return {}
    names = tuple(rows[0])
    columns = zip(names, zip(*_told(rows, names), strict=True), strict=True)
    same = {
        name: said[0]
        for name, said in columns
        if name not in but and said.count(said[0]) == len(said) and not _is_json(table, name)
    }
    if len(same) == len(names):
        same.popitem()
    return same


def _told(rows: Rows, names: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Give what each row says under some names."""
    if len(names) == 1:
        return ((row[names[0]],) for row in rows)
    return map(itemgetter(*names), rows)


def _is_json(table: Table, name: str) -> bool:
    return name in table.c and isinstance(table.c[name].type, JSON)


@lru_cache(maxsize=256)
def _inserting(table: Table, names: tuple[str, ...], same: tuple[str, ...], then: str) -> str:
    columns = ", ".join(_quoted(one) for one in names)
    return f"INSERT INTO {table.name}({columns}) SELECT {columns} FROM {_given(table, names, same, {})} {then}"


@lru_cache(maxsize=256)
def _updating(
    table: Table,
    names: tuple[str, ...],
    same: tuple[str, ...],
    key: tuple[str, ...],
    more: tuple[tuple[str, str], ...],
    how: tuple[tuple[str, str], ...],
) -> str:
    plain = [one for one in names if one not in {*key, *dict(more), *dict(how)}]
    sets = [f"{_quoted(one)} = s.{_quoted(one)}" for one in plain] + [f"{_quoted(one)} = {sql}" for one, sql in how]
    where = " AND ".join(f"t.{_quoted(one)} = s.{_quoted(one)}" for one in key)
    given = _given(table, names, same, dict(more))
    return f"UPDATE {table.name} t SET {', '.join(sets)} FROM {given} WHERE {where}"


def _given(table: Table, names: Sequence[str], same: Collection[str], more: Mapping[str, str]) -> str:
    each = _said_by_each(table, [one for one in names if one not in same], more, "g" if same else "s")
    if not same:
        return each
    alike = ", ".join(f"CAST(%({one})s AS {more.get(one) or _kind(table, one)}) AS {_quoted(one)}" for one in same)
    return f"(SELECT g.*, {alike} FROM {each}) s"


def _said_by_each(table: Table, names: Sequence[str], more: Mapping[str, str], called: str) -> str:
    apart = _apart(table, names)
    short = [one for one in names if one not in apart]
    kinds = ", ".join(f"{_quoted(one)} {more.get(one) or _kind(table, one)}" for one in short)
    document = f"json_to_recordset(CAST(%(rows)s AS json)) AS {'' if apart else called}({kinds})"
    if not apart:
        return document
    beside = ", ".join(f"unnest(CAST(%({one})s AS {_kind(table, one)}[]))" for one in apart)
    return f"ROWS FROM ({document}, {beside}) AS {called}({', '.join(_quoted(one) for one in (*short, *apart))})"


def _apart(table: Table, names: Iterable[str]) -> list[str]:
    return [one for one in names if one in table.c and (one == "body" or isinstance(table.c[one].type, LargeBinary))]


def _kind(table: Table, name: str) -> str:
    return str(table.c[name].type.compile(dialect=_DIALECT))


def _quoted(name: str) -> str:
    return f'"{name}"'


def _values(table: Table, rows: Rows, same: Mapping[str, Any]) -> dict[str, Any]:
    apart = [one for one in _apart(table, rows[0]) if one not in same]
    values: dict[str, Any] = dict(same)
    for name in apart:
        kind = Blobs if isinstance(table.c[name].type, LargeBinary) else Texts
        values[name] = kind(row[name] for row in rows)
    if said := {*apart, *same}:
        short = [name for name in rows[0] if name not in said]
        rows = [dict(zip(short, each, strict=True)) for each in _told(rows, short)]
    values["rows"] = msgspec.json.encode(rows).decode()
    return values
