"""Which centre this is and which history it stands in (docs/sync.md, "Going back in time").

The epoch changes when PostgreSQL itself says that its history forked (restore to a point in time, promotion, dump into
a new cluster). A restored file copy is not visible here; tokens and watermarks catch that.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from caller_app.base.errors import Refused, Unavailable
from caller_app.base.ids import new_id
from caller_app.central.rules import history


@dataclass(frozen=True, slots=True)
class Standing:
    """The identity that every reply carries."""

    server_id: str
    epoch: str
    resync_within: int = 0


def ensure_standing(conn: Connection, *, stop_list_key: bytes, test_mode: bool, now: datetime) -> Standing:
    """Give this centre's identity, made at its first start; opens a new epoch when the database's history changed."""
    conn.execute(text("SELECT pg_advisory_xact_lock(7203114002)"))
    check = hmac.new(stop_list_key, b"stop list key check", hashlib.sha256).digest()
    known = conn.execute(text("SELECT server_id, test_mode, stop_key_check FROM centre")).one_or_none()
    if known is None:
        server_id = new_id()
        conn.execute(
            text("INSERT INTO centre(server_id, test_mode, stop_key_check) VALUES (:id, :test, :check)"),
            {"id": server_id, "test": test_mode, "check": check},
        )
    else:
        server_id = known.server_id
        if not hmac.compare_digest(bytes(known.stop_key_check), check):
            raise Refused(
                "The stop-list key is not the one this database was made with. With another key, people who asked "
                "never to be rung would come back. Give the right key."
            )
        if known.test_mode != test_mode:
            kind = "made in test mode" if known.test_mode else "not a test database"
            raise Refused(f"This database was {kind}. Test people and real people never share one database.")
    if conn.execute(text("SELECT pg_is_in_recovery()")).scalar_one():
        raise Unavailable("This database is a standby, or still recovers. A centre runs on one that takes writes.")
    found = conn.execute(
        text(
            # Of the log that is written now: the last checkpoint still bears the old number after a standby took over.
            "SELECT system_identifier AS sysid, "
            "CAST(CAST('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8) AS bit(32)) AS int) AS timeline "
            "FROM pg_control_system()"
        )
    ).one()
    active = conn.execute(text("SELECT epoch, sysid, timeline FROM sync_epoch WHERE active")).one_or_none()
    if active is not None and (int(active.sysid), active.timeline) == (found.sysid & (2**64 - 1), found.timeline):
        return Standing(server_id, active.epoch, history.resync_within(conn, active.epoch, now=now))
    epoch = new_id()
    reason = "first start" if active is None else "the database's own history changed"
    conn.execute(text("UPDATE sync_epoch SET active = false WHERE active"))
    conn.execute(
        text(
            "INSERT INTO sync_epoch(epoch, sysid, timeline, reason, active) "
            "VALUES (:epoch, :sysid, :timeline, :reason, true)"
        ),
        {"epoch": epoch, "sysid": found.sysid & (2**64 - 1), "timeline": found.timeline, "reason": reason},
    )
    if active is not None:
        history.broke(conn, epoch, kind="restored", now=now)
    return Standing(server_id, epoch, history.resync_within(conn, epoch, now=now))
