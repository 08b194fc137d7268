"""What stands at the centre and on a workstation at one moment, read by plain SQL for the checks."""

from dataclasses import dataclass
from typing import Any

from psycopg.rows import namedtuple_row

from caller_app.domain.items import Item
from caller_app.protocol.codec import decode_item
from caller_app.store import bodies
from caller_app.store.lease import Lease, lease_of
from tests.support.centre import Rig
from tests.world.device import Device


@dataclass(frozen=True, slots=True)
class Centre:
    """The centre's tables, as far as the invariants speak of them."""

    changes: dict[str, Any]  # change id -> user_id, device_id, kind, rec_id, sha256, verdict, reason, result_ver
    reviews: dict[str, set[str]]  # change id -> classes
    items: dict[str, Item]
    shown: dict[int, dict[tuple[int, str], Any]]  # user -> (kind, id) -> seq, gone, why, ver, body
    heads: dict[int, int]
    devices: dict[str, Any]
    numbers: dict[str, dict[int, str]]  # device -> dseq -> change id
    assignees: dict[str, int | None]

    def visible(self, user_id: int) -> dict[tuple[int, str], tuple[int, str]]:
        """Give what a person's list has to hold: (kind, id) -> (version, body)."""
        return {key: (row.ver or 1, row.body) for key, row in self.shown.get(user_id, {}).items() if not row.gone}


def feed_of(rig: Rig, user_id: int) -> tuple[int, dict[tuple[int, str], tuple[int, str]]]:
    """Read one person's newest number and what their list has to hold."""
    rows = rig.ask(
        "SELECT h.seq AS head, v.kind, v.rec_id, r.ver, b.body FROM feed_head h LEFT JOIN visibility v "
        "ON v.user_id = h.user_id AND NOT v.gone LEFT JOIN rec_body b ON b.kind = v.kind AND b.id = v.rec_id "
        "LEFT JOIN rec_ver r ON r.id = v.rec_id WHERE h.user_id = :u",
        u=user_id,
    )
    return rows[0].head, {(row.kind, row.rec_id): (row.ver or 1, row.body) for row in rows if row.rec_id is not None}


_QUESTIONS = (
    (
        "SELECT c.change_id, c.user_id, c.device_id, c.kind, c.rec_id, c.sha256, s.verdict, s.reason, s.result_ver "
        "FROM change c LEFT JOIN change_state s USING (change_id)"
    ),
    'SELECT change_id, "class" AS name FROM review_case',
    (
        "SELECT v.user_id, v.kind, v.rec_id, v.seq, v.gone, v.why, r.ver, b.body FROM visibility v "
        "LEFT JOIN rec_body b ON b.kind = v.kind AND b.id = v.rec_id LEFT JOIN rec_ver r ON r.id = v.rec_id"
    ),
    "SELECT device_id, dseq, change_id FROM device_seq",
    "SELECT id, body FROM rec_body WHERE kind = 1",
    "SELECT user_id, seq FROM feed_head",
    "SELECT * FROM device",
    "SELECT v.id, v.assignee FROM rec_ver v JOIN cases k ON k.case_id = v.id",
)


def look_at_centre(rig: Rig) -> Centre:
    """Read the centre, in one journey."""
    with rig.engine.connect() as conn:
        raw: Any = conn.connection.driver_connection
        with raw.pipeline():
            asked = [raw.cursor(row_factory=namedtuple_row).execute(one) for one in _QUESTIONS]
            changes, classes, seen, numbered, bodies, heads, devices, assigned = [one.fetchall() for one in asked]
    reviews: dict[str, set[str]] = {}
    for row in classes:
        reviews.setdefault(row.change_id, set()).add(row.name)
    shown: dict[int, dict[tuple[int, str], Any]] = {}
    for row in seen:
        shown.setdefault(row.user_id, {})[row.kind, row.rec_id] = row
    numbers: dict[str, dict[int, str]] = {}
    for row in numbered:
        numbers.setdefault(row.device_id, {})[row.dseq] = row.change_id
    return Centre(
        changes={row.change_id: row for row in changes},
        reviews=reviews,
        items={row.id: decode_item(row.body) for row in bodies},
        shown=shown,
        heads={row.user_id: row.seq for row in heads},
        devices={row.device_id: row for row in devices},
        numbers=numbers,
        assignees={row.id: row.assignee for row in assigned},
    )


@dataclass(frozen=True, slots=True)
class Machine:
    """One workstation's two files."""

    rows: dict[str, Any]  # change id -> dseq, state, verdict, reason, kind
    erased: set[str]  # ids its ledger calls erased
    records: dict[tuple[int, str], tuple[int, str]]
    held: set[str]
    identity: Any
    meta: Any
    lease: Lease | None
    pending_shown: set[str]

    @property
    def settled(self) -> set[str]:
        """Give the changes it believes the centre has."""
        return {name for name, row in self.rows.items() if row.state in ("ACKED", "DURABLE")}

    @property
    def waiting(self) -> set[str]:
        """Give the changes it still has to send."""
        return {name for name, row in self.rows.items() if row.state in ("PENDING", "SENT", "SUSPECT")}


def look_at(device: Device) -> Machine:
    """Read one workstation."""
    with device.store.snapshot() as view:
        sent = view.outbox.exec_driver_sql
        listed = view.lists.exec_driver_sql
        return Machine(
            rows={
                row.change_id: row
                for row in sent("SELECT dseq, change_id, kind, rec_id, lane, state, verdict, reason FROM outbox")
            },
            erased=set(sent("SELECT change_id FROM ledger WHERE state <> 'acked'").scalars()),
            records={
                (row.kind, row.id): (row.ver, bodies.unpack(row.body).decode())
                for row in listed("SELECT kind, id, ver, body FROM record")
            },
            held=set(listed("SELECT case_id FROM held").scalars()),
            identity=sent("SELECT * FROM identity").one(),
            meta=listed("SELECT * FROM meta").one(),
            lease=lease_of(view.outbox),
            pending_shown=set(listed("SELECT case_id FROM shown WHERE pending = 1").scalars()),
        )
