"""After the database was put back to an earlier state: who is told, what waits, and until when (docs/sync.md).

What workstations had recorded comes back by itself. What supervisors did in the lost time has no copy anywhere, so they
are told from when to when to look. Until every workstation in use was heard from, or for a day, nothing is tidied and
nothing is sent out of the house: a note of a removal or a referral may exist already in the history that was lost.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from caller_app.base.clock import london
from caller_app.base.ids import new_id
from caller_app.central.rules import audit, feed, notices

WAITS_AT_MOST = timedelta(hours=24)
RESYNC_LONGEST = 600
RESYNC_FOR = timedelta(hours=1)
FEW = 20  # so many workstations may all come at once

_RESTORED = (
    "The centre's database was put back to an earlier state. What callers recorded comes back by itself. What "
    "supervisors did between {start} and {end} is lost: check reassignments and settled reviews of that time."
)
_ROLLED_BACK = (
    "A workstation has receipts the centre does not know: its database was put back to an earlier state. What callers "
    "recorded comes back by itself. What supervisors did shortly before {end} may be lost: check reassignments and "
    "settled reviews."
)


def broke(conn: Connection, epoch: str, *, kind: str, now: datetime) -> None:
    """Write down that history broke and tell every supervisor; the last act of its transaction, for the feed."""
    lost_from = _last_known(conn) if kind == "restored" else None
    count = conn.execute(text("SELECT count(*) FROM device WHERE status = 'active'")).scalar_one()
    conn.execute(
        text(
            "INSERT INTO history_break(break_id, kind, epoch, noticed_at, lost_from, resync_within) "
            "VALUES (:id, :kind, :epoch, :now, :lost_from, :within)"
        ),
        {
            "id": new_id(),
            "kind": kind,
            "epoch": epoch,
            "now": now,
            "lost_from": lost_from,
            "within": 0 if count <= FEW else min(RESYNC_LONGEST, count),
        },
    )
    audit.note(conn, at=now, what=f"alarm_history_{kind}", detail={"epoch": epoch, "devices": count})
    words = (_RESTORED if kind == "restored" else _ROLLED_BACK).format(start=_said(lost_from), end=_said(now))
    supervisors = conn.execute(
        text("SELECT user_id FROM account WHERE role = 'supervisor' AND status = 'active' ORDER BY user_id")
    ).scalars()
    feed.write(conn, notices.make(conn, [(user, notices.said(now, words)) for user in supervisors]))


def suspected(conn: Connection, epoch: str, *, device_id: str, now: datetime) -> bool:
    """A workstation knows more than we do: the files of the database were put back; tells whether that is news."""
    conn.execute(text("SELECT pg_advisory_xact_lock(7203114004)"))
    known = conn.execute(
        text("SELECT 1 FROM history_break WHERE over_at IS NULL OR noticed_at > :recent"),
        {"recent": now - WAITS_AT_MOST},
    ).first()
    if known is not None:
        return False
    audit.note(conn, at=now, what="alarm_receipts_unknown_here", device_id=device_id)
    broke(conn, epoch, kind="rolled_back", now=now)
    return True


def waits(conn: Connection, *, now: datetime) -> bool:
    """Tell whether tidying and sending out still wait after a break; settles breaks that are over."""
    conn.execute(
        text(
            "UPDATE history_break b SET over_at = :now WHERE over_at IS NULL AND (noticed_at <= :day_ago OR NOT EXISTS "
            "(SELECT 1 FROM device d WHERE d.status = 'active' AND d.registered_at < b.noticed_at "
            "AND (d.last_seen IS NULL OR d.last_seen < b.noticed_at)))"
        ),
        {"now": now, "day_ago": now - WAITS_AT_MOST},
    )
    return conn.execute(text("SELECT 1 FROM history_break WHERE over_at IS NULL")).first() is not None


def resync_within(conn: Connection, epoch: str, *, now: datetime) -> int:
    """Give over how many seconds workstations spread their reading anew: only right after a new epoch began."""
    within = conn.execute(
        text("SELECT max(resync_within) FROM history_break WHERE epoch = CAST(:e AS uuid) AND noticed_at > :since"),
        {"e": epoch, "since": now - RESYNC_FOR},
    ).scalar()
    return within or 0


def _last_known(conn: Connection) -> datetime | None:
    found: datetime | None = conn.execute(
        text("SELECT greatest((SELECT max(received_at) FROM change), (SELECT max(at) FROM audit))")
    ).scalar()
    return found


def _said(at: datetime | None) -> str:
    return f"{london(at):%d %B %H:%M}" if at is not None else "its making"
