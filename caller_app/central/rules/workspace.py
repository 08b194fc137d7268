"""Everything that judging a set of changes needs, read with a handful of statements and locked in one order.

The cases of a set are locked together with every other case of the same persons, in id order: a stop reaches them all,
and taking those locks later would invite deadlocks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from caller_app.central.arrays import Ids
from caller_app.central.db import driver, together
from caller_app.central.rules.arrivals import Arrived, Came
from caller_app.central.rules.clocks import put_right
from caller_app.domain.changes import CHANGES, Recorded
from caller_app.domain.items import KIND_ITEM, KIND_PROJECT, Item
from caller_app.domain.projects import Project
from caller_app.domain.rebase_terms import AuthorState
from caller_app.protocol.codec import decode, decode_change, decode_item
from caller_app.protocol.messages import PushedChange

LEFT_FOR = timedelta(seconds=5)  # a push still at work is not overtaken
_URGENT = [kind for kind, shape in CHANGES.items() if shape.lane == 0]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One stored change that has no verdict yet."""

    recorded: Recorded
    case_id: str
    device_id: str
    author_state: AuthorState
    received_at: datetime


@dataclass(slots=True)
class CaseFile:
    """One case while it is being judged; `item` moves on from change to change."""

    case_id: str
    ver: int
    assignee: int | None
    assign_gen: int
    status: str
    person_id: str
    project_id: str
    campaign: str
    nhs_number: str
    practice_ods: str | None
    reassigned_at: datetime | None
    stopped_at: datetime | None
    body: str
    ever: frozenset[int]
    taker_called: bool
    off_lists: bool
    item: Item | None = None
    before: Item | None = None

    def now_item(self) -> Item:
        """Give the item as it stands, decoded once."""
        if self.item is None:
            self.item = self.before = decode_item(self.body)
        return self.item

    @property
    def changed(self) -> bool:
        """Tell whether judging moved the item on."""
        return self.item is not None and self.item != self.before


@dataclass(slots=True)
class Workspace:
    """The locked cases and their projects."""

    files: dict[str, CaseFile]
    projects: dict[str, Project] = field(default_factory=dict)
    people: dict[str, list[CaseFile]] = field(init=False)

    def __post_init__(self) -> None:
        self.people = {}
        for one in self.files.values():
            self.people.setdefault(one.person_id, []).append(one)

    def same_person(self, file: CaseFile) -> list[CaseFile]:
        """Give every case of the person of a case, itself included."""
        return self.people[file.person_id]


def read_waiting(
    conn: Connection, change_ids: Sequence[str], *, sent_by: str | None = None, skip_locked: bool = False,
    came: Came | None = None,
) -> list[Waiting]:  # fmt: skip
    """Lock and read the changes that still wait for a verdict, in the order of their devices' numbers.

    A change that was sent under two device ids goes by the number the sending one gave it, else the newest one.
    What `came` with this request is known, from the very bytes that it stored, and is not read back.
    """
    wanted = (
        "SELECT s.change_id FROM change_state s "
        "LEFT JOIN LATERAL (SELECT n.dseq, n.device_id, coalesce(n.device_id = CAST(%(by)s AS uuid), false) AS sender "
        "  FROM device_seq n WHERE n.change_id = s.change_id "
        "  ORDER BY sender DESC, n.device_id DESC LIMIT 1) q ON true "
        "WHERE s.change_id = ANY(CAST(%(ids)s AS uuid[])) AND s.verdict = 'received' "
        f"ORDER BY q.sender, q.device_id, q.dseq FOR UPDATE OF s{' SKIP LOCKED' if skip_locked else ''}"
    )
    known = came.changes if came is not None else {}
    found: dict[str, Waiting] = {}
    with together(conn) as raw:
        locked = raw.execute(wanted, {"ids": Ids(change_ids), "by": sent_by})
        if came is not None:
            author = raw.execute("SELECT shown_name, status FROM account WHERE user_id = %(u)s", {"u": came.user_id})
    ids = [change_id for (change_id,) in locked.fetchall()]
    if came is not None:
        ((name, status),) = author.fetchall()
        state = _STATES.get(status, "revoked")
        found = {one: _come(came, known[one], name, state) for one in ids if one in known}
    if others := [one for one in ids if one not in known]:
        rows = conn.execute(
            text(
                "SELECT c.change_id, c.user_id, c.device_id, c.kind, c.schema, c.rec_id, c.base_ver, c.assign_gen, "
                "  c.occurred_at, c.sent_at, c.received_at, c.envelope, a.shown_name, a.status "
                "FROM change c JOIN account a USING (user_id) WHERE c.change_id = ANY(CAST(:ids AS uuid[]))"
            ),
            {"ids": Ids(others)},
        )
        found |= {row.change_id: _waiting(row) for row in rows}
    return [found[one] for one in ids]


def left_behind(conn: Connection, change_ids: Sequence[str], *, only_urgent: bool, now: datetime) -> list[str]:
    """Name what workstations sent before these and what still waits: effects come in the order of their numbers.

    What the same person's other devices left waiting comes before it too, where nothing before it is missing: one of
    them may be an earlier id of this workstation. With `only_urgent` nothing else is named.
    """
    with together(conn) as raw:  # what begins the transaction goes along
        found = raw.execute(
            _LEFT_BEHIND,
            {"ids": Ids(change_ids), "urgent": only_urgent, "kinds": _URGENT, "left": now - LEFT_FOR},
        )
    return [change_id for (change_id,) in found.fetchall()]


# From what waits, which is little: OFFSET 0 keeps it so, whatever the planner has not counted yet.
_LEFT_BEHIND = """
SELECT DISTINCT s.change_id FROM (
  SELECT change_id FROM change_state WHERE verdict = 'received'
  AND NOT change_id = ANY(CAST(%(ids)s AS uuid[])) OFFSET 0) s
CROSS JOIN LATERAL (SELECT device_id, dseq FROM device_seq WHERE change_id = s.change_id OFFSET 0) q
JOIN change c ON c.change_id = s.change_id
WHERE (NOT %(urgent)s OR c.kind = ANY(%(kinds)s)) AND (
  q.dseq < (SELECT max(n.dseq) FROM device_seq n
    WHERE n.change_id = ANY(CAST(%(ids)s AS uuid[])) AND n.device_id = q.device_id)
  OR (c.received_at <= %(left)s
    AND q.dseq <= (SELECT d.last_seq FROM device d WHERE d.device_id = q.device_id)
    AND c.user_id IN (SELECT m.user_id FROM change m WHERE m.change_id = ANY(CAST(%(ids)s AS uuid[])))))
"""


def open_workspace(conn: Connection, case_ids: Iterable[str], authors: Iterable[int]) -> Workspace:
    """Lock and read the cases of a set of changes."""
    ids = sorted(set(case_ids))
    with driver(conn) as raw:
        locked = raw.execute(_LOCK, {"ids": Ids(ids)}).fetchall()
        if not locked:
            return Workspace(files={})
    every = Ids(row[0] for row in locked)
    with together(conn) as raw:
        facts = raw.execute(_FACTS, {"ids": every, "authors": sorted(set(authors)), "kind": KIND_ITEM})
        projects = raw.execute(_PROJECTS, {"ids": every, "kind": KIND_PROJECT})
    known = {row[0]: row for row in facts.fetchall()}
    return Workspace(
        files={row[0]: _file(row, known[row[0]]) for row in locked if row[0] in known},
        projects={project_id: decode(body, Project) for project_id, body in projects.fetchall()},
    )


def _file(version: tuple[Any, ...], facts: tuple[Any, ...]) -> CaseFile:
    case_id, ver, assignee, assign_gen, status = version
    (_, person_id, project_id, practice_ods, reassigned_at, left_lists_at, stopped_at, nhs_number, body, campaign,
     taker_called, ever) = facts  # fmt: skip
    return CaseFile(
        case_id, ver, assignee, assign_gen, status, person_id, project_id, campaign, nhs_number, practice_ods,
        reassigned_at, stopped_at, body, frozenset(ever), bool(taker_called), left_lists_at is not None,
    )  # fmt: skip


_LOCK = """
SELECT id, ver, assignee, assign_gen, status FROM rec_ver WHERE id = ANY(ARRAY(
  SELECT other.case_id FROM unnest(CAST(%(ids)s AS uuid[])) given(id)
  CROSS JOIN LATERAL (SELECT person_id FROM cases WHERE case_id = given.id OFFSET 0) mine
  CROSS JOIN LATERAL (SELECT case_id FROM cases WHERE person_id = mine.person_id OFFSET 0) other))
ORDER BY id FOR UPDATE
"""
# Each part is found by its key, one case after the other (OFFSET 0 keeps it so): a planner that knows nothing yet of
# what came in an hour ago reads whole tables instead, and a push waits for that.
_FACTS = """
SELECT k.case_id, k.person_id, k.project_id, k.practice_ods, k.reassigned_at, k.left_lists_at,
  coalesce(k.stopped_at, p.stopped_at) AS stopped_at, p.nhs_number, b.body,
  (SELECT campaign FROM project WHERE project_id = k.project_id) AS campaign,
  k.reassigned_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM (SELECT user_id, received_at FROM attempt WHERE case_id = k.case_id OFFSET 0) t
    WHERE t.user_id = (SELECT assignee FROM rec_ver WHERE id = k.case_id) AND t.received_at >= k.reassigned_at
  ) AS taker_called,
  ARRAY(
    SELECT s.user_id FROM (SELECT user_id FROM assignment WHERE rec_id = k.case_id OFFSET 0) s
    WHERE s.user_id = ANY(%(authors)s)
  ) AS ever
FROM unnest(CAST(%(ids)s AS uuid[])) given(id)
CROSS JOIN LATERAL (SELECT * FROM cases WHERE case_id = given.id OFFSET 0) k
CROSS JOIN LATERAL (SELECT stopped_at, nhs_number FROM person WHERE person_id = k.person_id OFFSET 0) p
CROSS JOIN LATERAL (SELECT body FROM rec_body WHERE kind = %(kind)s AND id = given.id OFFSET 0) b
"""


_PROJECTS = """
SELECT id, body FROM rec_body WHERE kind = %(kind)s AND id = ANY(ARRAY(
  SELECT DISTINCT k.project_id FROM unnest(CAST(%(ids)s AS uuid[])) given(id)
  CROSS JOIN LATERAL (SELECT project_id FROM cases WHERE case_id = given.id OFFSET 0) k))
"""


def read_projects(conn: Connection, project_ids: Iterable[str]) -> dict[str, Project]:
    """Read projects as they are sent to the workstations."""
    rows = conn.execute(
        text("SELECT id, body FROM rec_body WHERE kind = :kind AND id = ANY(CAST(:ids AS uuid[]))"),
        {"kind": KIND_PROJECT, "ids": sorted(project_ids)},
    )
    return {row.id: decode(row.body, Project) for row in rows}


def _waiting(row: Any) -> Waiting:
    recorded = Recorded(
        change_id=row.change_id,
        change=decode_change(row.kind, bytes(decode(bytes(row.envelope), PushedChange).data), row.schema),
        occurred_at=put_right(row.occurred_at, row.sent_at, row.received_at),
        author=row.shown_name,
        author_id=row.user_id,
        base_ver=row.base_ver,
        assign_gen=row.assign_gen,
    )
    return Waiting(recorded, row.rec_id, row.device_id, _STATES.get(row.status, "revoked"), row.received_at)


def _come(came: Came, one: Arrived, author: str, author_state: AuthorState) -> Waiting:
    if one.change is None or one.rec_id is None or one.occurred_at is None:
        raise TypeError("only what can be judged is handed on")
    recorded = Recorded(
        change_id=one.change_id,
        change=one.change,
        occurred_at=put_right(one.occurred_at, came.sent_at, came.received_at),
        author=author,
        author_id=came.user_id,
        base_ver=one.base_ver,
        assign_gen=one.assign_gen,
    )
    return Waiting(recorded, one.rec_id, came.device_id, author_state, came.received_at)


_STATES: Mapping[str, AuthorState] = {"active": "active", "draining": "draining"}
