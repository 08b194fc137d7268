"""The centre's rows as received: typed reading of one record, whatever its kind."""

import functools
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from caller_app.domain.items import KIND_ITEM, KIND_PROJECT, KIND_SCRIPT
from caller_app.protocol.codec import decode
from caller_app.store.engine import quick

if TYPE_CHECKING:
    from caller_app.domain.projects import Project
    from caller_app.script.script import Script


def body_of(connection: Connection, kind: int, record_id: str) -> tuple[int, str] | None:
    """Give version and received body of a record."""
    rows = quick(connection, "SELECT ver, body FROM record WHERE kind = ? AND id = ?", (kind, record_id))
    return (rows[0][0], rows[0][1]) if rows else None


def item_body(connection: Connection, case_id: str) -> tuple[int, str] | None:
    """Give version and received body of a case."""
    return body_of(connection, KIND_ITEM, case_id)


def project(connection: Connection, project_id: str) -> "Project | None":
    """Give a project that was sent down."""
    found = body_of(connection, KIND_PROJECT, project_id)
    return None if found is None else _project(found[1])


def script(connection: Connection, script_id: str) -> "Script | None":
    """Give a script that was sent down."""
    found = body_of(connection, KIND_SCRIPT, script_id)
    return None if found is None else _script(found[1])


@functools.lru_cache(maxsize=32)
def _project(body: str) -> "Project":
    from caller_app.domain.projects import Project

    return decode(body, Project)


@functools.lru_cache(maxsize=32)
def _script(body: str) -> "Script":
    from caller_app.script.script import Script

    return decode(body, Script)
