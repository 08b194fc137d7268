"""The open call of each case as `outbox.db` keeps it: replaced whole at every step, gone when the call is recorded.

What a reader would get wrong: the key is a number made from the case's id, so that a case has one open call at most
without an index beside the table that every recording would have to keep.
"""

import hashlib
import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection

from caller_app.domain.calls import CallDraft
from caller_app.protocol.codec import Malformed, decode, encode
from caller_app.store.engine import quick

log = logging.getLogger(__name__)

Statement = tuple[str, Sequence[Any]]

_SAVE = (
    "INSERT INTO draft(nr, rec_id, form_state, saved_at) VALUES (?,?,?,?)"
    " ON CONFLICT (nr) DO UPDATE SET form_state = excluded.form_state, saved_at = excluded.saved_at"
)


def key_of(case_id: str) -> int:
    """Give the number under which the open call of a case is kept."""
    return int.from_bytes(hashlib.sha256(case_id.encode()).digest()[:8]) >> 1


def get(connection: Connection, case_id: str) -> CallDraft | None:
    """Give the open call of a case."""
    rows = quick(connection, "SELECT form_state FROM draft WHERE nr = ?", (key_of(case_id),))
    return decode(rows[0][0], CallDraft) if rows else None


def all_of(connection: Connection) -> list[CallDraft]:
    """Give every open call, oldest first; one in the form of a newer program is left out, and kept."""
    found: list[CallDraft] = []
    for rec_id, body in connection.exec_driver_sql("SELECT rec_id, form_state FROM draft ORDER BY saved_at, rec_id"):
        try:
            found.append(decode(body, CallDraft))
        except Malformed as fault:
            log.error("an open call cannot be read: case %s, at %s", rec_id, fault.place)
    return found


def saving(draft: CallDraft, at: str) -> Statement:
    """Give the statement that keeps an open call as it now stands."""
    return _SAVE, (key_of(draft.case_id), draft.case_id, encode(draft).decode(), at)


def dropping(case_id: str) -> Statement:
    """Give the statement that forgets the open call of a case."""
    return "DELETE FROM draft WHERE nr = ?", (key_of(case_id),)
