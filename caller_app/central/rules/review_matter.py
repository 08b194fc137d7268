"""What a review is about: the change as it came, the case as it stands, and which acts would settle it now.

What a reader would get wrong: acts depend on the moment. Where the person has been stopped, or somebody is worried
about them, nothing that would ring them is offered, whatever the class says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from caller_app.central.rules.clocks import put_right
from caller_app.central.rules.workspace import read_projects
from caller_app.domain import settling
from caller_app.domain.changes import AttemptRecorded, Recorded
from caller_app.domain.items import KIND_ITEM, Item
from caller_app.domain.outcomes import STOPS
from caller_app.domain.projects import Project
from caller_app.domain.rebase_terms import stops_of
from caller_app.domain.reviews import QUARANTINED, Act, class_of
from caller_app.protocol.codec import Malformed, decode, decode_change, decode_item
from caller_app.protocol.messages import PushedChange

_RINGS = frozenset({"take", "ring_again", "reopen", "earlier"})  # may bring a person back into dialling


@dataclass(frozen=True, slots=True)
class Came:
    """The change of a review as it was stored; `recorded` is None where it cannot be read."""

    change_id: str
    kind: str
    author: str
    author_id: int
    device_id: str
    occurred_at: datetime | None  # by the workstation's clock
    received_at: datetime
    size: int
    recorded: Recorded | None


@dataclass(frozen=True, slots=True)
class Stands:
    """The case as the centre holds it now."""

    item: Item
    project: Project
    assignee: str | None
    stopped_at: datetime | None


def read_came(conn: Connection, row: Mapping[str, Any]) -> Came | None:
    """Read the change of a review; of a reused number, the content that came second."""
    reused = str(row["class"]) == "id_reuse"
    # What came second keeps no columns of its own: what it says of itself is in its envelope.
    source = (
        "SELECT r.change_id, c.kind, r.user_id, r.device_id, NULL::timestamptz AS occurred_at, NULL::timestamptz AS "
        "sent_at, r.received_at, r.envelope, NULL::int AS base_ver, NULL::int AS assign_gen, a.shown_name "
        "FROM change_reuse r JOIN change c USING (change_id) JOIN account a ON a.user_id = r.user_id "
        "WHERE r.change_id = CAST(:c AS uuid) ORDER BY r.received_at DESC LIMIT 1"
        if reused
        else "SELECT c.change_id, c.kind, c.user_id, c.device_id, c.occurred_at, c.sent_at, c.received_at, c.envelope, "
        "c.base_ver, c.assign_gen, a.shown_name FROM change c JOIN account a USING (user_id) "
        "WHERE c.change_id = CAST(:c AS uuid)"
    )
    found = conn.execute(text(source), {"c": row["change_id"]}).one_or_none()
    if found is None:
        return None
    return Came(
        change_id=found.change_id,
        kind=found.kind,
        author=found.shown_name,
        author_id=found.user_id,
        device_id=found.device_id,
        occurred_at=found.occurred_at,
        received_at=found.received_at,
        size=len(found.envelope),
        recorded=_read(found),
    )


def _read(row: Any) -> Recorded | None:
    try:
        envelope = decode(bytes(row.envelope), PushedChange)
        change = decode_change(envelope.kind, bytes(envelope.data))
    except Malformed:
        return None
    at = put_right(row.occurred_at, row.sent_at, row.received_at) if row.occurred_at else row.received_at
    return Recorded(
        change_id=row.change_id, change=change, occurred_at=at, author=row.shown_name, author_id=row.user_id,
        base_ver=row.base_ver, assign_gen=row.assign_gen,
    )  # fmt: skip


def read_stands(conn: Connection, case_id: str | None) -> Stands | None:
    """Read the case of a review as it stands, without a lock; None where the centre has no such case."""
    if case_id is None:
        return None
    row = conn.execute(
        text(
            "SELECT b.body, k.project_id, a.shown_name, coalesce(k.stopped_at, p.stopped_at) AS stopped_at "
            "FROM cases k JOIN person p USING (person_id) JOIN rec_ver v ON v.id = k.case_id "
            "JOIN rec_body b ON b.kind = :kind AND b.id = k.case_id LEFT JOIN account a ON a.user_id = v.assignee "
            "WHERE k.case_id = CAST(:c AS uuid)"
        ),
        {"c": case_id, "kind": KIND_ITEM},
    ).one_or_none()
    if row is None:
        return None
    project = read_projects(conn, [row.project_id])[row.project_id]
    return Stands(decode_item(row.body), project, row.shown_name, row.stopped_at)


def possible(review_class: str, recorded: Recorded | None, item: Item | None, *, stopped: bool) -> tuple[Act, ...]:
    """Give the acts of a class that would settle it as things stand."""
    acts = class_of(review_class).acts
    if item is None or (recorded is None and class_of(review_class).group not in ("safety", "aside")):
        keep = tuple(one for one in acts if one.code in ("keep", "dismiss", "incident", "no_incident"))
        return keep or class_of("unknown").acts
    silenced = stopped or bool(stops_of(item)) or settling.locked(item)
    if silenced and review_class not in QUARANTINED:
        acts = tuple(one for one in acts if one.code not in _RINGS or review_class.startswith("correction"))
    if review_class == "late_outcome" and recorded is not None:
        acts = _late(acts, recorded, item)
    return acts or class_of("unknown").acts


def _late(acts: tuple[Act, ...], recorded: Recorded, item: Item) -> tuple[Act, ...]:
    """Offer what a late result can still become: history where it decided, deciding where it is history."""
    attempt = settling.attempt_of(item, recorded.change_id)
    change = recorded.change
    if attempt is None or not isinstance(change, AttemptRecorded) or change.outcome in STOPS:
        wanted = {"keep"}
    else:
        wanted = {"keep", "late_only"} if attempt.led_to else {"late_only", "take"}
    return tuple(one for one in acts if one.code in wanted)
