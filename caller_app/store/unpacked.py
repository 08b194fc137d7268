"""Taking the cases of a page apart before anything is locked: each decoded, and its columns as the centre has it.

Most cases carry nothing of mine, and for them this is all there is to derive; it can be done on a thread of its own
while the page before is being written (sync/pull.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from caller_app.base import garbage
from caller_app.domain.items import KIND_ITEM, Item
from caller_app.domain.staff import User
from caller_app.protocol.messages import Gone, Put
from caller_app.store import records, search, shown
from caller_app.store.engine import as_json, quick


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is to be shown: its row without its number, and the text in which fragments are looked for."""

    item: Item
    row: tuple[Any, ...]
    parts: str

    @property
    def words(self) -> str:
        """Give the name as it is searched."""
        return str(self.row[shown.NAME_FOLD])


Unpacked = dict[str, Case]

# Text is cut out by bytes: counting letters would begin at the first one again for every record.
_STORE = (
    "INSERT OR REPLACE INTO record(kind, id, ver, seq, gen, body)"
    " SELECT value->>0, value->>1, value->>2, value->>3, ?1, CAST(substr(?2, value->>4, value->>5) AS TEXT)"
    " FROM jsonb_each(?3)"
)


def unpack(lines: Sequence[Put | Gone], me: User) -> Unpacked:
    """Take the cases among some lines apart; one that cannot be read is logged and left out."""
    found: Unpacked = {}
    with garbage.not_looked_for():
        for one in lines:
            if not isinstance(one, Put) or one.k != KIND_ITEM:
                continue
            try:
                item = records.read_item(one.id, one.b)
                found[one.id] = case_of(item, one.v, me=me, pending=False, parked=False, body=None)
            except shown.UNREADABLE as fault:
                shown.say_unreadable(one.id, fault)
    return found


def case_of(item: Item, ver: int, *, me: User, pending: bool, parked: bool, body: str | None) -> Case:
    """Derive what is shown and searched of a case (see `shown.shown_row`)."""
    row = shown.shown_row(item, ver, me=me, pending=pending, parked=parked, body=body)
    return Case(item, row, search.parts_of(row[shown.NAME_FOLD], item))


def store_bodies(lists: Connection, puts: Sequence[Put], gen: int) -> None:
    """Store records as they came, all in one statement."""
    bodies = [bytes(one.b) for one in puts]
    whole = b"".join(bodies)
    try:
        str(whole, "utf-8")
    except UnicodeDecodeError:  # no text at all: what is kept is text, and is found unreadable by whoever opens it
        bodies = [str(one, "utf-8", "replace").encode() for one in bodies]
        whole = b"".join(bodies)
    rows, at = [], 1
    for one, body in zip(puts, bodies, strict=True):
        rows.append((one.k, one.id, one.v, one.s, at, len(body)))
        at += len(body)
    quick(lists, _STORE, (gen, whole, as_json(rows)))
