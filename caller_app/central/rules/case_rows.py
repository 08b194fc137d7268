"""Write the cases that judging moved on: version, document, the columns lists are made of, and who is told.

What a reader would get wrong: this only writes, so it may stand in `db.together`; whatever reads belongs outside.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from caller_app.central import schema, sets
from caller_app.central.rules import feed
from caller_app.central.rules.workspace import CaseFile, Workspace
from caller_app.domain.items import KIND_ITEM
from caller_app.protocol.codec import encode


def write_cases(conn: Connection, space: Workspace, stopped: dict[str, str], now: datetime) -> list[feed.Entry]:
    """Write the cases that were moved on, and give the feed entries of whoever has them."""
    entries: list[feed.Entry] = []
    versions, bodies, facts = [], [], []
    for file in space.files.values():
        if not file.changed and file.case_id not in stopped:
            continue
        item = file.now_item()
        leaves = file.case_id in stopped
        versions.append({"id": file.case_id, "ver": file.ver + 1, "status": item.status, "leaves": leaves})
        bodies.append({"kind": KIND_ITEM, "id": file.case_id, "body": encode(item).decode()})
        facts.append(_case_facts(file, leaves=leaves, now=now))
        if file.assignee is None:
            continue
        if leaves:
            entries.append(feed.gone(file.assignee, file.case_id, "opted_out"))
        elif item.status != "closed" or not file.off_lists:
            entries.append(feed.put(file.assignee, file.case_id))
    if versions:
        sets.update(
            conn, schema.rec_ver, versions, ["id"], more={"leaves": "BOOLEAN"},
            assignee="CASE WHEN s.leaves THEN NULL ELSE t.assignee END",
        )  # fmt: skip
        sets.update(conn, schema.rec_body, bodies, ["kind", "id"])
        sets.update(conn, schema.cases, facts, ["case_id"], more=_CASE_MORE, **_CASE_HOW)
    if stopped:
        conn.execute(
            text("UPDATE assignment SET to_at = :now WHERE rec_id = ANY(CAST(:ids AS uuid[])) AND to_at IS NULL"),
            {"now": now, "ids": sorted(stopped)},
        )
    return entries


_CASE_MORE = {"closed": "BOOLEAN", "why": "TEXT", "leaves": "BOOLEAN", "now": "TIMESTAMP WITH TIME ZONE"}
_CASE_HOW = {
    "closed_at": "CASE WHEN s.closed THEN coalesce(t.closed_at, s.now) END",
    "close_why": "CASE WHEN s.closed THEN s.why END",
    "stopped_at": "CASE WHEN s.leaves THEN coalesce(t.stopped_at, s.now) ELSE t.stopped_at END",
    "left_lists_at": "CASE WHEN s.leaves THEN s.now WHEN s.closed THEN t.left_lists_at END",
}


def _case_facts(file: CaseFile, *, leaves: bool, now: datetime) -> dict[str, Any]:
    item = file.now_item()
    last = max((one for one in item.attempts if not one.superseded), key=lambda one: one.at, default=None)
    promised = min((one for one in item.promises if one.state == "open"), key=lambda one: one.from_at, default=None)
    return {
        "case_id": file.case_id,
        "counted_attempts": item.counted_attempts,
        "last_outcome": last.outcome if last else None,
        "last_at": last.at if last else None,
        "promised_from": promised.from_at if promised else None,
        "promised_to": promised.to_at if promised else None,
        "closed": item.status == "closed",
        "why": item.status_why,
        "leaves": leaves,
        "now": now,
    }
