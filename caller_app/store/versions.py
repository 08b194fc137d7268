"""Files of a newer program: what waits in one is sent from here, and nothing else is done with it (docs/sync.md).

What a reader would get wrong: a newer outbox is opened only where every column that sending works with is still there;
later releases add columns and take none away. What this program could not say in full (a value in a column it does not
know, a payload that is not JSON) goes to the centre as bytes, the whole row, so that nothing of it is lost on the way.
"""

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy.engine import Connection

from caller_app.base.errors import Refused
from caller_app.protocol.codec import is_known
from caller_app.protocol.messages import PushedChange
from caller_app.store import migrate, schema_outbox
from caller_app.store.engine import CipherFile, quick
from caller_app.store.outbox import ABOVE, chunks

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore

Kind = tuple[str, int]  # kind and schema

_DAMAGED = (
    "The file of your saved work is damaged, and it was written by a newer version of this program. It was left "
    "untouched. Start that version: it rescues what can be read."
)
_UNJUDGED = "(verdict IS NULL OR verdict = 'received')"


def is_newer(file: CipherFile) -> bool:
    """Tell whether a file carries the number of a newer program's tables."""
    return migrate.version_of(file) > schema_outbox.VERSION


def refuse_damaged(file: CipherFile) -> None:
    """Refuse to rescue from a newer program's file: this one would leave out what it does not know."""
    if is_newer(file):
        raise Refused(_DAMAGED)


def unknown_kinds(outbox: CipherFile) -> list[Kind]:
    """Name the kinds and schemas of retained changes that this program cannot lay over the centre's rows."""
    with outbox.read() as connection:
        return [
            (kind, schema)
            for kind, schema in quick(connection, "SELECT DISTINCT kind, schema FROM outbox")
            if not is_known(kind, schema)
        ]


def wait_for_a_verdict(outbox: CipherFile, kinds: Sequence[Kind]) -> bool:
    """Tell whether changes of some kinds were not judged yet: nobody can know here what they did to a case."""
    if not kinds:
        return False
    with outbox.read() as connection:
        return any(
            quick(connection, f"SELECT 1 FROM outbox WHERE kind = ? AND schema = ? AND {_UNJUDGED} LIMIT 1", one)
            for one in kinds
        )


def list_lacks(lists: CipherFile, outbox: CipherFile, kinds: Sequence[Kind]) -> bool:
    """Tell whether a change of some kinds was judged into a version that this list does not hold yet."""
    if not kinds:
        return False
    latest = (
        "SELECT rec_id, max(result_ver) FROM outbox WHERE kind = ? AND schema = ? AND result_ver IS NOT NULL"
        " AND rec_id IS NOT NULL GROUP BY rec_id"
    )
    with outbox.read() as connection:
        rows = [row for one in kinds for row in quick(connection, latest, one)]
    with lists.read() as connection:
        return any(quick(connection, "SELECT 1 FROM record WHERE kind = 1 AND id = ? AND ver < ?", row) for row in rows)


def mark_what_goes_as_bytes(store: "LocalStore") -> int:
    """Mark waiting changes that this program cannot say in full, to go as the bytes of their row; gives how many."""
    with store.outbox.write() as connection:
        waiting = f"{ABOVE} AND state = 'PENDING'"
        marked = [dseq for dseq, payload in _payloads(connection, waiting) if not _is_json(payload)]
        others = " OR ".join(f'"{name}" IS NOT {default}' for name, default in _other_columns(connection).items())
        if others:
            found = connection.exec_driver_sql(f"SELECT dseq FROM outbox WHERE {waiting} AND ({others})")
            marked.extend(found.scalars())
        for chunk in chunks(sorted(set(marked)), 500):
            connection.exec_driver_sql(
                "UPDATE outbox SET state = 'SUSPECT', last_error = 'newer_program' WHERE dseq = ?",
                [(dseq,) for dseq in chunk],
            )
    return len(set(marked))


def in_full(store: "LocalStore", said: PushedChange) -> bytes:
    """Give the bytes that go in the place of a change: what this program says of it, and what else its row holds."""
    with store.outbox.read() as connection:
        names = [*_other_columns(connection), "payload"]
        row = connection.exec_driver_sql(
            "SELECT {} FROM outbox WHERE dseq = ?".format(", ".join(f'"{name}"' for name in names)), (said.seq,)
        ).one()
    held = dict(zip(names, row, strict=True))
    payload = held.pop("payload")
    envelope = {name: getattr(said, name) for name in said.__struct_fields__}
    if not _is_json(payload):
        envelope["data"] = _plain(payload)
    return msgspec.json.encode({**envelope, "more": {name: _plain(value) for name, value in held.items()}})


def _payloads(connection: Connection, where: str) -> list[tuple[int, bytes]]:
    """Give the payloads this program did not write: those of its own kinds it encoded itself."""
    rows = connection.exec_driver_sql(f"SELECT dseq, kind, schema, payload FROM outbox WHERE {where}")
    return [(row.dseq, row.payload) for row in rows if not is_known(row.kind, row.schema)]


def _other_columns(connection: Connection) -> dict[str, str]:
    """Name the columns of the outbox that this program does not know, with the SQL of what they hold by default."""
    known = {column.name for column in schema_outbox.outbox.columns}
    rows = connection.exec_driver_sql("SELECT name, dflt_value FROM pragma_table_info('outbox')")
    return {name: default or "NULL" for name, default in rows if name not in known}


def _is_json(payload: object) -> bool:
    try:
        msgspec.json.decode(payload if isinstance(payload, bytes | str) else b"", type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return False
    return True


def _plain(value: object) -> object:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
