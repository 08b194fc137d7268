"""The centre's rows as received: typed reading of one record, whatever its kind.

What a reader would get wrong: a script is read once and kept, however large it is; asking for it again looks up only
which version of its record lies there. A file that was emptied or replaced so never answers with what was kept.
"""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Connection, Engine

from caller_app.domain.items import KIND_ITEM, KIND_PROJECT, KIND_SCRIPT, Item
from caller_app.protocol.codec import Malformed, decode, decode_item
from caller_app.store import bodies
from caller_app.store.engine import quick
from caller_app.store.outbox import chunks

if TYPE_CHECKING:
    from caller_app.domain.projects import Project
    from caller_app.script.script import Script


def body_of(connection: Connection, kind: int, record_id: str) -> tuple[int, bytes] | None:
    """Give version and received body of a record; raises Malformed."""
    rows = quick(connection, "SELECT ver, body FROM record WHERE kind = ? AND id = ?", (kind, record_id))
    return (rows[0][0], bodies.unpack(rows[0][1])) if rows else None


def item_body(connection: Connection, case_id: str) -> tuple[int, bytes] | None:
    """Give version and received body of a case; raises Malformed."""
    return body_of(connection, KIND_ITEM, case_id)


def read_item(case_id: str, body: bytes | str) -> Item:
    """Read the body of a case; raises Malformed, also where it says that it is another case's."""
    item = decode_item(body)
    if item.case_id != case_id:
        raise Malformed("The record is not in the agreed form.", place="$.case_id")
    return item


def that_have(connection: Connection, versions: Sequence[tuple[str, int]]) -> set[str]:
    """Name the cases whose row has the version named, or a newer one."""
    found: set[str] = set()
    for some in chunks(versions, 500):
        marks = ",".join("?" * len(some))
        rows = quick(
            connection,
            f"SELECT id, ver FROM record WHERE kind = ? AND id IN ({marks})",
            (KIND_ITEM, *(case_id for case_id, _ in some)),
        )
        held = dict(rows)
        found.update(case_id for case_id, ver in some if held.get(case_id, 0) >= ver)
    return found


def read_from_zero(lists: Connection) -> None:
    """Have the next reading begin at zero; what it does not bring is swept when it is whole."""
    quick(lists, "UPDATE meta SET mode = 'snapshot', cursor = 0, token = NULL, epoch = NULL, gen = gen + 1")


def project(connection: Connection, project_id: str) -> "Project | None":
    """Give a project that was sent down."""
    found = body_of(connection, KIND_PROJECT, project_id)
    return None if found is None else _project(found[1])


def script(connection: Connection, script_id: str) -> "Script | None":
    """Give a script that was sent down."""
    key = (KIND_SCRIPT, script_id)
    rows = quick(connection, "SELECT ver, seq FROM record WHERE kind = ? AND id = ?", key)
    if not rows:
        return None
    kept = _scripts.setdefault(connection.engine, {})
    which = (script_id, *rows[0])
    found = kept.get(which)
    if found is None:
        from caller_app.script.record import read_record

        ((body,),) = quick(connection, "SELECT body FROM record WHERE kind = ? AND id = ?", key)
        found = kept[which] = read_record(bodies.unpack(body))
        for old in list(kept)[:-_SCRIPTS_KEPT]:
            kept.pop(old, None)
    return found


@functools.lru_cache(maxsize=32)
def _project(body: bytes) -> "Project":
    from caller_app.domain.projects import Project

    return decode(body, Project)


_SCRIPTS_KEPT = 8  # more than one call and the next can need; those of projects that ended go first
_scripts: "WeakKeyDictionary[Engine, dict[tuple[str, int, int], Script]]" = WeakKeyDictionary()
