"""Taking a stop back: only a supervisor, online, by name, and only where nothing else stops the person.

What a reader would get wrong: a stop reached every case of the person, so lifting it opens each of them again by its
own history, and gives it back to whoever had it. Another stop, of another call, another campaign or an import, is
never touched: where there is one, this is refused and the person stays stopped.
"""

from datetime import datetime

from sqlalchemy import Connection, text

from caller_app.base.errors import Refused
from caller_app.central.centre import Centre
from caller_app.central.rules import assign, audit, case_rows, feed, stops
from caller_app.central.rules.workspace import CaseFile, Workspace, open_workspace
from caller_app.domain.items import Item
from caller_app.domain.outcomes import STOPS
from caller_app.domain.rebase_terms import live, restated
from caller_app.domain.staff import User, may

_OTHER = "Something else stops this person too. That stop stands, so this one stays as well."


def stopping(item: Item, attempt_id: str) -> bool:
    """Tell whether an attempt of a case is a stop that still stands."""
    return any(one.attempt_id == attempt_id and one.outcome in STOPS for one in live(item))


def lift(
    conn: Connection, centre: Centre, space: Workspace, file: CaseFile, attempt_id: str, *, by: User, now: datetime
) -> None:
    """Take a stop off the list, the person and their cases; raises Refused where something else stops them."""
    for one in space.same_person(file):
        told = [line for line in one.now_item().corrections if line.type == "DECEASED_REPORTED"]
        dead = any(line.state not in ("withdrawn", "rejected") for line in told)
        if dead or any(past.outcome in STOPS and past.attempt_id != attempt_id for past in live(one.now_item())):
            raise Refused(_OTHER)
    hashed = stops.nhs_hash(centre.settings.stop_list_key, file.nhs_number)
    source = f"change:{attempt_id}"
    others = conn.execute(
        text("SELECT count(*) FROM suppression WHERE nhs_hash = :h AND lifted_at IS NULL AND source <> :s"),
        {"h": hashed, "s": source},
    ).scalar_one()
    if others:
        raise Refused(_OTHER)
    conn.execute(
        text(
            "UPDATE suppression SET lifted_at = :now, lifted_by = :by "
            "WHERE nhs_hash = :h AND source = :s AND lifted_at IS NULL"
        ),
        {"now": now, "by": by.user_id, "h": hashed, "s": source},
    )
    conn.execute(
        text("UPDATE person SET stopped_at = NULL, stop_kind = NULL WHERE person_id = CAST(:p AS uuid)"),
        {"p": file.person_id},
    )
    conn.execute(
        text(
            "UPDATE cases SET stopped_at = NULL, left_lists_at = NULL WHERE person_id = CAST(:p AS uuid) "
            "AND stopped_at IS NOT NULL"
        ),
        {"p": file.person_id},
    )
    audit.note(
        conn, at=now, what="stop_lifted", user_id=by.user_id, rec_id=file.case_id, detail={"change_id": attempt_id}
    )


def open_again(conn: Connection, file: CaseFile, *, by: User, now: datetime) -> list[feed.Entry]:
    """Open the person's cases again by what is left of their histories, and give them back to who had them."""
    space = open_workspace(conn, [file.case_id], [])
    for one in space.files.values():
        one.item = restated(one.now_item()) if one.assignee is None else one.now_item()
    entries = case_rows.write_cases(conn, space, {}, now)
    rows = conn.execute(
        text(
            "SELECT DISTINCT ON (s.rec_id) s.rec_id, s.user_id, a.role, a.status FROM assignment s "
            "JOIN account a USING (user_id) JOIN rec_ver v ON v.id = s.rec_id "
            "WHERE s.rec_id = ANY(CAST(:ids AS uuid[])) AND v.assignee IS NULL AND v.status <> 'closed' "
            "ORDER BY s.rec_id, s.assignment_id DESC"
        ),
        {"ids": sorted(space.files)},
    ).all()
    for row in rows:
        if row.status == "active" and may(row.role, "work_own_list"):
            _, given = assign.give(
                conn, [row.rec_id], None, row.user_id, now=now, by_user=by.user_id, why="stop lifted"
            )
            entries.extend(given)
    return entries
