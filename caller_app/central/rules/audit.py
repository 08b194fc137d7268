"""The audit trail: append-only rows, and a hash chain laid over them afterwards (domain governance 6.3).

Sealing is apart from writing on purpose: a chain built inside each transaction would make every writer of the centre
wait for every other. What is sealed can no longer be changed, reordered or removed without `verify` saying so.
Details hold ids, counts and codes, never names, numbers or words.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, text

from caller_app.base.clock import to_text
from caller_app.central import sets
from caller_app.central.schema import audit

_LOCK = 7_203_114_003
_START = b"\0" * 32


def note(
    conn: Connection,
    *,
    at: datetime,
    what: str,
    user_id: int | None = None,
    device_id: str | None = None,
    rec_id: str | None = None,
    detail: Mapping[str, Any] | None = None,
    request_id: str = "",
) -> None:
    """Write one line of the trail in the caller's own transaction."""
    note_all(conn, [line(at, what, user_id, device_id, rec_id, detail, request_id)])


def line(
    at: datetime,
    what: str,
    user_id: int | None = None,
    device_id: str | None = None,
    rec_id: str | None = None,
    detail: Mapping[str, Any] | None = None,
    request_id: str = "",
) -> dict[str, Any]:
    """Make one line of the trail, to be written with others by `note_all`."""
    return {
        "at": at,
        "what": what,
        "user_id": user_id,
        "device_id": device_id,
        "rec_id": rec_id,
        "detail": dict(detail or {}),
        "request_id": request_id,
    }


def note_all(conn: Connection, lines: Sequence[Mapping[str, Any]]) -> None:
    """Write several lines with one statement."""
    if lines:
        sets.insert(conn, audit, lines)


def seal(conn: Connection, *, limit: int = 1_000) -> int:
    """Chain the lines that have no seal yet, oldest first; gives how many were sealed."""
    conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = conn.execute(text("SELECT place, hash FROM audit_seal ORDER BY place DESC LIMIT 1")).one_or_none()
    place, before = (last.place, bytes(last.hash)) if last else (0, _START)
    rows = conn.execute(
        text(
            "SELECT a.* FROM audit a WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.audit_id = a.audit_id) "
            "ORDER BY a.audit_id LIMIT :n"
        ),
        {"n": limit},
    ).mappings()
    seals = []
    for row in rows:
        place += 1
        before = _hash(before, row)
        seals.append({"place": place, "audit_id": row["audit_id"], "hash": before})
    if seals:
        conn.execute(text("INSERT INTO audit_seal(place, audit_id, hash) VALUES (:place, :audit_id, :hash)"), seals)
    return len(seals)


def first_break(conn: Connection) -> int | None:
    """Give the place of the first line whose seal does not fit, None when the whole chain holds."""
    before = _START
    statement = text(
        "SELECT s.place, s.hash, a.* FROM audit_seal s LEFT JOIN audit a USING (audit_id) ORDER BY s.place"
    )
    with conn.execution_options(yield_per=1_000).execute(statement) as rows:
        for expected, row in enumerate(rows.mappings(), start=1):
            if row["place"] != expected or row["at"] is None or _hash(before, row) != bytes(row["hash"]):
                return expected
            before = bytes(row["hash"])
    return None


def _hash(before: bytes, row: RowMapping) -> bytes:
    said = [
        row["audit_id"],
        to_text(row["at"]),
        row["what"],
        row["user_id"],
        row["device_id"],
        row["rec_id"],
        row["detail"],
        row["request_id"],
    ]
    return hashlib.sha256(before + msgspec.json.encode(said, order="deterministic")).digest()
