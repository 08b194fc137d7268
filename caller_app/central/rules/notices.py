"""Notice records: what a person is told through their own feed, such as a verdict that came later than its push.

Their texts hold no patient data; the record they are about is named by id.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from caller_app.base.clock import to_text
from caller_app.base.ids import new_id
from caller_app.central.rules.feed import Entry
from caller_app.domain.items import KIND_NOTICE
from caller_app.protocol.codec import encode
from caller_app.protocol.notices import NoticeBody

KEPT = 200  # notices a person keeps; a verdict that no workstation has taken yet is never among what goes


def make(conn: Connection, notices: list[tuple[int, NoticeBody]]) -> list[Entry]:
    """Write notices and give the feed entries that deliver them, and those that take the oldest off again."""
    if not notices:
        return []
    old = _outlived(conn, sorted({user_id for user_id, _ in notices}))
    rows: list[dict[str, Any]] = [
        {"kind": KIND_NOTICE, "id": body.notice_id, "body": encode(body).decode()} for _, body in notices
    ]
    conn.execute(text("INSERT INTO rec_body(kind, id, body) VALUES (:kind, :id, :body)"), rows)
    return [*old, *(Entry(user_id, KIND_NOTICE, body.notice_id) for user_id, body in notices)]


def _outlived(conn: Connection, users: list[int]) -> list[Entry]:
    """Forget what a person was told long ago: beyond the newest `KEPT`, only what all their workstations have."""
    rows = conn.execute(
        text(
            "SELECT u.user_id, v.rec_id FROM unnest(CAST(:users AS int[])) u(user_id) CROSS JOIN LATERAL ("
            "  SELECT n.rec_id FROM visibility n WHERE n.user_id = u.user_id AND n.kind = :kind AND NOT n.gone "
            "  AND n.seq <= coalesce((SELECT min(d.pulled_seq) FROM device d WHERE d.user_id = u.user_id "
            "    AND d.status <> 'retired'), 0) ORDER BY n.seq DESC OFFSET :kept LIMIT 500) v"
        ),
        {"users": users, "kind": KIND_NOTICE, "kept": KEPT},
    ).all()
    if rows:
        conn.execute(
            text("DELETE FROM rec_body WHERE kind = :kind AND id = ANY(CAST(:ids AS uuid[]))"),
            {"kind": KIND_NOTICE, "ids": [row.rec_id for row in rows]},
        )
    return [Entry(row.user_id, KIND_NOTICE, row.rec_id, "retention") for row in rows]


def said(
    now: datetime,
    words: str,
    *,
    case_id: str | None = None,
    change_id: str | None = None,
    verdict: str | None = None,
    reason: str | None = None,
    review_id: str | None = None,
    ver: int | None = None,
) -> NoticeBody:
    """Make one notice."""
    return NoticeBody(
        notice_id=new_id(), at=to_text(now), words=words, case_id=case_id, change_id=change_id, verdict=verdict,
        reason=reason, review_id=review_id, ver=ver,
    )  # fmt: skip
