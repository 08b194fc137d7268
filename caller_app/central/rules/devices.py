"""Registering an installation, and the numbers that every reply carries about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.central.rules import audit
from caller_app.central.rules.access import Asker, device_of, is_uuid, refuse_revoked
from caller_app.central.rules.accounts import spent
from caller_app.central.rules.feed import head_of

# What is noted of a device whenever it is heard from, with the parameters `now` and `unsent`.
HEARD = (
    "last_seen = :now, status = CASE status WHEN 'retired' THEN 'active' ELSE status END, "
    "unsent_said = coalesce(CAST(:unsent AS int), unsent_said), "
    "unsent_said_at = CASE WHEN CAST(:unsent AS int) IS NULL THEN unsent_said_at ELSE :now END"
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """`last_seq`, `durable_seq` and `head` of the device and user that ask."""

    last_seq: int = 0
    durable_seq: int = 0
    head: int = 0


def register(conn: Connection, asker: Asker, *, app: str, proto: int, now: datetime) -> str:
    """Give an installation its device id: made here, not from hardware, so that a cloned disk shows as a fork.

    After a workstation was barred, whoever has its tokens may not simply register another: the password is asked.
    """
    free = conn.execute(
        text("SELECT may_register FROM session WHERE session_id = :s"), {"s": asker.session_id}
    ).scalar()
    if not free:
        raise spent()
    device_id = new_id()
    conn.execute(
        text(
            "INSERT INTO device(device_id, user_id, app_version, proto, registered_at, last_seen) "
            "VALUES (:d, :u, :app, :proto, :now, :now)"
        ),
        {"d": device_id, "u": asker.user.user_id, "app": app[:60], "proto": proto, "now": now},
    )
    audit.note(conn, at=now, what="device_registered", user_id=asker.user.user_id, device_id=device_id)
    return device_id


def numbers(conn: Connection, asker: Asker, device_id: str | None, *, listed: bool = False) -> Numbers:
    """Give the numbers for a reply, without a device only the head; `listed` refuses one that may have no list."""
    head, _ = head_of(conn, asker.user.user_id)
    if device_id is None:
        return Numbers(head=head)
    row = device_of(conn, asker, device_id)
    if listed:
        refuse_revoked(row)
    return Numbers(last_seq=row.last_seq, durable_seq=row.durable_seq, head=head)


def seen(conn: Connection, device_id: str, *, now: datetime, unsent: int | None) -> None:
    """Note that a device was heard from, and what it said of its unsent work; at most once in half a minute."""
    conn.execute(
        text(
            f"UPDATE device SET {HEARD} WHERE device_id = CAST(:d AS uuid) AND "
            "(last_seen IS NULL OR last_seen < CAST(:now AS timestamptz) - interval '30 seconds' OR status = 'retired' "
            "OR CAST(:unsent AS int) IS DISTINCT FROM unsent_said)"
        ),
        {"d": device_id, "now": now, "unsent": unsent},
    )


def seen_many(conn: Connection, unsent: Mapping[str, int | None], *, now: datetime) -> None:
    """Note at once all devices heard from, with what each said of its unsent work."""
    # No receipt hangs on it: a crash may forget the last moments of it, so nobody waits for the disk.
    conn.execute(text("SET LOCAL synchronous_commit = off"))
    conn.execute(
        text(
            "UPDATE device SET last_seen = greatest(last_seen, :now), "
            "status = CASE status WHEN 'retired' THEN 'active' ELSE status END, "
            "unsent_said = coalesce(h.unsent, unsent_said), "
            "unsent_said_at = CASE WHEN h.unsent IS NULL THEN unsent_said_at ELSE :now END "
            "FROM unnest(CAST(:ids AS uuid[]), CAST(:unsent AS int[])) h(id, unsent) WHERE device_id = h.id"
        ),
        {"ids": sorted(unsent), "unsent": [unsent[one] for one in sorted(unsent)], "now": now},
    )


def revoke(conn: Connection, device_id: str, *, now: datetime) -> None:
    """Take a device out of use: no list any more, and what it still sends is stored but set aside."""
    if not is_uuid(device_id):
        raise Refused("A device number looks like 01890a5d-ac96-774b-bcce-b302099a8057.", field="device_id")
    user_id = bar(conn, device_id)
    if user_id is None:
        raise Refused("There is no device with this number.", field="device_id")
    audit.note(conn, at=now, what="device_revoked", device_id=device_id, detail={"user_id": user_id})


def bar(conn: Connection, device_id: str) -> int | None:
    """Bar a device, and whoever has its tokens from registering another; gives whose it is, None for an unknown one."""
    user_id: int | None = conn.execute(
        text("UPDATE device SET status = 'revoked' WHERE device_id = CAST(:d AS uuid) RETURNING user_id"),
        {"d": device_id},
    ).scalar()
    if user_id is not None:
        conn.execute(
            text("UPDATE session SET may_register = false WHERE user_id = :u AND ended_at IS NULL"), {"u": user_id}
        )
    return user_id
