"""Taking off lists what no longer belongs there, and forgetting what has served its time (domain governance 6.3).

A closed case stays on its caller's list for a day, so that it can be looked at and undone; then it leaves like any
other. Removal notes that every workstation has taken are forgotten.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Engine, text

from caller_app.base.clock import to_text
from caller_app.central.db import writing
from caller_app.central.rules import feed, history
from caller_app.domain.items import KIND_NOTICE

KEEP_CLOSED = timedelta(hours=24)
RETIRE_AFTER = timedelta(days=30)
NOTICES_KEPT = timedelta(days=30)
CHUNK = 500


def tidy(engine: Engine, *, now: datetime) -> int:
    """Do one round of everything here; gives how many cases left lists.

    After the database was put back, removal notes are kept until every workstation was heard from (rules.history).
    """
    swept = _all_of(engine, lambda conn: take_closed_off(conn, now=now))
    _all_of(engine, lambda conn: take_notices_off(conn, now=now))
    if not writing(engine, lambda conn: history.waits(conn, now=now)):
        with engine.connect() as conn:
            users = conn.execute(
                text("SELECT DISTINCT user_id FROM visibility WHERE gone ORDER BY user_id")
            ).scalars().all()  # fmt: skip
        for user in users:
            writing(engine, partial(feed.collect, user_id=user, now=now))
        writing(engine, lambda conn: _retire(conn, now))
    writing(engine, lambda conn: _forget(conn, now))
    return swept


def _all_of(engine: Engine, work: Callable[[Connection], int]) -> int:
    done = 0
    while part := writing(engine, work):
        done += part
        if part < CHUNK:
            break
    return done


def take_closed_off(conn: Connection, *, now: datetime) -> int:
    """Take cases that closed a day ago off their callers' lists."""
    rows = conn.execute(
        text(
            "SELECT v.id, v.assignee FROM rec_ver v JOIN cases k ON k.case_id = v.id WHERE v.status = 'closed' "
            "AND k.closed_at <= :old AND k.left_lists_at IS NULL ORDER BY v.id LIMIT :n FOR UPDATE OF v"
        ),
        {"old": now - KEEP_CLOSED, "n": CHUNK},
    ).all()
    if not rows:
        return 0
    conn.execute(
        text("UPDATE cases SET left_lists_at = :now WHERE case_id = ANY(CAST(:ids AS uuid[]))"),
        {"now": now, "ids": [row.id for row in rows]},
    )
    feed.write(conn, [feed.gone(row.assignee, row.id, "closed") for row in rows if row.assignee is not None])
    return len(rows)


def take_notices_off(conn: Connection, *, now: datetime) -> int:
    """Take what a person was told a month ago off their list, words and all."""
    rows = conn.execute(
        text(
            "SELECT v.user_id, v.rec_id FROM visibility v JOIN rec_body b ON b.kind = v.kind AND b.id = v.rec_id "
            "WHERE v.kind = :kind AND NOT v.gone AND CAST(b.body AS json)->>'at' < :old ORDER BY v.rec_id LIMIT :n"
        ),
        {"kind": KIND_NOTICE, "old": to_text(now - NOTICES_KEPT), "n": CHUNK},
    ).all()
    if rows:
        conn.execute(
            text("DELETE FROM rec_body WHERE kind = :kind AND id = ANY(CAST(:ids AS uuid[]))"),
            {"kind": KIND_NOTICE, "ids": [row.rec_id for row in rows]},
        )
        feed.write(conn, [feed.Entry(row.user_id, KIND_NOTICE, row.rec_id, "retention") for row in rows])
    return len(rows)


def _forget(conn: Connection, now: datetime) -> None:
    conn.execute(text("DELETE FROM sign_in_guard WHERE last_at < :old"), {"old": now - timedelta(days=2)})
    conn.execute(text("DELETE FROM session WHERE refresh_until < :old"), {"old": now - timedelta(days=2)})


def _retire(conn: Connection, now: datetime) -> None:
    """Let devices unseen for a month hold up the tidying no longer; one that comes back reads its list anew."""
    conn.execute(
        text(
            "UPDATE device SET status = 'retired' WHERE status = 'active' AND coalesce(last_seen, registered_at) < :old"
        ),
        {"old": now - RETIRE_AFTER},
    )
