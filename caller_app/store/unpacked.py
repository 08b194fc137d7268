"""Taking a page apart before anything is locked: bodies packed, cases decoded into the columns the centre's row gives.

Most cases carry nothing of mine, and for them this is all there is to derive; it can be done on a thread of its own
while the page before is being written (sync/pull.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caller_app.domain.items import KIND_ITEM, Item
from caller_app.domain.staff import User
from caller_app.protocol.messages import Gone, Put
from caller_app.store import bodies, records, search, shown


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is to be shown: its row without its number, and the text in which fragments are looked for."""

    row: tuple[Any, ...]
    parts: str

    @property
    def words(self) -> str:
        """Give the name as it is searched."""
        return str(self.row[shown.NAME_FOLD])


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The records of some lines: every body as it is kept, and the cases that can be read by their ids."""

    packed: bodies.Packed
    cases: Mapping[str, Case]


def unpack(lines: Sequence[Put | Gone], me: User) -> Unpacked:
    """Take the records among some lines apart; a case that cannot be read is logged, and kept only as it came."""
    puts = [one for one in lines if isinstance(one, Put)]
    found: dict[str, Case] = {}
    for one in puts:
        if one.k != KIND_ITEM:
            continue
        try:
            item = records.read_item(one.id, one.b)
            found[one.id] = case_of(item, one.v, me=me, pending=False, parked=False, body=None)
        except shown.UNREADABLE as fault:
            shown.say_unreadable(one.id, fault)
    return Unpacked(bodies.pack(puts), found)


def case_of(item: Item, ver: int, *, me: User, pending: bool, parked: bool, body: str | None) -> Case:
    """Derive what is shown and searched of a case (see `shown.shown_row`)."""
    row = shown.shown_row(item, ver, me=me, pending=pending, parked=parked, body=body)
    return Case(row, search.parts_of(row[shown.NAME_FOLD], item))
