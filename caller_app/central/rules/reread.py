"""After an update of the centre: changes it could not read before are read again, and judged if they can be now.

They were stored as they came and set aside as `unknown_schema`; nothing was lost by being older than a workstation.
"""

from datetime import datetime

from sqlalchemy import Connection, text

from caller_app.base.clock import to_text
from caller_app.central.rules import audit
from caller_app.central.rules.arrivals import read_again
from caller_app.domain.changes import CHANGES
from caller_app.protocol.codec import encode

AT_ONCE = 200


def reread(conn: Connection, *, now: datetime) -> int:
    """Give changes that can be read now back to judging; gives how many."""
    kinds = sorted(CHANGES)
    rows = conn.execute(
        text(
            "SELECT c.change_id, c.envelope FROM review_case r JOIN change_state s USING (change_id) "
            "JOIN change c USING (change_id) JOIN unnest(CAST(:kinds AS text[]), CAST(:schemas AS int[])) k(kind, "
            "newest) ON c.kind = k.kind AND c.schema <= k.newest "
            "WHERE r.state = 'open' AND r.class = 'unknown_schema' "
            "AND s.verdict = 'quarantined' AND s.reason = 'unknown_schema' ORDER BY c.received_at LIMIT :n "
            "FOR UPDATE OF s SKIP LOCKED"
        ),
        {"kinds": kinds, "schemas": [CHANGES[kind].schema for kind in kinds], "n": AT_ONCE},
    ).all()
    faults = {row.change_id: read_again(bytes(row.envelope)) for row in rows}
    still_odd = [{"c": change_id, "reason": fault} for change_id, fault in faults.items() if fault is not None]
    if still_odd:  # its kind is known now, and what it says is not in its form: a person has to look
        conn.execute(text("UPDATE change_state SET reason = :reason WHERE change_id = CAST(:c AS uuid)"), still_odd)
    readable = [change_id for change_id, fault in faults.items() if fault is None]
    if not readable:
        return 0
    conn.execute(
        text(
            "UPDATE change_state SET verdict = 'received', reason = NULL, review_id = NULL, applied_at = NULL "
            "WHERE change_id = ANY(CAST(:ids AS uuid[]))"
        ),
        {"ids": readable},
    )
    settled = {"act": "judged_after_update", "at": to_text(now), "why": "The centre was updated and can read it now."}
    conn.execute(
        text(
            "UPDATE review_case SET state = 'resolved', resolution = CAST(:said AS jsonb) "
            "WHERE change_id = ANY(CAST(:ids AS uuid[])) AND class = 'unknown_schema' AND state = 'open'"
        ),
        {"said": encode(settled).decode(), "ids": readable},
    )
    audit.note(conn, at=now, what="read_after_update", detail={"changes": len(readable)})
    return len(readable)
