"""Whole sets of rows in one statement: every value arrives as it was given; one that cannot costs only itself."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from caller_app.base.ids import new_id
from caller_app.central import schema, sets
from caller_app.central.db import writing
from caller_app.domain.changes import NoteAdded
from tests.support.centre import Rig
from tests.support.station import Station

MANY = 20  # rows
ODD = [
    "",
    "plain",
    'it\'s "quoted" \\ and {braces}, [brackets]',
    "\u00e9\U0001f600 \u2028",
    "line\nbreak\ttab",
    "null",
    "\\x00",
]


def audit_row(what: str, detail: Any) -> dict[str, Any]:
    return {"at": datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC), "what": what, "user_id": None,
            "device_id": None, "rec_id": None, "detail": detail, "request_id": ""}  # fmt: skip


def test_texts_numbers_and_documents_arrive_as_they_were_given(centre: Rig) -> None:
    details = [{"t": one, "n": [1, 2.5, -3, None, True, {"deep": [one]}]} for one in ODD]
    rows = [audit_row(one, detail) for one, detail in zip(ODD, details, strict=True)]
    writing(centre.engine, lambda conn: sets.insert(conn, schema.audit, rows))
    found = centre.ask("SELECT at, what, user_id, detail FROM audit WHERE request_id = '' ORDER BY audit_id")
    kept = found[-len(ODD) :]
    assert [row.what for row in kept] == ODD
    assert [row.detail for row in kept] == details
    assert {row.at for row in kept} == {rows[0]["at"]}
    assert {row.user_id for row in kept} == {None}


@pytest.mark.parametrize(
    "when", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)]
)
def test_bytes_and_the_ends_of_time_arrive_as_they_were_given(centre: Rig, when: datetime) -> None:
    row = {
        "change_id": new_id(), "user_id": 1, "device_id": new_id(), "kind": "k", "schema": 1, "rec_id": None,
        "base_ver": None, "assign_gen": 2**31 - 1, "occurred_at": when, "sent_at": None,
        "received_at": datetime(2026, 1, 1, tzinfo=UTC), "envelope": bytes(range(256)), "sha256": b"\x00\xff",
    }  # fmt: skip
    made = writing(
        centre.engine,
        lambda conn: sets.insert(
            conn, schema.change, [row, row], then="ON CONFLICT (change_id) DO NOTHING RETURNING change_id"
        ).fetchall(),
    )  # fmt: skip
    assert made == [(row["change_id"],)]
    (found,) = centre.ask("SELECT * FROM change")
    assert (bytes(found.envelope), bytes(found.sha256)) == (row["envelope"], row["sha256"])
    assert (found.occurred_at, found.assign_gen, found.rec_id) == (when, 2**31 - 1, None)


def updated(centre: Rig, versions: list[dict[str, Any]]) -> dict[str, tuple[int, str, int | None]]:
    """Update versions; those who leave go to person 5."""
    writing(
        centre.engine,
        lambda conn: sets.update(
            conn, schema.rec_ver, versions, ["id"], more={"leaves": "BOOLEAN"},
            assignee="CASE WHEN s.leaves THEN 5 ELSE t.assignee END",
        ),
    )  # fmt: skip
    return {row.id: (row.ver, row.status, row.assignee) for row in centre.ask("SELECT * FROM rec_ver")}


def test_an_update_alters_the_rows_named_and_no_others(centre: Rig) -> None:
    ids = centre.cases(centre.project(), 3)
    versions = [
        {"id": one, "ver": 7 + place, "status": "held", "leaves": bool(place)} for place, one in enumerate(ids[:2])
    ]
    found = updated(centre, versions)
    assert [found[one] for one in ids] == [(7, "held", None), (8, "held", 5), (1, "ready", None)]


def test_a_text_the_database_cannot_hold_is_refused_whole(centre: Rig) -> None:
    rows = [audit_row("good", {}), audit_row("a\x00b", {})]
    with pytest.raises(DBAPIError):
        writing(centre.engine, lambda conn: sets.insert(conn, schema.audit, rows))
    with centre.engine.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM audit WHERE what = 'good'")).scalar_one() == 0


@pytest.mark.expects_log("change_not_judged")
def test_one_note_that_cannot_be_stored_in_a_batch_is_set_aside_and_the_others_count(centre: Rig) -> None:
    ids = centre.cases(centre.project(), 3, to=centre.user("anna"))
    station = Station(centre, "anna").sign_in()
    words = ["fine", "a\x00b", "fine too"]
    notes = [NoteAdded(case_id=one, act_id=new_id(), words=said) for one, said in zip(ids, words, strict=True)]
    assert [one["verdict"] for one in station.pushed(*notes)] == ["applied", "quarantined", "applied"]
    assert {row[0] for row in centre.ask("SELECT words FROM note")} == {"fine", "fine too"}


@pytest.mark.parametrize("details", [[1, True], [{"a": 1}, {"a": 1.0}], [{}, {}]])
def test_what_many_rows_say_alike_arrives_in_each_of_them(centre: Rig, details: list[Any]) -> None:
    rows = [{**audit_row("alike", details[place % 2]), "rec_id": new_id()} for place in range(MANY + 4)]
    rows[-1]["user_id"] = 7  # all but one have none
    writing(centre.engine, lambda conn: sets.insert(conn, schema.audit, rows))
    found = centre.ask("SELECT * FROM audit WHERE what = 'alike' ORDER BY audit_id")
    assert [(row.rec_id, row.user_id, row.at, row.request_id) for row in found] == [
        (row["rec_id"], row["user_id"], row["at"], row["request_id"]) for row in rows
    ]
    assert [(row.detail, type(row.detail)) for row in found] == [(row["detail"], type(row["detail"])) for row in rows]


def test_rows_that_are_the_same_throughout_are_as_many_as_they_were(centre: Rig) -> None:
    rows = [audit_row("twin", None) | {"detail": {}} for _ in range(MANY)]
    bare = [{name: row[name] for name in ("at", "what", "request_id")} for row in rows]
    writing(centre.engine, lambda conn: sets.insert(conn, schema.audit, bare))
    assert len(centre.ask("SELECT 1 FROM audit WHERE what = 'twin'")) == len(rows)


def test_an_update_of_many_rows_alike_alters_each_as_it_was_told(centre: Rig) -> None:
    ids = centre.cases(centre.project(), MANY + 2)
    versions = [{"id": one, "ver": 7, "status": "held", "leaves": True} for one in ids[:-1]]
    found = updated(centre, versions)
    assert {found[one] for one in ids[:-1]} == {(7, "held", 5)}
    assert found[ids[-1]] == (1, "ready", None)
