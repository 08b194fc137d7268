"""Who may speak for a person: recorded and ended by a supervisor, carried to every case of the person, audited.

What a reader would get wrong: an authority is never edited. What was recorded wrongly is ended and recorded anew, so
that a call made meanwhile is judged by what held then. Locks are taken as judging takes them: cases first, feeds last.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from caller_app.base.clock import london_day
from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.central import schema, sets
from caller_app.central.arrays import Ids
from caller_app.central.centre import Centre
from caller_app.central.rules import audit, case_rows, feed, projects
from caller_app.central.rules.workspace import open_workspace, read_projects
from caller_app.domain import nhs_number
from caller_app.domain.authorities import AT_MOST, KINDS
from caller_app.domain.authority_file import WORDS_LONGEST, AuthoritySaid
from caller_app.domain.dates import age_on
from caller_app.domain.items import Authority, Item
from caller_app.domain.staff import User, may
from caller_app.protocol.codec import plain

_READ = """
SELECT a.*, e.at AS ended_at, e.why AS ended_why, r.shown_name FROM authority a
LEFT JOIN authority_end e USING (authority_id) LEFT JOIN account r ON r.user_id = a.recorded_by
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One authority as the centre holds it, for a supervisor's eyes."""

    authority: Authority
    projects: tuple[str, ...]
    seen: str
    recorded_by: str
    recorded_at: datetime
    ended_why: str


def add(conn: Connection, centre: Centre, said: AuthoritySaid, *, by: User, now: datetime) -> str:
    """Record who may speak for a person; gives the id. Raises Refused where it cannot hold."""
    _may(by)
    person = _person(conn, said.nhs_number, test_mode=centre.settings.test_mode)
    age = age_on(date.fromisoformat(person.dob), london_day(now))
    if not KINDS[said.kind].fits(age):
        raise Refused(f"This cannot hold for somebody aged {age}: {KINDS[said.kind].label}.", field="kind")
    if said.until_on is not None and said.until_on < london_day(now).isoformat():
        raise Refused("Its last day has passed already.", field="until")
    projects_named = [projects.project_named(conn, one)[0] for one in said.projects]
    _check_pathways(conn, said, projects_named)
    space = open_workspace(conn, _cases(conn, person.person_id), [])
    before = [one.authority for one in of_person(conn, person.person_id)]
    if sum(one.ended_at is None for one in before) >= AT_MOST:
        raise Refused("Too many are recorded for this person already. End those that no longer hold.")
    if any(one.ended_at is None and (one.kind, one.name) == (said.kind, said.name) for one in before):
        raise Refused("This is recorded already. End it first if something has changed.", field="name")
    authority_id = new_id()
    sets.insert(
        conn,
        schema.authority,
        [
            {
                "authority_id": authority_id,
                "person_id": person.person_id,
                **{name: plain(getattr(said, name)) for name in _AS_SAID},
                "projects": projects_named,
                "from_on": date.fromisoformat(said.from_on),
                "until_on": date.fromisoformat(said.until_on) if said.until_on else None,
                "recorded_by": by.user_id,
                "recorded_at": now,
            }
        ],
    )
    _carry(conn, space, person.person_id, now)
    audit.note(
        conn, at=now, what="authority_recorded", user_id=by.user_id, rec_id=person.person_id,
        detail={"authority_id": authority_id, "kind": said.kind, "may_agree": said.may_agree},
    )  # fmt: skip
    return authority_id


_AS_SAID = ("kind", "name", "relationship", "pathways", "may_agree", "limits", "seen")


def end(conn: Connection, authority_id: str, *, why: str, by: User, now: datetime) -> bool:
    """End an authority from now on; gives False where it had ended already."""
    _may(by)
    why = " ".join(why.split())[:WORDS_LONGEST]
    if not why:
        raise Refused("Say why it ends: it is kept with it.", field="why")
    row = conn.execute(
        text(
            "SELECT p.person_id FROM authority a JOIN person p USING (person_id) "
            "WHERE CAST(a.authority_id AS text) = lower(:a) FOR NO KEY UPDATE OF p"
        ),
        {"a": authority_id},
    ).one_or_none()
    if row is None:
        raise Refused("There is no such authority.", field="authority_id")
    space = open_workspace(conn, _cases(conn, row.person_id), [])
    done = conn.execute(
        text(
            "INSERT INTO authority_end(authority_id, at, by_user, why) VALUES (CAST(:a AS uuid), :now, :by, :why) "
            "ON CONFLICT DO NOTHING"
        ),
        {"a": authority_id, "now": now, "by": by.user_id, "why": why},
    ).rowcount
    if not done:
        return False
    _carry(conn, space, row.person_id, now)
    audit.note(
        conn, at=now, what="authority_ended", user_id=by.user_id, rec_id=row.person_id,
        detail={"authority_id": authority_id},
    )  # fmt: skip
    return True


def listed(conn: Connection, centre: Centre, number: str, *, by: User, now: datetime) -> list[Recorded]:
    """Give what is recorded for a person, by their NHS number; that somebody looked is audited."""
    _may(by)
    person = _person(conn, number, test_mode=centre.settings.test_mode)
    audit.note(conn, at=now, what="authorities_seen", user_id=by.user_id, rec_id=person.person_id)
    return of_person(conn, person.person_id)


def of_person(conn: Connection, person_id: str) -> list[Recorded]:
    """Give every authority of a person, the newest first."""
    rows = conn.execute(text(f"{_READ} WHERE a.person_id = CAST(:p AS uuid)"), {"p": person_id})
    return sorted((_recorded(row) for row in rows), key=lambda one: one.recorded_at, reverse=True)


def carried(conn: Connection, items: Sequence[Item], known: Iterable[str]) -> list[Item]:
    """Give new cases of those known before with what is recorded for them."""
    ids = sorted({one.patient.person_id for one in items} & set(known))
    if not ids:
        return list(items)
    found: dict[str, list[Recorded]] = defaultdict(list)
    rows = conn.execute(text(f"{_READ} WHERE a.person_id = ANY(CAST(:ids AS uuid[]))"), {"ids": Ids(ids)})
    for row in rows:
        found[row.person_id].append(_recorded(row))
    return [with_authorities(one, found[one.patient.person_id]) for one in items]


def with_authorities(item: Item, found: Sequence[Recorded]) -> Item:
    """Give a case with what covers its project, the newest first; nothing else of the person travels with it."""
    mine = [one for one in found if not one.projects or item.project_id in one.projects]
    mine.sort(key=lambda one: (one.authority.ended_at is None, one.recorded_at), reverse=True)
    return replace(item, authorities=tuple(one.authority for one in mine[:AT_MOST]))


def _carry(conn: Connection, space: Any, person_id: str, now: datetime) -> None:
    found = of_person(conn, person_id)
    for file in space.files.values():
        file.item = with_authorities(file.now_item(), found)
    feed.write(conn, case_rows.write_cases(conn, space, {}, now))


def _may(by: User) -> None:
    if not may(by.role, "record_authorities"):
        raise Refused("Only a supervisor records who may speak for a person.", field="by")


def _person(conn: Connection, number: str, *, test_mode: bool) -> Any:
    checked = nhs_number.check(number, test_mode=test_mode)
    if isinstance(checked, nhs_number.NhsNumberRefusal):
        raise Refused(checked.sentence, field="nhs_number")
    person = conn.execute(
        # Locked, so that a list taken in meanwhile brings no case that would not know of it.
        text("SELECT person_id, dob FROM person WHERE nhs_number = :n FOR NO KEY UPDATE"),
        {"n": checked.digits},
    ).one_or_none()
    if person is None:
        raise Refused("Nobody with this NHS number is known here.", field="nhs_number")
    return person


def _cases(conn: Connection, person_id: str) -> list[str]:
    found = conn.execute(text("SELECT case_id FROM cases WHERE person_id = CAST(:p AS uuid)"), {"p": person_id})
    return list(found.scalars())


def _check_pathways(conn: Connection, said: AuthoritySaid, project_ids: Sequence[str]) -> None:
    if not said.pathways:
        return
    named = list(project_ids) or list(conn.execute(text("SELECT project_id FROM project")).scalars())
    known = {one.code for project in read_projects(conn, named).values() for one in project.pathways}
    for code in said.pathways:
        if code not in known:
            raise Refused(f"There is no pathway {code!r} in these projects.", field="pathways")


def _recorded(row: Any) -> Recorded:
    authority = Authority(
        authority_id=row.authority_id,
        kind=row.kind,
        name=row.name,
        relationship=row.relationship,
        from_on=row.from_on.isoformat(),
        until_on=row.until_on.isoformat() if row.until_on else None,
        pathways=tuple(row.pathways),
        may_agree=row.may_agree,
        limits=row.limits,
        ended_at=row.ended_at,
    )
    return Recorded(
        authority, tuple(row.projects), row.seen, row.shown_name or "", row.recorded_at, row.ended_why or ""
    )
