"""The scripts of a project as a supervisor sees them: who did what to each version and when, what can be done now."""

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, text

from caller_app.base.clock import to_text
from caller_app.central.rules import script_rows
from caller_app.domain.items import KIND_PROJECT, KIND_SCRIPT
from caller_app.domain.projects import Project
from caller_app.domain.script_life import DONE, label_of, possible, refusal
from caller_app.domain.staff import User
from caller_app.protocol.codec import decode
from caller_app.protocol.scripts import ScriptAct, ScriptProject, ScriptStep, ScriptVersion
from caller_app.script.lint.product import supplied

MOST = 200  # versions of one project; older ones stay in the database


def projects_of(conn: Connection) -> list[ScriptProject]:
    """Give every project by name, with what its scripts may refer to."""
    rows = conn.execute(
        text(
            "SELECT b.body, CAST(s.body AS jsonb)->>'form_id' AS form_id FROM project p "
            "JOIN rec_body b ON b.kind = :project AND b.id = p.project_id "
            "LEFT JOIN rec_body s ON s.kind = :script "
            "AND CAST(s.id AS text) = CAST(b.body AS jsonb)->>'script_id' ORDER BY p.name"
        ),
        {"project": KIND_PROJECT, "script": KIND_SCRIPT},
    ).all()
    return [_project(decode(row.body, Project), row.form_id or "") for row in rows]


def _project(project: Project, form_id: str) -> ScriptProject:
    return ScriptProject(
        project_id=project.project_id,
        name=project.name,
        form_id=form_id or project.script_pack,
        pathways={one.code: one.title for one in project.pathways},
        fields=sorted(supplied(project)),
    )


def versions_of(conn: Connection, project_id: str, viewer: User) -> list[ScriptVersion]:
    """Give the versions of a project: what is in use first, then the newest."""
    rows = script_rows.of_project(conn, project_id, limit=MOST)
    taken = script_rows.steps(conn, [row["version_id"] for row in rows])
    return [_version(row, taken[row["version_id"]], viewer) for row in rows]


def _version(row: RowMapping, steps: Sequence[RowMapping], viewer: User) -> ScriptVersion:
    last = steps[-1] if steps else None
    return ScriptVersion(
        version_id=row["version_id"],
        script_id=row["script_id"],
        form_id=row["form_id"],
        version=row["version"],
        title=row["title"],
        sha256=row["sha256"],
        state=row["state"],
        in_use=row["state"] == "published",
        author=row["author"],
        made_at=to_text(row["made_at"]),
        state_at=to_text(last["at"] if last is not None else row["made_at"]),
        state_by=last["shown_name"] if last is not None else row["author"],
        has_workbook=row["workbook_sha256"] is not None,
        warnings=row["warnings"],
        examples=row["examples"],
        steps=[
            ScriptStep(
                at=to_text(one["at"]), step=one["step"], words=DONE.get(one["step"], one["step"]),
                by=one["shown_name"], why=one["why"],
            )
            for one in steps
        ],
        acts=[
            ScriptAct(
                code=step.code, label=label_of(step, row["state"]), will=step.will, asks_why=step.asks_why,
                refused=refusal(step, author=row["author_id"] == viewer.user_id),
            )
            for step in possible(row["state"])
        ],
    )  # fmt: skip
