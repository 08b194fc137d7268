"""Arrays packed by hand come out of the database as they went in."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from caller_app.base.ids import new_id
from caller_app.central import schema, sets
from caller_app.central.arrays import Blobs, Texts
from caller_app.central.db import together
from tests.support.centre import Rig

TEXTS = ["", "plain", 'quotes " and \\ and {,}', "naïve – ünïcode 🙂", "NULL", None, "a\nb"]
BLOBS = [b"", b"\x00\xff\x00", b"\\x41", None, bytes(range(256))]


@pytest.mark.parametrize("values", [[], ["one"], TEXTS])
def test_texts_come_back_as_they_were(centre: Rig, values: list[str | None]) -> None:
    with centre.engine.connect() as conn:
        assert conn.execute(text("SELECT CAST(:v AS text[])"), {"v": Texts(values)}).scalar_one() == values


@pytest.mark.parametrize("values", [[], [b"one"], BLOBS])
def test_bytes_come_back_as_they_were(centre: Rig, values: list[bytes | None]) -> None:
    with centre.engine.connect() as conn:
        assert conn.execute(text("SELECT CAST(:v AS bytea[])"), {"v": Blobs(values)}).scalar_one() == values


def test_ids_are_found_by_texts_and_an_empty_list_finds_none(centre: Rig) -> None:
    ids = [new_id(), new_id()]
    with centre.engine.connect() as conn:
        found = text("SELECT CAST(:one AS uuid) = ANY(CAST(:ids AS uuid[]))")
        assert conn.execute(found, {"one": ids[1], "ids": Texts(ids)}).scalar_one()
        assert not conn.execute(found, {"one": ids[1], "ids": Texts([])}).scalar_one()


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
