"""Taking persons off every list because a new list says so: died, opted out, or a record that became sensitive.

The same end as a stop recorded on a call: the cases close, and whoever holds them is told in the same transaction.
What a reader would get wrong: a case that is closed already is stopped too. Else a result that is undone, or a second
one that disagrees, would open it again, and the person would be rung although the list says no.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, text

from caller_app.central.rules import feed
from caller_app.domain.items import KIND_ITEM, Item
from caller_app.protocol.codec import decode_item, encode

SENSITIVE = "sensitive"
_WORDS = {
    "deceased": "the practice's list says the person has died",
    "import_opt_out": "the practice's list says the person must not be rung",
    SENSITIVE: "the record became sensitive: details are withheld",
}


def close_cases(conn: Connection, why: Mapping[str, str], *, now: datetime) -> list[feed.Entry]:
    """Close and stop the cases of persons (NHS number -> why) and give the feed entries that take them away."""
    if not why:
        return []
    rows = conn.execute(
        text(
            "SELECT v.id, v.status, v.assignee, k.stopped_at, p.nhs_number, b.body FROM rec_ver v "
            "JOIN cases k ON k.case_id = v.id JOIN person p USING (person_id) "
            "JOIN rec_body b ON b.kind = :kind AND b.id = v.id "
            "WHERE p.nhs_number = ANY(:nhs) AND (v.status <> 'closed' OR k.stopped_at IS NULL "
            "OR p.nhs_number = ANY(:withheld)) ORDER BY v.id FOR UPDATE OF v"
        ),
        {
            "kind": KIND_ITEM,
            "nhs": sorted(why),
            "withheld": [number for number, reason in why.items() if reason == SENSITIVE],
        },
    ).all()
    due = {row.id: _closed(decode_item(row.body), why[row.nhs_number]) for row in rows}
    rows = [
        row for row in rows if row.status != "closed" or row.stopped_at is None or due[row.id] != decode_item(row.body)
    ]
    if not rows:
        return []
    bodies = [{"kind": KIND_ITEM, "id": row.id, "body": encode(due[row.id]).decode()} for row in rows]
    ids = [row.id for row in rows]
    conn.execute(text("UPDATE rec_body SET body = :body WHERE kind = :kind AND id = CAST(:id AS uuid)"), bodies)
    conn.execute(
        text(
            "UPDATE rec_ver SET ver = ver + 1, status = 'closed', assignee = NULL WHERE id = ANY(CAST(:ids AS uuid[]))"
        ),
        {"ids": ids},
    )
    _close_rows(conn, ids, now)
    return [
        feed.gone(row.assignee, row.id, "withdrawn" if why[row.nhs_number] == SENSITIVE else "opted_out")
        for row in rows
        if row.assignee is not None
    ]


def _closed(item: Item, why: str) -> Item:
    words = _WORDS[why]
    if why != SENSITIVE:
        return replace(item, status="closed", status_why=words, not_before=None)
    patient = replace(item.patient, address_lines=(), postcode=None, practice=None)
    closed = replace(item, status="closed", status_why=words, not_before=None)
    return replace(closed, patient=patient, numbers=(), authorities=())


def _close_rows(conn: Connection, ids: Sequence[str], now: datetime) -> None:
    conn.execute(
        text(
            "UPDATE cases SET closed_at = coalesce(closed_at, :now), stopped_at = coalesce(stopped_at, :now), "
            "close_why = coalesce(close_why, 'withdrawn by a new list'), "
            "left_lists_at = coalesce(left_lists_at, :now) WHERE case_id = ANY(CAST(:ids AS uuid[]))"
        ),
        {"now": now, "ids": list(ids)},
    )
    conn.execute(
        text("UPDATE assignment SET to_at = :now WHERE rec_id = ANY(CAST(:ids AS uuid[])) AND to_at IS NULL"),
        {"now": now, "ids": list(ids)},
    )
