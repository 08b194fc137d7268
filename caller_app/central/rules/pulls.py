"""What a device may pull, and from where: the history check in both directions (docs/sync.md, "Going back in time").

Every doubt has one cheap answer, a reset: the workstation reads its list from zero. It never touches its outbox. The
cursor a device presents is its receipt for everything up to it, so it counts only after the checks passed, and not
while a snapshot still runs (rows from before may still lie there until the sweep at its end).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from psycopg import Connection as PgConnection
from psycopg.rows import namedtuple_row
from sqlalchemy import Connection, Engine, text

from caller_app.central.db import for_driver, together, writing
from caller_app.central.faults import Fault
from caller_app.central.rules import audit, feed
from caller_app.central.rules.access import (
    SESSION,
    asker_of,
    is_uuid,
    own_device,
    refuse_revoked,
    require,
    token_hash,
)
from caller_app.central.rules.devices import HEARD, seen
from caller_app.domain.staff import Deed
from caller_app.protocol.limits import HELD_NAMED, LEASE_HOURS, PAGE_RECORDS

Mode = Literal["snapshot", "delta"]
DEED: Deed = "work_own_list"


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
    empty: bool = False  # the workstation says that no record lies on it


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
    """Find who asks, check the history, read one page and note the receipt, all in one snapshot; or give a reset."""

    def work(conn: Connection) -> Served:
        device, head, gc_seq = _standing(conn, authorization, wanted.device_id, now)
        reset = _reset(device, wanted, epoch=epoch, head=head, gc_seq=gc_seq)
        page, token = None, ""
        if reset is None:
            page, token = _page(conn, device, wanted, head=head, now=now)
        else:
            conn.execute(text(_LAZILY))
            seen(conn, device.device_id, now=now, unsent=wanted.unsent)
        return Served(
            last_seq=device.last_seq,
            durable_seq=device.durable_seq,
            head=head,
            reset=reset,
            page=page,
            token=token,
            lease_until=now + timedelta(hours=LEASE_HOURS),
        )

    try:
        return writing(engine, work, one_view=True)
    except Fault as fault:
        if wanted.empty and fault.code in ("account_disabled", "device_revoked"):
            writing(engine, lambda conn: _note_empty(conn, authorization, wanted, now))
        raise


def _note_empty(conn: Connection, authorization: str | None, wanted: Wanted, now: datetime) -> None:
    """Note that a workstation which gets no list any more says that none is left on it: its receipt for the removal.

    Without a token it counts as one that never read a list, which is what it now is.
    """
    if wanted.device_id is None or not is_uuid(wanted.device_id):
        return
    done = conn.execute(
        text(
            "UPDATE device d SET token = NULL, prev_token = NULL, held = '{}', pulled_seq = h.seq "
            "FROM session s JOIN feed_head h USING (user_id) WHERE s.access_sha256 = :given AND d.user_id = s.user_id "
            "AND d.device_id = CAST(:d AS uuid) AND d.token IS NOT NULL RETURNING d.user_id"
        ),
        {"given": token_hash(authorization), "d": wanted.device_id},
    ).scalar()
    if done is not None:
        audit.note(conn, at=now, what="list_removed", user_id=done, device_id=wanted.device_id)


def _standing(
    conn: Connection, authorization: str | None, device_id: str | None, now: datetime
) -> tuple[Any, int, int]:
    """Give the device that asks, checked with its person, the newest number of their feed and how far it was tidied."""
    given = token_hash(authorization)
    known_form = device_id if device_id is not None and is_uuid(device_id) else None
    with together(conn) as raw:
        asked: list[Any] = [
            raw.cursor(row_factory=namedtuple_row).execute(statement, (value,), prepare=True)
            for statement, value in ((_WHO, given), (_DEVICE, known_form), (_HEAD, given))
        ]
    who, device, head = (one.fetchone() for one in asked)
    asker = asker_of(who, given, now)
    require(asker, DEED)
    refuse_revoked(own_device(device, asker))
    return device, *((head.seq, head.gc_seq) if head else (0, 0))


_WHO = f"{SESSION} WHERE s.access_sha256 = %s"
_DEVICE = "SELECT * FROM device WHERE device_id = CAST(%s AS uuid)"
_HEAD = "SELECT h.seq, h.gc_seq FROM session s JOIN feed_head h USING (user_id) WHERE s.access_sha256 = %s"


def _reset(device: Any, wanted: Wanted, *, epoch: str, head: int, gc_seq: int) -> str | None:
    if wanted.epoch != epoch and (wanted.epoch or wanted.cursor):
        return "epoch"
    if wanted.cursor > head:
        return "cursor_ahead"
    if wanted.mode == "snapshot" and wanted.cursor == 0:
        return None
    if not _token_fits(device, wanted):
        return "token"  # before the horizon: who is told of that alone sends nothing again
    return "collected" if wanted.mode == "delta" and wanted.cursor < gc_seq else None


def _token_fits(device: Any, wanted: Wanted) -> bool:
    given = _number(wanted.token)
    if given is None:
        # Between the slices of the very first page a workstation has a cursor but no token yet.
        first_page = device.token is not None and device.prev_token is None
        return wanted.token == "" and wanted.mode == "snapshot" and first_page
    return given in {device.token, device.prev_token}


def _page(conn: Connection, device: Any, wanted: Wanted, *, head: int, now: datetime) -> tuple[feed.Page, str]:
    """Read the page; what the cursor receipts and the token that was given are noted with it."""
    fresh = secrets.randbits(63)
    has_taken = wanted.mode == "delta" and (wanted.cursor > device.pulled_seq or bool(device.held))

    def receipt(raw: PgConnection[Any]) -> None:
        # The one write that does not wait for the disk. A crash within the next moments may forget the token, the
        # receipt and when the device was heard: a token nobody knows is a reset, an older receipt keeps tombstones for
        # longer. Never so where a change is stored: what was acknowledged must be on disk.
        raw.execute(_LAZILY)
        raw.execute(
            _RECEIPT,
            {
                "token": fresh,
                "given": _number(wanted.token),
                "pulled": wanted.cursor if wanted.mode == "delta" else 0,
                "held": held_of(wanted),
                "now": now,
                "unsent": wanted.unsent,
                "d": device.device_id,
            },
            prepare=True,
        )
        if not has_taken:
            raw.commit()  # nothing follows: its own journey is saved

    page = feed.read_page(
        conn, user_id=device.user_id, cursor=wanted.cursor, head=head, limit=wanted.limit, then=receipt
    )
    if has_taken:
        _note_taken(conn, device, wanted, now)
    return page, f"{fresh:016x}"


_LAZILY = "SET LOCAL synchronous_commit = off"
_RECEIPT = for_driver(
    # What was presented stays good beside the new one: the reply that carries the new one may be lost.
    "UPDATE device SET token = :token, "
    "prev_token = CASE WHEN CAST(:given AS bigint) IN (token, prev_token) THEN CAST(:given AS bigint) END, "
    f"pulled_seq = :pulled, held = CAST(:held AS uuid[]), {HEARD} WHERE device_id = CAST(:d AS uuid)"
)


def held_of(wanted: Wanted) -> list[str]:
    """Give the records that a workstation says it keeps, as far as they can be names of any."""
    return [one for one in wanted.held if is_uuid(one)][:HELD_NAMED]


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
            "held": held_of(wanted),
        },
    )


def _number(token: str) -> int | None:
    if len(token) != 16 or not all(character in "0123456789abcdef" for character in token):
        return None
    value = int(token, 16)
    return value if value < 2**63 else None
