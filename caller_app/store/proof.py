"""What may be erased here, and what of the erased is in doubt: decided by ids that the centre names, never by numbers.

What a reader would get wrong: a durable *number* proves nothing. Another copy of this disk may have filled it after the
centre was put back, and then this is the only copy of what was recorded here. So nothing is erased that the centre has
not just named, by its id and under this device's number, as durable. In the ledger `erased` becomes `doubted` (or
`missing`, where the centre's watermark is below it) whenever time may have gone back, and `lost` once it is known.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from caller_app.base.clock import to_text
from caller_app.protocol.limits import ASKED_CHANGES
from caller_app.store.outbox import NEXT_DSEQ
from caller_app.store.sending import to_ledger

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore

KEPT_AFTER_DURABLE = timedelta(hours=24)  # my own calls of the day stay readable
LEDGER_DAYS = 400


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the centre is to be asked for: `due` (id and number) may be erased once proved, `doubted` was erased."""

    due: tuple[tuple[str, int], ...]
    doubted: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.due or self.doubted)


def wanted(store: "LocalStore", *, doubts: bool = True) -> Wanted:
    """Name what needs proof now, no more than one question holds; without `doubts` the ledger is not looked through."""
    with store.outbox.read() as connection:
        due = connection.exec_driver_sql(
            "SELECT change_id, dseq FROM outbox WHERE state = 'DURABLE' AND durable_at < ? ORDER BY dseq LIMIT ?",
            (_day_ago(store.clock.now()), ASKED_CHANGES // 2),
        ).all()
        doubted = (
            connection.exec_driver_sql(
                "SELECT change_id FROM ledger WHERE state IN ('doubted', 'missing') ORDER BY at DESC LIMIT ?",
                (ASKED_CHANGES - len(due),),
            ).scalars()
            if doubts
            else ()
        )
        return Wanted(tuple((row.change_id, row.dseq) for row in due), tuple(doubted))


def erase(store: "LocalStore", change_ids: Collection[str]) -> int:
    """Erase durable changes that the centre has just named, their ledger row stays; gives how many."""
    now = store.clock.now()
    with store.outbox.write() as connection:
        gone = [
            one
            for one in change_ids
            if connection.exec_driver_sql(
                "SELECT 1 FROM outbox WHERE change_id = ? AND state = 'DURABLE' AND durable_at < ?",
                (one, _day_ago(now)),
            ).scalar()
        ]
        if gone:
            to_ledger(connection, gone, "erased", to_text(now))
            # The floor is raised before they go: no number comes again.
            connection.exec_driver_sql(f"UPDATE identity SET next_dseq = {NEXT_DSEQ}")
            connection.exec_driver_sql("DELETE FROM outbox WHERE change_id = ?", [(one,) for one in gone])
        connection.exec_driver_sql("DELETE FROM ledger WHERE at < ?", (to_text(now - timedelta(days=LEDGER_DAYS)),))
    return len(gone)


def doubt_erased(connection: Connection) -> None:
    """Time may have gone back: whether the centre still has what was erased here is to be asked by id."""
    connection.exec_driver_sql("UPDATE ledger SET state = 'doubted' WHERE state = 'erased'")


def missing_above(store: "LocalStore", dseq: int) -> None:
    """The centre's watermark is below what was erased here: even a centre that cannot tell by id has lost that."""
    with store.outbox.write() as connection:
        connection.exec_driver_sql(
            "UPDATE ledger SET state = 'missing' WHERE dseq > ? AND state IN ('erased', 'doubted')", (dseq,)
        )


def cleared(store: "LocalStore", asked: Collection[str], held: Collection[str]) -> int:
    """Take in which of the erased changes the centre has; gives how many it has lost, of all that were ever asked for.

    Nought where none of those asked for is lost: what was said of others before is not said again.
    """
    with store.outbox.write() as connection:
        connection.exec_driver_sql(
            "UPDATE ledger SET state = ? WHERE change_id = ? AND state IN ('doubted', 'missing')",
            [("erased" if one in held else "lost", one) for one in asked],
        )
        return 0 if set(asked) <= set(held) else _lost(connection)


def give_up_missing(store: "LocalStore") -> int:
    """The centre cannot tell by id: what its watermark was below counts as lost; gives how many are, or nought."""
    with store.outbox.write() as connection:
        found = connection.exec_driver_sql("UPDATE ledger SET state = 'lost' WHERE state = 'missing'").rowcount
        return _lost(connection) if found else 0


def _lost(connection: Connection) -> int:
    count: int = connection.exec_driver_sql("SELECT count(*) FROM ledger WHERE state = 'lost'").scalar_one()
    return count


def _day_ago(now: datetime) -> str:
    return to_text(now - KEPT_AFTER_DURABLE)
