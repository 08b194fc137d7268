"""Reading for the "what is sent" page: every retained change with its receipt, what the centre told, what it took away.

What a reader would get wrong: removals are kept by hash only, so that nobody can read here who was on the list; how
many of my own entries were about them can still be told, because an entry's record hashes to the same mark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection

from caller_app.base.clock import from_text
from caller_app.domain.changes import Change
from caller_app.domain.items import KIND_NOTICE
from caller_app.protocol.codec import Malformed, decode, decode_change, is_known
from caller_app.protocol.notices import NoticeBody
from caller_app.store import bodies
from caller_app.store.outbox import LOOKED_AT, UNSENT, record_hash

ALL = -1  # no limit
Kept = Literal["all", "waiting", "review", "sent"]

_WHERE: dict[Kept, str] = {
    "all": "1",
    "waiting": UNSENT,
    "review": LOOKED_AT,
    "sent": "state IN ('ACKED', 'DURABLE')",
}
_COLUMNS = (
    "SELECT dseq, change_id, kind, schema, rec_id, payload, recorded_at, state, verdict, reason, review_id, tries,"
    " last_error, acked_at, durable_at FROM outbox"
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One retained change with everything that is known of its way."""

    dseq: int
    change_id: str
    kind: str
    rec_id: str | None
    change: Change | None  # None: recorded by a newer program, and not to be read by this one
    recorded_at: datetime
    state: str
    verdict: str | None
    reason: str | None
    review_id: str | None
    tries: int
    last_error: str | None
    acked_at: datetime | None
    durable_at: datetime | None


@dataclass(frozen=True, slots=True)
class Erased:
    """One change that left this computer: its receipt number and what became of it."""

    change_id: str
    dseq: int
    kind: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Removal:
    """One record that left the list: its mark, why, when, whether the centre knows, how many entries of mine."""

    mark: str
    seq: int
    why: str
    removed_at: datetime
    confirmed: bool
    entries: int


@dataclass(frozen=True, slots=True)
class Told:
    """One notice of the centre, with its number in the feed."""

    seq: int
    body: NoticeBody


def page(outbox: Connection, *, kept: Kept = "all", limit: int, offset: int = 0) -> list[Receipt]:
    """Give retained changes, the newest first."""
    rows = outbox.exec_driver_sql(
        f"{_COLUMNS} WHERE {_WHERE[kept]} ORDER BY dseq DESC LIMIT ? OFFSET ?", (limit, offset)
    )
    return [_receipt(row) for row in rows]


def one(outbox: Connection, change_id: str) -> Receipt | None:
    """Give one retained change."""
    row = outbox.exec_driver_sql(f"{_COLUMNS} WHERE change_id = ?", (change_id,)).first()
    return None if row is None else _receipt(row)


def count(outbox: Connection, kept: Kept) -> int:
    """Count retained changes of one kind."""
    found: int = outbox.exec_driver_sql(f"SELECT count(*) FROM outbox WHERE {_WHERE[kept]}").scalar_one()
    return found


def told(lists: Connection, *, limit: int) -> list[Told]:
    """Give what the centre told this person, the newest first; one that cannot be read is left out."""
    rows = lists.exec_driver_sql(
        "SELECT seq, body FROM record WHERE kind = ? ORDER BY seq DESC LIMIT ?", (KIND_NOTICE, limit)
    )
    found = []
    for row in rows:
        try:
            found.append(Told(row.seq, decode(bodies.unpack(row.body), NoticeBody)))
        except (Malformed, msgspec.ValidationError):
            continue
    return found


def told_times(lists: Connection, *, limit: int) -> tuple[str, ...]:
    """Give when the newest notices were made, the newest first."""
    return tuple(one.body.at for one in told(lists, limit=limit))


def erased(outbox: Connection) -> list[Erased]:
    """Give what the ledger knows of changes that are no longer kept here, the newest first."""
    rows = outbox.exec_driver_sql(
        "SELECT change_id, dseq, kind, state, at FROM ledger WHERE change_id NOT IN (SELECT change_id FROM outbox)"
        " ORDER BY at DESC, dseq DESC"
    )
    return [Erased(row.change_id, row.dseq, row.kind, row.state, from_text(row.at)) for row in rows]


def removals(outbox: Connection, *, limit: int) -> list[Removal]:
    """Give what left the list, the newest first."""
    mine: dict[str, int] = {}
    rows = outbox.exec_driver_sql("SELECT rec_id, count(*) FROM outbox WHERE kind <> 'accessed' GROUP BY rec_id").all()
    for rec_id, entries in rows:
        mine[record_hash(rec_id or "")] = entries
    gone = outbox.exec_driver_sql(
        "SELECT rec_hash, seq, why, removed_at, acked FROM purge_log ORDER BY removed_at DESC, seq DESC LIMIT ?",
        (limit,),
    )
    return [
        Removal(row.rec_hash, row.seq, row.why, from_text(row.removed_at), bool(row.acked), mine.get(row.rec_hash, 0))
        for row in gone
    ]


def shown_names(lists: Connection, case_ids: Sequence[str]) -> dict[str, str]:
    """Give the names of cases that are still on the list."""
    found: dict[str, str] = {}
    for case_id in dict.fromkeys(case_ids):
        name = lists.exec_driver_sql("SELECT shown_name FROM shown WHERE case_id = ?", (case_id,)).scalar()
        if name is not None:
            found[case_id] = name
    return found


def _receipt(row: Any) -> Receipt:
    return Receipt(
        dseq=row.dseq,
        change_id=row.change_id,
        kind=row.kind,
        rec_id=row.rec_id,
        change=decode_change(row.kind, row.payload, row.schema) if is_known(row.kind, row.schema) else None,
        recorded_at=from_text(row.recorded_at),
        state=row.state,
        verdict=row.verdict,
        reason=row.reason,
        review_id=row.review_id,
        tries=row.tries,
        last_error=row.last_error,
        acked_at=from_text(row.acked_at) if row.acked_at else None,
        durable_at=from_text(row.durable_at) if row.durable_at else None,
    )
