"""Rows of the outbox: appending what was recorded, and reading it back as what `domain.rebase` wants.

What a reader would get wrong: the id of a change is identity only and is made before saving; order is `dseq`, given out
by the statement that inserts the row, contiguous and never reused. `identity.next_dseq` is no counter but a floor: it
moves only when rows are erased. Nothing here deletes or edits a change.
"""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from caller_app.base.clock import from_text, to_text
from caller_app.base.errors import Refused
from caller_app.domain.changes import Change, Recorded
from caller_app.domain.items import KIND_ITEM
from caller_app.domain.staff import User
from caller_app.protocol.codec import Malformed, decode_change, encode, is_known
from caller_app.protocol.limits import ENVELOPE_BYTES
from caller_app.store.engine import quick

log = logging.getLogger(__name__)

_COLUMNS = "change_id, kind, schema, payload, occurred_at, base_ver, assign_gen"
# What the centre's row does not show yet: not judged, or judged into a version we do not hold.
_NOT_REFLECTED = "(verdict IS NULL OR verdict = 'received' OR result_ver > ?)"
# The next device number: one more than the largest held, never below the mark that stays when rows are erased.
NEXT_DSEQ = "(SELECT max(next_dseq, 1 + coalesce((SELECT max(dseq) FROM outbox), 0)) FROM identity)"
# Unsent rows all lie above the contiguous watermark: found by their number, without an index to be kept.
ABOVE = "dseq > (SELECT acked_hw FROM identity)"
UNSENT = f"{ABOVE} AND state IN ('PENDING', 'SENT', 'SUSPECT')"
# A reason that begins with "settled_" is a supervisor's last word: nobody looks at that change any more.
LOOKED_AT = "verdict IN ('applied_review', 'quarantined') AND coalesce(reason, '') NOT LIKE 'settled%'"
INSERT = (
    "INSERT INTO outbox(dseq, change_id, act_id, kind, schema, rec_kind, rec_id, base_ver, assign_gen, occurred_at,"
    " mono_ns, boot_id, utc_offset, payload, sha256, state, lane, tries, recorded_at)"
    f" VALUES ({NEXT_DSEQ},?,?,?,?,?,?,?,?,?,?,?,?,?,?,'PENDING',?,0,?)"
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the surroundings say about a change at the moment it is recorded."""

    now: datetime
    mono_ns: int
    boot_id: str
    utc_offset: int
    base_ver: int | None
    assign_gen: int | None


def row_of(change_id: str, change: Change, envelope: Envelope) -> tuple[Any, ...]:
    """Give the values of INSERT for a change; raises Refused over the size limit."""
    payload = encode(change)
    if len(payload) > ENVELOPE_BYTES:
        raise Refused("This is too long to be sent. Shorten the text.")
    at = to_text(envelope.now)
    return (
        change_id,
        change.act_id,
        change.kind,
        change.schema,
        KIND_ITEM,
        change.case_id,
        envelope.base_ver,
        envelope.assign_gen,
        at,
        envelope.mono_ns,
        envelope.boot_id,
        envelope.utc_offset,
        payload,
        hashlib.sha256(payload).digest(),
        change.lane,
        at,
    )


def recorded_of(row: tuple[Any, ...], me: User) -> Recorded:
    """Read the values of a row that is yet to be inserted as the rules want it."""
    return recorded((row[0], row[2], row[3], row[12], row[8], row[6], row[7]), me)


def unreflected(connection: Connection, case_id: str, ver: int, me: User) -> list[Recorded]:
    """Give my changes on a case that its row of version `ver` does not show yet, in the order they were made.

    One of a newer program is left out: while it waits for its verdict no case is shown here (store/versions.py).
    """
    rows = quick(
        connection,
        f"SELECT {_COLUMNS} FROM outbox WHERE rec_id = ? AND kind <> 'accessed' AND {_NOT_REFLECTED} ORDER BY dseq",
        (case_id, ver),
    )
    return _readable(rows, me)


def on_case(connection: Connection, case_id: str, me: User) -> list[Recorded]:
    """Give all my retained changes on a case, in the order they were made."""
    rows = connection.exec_driver_sql(f"SELECT {_COLUMNS} FROM outbox WHERE rec_id = ? ORDER BY dseq", (case_id,))
    return _readable(rows, me)


def by_id(connection: Connection, change_id: str, me: User) -> Recorded | None:
    """Give one of my retained changes."""
    rows = quick(connection, f"SELECT {_COLUMNS} FROM outbox WHERE change_id = ?", (change_id,))
    return next(iter(_readable(rows, me)), None)


def cases_with_changes(connection: Connection) -> set[str]:
    """Name the cases on which changes of mine may not be reflected yet."""
    rows = quick(
        connection,
        "SELECT DISTINCT rec_id FROM outbox WHERE rec_id IS NOT NULL AND kind <> 'accessed'"
        " AND (verdict IS NULL OR verdict = 'received' OR result_ver IS NOT NULL)",
    )
    return {rec_id for (rec_id,) in rows}


def cases_of(connection: Connection, change_ids: Iterable[str]) -> set[str]:
    """Name the cases some changes are about."""
    found: set[str] = set()
    for chunk in chunks(list(change_ids), 500):
        marks = ",".join("?" * len(chunk))
        found.update(
            connection.exec_driver_sql(
                "SELECT DISTINCT rec_id FROM outbox WHERE rec_id IS NOT NULL AND kind <> 'accessed'"
                f" AND change_id IN ({marks})",
                tuple(chunk),
            ).scalars()
        )
    return found


def _readable(rows: Iterable[Any], me: User) -> list[Recorded]:
    """Leave out what cannot be read here: it is still sent as it is, and must not keep the list from being shown."""
    found = []
    for row in rows:
        if is_known(row[1], row[2]):
            try:
                found.append(recorded(row, me))
            except Malformed:
                log.warning("a recorded change cannot be read here: %s", row[0])
    return found


def recorded(row: Any, me: User) -> Recorded:
    """Read an outbox row (its `_COLUMNS`) as the rules want it."""
    change_id, kind, schema, payload, occurred_at, base_ver, assign_gen = row
    return Recorded(
        change_id=change_id,
        change=decode_change(kind, payload, schema),
        occurred_at=from_text(occurred_at),
        author=me.shown_name,
        author_id=me.user_id,
        base_ver=base_ver,
        assign_gen=assign_gen,
    )


def chunks(values: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    """Cut a sequence into pieces that fit one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def record_hash(record_id: str) -> str:
    """Give the mark under which a record stands in ledger and purge log."""
    return hashlib.sha256(record_id.encode()).hexdigest()[:32]
