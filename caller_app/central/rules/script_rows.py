"""The rows of script versions: written once, read for the list, their state moved on with the step that moves it.

What a reader would get wrong: nothing here decides. `scripts` does, with the project's row locked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from caller_app.base.ids import new_id
from caller_app.script.script import Script


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version as it is entered."""

    project_id: str
    script: Script
    body: str
    state: str
    workbook: bytes | None = None
    workbook_sha256: str | None = None
    warnings: int = 0
    examples: int = 0
    author_id: int | None = None
    version_id: str = ""


def enter(conn: Connection, one: NewVersion, *, now: datetime) -> str:
    """Write a version; gives its id."""
    version_id = one.version_id or new_id()
    conn.execute(
        text(
            "INSERT INTO script_version(version_id, project_id, script_id, form_id, version, title, sha256, state, "
            "body, workbook, workbook_sha256, warnings, examples, author_id, made_at, published_at) VALUES ("
            "CAST(:v AS uuid), CAST(:p AS uuid), CAST(:s AS uuid), :form, :version, :title, :sha, :state, :body, "
            ":workbook, :workbook_sha, :warnings, :examples, :author, :now, :published)"
        ),
        {
            "v": version_id, "p": one.project_id, "s": one.script.script_id, "form": one.script.form_id,
            "version": one.script.version, "title": one.script.title, "sha": one.script.sha256, "state": one.state,
            "body": one.body, "workbook": one.workbook, "workbook_sha": one.workbook_sha256, "warnings": one.warnings,
            "examples": one.examples, "author": one.author_id, "now": now,
            "published": now if one.state == "published" else None,
        },
    )  # fmt: skip
    return version_id


def note(
    conn: Connection, version_ids: Sequence[str], step: str, *, by_user: int | None, why: str = "", now: datetime
) -> None:
    """Write down a step of some versions."""
    conn.execute(
        text(
            "INSERT INTO script_step(version_id, at, by_user, step, why) "
            "SELECT v, :now, :by, :step, :why FROM unnest(CAST(:ids AS uuid[])) v"
        ),
        {"ids": list(version_ids), "now": now, "by": by_user, "step": step, "why": why},
    )


def move(conn: Connection, version_id: str, state: str, *, now: datetime) -> None:
    """Put a version into another state."""
    conn.execute(
        text(
            "UPDATE script_version SET state = :state, "
            "published_at = CASE WHEN :state = 'published' THEN :now ELSE published_at END "
            "WHERE version_id = CAST(:v AS uuid)"
        ),
        {"state": state, "v": version_id, "now": now},
    )


def retire_published(conn: Connection, project_id: str) -> list[str]:
    """Retire what the project worked with; gives which versions."""
    return list(
        conn.execute(
            text(
                "UPDATE script_version SET state = 'retired' WHERE project_id = CAST(:p AS uuid) "
                "AND state = 'published' RETURNING version_id"
            ),
            {"p": project_id},
        ).scalars()
    )


_COLUMNS = (
    "v.version_id, v.project_id, v.script_id, v.form_id, v.version, v.title, v.sha256, v.state, v.workbook_sha256, "
    "v.warnings, v.examples, v.author_id, v.made_at, v.published_at, a.shown_name AS author"
)


def one(conn: Connection, version_id: str) -> RowMapping | None:
    """Give one version without its workbook and body."""
    return (
        conn.execute(
            text(
                f"SELECT {_COLUMNS} FROM script_version v LEFT JOIN account a ON a.user_id = v.author_id "
                "WHERE v.version_id = CAST(:v AS uuid)"
            ),
            {"v": version_id},
        )
        .mappings()
        .one_or_none()
    )


def of_project(conn: Connection, project_id: str, *, limit: int) -> Sequence[RowMapping]:
    """Give the versions of a project, the newest first."""
    return (
        conn.execute(
            text(
                f"SELECT {_COLUMNS} FROM script_version v LEFT JOIN account a ON a.user_id = v.author_id "
                "WHERE v.project_id = CAST(:p AS uuid) ORDER BY (v.state = 'published') DESC, v.made_at DESC, "
                "v.version_id DESC LIMIT :n"
            ),
            {"p": project_id, "n": limit},
        )
        .mappings()
        .all()
    )


def content(conn: Connection, version_id: str) -> Any:
    """Give a version's body and workbook."""
    return conn.execute(
        text("SELECT body, workbook FROM script_version WHERE version_id = CAST(:v AS uuid)"), {"v": version_id}
    ).one()


def steps(conn: Connection, version_ids: Sequence[str]) -> dict[str, list[RowMapping]]:
    """Give the steps of some versions, the oldest first."""
    rows = conn.execute(
        text(
            "SELECT s.version_id, s.at, s.step, s.why, s.by_user, a.shown_name FROM script_step s "
            "LEFT JOIN account a ON a.user_id = s.by_user "
            "WHERE s.version_id = ANY(CAST(:ids AS uuid[])) ORDER BY s.step_id"
        ),
        {"ids": list(version_ids)},
    ).mappings()
    found: dict[str, list[RowMapping]] = {one: [] for one in version_ids}
    for row in rows:
        found[row["version_id"]].append(row)
    return found


def same_words(conn: Connection, project_id: str, script_id: str) -> RowMapping | None:
    """Find a version of this project with these very words that has not been given up."""
    return (
        conn.execute(
            text(
                f"SELECT {_COLUMNS} FROM script_version v LEFT JOIN account a ON a.user_id = v.author_id "
                "WHERE v.project_id = CAST(:p AS uuid) AND v.script_id = CAST(:s AS uuid) AND v.state <> 'dropped' "
                "ORDER BY v.made_at LIMIT 1"
            ),
            {"p": project_id, "s": script_id},
        )
        .mappings()
        .one_or_none()
    )


def other_words(conn: Connection, script: Script) -> bool:
    """Tell whether this form and version is cited for other words already, in whatever project."""
    return (
        conn.execute(
            text(
                "SELECT 1 FROM script_version WHERE form_id = :f AND version = :v AND script_id <> CAST(:s AS uuid) "
                "AND state <> 'dropped' LIMIT 1"
            ),
            {"f": script.form_id, "v": script.version, "s": script.script_id},
        ).first()
        is not None
    )
