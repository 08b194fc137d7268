"""Giving cases to callers and moving them (docs/sync.md, "Leaving a list"; domain rules 2.7).

Every transaction moves at most 250 cases, takes them off the giver's feed and puts them on the taker's in one go, and
raises the assignment generation, so that a late change of the giver shows what it was made under. Promises stand in the
item and so travel with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.central import sets
from caller_app.central.db import writing
from caller_app.central.rules import audit, feed
from caller_app.central.schema import rec_body
from caller_app.domain.items import KIND_ITEM, KIND_PROJECT, KIND_SCRIPT
from caller_app.domain.staff import may
from caller_app.protocol.codec import decode_item, encode

CHUNK = 250  # a feed is locked for the writing of so many numbers of two people


@dataclass(frozen=True, slots=True)
class Moved:
    """What an order came to."""

    cases: int = 0
    promises: int = 0


def assign(
    engine: Engine,
    *,
    project_id: str,
    to_user: int,
    count: int | None,
    now: datetime,
    by_user: int | None = None,
    why: str = "assigned",
) -> Moved:
    """Hand out cases of a project that nobody has and that may be rung: all, or the first `count` by priority."""
    _check_taker(engine, to_user)
    left, cases, promises = count, 0, 0
    while left is None or left > 0:
        size = CHUNK if left is None else min(CHUNK, left)

        def chunk(conn: Connection, size: int = size) -> Moved:
            ids = conn.execute(
                text(
                    "SELECT v.id FROM rec_ver v JOIN cases k ON k.case_id = v.id WHERE v.assignee IS NULL "
                    "AND v.status IN ('ready', 'callback') AND k.project_id = CAST(:p AS uuid) "
                    "ORDER BY k.priority, k.seed, v.id LIMIT :n"
                ),
                {"p": project_id, "n": size},
            ).scalars()
            return _move(conn, list(ids), None, to_user, now=now, by_user=by_user, why=why)

        moved = writing(engine, chunk)
        cases, promises = cases + moved.cases, promises + moved.promises
        if moved.cases == 0:
            break
        if left is not None:
            left -= moved.cases
    return Moved(cases, promises)


def reassign(
    engine: Engine,
    *,
    from_user: int,
    to_user: int,
    why: str,
    case_ids: Sequence[str] | None,
    now: datetime,
    by_user: int | None,
) -> Moved:
    """Move open cases of one caller to another: those named, or all of them."""
    if from_user == to_user:
        raise Refused("These are the same person: choose somebody else.", field="to_user")
    if not why.strip():
        raise Refused("Please say why the cases move.", field="why")
    _check_taker(engine, to_user)
    with engine.connect() as conn:
        found = conn.execute(
            text(
                "SELECT id FROM rec_ver WHERE assignee = :u AND status <> 'closed' "
                "AND (CAST(:ids AS uuid[]) IS NULL OR id = ANY(CAST(:ids AS uuid[]))) ORDER BY id"
            ),
            {"u": from_user, "ids": None if case_ids is None else list(case_ids)},
        ).scalars()
        ids = list(found)
    cases, promises, order = 0, 0, new_id()
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]

        def chunk(conn: Connection, part: list[str] = part) -> Moved:
            return _move(conn, part, from_user, to_user, now=now, by_user=by_user, why=why.strip()[:200], order=order)

        moved = writing(engine, chunk)
        cases, promises = cases + moved.cases, promises + moved.promises
    return Moved(cases, promises)


def devices_waiting(conn: Connection, user_id: int) -> int:
    """Count devices of a person that have not yet taken everything their feed says, removals included."""
    return int(
        conn.execute(
            text(
                "SELECT count(*) FROM device d WHERE d.user_id = :u AND d.status = 'active' AND EXISTS (SELECT 1 FROM "
                "visibility v WHERE v.user_id = d.user_id AND v.gone AND (v.seq > d.pulled_seq OR "
                "v.rec_id = ANY(d.held)))"
            ),
            {"u": user_id},
        ).scalar_one()
    )


def supplies(conn: Connection, user_id: int, project_ids: Sequence[str]) -> list[feed.Entry]:
    """Give the entries for projects and scripts that a person does not see yet; they go before the items."""
    rows = conn.execute(
        text("SELECT project_id, script_ids FROM project WHERE project_id = ANY(CAST(:ids AS uuid[])) ORDER BY name"),
        {"ids": sorted(set(project_ids))},
    ).all()
    wanted: list[tuple[int, str]] = []
    for row in rows:
        wanted.extend((KIND_SCRIPT, script_id) for script_id in row.script_ids)
        wanted.append((KIND_PROJECT, row.project_id))
    seen = {
        (row.kind, row.rec_id)
        for row in conn.execute(
            text("SELECT kind, rec_id FROM visibility WHERE user_id = :u AND NOT gone AND kind <> :item"),
            {"u": user_id, "item": KIND_ITEM},
        )
    }
    return [feed.Entry(user_id, kind, rec_id) for kind, rec_id in dict.fromkeys(wanted) if (kind, rec_id) not in seen]


def _move(
    conn: Connection,
    ids: Sequence[str],
    from_user: int | None,
    to_user: int,
    *,
    now: datetime,
    by_user: int | None,
    why: str,
    order: str = "",
) -> Moved:
    moved, entries = give(conn, ids, from_user, to_user, now=now, by_user=by_user, why=why)
    heads = feed.write(conn, entries)
    if from_user is not None and moved.cases:
        _note_order(conn, order, moved, from_user, to_user, seq=heads[from_user], now=now, by_user=by_user, why=why)
    return moved


def give(
    conn: Connection,
    ids: Sequence[str],
    from_user: int | None,
    to_user: int,
    *,
    now: datetime,
    by_user: int | None,
    why: str,
) -> tuple[Moved, list[feed.Entry]]:
    """Move one chunk and give the feed entries to write last; what closed or went elsewhere meanwhile is left alone."""
    if not ids:
        return Moved(), []
    rows = conn.execute(
        text(
            "SELECT v.id, v.ver, v.assign_gen, v.assignee, k.project_id, b.body FROM rec_ver v "
            "JOIN cases k ON k.case_id = v.id JOIN rec_body b ON b.kind = :kind AND b.id = v.id "
            "WHERE v.id = ANY(CAST(:ids AS uuid[])) AND v.assignee IS NOT DISTINCT FROM CAST(:from AS int) "
            "AND v.status <> 'closed' ORDER BY v.id FOR UPDATE OF v"
        ),
        {"kind": KIND_ITEM, "ids": list(ids), "from": from_user},
    ).all()
    if not rows:
        return Moved(), []
    taken = [row.id for row in rows]
    promises = 0
    bodies: list[dict[str, Any]] = []
    for row in rows:
        item = replace(decode_item(row.body), assign_gen=row.assign_gen + 1)
        promises += sum(one.state == "open" for one in item.promises)
        bodies.append({"kind": KIND_ITEM, "id": row.id, "body": encode(item).decode()})
    conn.execute(
        text(
            "UPDATE rec_ver SET ver = ver + 1, assign_gen = assign_gen + 1, assignee = :to "
            "WHERE id = ANY(CAST(:ids AS uuid[]))"
        ),
        {"to": to_user, "ids": taken},
    )
    sets.update(conn, rec_body, bodies, ["kind", "id"])
    conn.execute(
        text("UPDATE assignment SET to_at = :now WHERE rec_id = ANY(CAST(:ids AS uuid[])) AND to_at IS NULL"),
        {"now": now, "ids": taken},
    )
    conn.execute(
        text(
            "INSERT INTO assignment(rec_id, user_id, gen, from_at, by_user, why) SELECT id, :to, assign_gen, :now, "
            "CAST(:by AS int), :why FROM rec_ver WHERE id = ANY(CAST(:ids AS uuid[]))"
        ),
        {"to": to_user, "now": now, "by": by_user, "why": why, "ids": taken},
    )
    if from_user is not None:
        conn.execute(
            text("UPDATE cases SET reassigned_at = :now WHERE case_id = ANY(CAST(:ids AS uuid[]))"),
            {"now": now, "ids": taken},
        )
    audit.note(
        conn, at=now, what="reassigned" if from_user is not None else "assigned", user_id=by_user,
        detail={"from": from_user, "to": to_user, "cases": len(taken)},
    )  # fmt: skip
    entries = supplies(conn, to_user, [row.project_id for row in rows])
    entries.extend(feed.put(to_user, one) for one in taken)
    if from_user is not None:
        entries.extend(feed.gone(from_user, one, "reassigned") for one in taken)
    return Moved(len(taken), promises), entries


def _note_order(
    conn: Connection,
    order: str,
    moved: Moved,
    giver: int,
    taker: int,
    *,
    seq: int,
    now: datetime,
    by_user: int | None,
    why: str,
) -> None:
    """Note up to which number of the giver's feed a workstation has to have come to have taken the order."""
    conn.execute(
        text(
            "INSERT INTO reassignment(reassign_id, at, by_user, from_user, to_user, why, cases, promises, seq) "
            "VALUES (CAST(:id AS uuid), :now, :by, :giver, :taker, :why, :cases, :promises, :seq) "
            "ON CONFLICT (reassign_id) DO UPDATE SET cases = reassignment.cases + excluded.cases, "
            "promises = reassignment.promises + excluded.promises, seq = excluded.seq"
        ),
        {"id": order, "now": now, "by": by_user, "giver": giver, "taker": taker, "why": why, "cases": moved.cases,
         "promises": moved.promises, "seq": seq},
    )  # fmt: skip


def _check_taker(engine: Engine, user_id: int) -> None:
    with engine.connect() as conn:
        row = conn.execute(text("SELECT role, status FROM account WHERE user_id = :u"), {"u": user_id}).one_or_none()
    if row is None:
        raise Refused("There is no such person here.", field="to_user")
    if row.status != "active" or not may(row.role, "work_own_list"):
        raise Refused("This person cannot be given cases: the account is switched off or of another role.",
                      field="to_user")  # fmt: skip
