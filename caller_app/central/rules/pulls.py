"""What a device may pull, and from where: the history check in both directions (docs/sync.md, sections 4, 5 and 8).

Every doubt has one cheap answer, a reset: the workstation reads its list from zero. It never touches its outbox. The
cursor a device presents is its receipt for everything up to it, so it counts only after the checks passed, and not
while a snapshot still runs (rows from before may still lie there until the sweep at its end).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Engine, text

from caller_app.central.db import reading, writing
from caller_app.central.rules import feed
from caller_app.central.rules.access import device_of, identify, is_uuid, refuse_revoked, require
from caller_app.central.rules.devices import HEARD, seen
from caller_app.protocol.limits import LEASE_HOURS, PAGE_RECORDS

Mode = Literal["snapshot", "delta"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a pull request says."""

    device_id: str | None
    cursor: int
    token: str
    epoch: str
    mode: Mode
    held: tuple[str, ...] = ()
    limit: int = PAGE_RECORDS
    unsent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A page with the device's standing and its new token, or the reason for a reset."""

    last_seq: int
    durable_seq: int
    head: int
    lease_until: datetime
    reset: str | None = None
    page: feed.Page | None = None
    token: str = ""


def serve(engine: Engine, authorization: str | None, wanted: Wanted, *, epoch: str, now: datetime) -> Served:
    """Find who asks, check the history, read one page, all in one snapshot, and note the receipt; or give a reset."""
    with reading(engine) as conn:
        asker = identify(conn, authorization, now)
        require(asker, "work_own_list")
        device = device_of(conn, asker, wanted.device_id)
        refuse_revoked(device)
        head, gc_seq = feed.head_of(conn, asker.user.user_id)
        reset = _reset(device, wanted, epoch=epoch, head=head, gc_seq=gc_seq)
        page = None
        if reset is None:
            page = feed.read_page(conn, user_id=asker.user.user_id, cursor=wanted.cursor, head=head, limit=wanted.limit)
    token = writing(engine, lambda conn: _receipt(conn, device, wanted, now=now, served=page is not None))
    return Served(
        last_seq=device.last_seq,
        durable_seq=device.durable_seq,
        head=head,
        reset=reset,
        page=page,
        token=token,
        lease_until=now + timedelta(hours=LEASE_HOURS),
    )


def _reset(device: Any, wanted: Wanted, *, epoch: str, head: int, gc_seq: int) -> str | None:
    if wanted.epoch != epoch and (wanted.epoch or wanted.cursor):
        return "epoch"
    if wanted.cursor > head:
        return "cursor_ahead"
    if wanted.mode == "delta" and wanted.cursor < gc_seq:
        return "collected"
    if wanted.mode == "snapshot" and wanted.cursor == 0:
        return None
    return None if _token_fits(device, wanted) else "token"


def _token_fits(device: Any, wanted: Wanted) -> bool:
    given = _number(wanted.token)
    if given is None:
        # Between the slices of the very first page a workstation has a cursor but no token yet.
        first_page = device.token is not None and device.prev_token is None
        return wanted.token == "" and wanted.mode == "snapshot" and first_page
    return given in {device.token, device.prev_token}


def _receipt(conn: Connection, device: Any, wanted: Wanted, *, now: datetime, served: bool) -> str:
    # The one write that does not wait for the disk. A crash within the next moments may forget the token, the receipt
    # and when the device was heard: a token nobody knows is a reset, an older receipt keeps tombstones for longer.
    # Never so where a change is stored: what was acknowledged must be on disk.
    conn.execute(text("SET LOCAL synchronous_commit = off"))
    if not served:
        seen(conn, device.device_id, now=now, unsent=wanted.unsent)
        return ""
    fresh = secrets.randbits(63)
    conn.execute(
        text(
            # What was presented stays good beside the new one: the reply that carries the new one may be lost.
            "UPDATE device SET token = :token, "
            "prev_token = CASE WHEN CAST(:given AS bigint) IN (token, prev_token) THEN CAST(:given AS bigint) END, "
            f"pulled_seq = :pulled, held = CAST(:held AS uuid[]), {HEARD} WHERE device_id = CAST(:d AS uuid)"
        ),
        {
            "token": fresh,
            "given": _number(wanted.token),
            "pulled": wanted.cursor if wanted.mode == "delta" else 0,
            "held": [one for one in wanted.held if is_uuid(one)][:20],
            "now": now,
            "unsent": wanted.unsent,
            "d": device.device_id,
        },
    )
    if wanted.mode == "delta" and (wanted.cursor > device.pulled_seq or device.held):
        _note_taken(conn, device, wanted, now)
    return f"{fresh:016x}"


def _note_taken(conn: Connection, device: Any, wanted: Wanted, now: datetime) -> None:
    """Note which orders to move cases this workstation has carried out whole; what it still holds open counts not."""
    conn.execute(
        text(
            "INSERT INTO reassignment_receipt(reassign_id, device_id, taken_at) "
            "SELECT r.reassign_id, CAST(:d AS uuid), :now FROM reassignment r "
            "WHERE r.from_user = :u AND r.seq <= :pulled AND r.at >= :registered AND NOT EXISTS (SELECT 1 FROM "
            "assignment a WHERE a.rec_id = ANY(CAST(:held AS uuid[])) AND a.user_id = r.from_user AND a.to_at = r.at) "
            "ON CONFLICT DO NOTHING"
        ),
        {
            "d": device.device_id,
            "now": now,
            "u": device.user_id,
            "pulled": wanted.cursor,
            "registered": device.registered_at,
            "held": [one for one in wanted.held if is_uuid(one)][:20],
        },
    )


def _number(token: str) -> int | None:
    if len(token) != 16 or not all(character in "0123456789abcdef" for character in token):
        return None
    value = int(token, 16)
    return value if value < 2**63 else None
