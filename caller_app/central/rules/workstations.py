"""Every workstation as supervisors answer for it: when it was heard from, what is still on it, what it has taken.

What a reader would get wrong: what a workstation last said is of then, not of now. A record counts as removed only
when the workstation came back with a cursor past the removal and does not hold it for an open call; a workstation that
never comes back loses its list by its lease, which nobody can see from here, only expect.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from caller_app.base.clock import to_text
from caller_app.base.errors import Refused
from caller_app.central.faults import Fault
from caller_app.central.rules import audit
from caller_app.central.rules.devices import bar
from caller_app.domain.items import KIND_ITEM
from caller_app.domain.staff import User
from caller_app.protocol.limits import LEASE_HOURS
from caller_app.protocol.messages import WHY
from caller_app.protocol.supervision import MoveOrder, OrderTaken, RecordToGo, Workstation

ORDERS = 50
WHY_LONGEST = 200

# The records of a device that should not be on it: gone and not confirmed, or held for a call, or, once it or its
# person is out of use, every one. Three parts, so that each walks only what it is about (`visibility_feed`), not every
# list there is.
_HELD = "v.rec_id = ANY(d.held)"
_PARTS = (
    "v.seq > d.pulled_seq WHERE v.gone",
    f"{_HELD} WHERE v.gone AND v.seq <= d.pulled_seq",
    "(d.status = 'revoked' OR d.user_id IN (SELECT user_id FROM account WHERE status <> 'active')) WHERE NOT v.gone",
)
# Since the removal that is not confirmed yet, which its reason names: an order to move it ended an assignment, an
# account was ended, or the case left every list. An earlier assignment of the same person ended long before.
_MOVED = "(SELECT max(s.to_at) FROM assignment s WHERE s.rec_id = v.rec_id AND s.user_id = v.user_id)"
_SINCE = (
    "CASE WHEN NOT v.gone THEN CASE WHEN w.status <> 'active' THEN w.status_since END "
    f"WHEN v.why = {WHY.index('reassigned')} THEN {_MOVED} "
    f"WHEN v.why = {WHY.index('left_team')} THEN coalesce(w.status_since, {_MOVED}) "
    f"ELSE coalesce(k.left_lists_at, {_MOVED}) END"
)
_TO_GO = " UNION ALL ".join(
    f"SELECT d.device_id, v.rec_id, v.gone, v.why, {_HELD} AS held_open, {_SINCE} AS since "
    "FROM device d JOIN account w ON w.user_id = d.user_id "
    "JOIN visibility v ON v.user_id = d.user_id AND v.kind = :item AND "
    + part.replace(" WHERE ", " LEFT JOIN cases k ON k.case_id = v.rec_id WHERE ")
    + " AND d.token IS NOT NULL AND d.status <> 'retired'"
    for part in _PARTS
)
# Gone before the device was there: it never had it.
_HAD = "(NOT t.gone OR t.since IS NULL OR t.since >= d.registered_at)"


def lines(conn: Connection, *, now: datetime) -> list[Workstation]:
    """Give every workstation that is not retired, those with something to look at first."""
    rows = conn.execute(
        text(
            f"WITH t AS ({_TO_GO}) SELECT * FROM ("
            "SELECT d.device_id, d.user_id, a.shown_name, a.status AS account, d.status, d.app_version, "
            "  d.registered_at, d.last_seen, d.unsent_said, d.unsent_said_at, d.last_seq, "
            f"  count(t.rec_id) FILTER (WHERE {_HAD}) AS to_go, "
            f"  min(t.since) FILTER (WHERE {_HAD}) AS to_go_since, "
            f"  count(t.rec_id) FILTER (WHERE {_HAD} AND t.held_open) AS held_open "
            "FROM device d JOIN account a USING (user_id) LEFT JOIN t USING (device_id) "
            "WHERE d.status <> 'retired' GROUP BY d.device_id, a.shown_name, a.status"
            ") every ORDER BY to_go = 0, shown_name, registered_at DESC"
        ),
        {"item": KIND_ITEM},
    )
    lease = timedelta(hours=LEASE_HOURS)
    return [
        Workstation(
            device_id=row.device_id,
            user_id=row.user_id,
            person=row.shown_name,
            account=row.account,
            status=row.status,
            app_version=row.app_version,
            registered_at=to_text(row.registered_at),
            last_heard_at=_when(row.last_seen),
            unsent_said=row.unsent_said,
            unsent_said_at=_when(row.unsent_said_at),
            received=row.last_seq,
            to_go=row.to_go,
            to_go_since=_when(row.to_go_since),
            held_open=row.held_open,
            list_locked=row.last_seen is not None and row.last_seen + lease < now,
        )
        for row in rows
    ]


def orders(conn: Connection, *, limit: int = ORDERS) -> list[MoveOrder]:
    """Give the latest reassignments with the giver's workstations and when each had taken it."""
    rows = conn.execute(
        text(
            "SELECT r.*, g.shown_name AS giver, t.shown_name AS taker, b.shown_name AS by_name FROM reassignment r "
            "JOIN account g ON g.user_id = r.from_user JOIN account t ON t.user_id = r.to_user "
            "LEFT JOIN account b ON b.user_id = r.by_user ORDER BY r.at DESC, r.reassign_id LIMIT :n"
        ),
        {"n": limit},
    ).all()
    taken = conn.execute(
        text(
            "SELECT r.reassign_id, d.device_id, d.status, d.last_seen, x.taken_at FROM reassignment r "
            "JOIN device d ON d.user_id = r.from_user AND d.registered_at <= r.at "
            "LEFT JOIN reassignment_receipt x ON x.reassign_id = r.reassign_id AND x.device_id = d.device_id "
            "WHERE r.reassign_id = ANY(CAST(:ids AS uuid[])) AND (d.status <> 'retired' OR x.taken_at IS NOT NULL) "
            "ORDER BY x.taken_at NULLS FIRST, d.device_id"
        ),
        {"ids": [row.reassign_id for row in rows]},
    )
    devices: dict[str, list[OrderTaken]] = {}
    for row in taken:
        devices.setdefault(row.reassign_id, []).append(
            OrderTaken(
                device_id=row.device_id,
                taken_at=_when(row.taken_at),
                last_heard_at=_when(row.last_seen),
                status=row.status,
            )
        )
    return [_order(row, devices.get(row.reassign_id, [])) for row in rows]


def _order(row: Any, devices: list[OrderTaken]) -> MoveOrder:
    return MoveOrder(
        reassign_id=row.reassign_id,
        at=to_text(row.at),
        giver=row.giver,
        giver_id=row.from_user,
        taker=row.taker,
        by=row.by_name,
        why=row.why,
        cases=row.cases,
        promises=row.promises,
        devices=devices,
    )


def to_go(conn: Connection, device_id: str, *, offset: int, limit: int) -> tuple[int, list[RecordToGo]]:
    """Give the records on one workstation that should be gone, the longest overdue first, with the total."""
    which = f"FROM ({_TO_GO}) t JOIN device d USING (device_id) WHERE device_id = CAST(:d AS uuid) AND {_HAD}"
    values: dict[str, Any] = {"item": KIND_ITEM, "d": device_id}
    total = conn.execute(text(f"SELECT count(*) {which}"), values).scalar_one()
    rows = conn.execute(
        text(
            f"SELECT t.*, p.given_name, p.family_name FROM (SELECT t.*, d.status {which}) t "
            "LEFT JOIN cases k ON k.case_id = t.rec_id LEFT JOIN person p USING (person_id) "
            "ORDER BY t.since NULLS LAST, t.rec_id LIMIT :n OFFSET :o"
        ),
        {**values, "n": limit, "o": offset},
    )
    return int(total), [
        RecordToGo(
            rec_id=row.rec_id,
            what=" ".join(part for part in (row.given_name, row.family_name) if part) or "a person no longer held",
            why=_why(row),
            since=_when(row.since),
            held_open=row.held_open,
        )
        for row in rows
    ]


def _why(row: Any) -> str:
    if row.gone and row.why is not None:
        return WHY[row.why]
    return "revoked" if row.status == "revoked" else "left_team"


@dataclass(frozen=True, slots=True)
class Revocation:
    """What taking a workstation out of use came to."""

    done: bool
    person: str
    unsent_said: int | None


def revoke(
    conn: Connection, device_id: str, why: str, *, own_device: str | None, by: User, now: datetime, request_id: str = ""
) -> Revocation:
    """Take a workstation out of use: its list goes when it next calls; what it still sends is stored and set aside."""
    row = conn.execute(
        text(
            "SELECT d.status, d.user_id, d.unsent_said, a.shown_name FROM device d JOIN account a USING (user_id) "
            "WHERE d.device_id = CAST(:d AS uuid) FOR UPDATE OF d"
        ),
        {"d": device_id},
    ).one_or_none()
    if row is None:
        raise Fault(404, "not_found", "There is no such workstation.")
    if device_id == (own_device or "").lower():
        raise Refused("This is the workstation you are working on. Take it out of use from another one.")
    why = " ".join(why.split())[:WHY_LONGEST]
    if not why:
        raise Refused("Say why: it is kept with the record.", field="why")
    if row.status == "revoked":
        return Revocation(False, row.shown_name, row.unsent_said)
    bar(conn, device_id)
    audit.note(
        conn, at=now, what="device_revoked", user_id=by.user_id, device_id=device_id,
        detail={"user_id": row.user_id, "why": why}, request_id=request_id,
    )  # fmt: skip
    return Revocation(True, row.shown_name, row.unsent_said)


def _when(moment: datetime | None) -> str | None:
    return to_text(moment) if moment is not None else None
