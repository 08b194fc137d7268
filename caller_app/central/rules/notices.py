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


def make(conn: Connection, notices: list[tuple[int, NoticeBody]]) -> list[Entry]:
    """Write notices and give the feed entries that deliver them."""
    if not notices:
        return []
    rows: list[dict[str, Any]] = [
        {"kind": KIND_NOTICE, "id": body.notice_id, "body": encode(body).decode()} for _, body in notices
    ]
    conn.execute(text("INSERT INTO rec_body(kind, id, body) VALUES (:kind, :id, :body)"), rows)
    return [Entry(user_id, KIND_NOTICE, body.notice_id) for user_id, body in notices]


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
