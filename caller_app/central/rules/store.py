"""Tx A of a push: store first (docs/sync.md, "Push"). What this commits is acknowledged, whatever it says.

Storing is never refused for scope, age, schema or opt-out. The one refusal is a fork: a device number that already
belongs to another change means that two machines write under one identity, and then nothing of the batch is stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Cursor
from psycopg.rows import namedtuple_row
from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from caller_app.base.failpoints import crash_here
from caller_app.base.ids import new_id
from caller_app.central import sets
from caller_app.central.arrays import Ids
from caller_app.central.db import by_keys, driver, together
from caller_app.central.faults import Fault
from caller_app.central.rules import audit
from caller_app.central.rules.access import Asker, is_uuid, own_device
from caller_app.central.rules.arrivals import NOTHING_ACKED, Acked, Arrived, Came
from caller_app.central.schema import change, change_reuse, change_state, device_seq, review_case
from caller_app.protocol.messages import Span


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing found out per change id: which may be judged, which were known, which reuse a foreign id."""

    to_judge: list[str]
    came: Came  # what these say, from the very bytes that were stored
    again: list[str]  # came before; where they had to wait, they are judged now
    known: frozenset[str]
    reused: Mapping[int, str]  # place in the batch -> review id
    missing: bool  # its device has receipts for numbers that were not here
    last_seq: int  # the watermark now
    durable_seq: int


def store(
    conn: Connection,
    asker: Asker,
    device_id: str,
    arrived: Sequence[Arrived],
    *,
    now: datetime,
    sent_at: datetime | None = None,
    opaque: bool = False,
    unsent: int | None = None,
    acked: Acked = NOTHING_ACKED,
) -> Stored:
    """Store a batch under its device's lock and advance the contiguous watermark."""
    first: dict[str, Arrived] = {}
    for one in arrived:
        first.setdefault(one.change_id, one)
    device, held, known = _locked(conn, asker, device_id, [one.seq for one in arrived], list(first))
    device_id = device.device_id
    _refuse_fork(held, arrived)
    missing = acked.up_to > device.last_seq or (bool(acked.beyond) and _lacks(conn, device_id, acked.beyond))
    fresh = [one for one in first.values() if one.change_id not in known]
    if fresh:
        made = _insert(conn, asker.user.user_id, device_id, fresh, now, sent_at)
        if len(made) < len(fresh):  # another device stored the same ids while we waited for it
            fresh = [one for one in fresh if one.change_id in made]
            with driver(conn) as raw:
                known = _by_id(raw.execute(_KNOWN, {"ids": Ids(first.keys() - made)}).fetchall())
    revoked = device.status == "revoked"
    reused: dict[int, str] = {}
    for place, one in enumerate(arrived):
        has = known.get(one.change_id) or (first[one.change_id].sha256, asker.user.user_id)
        same = has == (one.sha256, asker.user.user_id) or (opaque and has[1] == asker.user.user_id)
        if not same:
            reused[place] = _reuse(conn, asker, device_id, one, now)
    with together(conn):
        _states(conn, fresh, now=now, revoked=revoked)
        _number(conn, device_id, arrived, set(held))
        advanced = _advance(conn, device_id, now, unsent)
    ((last_seq, durable_seq),) = advanced.fetchall()
    if reused or (revoked and fresh):
        what = "id_reuse" if reused else "revoked_device"
        audit.note(
            conn, at=now, what=f"alarm_{what}", user_id=asker.user.user_id, device_id=device_id,
            detail={"changes": len(reused) or len(fresh)},
        )  # fmt: skip
    crash_here("stored_before_commit")
    read = {} if revoked else {one.change_id: one for one in fresh if one.change is not None}
    again = [] if revoked else sorted(known.keys() - {arrived[place].change_id for place in reused})
    return Stored(
        to_judge=list(read),
        came=Came(asker.user.user_id, device_id, sent_at, now, read),
        again=again,
        known=frozenset(known),
        reused=reused,
        missing=missing,
        last_seq=last_seq,
        durable_seq=durable_seq,
    )


def quarantine(conn: Connection, change_id: str, rec_id: str | None, reason: str, now: datetime) -> str:
    """Set a change aside with a case for a supervisor; gives the review id."""
    review_id = new_id()
    found = conn.execute(
        text(
            "INSERT INTO review_case(review_id, change_id, rec_id, class, opened_at) "
            "VALUES (:r, :c, :rec, :reason, :now) ON CONFLICT (change_id, class) "
            "DO UPDATE SET rec_id = excluded.rec_id RETURNING review_id"
        ),
        {"r": review_id, "c": change_id, "rec": rec_id, "reason": reason, "now": now},
    ).scalar_one()
    conn.execute(
        text(
            "UPDATE change_state SET verdict = 'quarantined', reason = :reason, review_id = :r, applied_at = :now "
            "WHERE change_id = :c AND verdict = 'received'"
        ),
        {"reason": reason, "r": found, "now": now, "c": change_id},
    )
    return str(found)


# Which of the numbers are known, and for what; nobody adds to them while the device's lock is ours.
_DEVICE = "SELECT * FROM device WHERE device_id = CAST(%(device)s AS uuid) FOR UPDATE"
_HELD = "SELECT dseq, change_id FROM device_seq WHERE device_id = CAST(%(device)s AS uuid) AND dseq = ANY(%(seqs)s)"
_KNOWN = "SELECT change_id, sha256, user_id FROM change WHERE change_id = ANY(CAST(%(ids)s AS uuid[]))"


def _locked(
    conn: Connection, asker: Asker, device_id: str, seqs: list[int], ids: list[str]
) -> tuple[Any, dict[int, str], dict[str, tuple[bytes, int]]]:
    """Lock the asker's own device, and give it with what is known of these numbers and ids; raises Fault."""
    if not is_uuid(device_id):
        return own_device(None, asker), {}, {}
    with together(conn) as raw:
        by_keys(conn)
        device = raw.cursor(row_factory=namedtuple_row).execute(_DEVICE, {"device": device_id})
        held = raw.execute(_HELD, {"device": device_id, "seqs": seqs})
        known = raw.execute(_KNOWN, {"ids": Ids(ids)})
    return own_device(device.fetchone(), asker), dict(held.fetchall()), _by_id(known.fetchall())


def _by_id(rows: Iterable[tuple[str, bytes, int]]) -> dict[str, tuple[bytes, int]]:
    return {change_id: (bytes(digest), user_id) for change_id, digest, user_id in rows}


def _refuse_fork(held: Mapping[int, str], arrived: Sequence[Arrived]) -> None:
    given = dict(held)
    for one in arrived:
        if given.setdefault(one.seq, one.change_id) != one.change_id:
            raise Fault(
                409,
                "device_forked",
                "Two copies of this workstation use the same numbers. The program registers as a new one; nothing "
                "recorded is lost.",
            )


def _lacks(conn: Connection, device_id: str, spans: Sequence[Span]) -> bool:
    firsts, lasts = (list(ends) for ends in zip(*spans, strict=True))
    with driver(conn) as raw:
        found = raw.execute(_LACKS, {"d": device_id, "firsts": firsts, "lasts": lasts}).fetchone()
    return bool(found and found[0])


_LACKS = """
SELECT bool_or(s.last - s.first + 1 >
  (SELECT count(*) FROM device_seq WHERE device_id = CAST(%(d)s AS uuid) AND dseq BETWEEN s.first AND s.last))
FROM unnest(CAST(%(firsts)s AS bigint[]), CAST(%(lasts)s AS bigint[])) AS s(first, last)
"""


def _insert(
    conn: Connection, user_id: int, device_id: str, fresh: list[Arrived], now: datetime, sent_at: datetime | None
) -> set[str]:
    rows: list[dict[str, Any]] = [
        {
            "change_id": one.change_id,
            "user_id": user_id,
            "device_id": device_id,
            "kind": one.kind,
            "schema": one.schema,
            "rec_id": one.rec_id,
            "base_ver": one.base_ver,
            "assign_gen": one.assign_gen,
            "occurred_at": one.occurred_at,
            "sent_at": sent_at,
            "received_at": now,
            "envelope": one.envelope,
            "sha256": one.sha256,
        }
        for one in fresh
    ]
    made = sets.insert(conn, change, rows, then="ON CONFLICT (change_id) DO NOTHING RETURNING change_id")
    return {change_id for (change_id,) in made}


def _states(conn: Connection, fresh: list[Arrived], *, now: datetime, revoked: bool) -> None:
    if not fresh:
        return
    states, reviews = [], []
    for one in fresh:
        reason = "revoked_device" if revoked else one.fault
        review_id = new_id() if reason else None
        states.append(
            {
                "change_id": one.change_id,
                "verdict": "quarantined" if reason else "received",
                "reason": reason,
                "review_id": review_id,
                "applied_at": now if reason else None,
            }
        )
        if reason:
            reviews.append(
                {"review_id": review_id, "change_id": one.change_id, "rec_id": one.rec_id, "class": reason,
                 "opened_at": now}
            )  # fmt: skip
    sets.insert(conn, change_state, states)
    if reviews:
        sets.insert(conn, review_case, reviews)


def _reuse(conn: Connection, asker: Asker, device_id: str, one: Arrived, now: datetime) -> str:
    conn.execute(
        insert(change_reuse)
        .values(
            change_id=one.change_id, sha256=one.sha256, user_id=asker.user.user_id, device_id=device_id,
            envelope=one.envelope, received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["change_id", "sha256"])
    )  # fmt: skip
    found = conn.execute(
        text(
            "INSERT INTO review_case(review_id, change_id, rec_id, class, opened_at) VALUES (:r, :c, :rec, 'id_reuse', "
            ":now) ON CONFLICT (change_id, class) DO UPDATE SET class = excluded.class RETURNING review_id"
        ),
        {"r": new_id(), "c": one.change_id, "rec": one.rec_id, "now": now},
    )
    return str(found.scalar_one())


def _number(conn: Connection, device_id: str, arrived: Sequence[Arrived], held: set[int]) -> None:
    rows = {one.seq: one.change_id for one in arrived}
    new = [{"device_id": device_id, "dseq": seq, "change_id": rows[seq]} for seq in sorted(rows.keys() - held)]
    if new:
        sets.insert(conn, device_seq, new)


def _advance(conn: Connection, device_id: str, now: datetime, unsent: int | None) -> Cursor[Any]:
    with driver(conn) as raw:
        return raw.execute(_ADVANCE, {"d": device_id, "now": now, "unsent": unsent})


_ADVANCE = """
UPDATE device SET last_seen = %(now)s,
  unsent_said = coalesce(CAST(%(unsent)s AS int), unsent_said),
  unsent_said_at = CASE WHEN CAST(%(unsent)s AS int) IS NULL THEN unsent_said_at ELSE %(now)s END,
  last_seq = coalesce((SELECT max(s.dseq) FROM (SELECT dseq, dseq - row_number() OVER (ORDER BY dseq) AS before
    FROM device_seq WHERE device_id = %(d)s AND dseq > device.last_seq) s
    WHERE s.before = device.last_seq), last_seq)
WHERE device_id = %(d)s RETURNING last_seq, durable_seq
"""
