"""The open call of each case as `outbox.db` keeps it: replaced whole at every step, gone when the call is recorded."""

from sqlalchemy.engine import Connection

from caller_app.domain.calls import CallDraft
from caller_app.protocol.codec import decode, encode
from caller_app.store.engine import quick


def get(connection: Connection, case_id: str) -> CallDraft | None:
    """Give the open call of a case."""
    rows = quick(connection, "SELECT form_state FROM draft WHERE rec_id = ?", (case_id,))
    return decode(rows[0][0], CallDraft) if rows else None


def all_of(connection: Connection) -> list[CallDraft]:
    """Give every open call, oldest first."""
    bodies = connection.exec_driver_sql("SELECT form_state FROM draft ORDER BY saved_at, rec_id").scalars()
    return [decode(body, CallDraft) for body in bodies]


def save(connection: Connection, draft: CallDraft, at: str) -> None:
    """Keep an open call as it now stands."""
    connection.exec_driver_sql(
        "INSERT INTO draft(rec_id, form_state, saved_at) VALUES (?,?,?)"
        " ON CONFLICT (rec_id) DO UPDATE SET form_state = excluded.form_state, saved_at = excluded.saved_at",
        (draft.case_id, encode(draft).decode(), at),
    )


def drop(connection: Connection, case_id: str) -> bool:
    """Forget the open call of a case; tells whether there was one."""
    return bool(quick(connection, "DELETE FROM draft WHERE rec_id = ? RETURNING rec_id", (case_id,)))
