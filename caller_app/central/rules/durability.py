"""Which numbers of which device lie in a finished backup: only these may a workstation forget.

See docs/sync.md, section 8. The watermarks are read before the dump begins, so the dump holds at least what they say.
"""

from datetime import datetime

from sqlalchemy import Connection, text

from caller_app.central.rules import audit


def watermarks(conn: Connection) -> dict[str, int]:
    """Read every device's contiguous watermark."""
    rows = conn.execute(text("SELECT device_id, last_seq FROM device WHERE last_seq > 0"))
    return {row.device_id: row.last_seq for row in rows}


def confirm(conn: Connection, marks: dict[str, int], *, now: datetime) -> int:
    """Let devices know, from their next reply on, that work up to these numbers is durable."""
    if marks:
        conn.execute(
            text(
                "UPDATE device SET durable_seq = greatest(durable_seq, m.seq) FROM unnest(CAST(:ids AS uuid[]), "
                "CAST(:seqs AS bigint[])) m(id, seq) WHERE device_id = m.id"
            ),
            {"ids": list(marks), "seqs": list(marks.values())},
        )
    audit.note(conn, at=now, what="backup_made", detail={"devices": len(marks)})
    return len(marks)
