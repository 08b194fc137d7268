"""The states of an outbox entry (docs/sync.md): into a batch, acknowledged, durable, erased; and back.

What a reader would get wrong: only an echoed, typed reply settles anything; SENT is never trusted after a start; a 401
or a lost network changes no state; and nothing is deleted that the centre has not called durable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from caller_app.base.clock import to_text
from caller_app.base.ids import new_id
from caller_app.domain.changes import Accessed
from caller_app.protocol.limits import PUSH_BYTES, PUSH_CHANGES, PUSH_SPANS
from caller_app.protocol.messages import PushResult, Span
from caller_app.store import outbox
from caller_app.store.engine import bulk, quick
from caller_app.store.outbox import ABOVE, LOOKED_AT, NEXT_DSEQ, UNSENT, chunks, record_hash

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore

SUSPECT_RESTS = timedelta(hours=1)
_ENVELOPE_ROOM = 512  # bytes of the envelope around a payload, generously


@dataclass(frozen=True, slots=True)
class Entry:
    """One change as it goes on the wire."""

    dseq: int
    change_id: str
    kind: str
    schema: int
    rec_id: str | None
    base_ver: int | None
    assign_gen: int | None
    occurred_at: str
    mono_ns: int
    payload: bytes
    sha256: bytes
    tries: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Who these files are to the centre, and how far it has confirmed them."""

    device_id: str | None
    epoch: str | None
    next_dseq: int
    acked_hw: int
    durable_hw: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What the honest light is made of."""

    unsent: int
    oldest_unsent_at: str | None
    in_review: int
    receipt_at: str | None
    alarm: str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many were unsent after a number when the next number to give was this one."""

    unsent: int
    next_dseq: int


def identity(connection: Connection) -> Identity:
    """Give this file's identity."""
    row = connection.exec_driver_sql(f"SELECT device_id, epoch, {NEXT_DSEQ}, acked_hw, durable_hw FROM identity").one()
    return Identity(*row)


def retains(connection: Connection, dseq: int) -> bool:
    """Tell whether the change of a device number is still held here: what was erased may lie above what was not."""
    return bool(quick(connection, "SELECT 1 FROM outbox WHERE dseq = ?", (dseq,)))


def counts(connection: Connection) -> Counts:
    """Count what is unsent and what is being looked at."""
    unsent, oldest = connection.exec_driver_sql(f"SELECT count(*), min(recorded_at) FROM outbox WHERE {UNSENT}").one()
    in_review = connection.exec_driver_sql(f"SELECT count(*) FROM outbox WHERE {LOOKED_AT}").scalar_one()
    receipt, alarm = connection.exec_driver_sql("SELECT receipt_at, alarm FROM identity").one()
    return Counts(unsent, oldest, in_review, receipt, alarm)


def unsent(connection: Connection) -> int:
    """Count what is unsent, and nothing else: asked before every batch, where looking through the past adds up."""
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM outbox WHERE {UNSENT}").scalar_one())


def receipts_beyond(connection: Connection, acked: int, owed: str = "") -> list[Span]:
    """Give the spans of numbers above a watermark that have their receipts all the same, the newest PUSH_SPANS.

    `owed` is a batch whose receipt is there and yet to be written down.
    """
    return quick(connection, _SPANS, (acked, owed, PUSH_SPANS))[::-1]


_SPANS = """
SELECT min(dseq), max(dseq) FROM (
  SELECT dseq, dseq - row_number() OVER (ORDER BY dseq) AS before FROM outbox
  WHERE dseq > ? AND (state IN ('ACKED', 'DURABLE') OR batch_id = ?))
GROUP BY before ORDER BY before DESC LIMIT ?"""


def has_receipts(connection: Connection) -> bool:
    """Tell whether anything that has a receipt is still held here."""
    found = connection.exec_driver_sql("SELECT 1 FROM outbox WHERE state IN ('ACKED', 'DURABLE') LIMIT 1")
    return found.first() is not None


def nothing_is_under_way(store: "LocalStore") -> None:
    """At start and before a pass, what was on its way is not trusted to have arrived.

    A pass leaves nothing under way, unless the disk was too full to say so.
    """
    with store.outbox.read() as connection:
        if not quick(connection, f"SELECT 1 FROM outbox WHERE {ABOVE} AND state = 'SENT' LIMIT 1"):
            return
    with store.outbox.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE outbox SET state = 'PENDING', batch_id = NULL WHERE {ABOVE} AND state = 'SENT'"
        )


def take_batch(store: "LocalStore", *, most: int = PUSH_CHANGES) -> tuple[str, list[Entry]]:
    """Mark the next changes as sent, on disk, and give them with the id of their batch: urgent ones first and alone."""
    with store.outbox.write() as connection:
        for where in ("lane = 0 AND state = 'PENDING'", f"{ABOVE} AND state = 'PENDING'"):  # the first has its index
            batch, rows = _take(connection, where, most)
            if rows:
                return batch, rows
    return "", []


def take_ahead(
    store: "LocalStore", after: int, *, most: int, counted: Counted | None = None
) -> tuple[str, list[Entry], Counted]:
    """Mark what comes after a number as sent before its turn, on disk, and count what is unsent there.

    It goes where `comes_next` says so, else it is put back. What was `counted` there before only gains what was
    recorded since: going through a long queue to count it costs more than the batch.
    """
    with store.outbox.write() as connection:
        # What is urgent stays where `comes_next` sees it: it goes first and alone.
        batch, rows = _take(connection, f"{ABOVE} AND dseq > ? AND state = 'PENDING' AND lane <> 0", most, after)
        ((next_dseq,),) = quick(connection, f"SELECT {NEXT_DSEQ}")
        if counted is None:
            ((beyond,),) = quick(connection, f"SELECT count(*) FROM outbox WHERE {UNSENT} AND dseq > ?", (after,))
        else:
            beyond = counted.unsent + next_dseq - counted.next_dseq
    return batch, rows, Counted(beyond, next_dseq)


def comes_next(store: "LocalStore", batch: str, entries: Sequence[Entry], *, most: int) -> bool:
    """Tell whether what was taken ahead still comes next: nothing urgent and nothing before it, and all of it marked.

    Since it was taken a concern may have been recorded, a result may have been missing from the batch before it, and a
    centre put back may have made everything pending again.
    """
    first, last = entries[0].dseq, entries[-1].dseq
    with store.outbox.alone() as held:  # a reader would fetch and decipher anew what the writer has at hand
        connection = held.connection
        waits = quick(connection, "SELECT 1 FROM outbox WHERE lane = 0 AND state = 'PENDING' LIMIT 1") or quick(
            connection, f"SELECT 1 FROM outbox WHERE {ABOVE} AND dseq < ? AND state = 'PENDING' LIMIT 1", (first,)
        )
        ((marked,),) = quick(
            connection,
            "SELECT count(*) FROM outbox WHERE dseq BETWEEN ? AND ? AND batch_id = ? AND state = 'SENT'",
            (first, last, batch),
        )
    return not waits and marked == len(entries) <= most


def _take(connection: Connection, where: str, most: int, *values: int) -> tuple[str, list[Entry]]:
    rows = _waiting(connection, where, most, *values)
    if not rows:
        return "", rows
    batch = new_id()
    quick(  # the rows just read: the first of those in their order, and no others of them lie between
        connection,
        f"UPDATE outbox SET state = 'SENT', batch_id = ? WHERE {where} AND dseq <= ?",
        (batch, *values, rows[-1].dseq),
    )
    return batch, rows


def take_suspect(store: "LocalStore") -> Entry | None:
    """Give the next change that the centre cannot read and that has to go as plain bytes."""
    now = store.clock.now()
    # A time further off than any rest was written by a clock that has been put right since.
    due = "next_try_at IS NULL OR next_try_at <= ? OR next_try_at > ?"
    with store.outbox.read() as connection:
        rows = _rows(connection, f"state = 'SUSPECT' AND ({due})", 1, to_text(now), to_text(now + 2 * SUSPECT_RESTS))
    return rows[0] if rows else None


def suspect_rests(store: "LocalStore", dseq: int) -> None:
    """Let a change that the centre did not even take as plain bytes wait for an hour."""
    with store.outbox.write() as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET tries = tries + 1, next_try_at = ? WHERE dseq = ? AND state = 'SUSPECT'",
            (to_text(store.clock.now() + SUSPECT_RESTS), dseq),
        )


def _waiting(connection: Connection, where: str, most: int, *values: int) -> list[Entry]:
    rows: list[Entry] = []
    room = PUSH_BYTES - 4096
    for one in _rows(connection, where, most, *values):
        room -= len(one.payload) + _ENVELOPE_ROOM
        if rows and room < 0:
            break
        rows.append(one)
    return rows


def _rows(connection: Connection, where: str, most: int, *values: str | int) -> list[Entry]:
    found = quick(
        connection,
        "SELECT dseq, change_id, kind, schema, rec_id, base_ver, assign_gen, occurred_at, mono_ns, payload, sha256,"
        f" tries FROM outbox WHERE {where} ORDER BY dseq LIMIT ?",
        (*values, most),
    )
    return [Entry(*row) for row in found]


def not_sent(store: "LocalStore", batch: str, *, error: str | None = None) -> None:
    """Put a batch back: it may or may not have arrived. With `error` (a code, no words) the try is counted."""
    with store.outbox.write() as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET state = 'PENDING', batch_id = NULL, tries = tries + ?,"
            f" last_error = coalesce(?, last_error) WHERE {ABOVE} AND batch_id = ? AND state = 'SENT'",
            (0 if error is None else 1, error, batch),
        )


def suspect(store: "LocalStore", dseq: int, error: str) -> None:
    """Mark a change that the centre cannot read even alone: it goes as plain bytes, so that the rest is not held up."""
    with store.outbox.write() as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET state = 'SUSPECT', batch_id = NULL, last_error = ? WHERE dseq = ? AND state <> 'ACKED'",
            (error, dseq),
        )


def settle(
    store: "LocalStore", batch: str, results: Sequence[PushResult], *, server_time: str, of: int | None = None
) -> int:
    """Write down what the centre made of a batch it echoed; gives how many of its changes were settled.

    A result whose id or number was not in this batch changes nothing. `of` is how many were in it, where that is known.
    """
    now = to_text(store.clock.now())
    numbers = [one.seq for one in results]
    with store.changing() as touched:
        connection = touched.connection
        known = {
            row[0]: row
            for row in quick(
                connection,
                "SELECT change_id, dseq, kind, rec_id FROM outbox WHERE dseq BETWEEN ? AND ? AND batch_id = ?"
                " AND state IN ('SENT', 'SUSPECT')",
                (min(numbers, default=0), max(numbers, default=0), batch),
            )
        }
        mine = [one for one in results if one.id in known and known[one.id][1] == one.seq]
        if mine:
            bulk(
                connection,
                "UPDATE outbox SET state = 'ACKED', verdict = ?, reason = ?, review_id = ?, result_ver = ?,"
                " acked_at = ?, last_error = NULL WHERE dseq = ?",
                [(one.verdict, one.reason, one.review_id, one.ver, now, one.seq) for one in mine],
            )
            _into_ledger(connection, [known[one.id] for one in mine], "acked", now)
        if of is None or len({one.seq for one in mine}) < of:  # what has no result goes back
            quick(
                connection,
                "UPDATE outbox SET state = 'PENDING', batch_id = NULL"
                f" WHERE {ABOVE} AND batch_id = ? AND state = 'SENT'",
                (batch,),
            )
        _move_watermark(connection)
        quick(connection, "UPDATE identity SET receipt_at = ?", (server_time,))
        for one in mine:
            _, _, kind, case_id = known[one.id]
            if case_id is None or kind == Accessed.kind:
                continue
            if one.verdict in ("applied", "received") and one.ver is not None:
                touched.led_to.append((case_id, one.ver))
            else:
                touched.case_ids.add(case_id)
    return len(mine)


def mark_suspect_sent(store: "LocalStore", dseq: int) -> str:
    """Give a suspect change the id of the batch it goes in, on disk."""
    batch = new_id()
    with store.outbox.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET batch_id = ? WHERE dseq = ? AND state = 'SUSPECT'", (batch, dseq))
    return batch


def judged_later(store: "LocalStore", change_id: str, result: PushResult) -> None:
    """Take in a verdict that came as a notice record after the receipt."""
    with store.changing() as touched:
        touched.connection.exec_driver_sql(
            "UPDATE outbox SET verdict = ?, reason = ?, review_id = ?, result_ver = coalesce(?, result_ver)"
            " WHERE change_id = ? AND state IN ('ACKED', 'DURABLE')",
            (result.verdict, result.reason, result.review_id, result.ver, change_id),
        )
        touched.case_ids |= outbox.cases_of(touched.connection, [change_id])


def durable_up_to(store: "LocalStore", dseq: int) -> None:
    """Take in how far the centre promises that nothing can be lost any more; erasing is store/proof.py."""
    with store.outbox.read() as connection:
        if dseq <= identity(connection).durable_hw:
            return
    with store.outbox.write() as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET state = 'DURABLE', durable_at = ? WHERE state = 'ACKED' AND dseq <= ?"
            " AND verdict IS NOT NULL AND verdict <> 'received'",
            (to_text(store.clock.now()), dseq),
        )
        connection.exec_driver_sql("UPDATE identity SET durable_hw = max(durable_hw, min(?, acked_hw))", (dseq,))


def to_ledger(connection: Connection, change_ids: Sequence[str], state: str, at: str) -> None:
    """Note in the ledger what became of changes that are still in the outbox."""
    for chunk in chunks(change_ids, 500):
        marks = ",".join("?" * len(chunk))
        found = f"SELECT change_id, dseq, kind, rec_id FROM outbox WHERE change_id IN ({marks})"
        _into_ledger(connection, quick(connection, found, tuple(chunk)), state, at)


def _into_ledger(connection: Connection, rows: Sequence[tuple[str, int, str, str | None]], state: str, at: str) -> None:
    bulk(
        connection,
        "INSERT INTO ledger(change_id, dseq, kind, rec_hash, state, at) VALUES (?,?,?,?,?,?)"
        " ON CONFLICT (change_id) DO UPDATE SET state = excluded.state, dseq = excluded.dseq, at = excluded.at",
        [(name, dseq, kind, record_hash(rec_id or ""), state, at) for name, dseq, kind, rec_id in rows],
    )


def _move_watermark(connection: Connection) -> None:
    """`acked_hw` is contiguous: everything up to it was acknowledged, nothing beyond it is assumed."""
    connection.exec_driver_sql(
        "UPDATE identity SET acked_hw = max(acked_hw,"
        f" coalesce((SELECT dseq FROM outbox WHERE {UNSENT} ORDER BY dseq LIMIT 1), {NEXT_DSEQ}) - 1)"
    )


def set_alarm(store: "LocalStore", sentence: str | None) -> None:
    """Keep a sentence on the light until a person has dealt with it."""
    with store.outbox.write() as connection:
        connection.exec_driver_sql("UPDATE identity SET alarm = ?", (sentence,))
