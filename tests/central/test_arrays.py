"""Arrays packed by hand come out of the database as they went in."""

import struct
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from caller_app.base.ids import new_id
from caller_app.central import schema, sets
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
from caller_app.central.db import together
from tests.support.centre import Rig

TEXTS = ["", "plain", 'quotes " and \\ and {,}', "naïve – ünïcode 🙂", "NULL", None, "a\nb"]
BLOBS = [b"", b"\x00\xff\x00", b"\\x41", None, bytes(range(256))]


INSTANTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 0, 0, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]
DOCUMENTS = [{"a": [1, 2.5, None, True, {"deep": "é\U0001f600"}]}, [], "text", 0, 1, True, False, {}]
IDS = [f"01a20739-0000-7000-8000-00000000000{last}" for last in "1af"]
GIVEN: list[tuple[type[Column], str, list[Any]]] = [
    (Texts, "text", TEXTS),
    (Blobs, "bytea", BLOBS),
    (Documents, "jsonb", DOCUMENTS),
    (Ids, "uuid", IDS),
    (Smalls, "int2", [0, 1, -1, 2**15 - 1, -(2**15)]),
    (Whole, "int4", [0, 1, -1, 2**31 - 1, -(2**31)]),
    (Larges, "int8", [0, 1, -1, 2**63 - 1, -(2**63)]),
    (Flags, "bool", [True, False, True]),
    (Instants, "timestamptz", INSTANTS),
    (Days, "date", [date(1, 1, 1), date(1999, 12, 31), date(2000, 1, 1), date(9999, 12, 31)]),
]


@pytest.mark.parametrize(("kind", "name", "values"), GIVEN, ids=[name for _, name, _ in GIVEN])
def test_each_value_comes_back_as_it_was_and_none_as_none(
    centre: Rig, kind: type[Column], name: str, values: list[Any]
) -> None:
    with centre.engine.connect() as conn:
        for given in ([], values, values[:1], [*values, None], [None, *values], [None, None], values[:1] * 30):
            asked = text(f"SELECT x FROM unnest(CAST(:v AS {name}[])) WITH ORDINALITY AS t(x, nr) ORDER BY nr")
            found = conn.execute(asked, {"v": kind(given)}).scalars().all()
            assert [(one, type(one)) for one in found] == [(one, type(one)) for one in given]


def test_what_python_takes_for_equal_in_documents_stays_different(centre: Rig) -> None:
    given = [{"a": 1}, {"a": True}, {"a": 1.0}]
    with centre.engine.connect() as conn:
        asked = text("SELECT CAST(x AS text) FROM unnest(CAST(:v AS jsonb[])) AS t(x)")
        assert conn.execute(asked, {"v": Documents(given)}).scalars().all() == ['{"a": 1}', '{"a": true}', '{"a": 1.0}']


def test_an_instant_of_another_zone_is_the_same_instant(centre: Rig) -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with centre.engine.connect() as conn:
        assert conn.execute(text("SELECT (CAST(:v AS timestamptz[]))[1]"), {"v": Instants([noon])}).scalar_one() == noon


@pytest.mark.parametrize("odd", ["", "abc", IDS[0][:-1], f"{IDS[0]}0", "g" * 32])
def test_what_is_no_id_is_not_sent(odd: str) -> None:
    with pytest.raises(ValueError):
        Ids([IDS[0], odd])
    with pytest.raises(ValueError):
        Ids([odd])


def test_two_ids_of_wrong_lengths_that_make_up_for_each_other_are_not_sent() -> None:
    with pytest.raises(ValueError):
        Ids(["0" * 31, "0" * 33])


def test_a_number_too_large_and_an_instant_without_a_zone_are_not_sent() -> None:
    with pytest.raises(struct.error):
        Whole([2**31])
    with pytest.raises(TypeError):
        Instants([INSTANTS[0].replace(tzinfo=None)])


def test_an_id_is_found_among_ids_and_in_an_empty_list_none(centre: Rig) -> None:
    with centre.engine.connect() as conn:
        found = text("SELECT CAST(:one AS uuid) = ANY(CAST(:ids AS uuid[]))")
        assert conn.execute(found, {"one": IDS[1], "ids": Ids([one.replace("-", "") for one in IDS])}).scalar_one()
        assert not conn.execute(found, {"one": IDS[1], "ids": Ids([])}).scalar_one()


def test_each_row_of_a_set_keeps_its_own_document(centre: Rig) -> None:
    rows = [{"kind": 4, "id": new_id(), "body": f'{{"nr": {nr}, "words": "a \\" quote"}}'} for nr in range(20)]
    with centre.engine.begin() as conn:
        sets.insert(conn, schema.rec_body, rows)
        for row in rows:
            row["body"] = row["body"].replace('"nr"', '"number"')
        sets.update(conn, schema.rec_body, list(reversed(rows)), ["kind", "id"])
        there = conn.execute(text("SELECT id, body FROM rec_body WHERE kind = 4")).all()
    assert {row.id: row.body for row in there} == {row["id"]: row["body"] for row in rows}


def test_a_write_that_fails_among_others_says_which_fault_it_was_and_leaves_nothing(centre: Rig) -> None:
    """What goes out together comes back as the database's own fault, not as the driver's that the rest was skipped."""
    row = {"kind": 4, "id": new_id(), "body": "{}"}
    with centre.engine.begin() as conn:
        with pytest.raises(DBAPIError) as caught, conn.begin_nested(), together(conn):
            sets.insert(conn, schema.rec_body, [row])
            sets.insert(conn, schema.rec_body, [row])
            for _ in range(5):
                sets.insert(conn, schema.rec_body, [{**row, "id": new_id()}])
        assert getattr(caught.value.orig, "sqlstate", None) == "23505"
        assert not caught.value.connection_invalidated
        assert conn.execute(text("SELECT count(*) FROM rec_body WHERE kind = 4")).scalar_one() == 0
