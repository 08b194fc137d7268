"""Moving a referral on: one act, one transaction, written down with who, when and why, shown to whoever has the case.

What a reader would get wrong: the supervisor says from which state, too. Two who press at once, or one who presses
twice, move it once; whoever comes second is told how it stands. Locks are taken in the order judging takes them (the
case, then the referral, then the project's places, then the feeds).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from caller_app.base.clock import to_text
from caller_app.base.errors import Refused
from caller_app.central.faults import Fault
from caller_app.central.rules import audit, case_rows, feed, places
from caller_app.central.rules.workspace import open_workspace
from caller_app.domain.referrals import STATES, move_to, moved
from caller_app.domain.staff import User

WHY_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Moved:
    """How a referral stands after a request; `done` is False where it stood so before."""

    done: bool
    state: str
    by: str
    at: str


def move(
    conn: Connection, referral_id: str, *, was: str, to: str, why: str, by: User, now: datetime, request_id: str = ""
) -> Moved:
    """Move one referral on; raises Refused where it has moved meanwhile, or the way on does not exist."""
    case_id = conn.execute(
        text("SELECT case_id FROM referral WHERE referral_id = CAST(:r AS uuid)"), {"r": referral_id}
    ).scalar()
    if case_id is None:
        raise Fault(404, "not_found", "There is no such referral.")
    space = open_workspace(conn, [case_id], [])
    row = conn.execute(
        text("SELECT state, pathway FROM referral WHERE referral_id = CAST(:r AS uuid) FOR UPDATE"), {"r": referral_id}
    ).one()
    if row.state == to:
        return _as_it_stands(conn, referral_id, row.state)
    if row.state != was:
        raise Refused(
            f"It has moved meanwhile: it is now {STATES.get(row.state, row.state)}. Look at it again.", field="state"
        )
    chosen = move_to(row.state, to)
    if chosen is None:
        raise Refused("From here this is not the next step.", field="state")
    why = " ".join(why.split())[:WHY_LONGEST]
    if chosen.asks_why and not why:
        raise Refused("Say why: it is kept with the referral.", field="why")
    step(conn, referral_id, row.state, to, by=by.user_id, now=now, why=why)
    file = space.files[case_id]
    file.item = moved(file.now_item(), referral_id, to, now)
    entries = case_rows.write_cases(conn, space, {}, now)
    entries += places.say(conn, {file.project_id: space.projects[file.project_id]}, now=now)
    audit.note(
        conn, at=now, what="referral_moved", user_id=by.user_id, rec_id=case_id,
        detail={"referral_id": referral_id, "pathway": row.pathway, "from": row.state, "to": to},
        request_id=request_id,
    )  # fmt: skip
    feed.write(conn, entries)
    return Moved(True, to, by.shown_name, to_text(now))


def step(conn: Connection, referral_id: str, was: str, to: str, *, by: int, now: datetime, why: str = "") -> None:
    """Put a referral into another state and write the step down; does nothing where it does not stand so any more."""
    conn.execute(
        text(
            "WITH gone AS (UPDATE referral SET state = :to, since = :now "
            "WHERE referral_id = CAST(:r AS uuid) AND state = :was RETURNING referral_id) "
            "INSERT INTO referral_step(referral_id, at, by_user, from_state, to_state, why) "
            "SELECT referral_id, :now, :by, :was, :to, :why FROM gone"
        ),
        {"r": referral_id, "was": was, "to": to, "now": now, "by": by, "why": why},
    )


def _as_it_stands(conn: Connection, referral_id: str, state: str) -> Moved:
    last = conn.execute(
        text(
            "SELECT s.at, a.shown_name FROM referral_step s LEFT JOIN account a ON a.user_id = s.by_user "
            "WHERE s.referral_id = CAST(:r AS uuid) ORDER BY s.step_id DESC LIMIT 1"
        ),
        {"r": referral_id},
    ).one_or_none()
    return Moved(False, state, last.shown_name or "" if last else "", to_text(last.at) if last else "")
