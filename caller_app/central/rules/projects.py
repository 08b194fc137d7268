"""Projects at the centre: a row for us, and the record that travels to every workstation that needs it.

Project and scripts are feed records like the cases; a person gets them with the first case of the project, and every
later version when it changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, text

from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.central.faults import Fault
from caller_app.central.rules import audit, feed, script_rows
from caller_app.domain.items import KIND_PROJECT, KIND_SCRIPT
from caller_app.domain.projects import Project
from caller_app.protocol.codec import decode, encode
from caller_app.script.record import read_record


@dataclass(frozen=True, slots=True)
class ScriptRecord:
    """A script ready to travel: its content id and its JSON."""

    script_id: str
    body: bytes


def create_project(
    conn: Connection, project: Project, scripts: Sequence[ScriptRecord], *, test_mode: bool, now: datetime
) -> Project:
    """Make a project with its scripts; refuses a name in use and test projects among real people (and the reverse)."""
    if project.test_mode != test_mode:
        place = "a test centre" if test_mode else "a real one"
        raise Refused(f"This is {place}: test_mode in the project file does not fit.", field="test_mode")
    if conn.execute(text("SELECT 1 FROM project WHERE name = :n"), {"n": project.name}).first():
        raise Refused(f"There is a project named {project.name!r} already.", field="name")
    project = replace(project, project_id=project.project_id or new_id())
    if conn.execute(
        text("SELECT 1 FROM project WHERE project_id = CAST(:p AS uuid)"), {"p": project.project_id}
    ).first():
        raise Refused("There is a project with this project_id already.", field="project_id")
    for script in scripts:
        _record(conn, KIND_SCRIPT, script.script_id, script.body)
    _record(conn, KIND_PROJECT, project.project_id, encode(project))
    conn.execute(
        text(
            "INSERT INTO project(project_id, name, campaign, script_ids, made_at) "
            "VALUES (CAST(:p AS uuid), :name, :campaign, CAST(:scripts AS jsonb), :now)"
        ),
        {
            "p": project.project_id,
            "name": project.name,
            "campaign": project.campaign,
            "scripts": encode([one.script_id for one in scripts]).decode(),
            "now": now,
        },
    )
    for script in scripts:
        if script.script_id == project.script_id:
            first = script_rows.NewVersion(
                project_id=project.project_id, script=read_record(script.body), body=script.body.decode(),
                state="published",
            )  # fmt: skip
            script_rows.note(
                conn, [script_rows.enter(conn, first, now=now)], "publish", by_user=None, why="made with the project",
                now=now,
            )  # fmt: skip
    audit.note(conn, at=now, what="project_made", rec_id=project.project_id, detail={"scripts": len(scripts)})
    return project


def publish_script(
    conn: Connection,
    project_id: str,
    script: ScriptRecord,
    *,
    cited: str,
    now: datetime,
    by_user: int | None = None,
    told: Sequence[feed.Entry] = (),
) -> Project:
    """Give a project a new version of its script; it reaches everybody who has the project (`scripts` decides when).

    What was published before stays where it is: a call in progress ends on the version it began with, and every attempt
    cites its own. Refuses the very script that is in use. `told` are notices that go out with it.
    """
    row = conn.execute(
        text(
            "SELECT p.script_ids, b.body FROM project p JOIN rec_body b ON b.kind = :kind AND b.id = p.project_id "
            "WHERE p.project_id = CAST(:p AS uuid) FOR UPDATE OF p"
        ),
        {"p": project_id, "kind": KIND_PROJECT},
    ).one()
    before = decode(row.body, Project)
    if before.script_id == script.script_id:
        raise Refused("The project works with this very script already.", field="script")
    project = replace(before, script_id=script.script_id)
    listed = [one for one in row.script_ids if one != before.script_id] + [script.script_id]
    _record(conn, KIND_SCRIPT, script.script_id, script.body)
    conn.execute(
        text("UPDATE project SET script_ids = CAST(:scripts AS jsonb) WHERE project_id = CAST(:p AS uuid)"),
        {"p": project_id, "scripts": encode(listed).decode()},
    )
    conn.execute(text("UPDATE rec_ver SET ver = ver + 1 WHERE id = CAST(:p AS uuid)"), {"p": project_id})
    conn.execute(
        text("UPDATE rec_body SET body = :body WHERE kind = :kind AND id = CAST(:p AS uuid)"),
        {"p": project_id, "kind": KIND_PROJECT, "body": encode(project).decode()},
    )
    audit.note(
        conn, at=now, what="script_published", rec_id=project_id, user_id=by_user,
        detail={"script": cited, "script_id": script.script_id, "before": before.script_id},
    )  # fmt: skip
    having = holders(conn, KIND_PROJECT, project_id)
    # The script goes before the project that names it: a case is dialable only when both are there.
    feed.write(conn, [*(feed.Entry(one.user_id, KIND_SCRIPT, script.script_id) for one in having), *having, *told])
    return project


def project_named(conn: Connection, name: str) -> tuple[str, str]:
    """Find a project by its name or id; gives (id, campaign), raises Refused."""
    row = conn.execute(
        text("SELECT project_id, campaign FROM project WHERE name = :n OR CAST(project_id AS text) = :n"), {"n": name}
    ).one_or_none()
    if row is None:
        raise Refused(f"There is no project named {name!r}.", field="project")
    return row.project_id, row.campaign


def project_of(conn: Connection, project_id: str) -> Project:
    """Give a project as it travels."""
    body = conn.execute(
        text("SELECT body FROM rec_body WHERE kind = :kind AND id = CAST(:p AS uuid)"),
        {"p": project_id, "kind": KIND_PROJECT},
    ).scalar_one()
    return decode(body, Project)


def project_if_any(conn: Connection, project_id: str) -> Project:
    """Give a project as it travels; raises Fault where there is none."""
    if not conn.execute(text("SELECT 1 FROM project WHERE project_id = CAST(:p AS uuid)"), {"p": project_id}).first():
        raise Fault(404, "not_found", "There is no such project.")
    return project_of(conn, project_id)


def holders(conn: Connection, kind: int, rec_id: str) -> list[feed.Entry]:
    """Give the entries that bring a record's new version to everybody who has it."""
    users = conn.execute(
        text("SELECT user_id FROM visibility WHERE kind = :k AND rec_id = CAST(:r AS uuid) AND NOT gone"),
        {"k": kind, "r": rec_id},
    ).scalars()
    return [feed.Entry(user, kind, rec_id) for user in users]


def _record(conn: Connection, kind: int, rec_id: str, body: bytes) -> None:
    """Write a record once; a script's id is made from its content, so a second writing changes nothing."""
    conn.execute(
        text("INSERT INTO rec_ver(id, ver, status) VALUES (CAST(:r AS uuid), 1, 'published') ON CONFLICT DO NOTHING"),
        {"r": rec_id},
    )
    conn.execute(
        text("INSERT INTO rec_body(kind, id, body) VALUES (:k, CAST(:r AS uuid), :b) ON CONFLICT DO NOTHING"),
        {"k": kind, "r": rec_id, "b": body.decode()},
    )
