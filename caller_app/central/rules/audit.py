"""The audit trail: append-only rows, and a hash chain laid over them afterwards (domain governance 6.3).

Sealing is apart from writing on purpose: a chain built inside each transaction would make every writer of the centre
wait for every other. What is sealed can no longer be changed, reordered or removed without `verify` saying so.
Details hold ids, counts and codes, never names, numbers or words.
"""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, text

from caller_app.base.clock import to_text
from caller_app.central import sets
from caller_app.central.db import driver, writing
from caller_app.central.schema import audit, audit_seal

AT_ONCE = 1_000  # lines, in one transaction
IN_FLIGHT = 10_000  # numbers below the highest that may still come to light
LOOKED_AT_ALL_EVERY = 3_600.0  # seconds

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


class Sealer:
    """Seals what is new, round by round; one for each worker.

    A line's number is given out before its transaction ends, so lower ones may come to light after higher ones. A round
    looks at the newest few thousand lines, at the start and each hour at all of them: that is slow once there are
    millions, and finds what a long transaction brought to light too late for the others.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._looked_at_all: float | None = None

    def seal(self, engine: Engine) -> int:
        """Seal in one transaction what is waiting, up to a limit; gives how many lines that were."""
        now = self._monotonic()
        at_all = self._looked_at_all is None or now - self._looked_at_all >= LOOKED_AT_ALL_EVERY
        count = writing(engine, lambda conn: seal(conn, at_all=at_all))
        if at_all and count < AT_ONCE:
            self._looked_at_all = now
        return count


def seal(conn: Connection, *, at_all: bool = True) -> int:
    """Chain lines that have no seal yet, oldest first, of the newest or of all there are; gives how many."""
    conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = conn.execute(text(_LAST)).one_or_none()
    place, before, highest = (last.place, bytes(last.hash), last.highest) if last else (0, _START, 0)
    with driver(conn) as raw:
        after = 0 if at_all else max(0, highest - IN_FLIGHT)
        lines = raw.execute(_UNSEALED, {"after": after, "n": AT_ONCE}).fetchall()
    seals = []
    for line in lines:
        place, before = place + 1, _hash(before, line)
        seals.append({"place": place, "audit_id": line[0], "hash": before})
    if seals:
        sets.insert(conn, audit_seal, seals)
    return len(seals)


def first_break(conn: Connection) -> int | None:
    """Give the place of the first line whose seal does not fit, None when the whole chain holds."""
    before = _START
    statement = text(
        f"SELECT s.place, s.hash, {_LINE} FROM audit_seal s LEFT JOIN audit a USING (audit_id) ORDER BY s.place"
    )
    with conn.execution_options(yield_per=1_000).execute(statement) as rows:
        for expected, (place, sealed, *line) in enumerate(rows, start=1):
            if place != expected or line[0] is None or _hash(before, line) != bytes(sealed):
                return expected
            before = bytes(sealed)
    return None


def _hash(before: bytes, line: Sequence[Any]) -> bytes:
    number, at, *said = line
    return hashlib.sha256(before + msgspec.json.encode([number, to_text(at), *said], order="deterministic")).digest()


_LINE = "a.audit_id, a.at, a.what, a.user_id, a.device_id, a.rec_id, a.detail, a.request_id"
_LAST = (
    "SELECT place, hash, (SELECT max(audit_id) FROM audit_seal) AS highest FROM audit_seal ORDER BY place DESC LIMIT 1"
)
_UNSEALED = f"""
SELECT {_LINE} FROM audit a WHERE a.audit_id > %(after)s
AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.audit_id = a.audit_id AND s.audit_id > %(after)s)
ORDER BY a.audit_id LIMIT %(n)s
"""
