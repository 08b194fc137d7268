"""What came from the centre beside the list: notices to me, and what left my list and why.

What a reader would get wrong: neither says a person's name. A notice names what I recorded, a removal only says that
somebody left; names of people who are no longer mine are not kept on this computer.
"""

from caller_app.base.clock import from_text
from caller_app.protocol.notices import NoticeBody
from caller_app.queries.outbox import state_of, title_of
from caller_app.queries.rows import LeftRow, NoticeRow
from caller_app.store import receipts
from caller_app.store.snapshot import WHY, Snapshot

MOST = 500
_LEFT = {
    **WHY,
    "swept": "not on the list that was read anew",
}


def notices(s: Snapshot, *, limit: int = MOST) -> tuple[NoticeRow, ...]:
    """Give what the centre told me, the newest first."""
    return tuple(_notice(s, one.body) for one in receipts.told(s.lists, limit=limit))


def left_list(s: Snapshot, *, limit: int = MOST) -> tuple[LeftRow, ...]:
    """Give what left my list and why, the newest first."""
    return tuple(
        LeftRow(
            mark=one.mark[:8],
            removed_at=one.removed_at,
            why=_LEFT.get(one.why, one.why.replace("_", " ")),
            confirmed=one.confirmed,
            entries=one.entries,
        )
        for one in receipts.removals(s.outbox, limit=limit)
    )


def _notice(s: Snapshot, body: NoticeBody) -> NoticeRow:
    about = receipts.one(s.outbox, body.change_id) if body.change_id else None
    title = title_of(about.change, s.rules) if about else ""
    words = body.words
    if not words:
        words = (
            f"The centre has taken it in: {state_of(about)}." if about else "The centre has taken in what you recorded."
        )
    return NoticeRow(
        notice_id=body.notice_id,
        at=from_text(body.at),
        words=words,
        about=title,
        change_id=body.change_id if about else None,
    )
