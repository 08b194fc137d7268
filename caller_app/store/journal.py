"""Reading the outbox for people: my calls, every change with its state, and how much is not sent yet.

What a reader would get wrong: rows leave the outbox once the centre called them durable, so this is not all that was
ever done here; older calls are found in the histories of the cases still on the list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, text

from caller_app.base.clock import from_text
from caller_app.domain.changes import AttemptRecorded, AttemptSuperseded, Change
from caller_app.protocol.codec import decode_change, is_known
from caller_app.store.outbox import LOOKED_AT, UNSENT


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of the outbox with where it stands."""

    dseq: int
    change_id: str
    kind: str
    change: Change
    recorded_at: datetime
    state: str
    verdict: str | None
    reason: str | None
    tries: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is not at the centre yet, and what a person there still has to decide."""

    unsent: int
    oldest_unsent_at: datetime | None
    last_receipt_at: datetime | None
    in_review: int
    concern_at: datetime | None = None  # when the oldest concern among them was recorded
    concern_case: str | None = None


def entries(outbox: Connection, *, limit: int, offset: int = 0, kinds: Iterable[str] | None = None) -> list[Entry]:
    """Give the retained changes, the newest first; one of a newer program is left out."""
    where = "WHERE kind IN :kinds " if kinds is not None else ""
    query = text(
        "SELECT dseq, change_id, kind, schema, payload, recorded_at, state, verdict, reason, tries FROM outbox "
        f"{where}ORDER BY dseq DESC LIMIT :limit OFFSET :offset"
    )
    values: dict[str, Any] = {"limit": limit, "offset": offset}
    if kinds is not None:
        query = query.bindparams(bindparam("kinds", expanding=True))
        values["kinds"] = list(kinds)
    return [
        Entry(
            dseq=row.dseq,
            change_id=row.change_id,
            kind=row.kind,
            change=decode_change(row.kind, row.payload, row.schema),
            recorded_at=from_text(row.recorded_at),
            state=row.state,
            verdict=row.verdict,
            reason=row.reason,
            tries=row.tries,
        )
        for row in outbox.execute(query, values)
        if is_known(row.kind, row.schema)
    ]


def calls(outbox: Connection, *, limit: int) -> list[tuple[Entry, AttemptRecorded]]:
    """Give my retained calls, the newest first."""
    found = entries(outbox, limit=limit, kinds=(AttemptRecorded.kind,))
    return [(entry, entry.change) for entry in found if isinstance(entry.change, AttemptRecorded)]


def taken_back(outbox: Connection) -> frozenset[str]:
    """Name the calls that I took back, as far as their changes are retained."""
    found = entries(outbox, limit=10_000, kinds=(AttemptSuperseded.kind,))
    return frozenset(entry.change.attempt_id for entry in found if isinstance(entry.change, AttemptSuperseded))


def cases_in_review(outbox: Connection) -> frozenset[str]:
    """Name the cases with a change of mine that somebody at the centre looks at."""
    rows = outbox.execute(text(f"SELECT DISTINCT rec_id FROM outbox WHERE rec_id IS NOT NULL AND {LOOKED_AT}"))
    return frozenset(rows.scalars())


def backlog(outbox: Connection) -> Backlog:
    """Count what waits to be sent and what is being looked at."""
    unsent, oldest = outbox.execute(text(f"SELECT count(*), min(recorded_at) FROM outbox WHERE {UNSENT}")).one()
    receipt = outbox.execute(text("SELECT receipt_at FROM identity")).scalar()
    in_review = outbox.execute(text(f"SELECT count(*) FROM outbox WHERE {LOOKED_AT}")).scalar_one()
    concern = outbox.execute(
        text(f"SELECT recorded_at, rec_id FROM outbox WHERE {UNSENT} AND lane = 0 ORDER BY dseq LIMIT 1")
    ).one_or_none()
    return Backlog(
        concern_at=from_text(concern.recorded_at) if concern else None,
        concern_case=concern.rec_id if concern else None,
        unsent=unsent,
        oldest_unsent_at=from_text(oldest) if oldest else None,
        last_receipt_at=from_text(receipt) if receipt else None,
        in_review=in_review,
    )
