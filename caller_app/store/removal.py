"""Taking records out of `list.db`: at once, or when the call that is open on them is over, at most 30 minutes later.

What a reader would get wrong: what is removed is removed whole, search index and write-ahead log included, and written
down by hash first. The cursor of the next pull is the receipt; a held record is named in it and does not count.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from caller_app.base.clock import from_text, to_text
from caller_app.base.notices import notice
from caller_app.domain.items import KIND_ITEM, KIND_NOTICE
from caller_app.protocol.limits import HELD_NAMED
from caller_app.protocol.messages import Gone, Put
from caller_app.store import records, shown
from caller_app.store.engine import quick
from caller_app.store.outbox import record_hash

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore

HELD_AT_MOST = timedelta(minutes=30)
UNREADABLE = "unreadable"  # held for a newer version that this program cannot read, not for a removal


def remove(lists: Connection, gone: Sequence[tuple[int, str]]) -> None:
    """Delete records (kind, id) and everything derived from them."""
    if not gone:
        return
    shown.hide(lists, [record_id for kind, record_id in gone if kind == KIND_ITEM])
    lists.exec_driver_sql("DELETE FROM record WHERE kind = ? AND id = ?", list(gone))
    lists.exec_driver_sql("DELETE FROM held WHERE case_id = ?", [(record_id,) for _kind, record_id in gone])


def keep_for_now(store: "LocalStore", lists: Connection, cases: Sequence[tuple[str, str, int]]) -> None:
    """Keep records (id, why, number) that left the list while their call is open: the half hour of a removal begins."""
    if cases:
        now = to_text(store.clock.now())
        lists.exec_driver_sql(
            "INSERT INTO held(case_id, why, seq, since) SELECT ?,?,?,? WHERE EXISTS"
            " (SELECT 1 FROM record WHERE kind = 1 AND id = ?)"
            " ON CONFLICT (case_id) DO UPDATE SET why = excluded.why, seq = excluded.seq,"
            " since = iif(why = ?, excluded.since, since)",
            [(case_id, why, seq, now, case_id, UNREADABLE) for case_id, why, seq in cases],
        )


def sweep(
    store: "LocalStore", lists: Connection, outbox_db: Connection, *, gen: int, seq: int
) -> list[tuple[int, str]]:
    """Remove what a whole new reading did not bring, except what is held; gives (kind, id) of what went."""
    rows: list[tuple[int, str]] = quick(lists, "SELECT kind, id FROM record WHERE gen < ?", (gen,))
    if not rows:
        return []
    busy = busy_cases(store, outbox_db)
    held = set(lists.exec_driver_sql("SELECT case_id FROM held").scalars())
    open_now = [rec_id for kind, rec_id in rows if kind == KIND_ITEM and rec_id in busy and rec_id not in held]
    open_now = may_stay(store, lists, open_now)
    keep_for_now(store, lists, [(case_id, "withdrawn", seq) for case_id in open_now])
    gone = [(kind, rec_id) for kind, rec_id in rows if rec_id not in held and rec_id not in open_now]
    remove(lists, gone)
    return gone


def log_swept(store: "LocalStore", record_ids: Sequence[str], seq: int) -> None:
    """Write down what a sweep removed, by hash."""
    if record_ids:
        now = to_text(store.clock.now())
        with store.outbox.write() as connection:
            connection.exec_driver_sql(
                "INSERT OR IGNORE INTO purge_log(rec_hash, seq, why, removed_at) VALUES (?,?,'swept',?)",
                [(record_hash(one), seq, now) for one in record_ids],
            )


def log_removals(store: "LocalStore", lines: Sequence[Put | Gone]) -> None:
    """Write down what is about to be removed, by hash and number, before it is; an old notice is nobody's record."""
    gone = [one for one in lines if isinstance(one, Gone) and one.k != KIND_NOTICE]
    rows = [(record_hash(one.id), one.s, one.why, to_text(store.clock.now())) for one in gone]
    if rows:
        with store.outbox.write() as connection:
            connection.exec_driver_sql(
                "INSERT OR IGNORE INTO purge_log(rec_hash, seq, why, removed_at) VALUES (?,?,?,?)", rows
            )


def busy_cases(store: "LocalStore", outbox_db: Connection) -> set[str]:
    """Name the cases with a call in hand: on the screen, or parked."""
    busy = set(outbox_db.exec_driver_sql("SELECT rec_id FROM draft").scalars())
    return busy | ({store.on_screen} if store.on_screen else set())


def held_ids(store: "LocalStore") -> list[str]:
    """Name the cases that are kept although they left the list, and the one that is open."""
    with store.gate.shared(), store.lists.read() as lists:
        held = set(lists.exec_driver_sql("SELECT case_id FROM held").scalars())
    return sorted(held | ({store.on_screen} if store.on_screen else set()))


def may_stay(store: "LocalStore", lists: Connection, case_ids: Sequence[str]) -> list[str]:
    """Give which of some cases with a call in hand may be kept: no more than a pull can name, the open one before all.

    Were one kept and not named, its removal would count as confirmed while it lies here.
    """
    held = set(lists.exec_driver_sql("SELECT case_id FROM held").scalars())
    room = HELD_NAMED - 2 - len(held)  # the open one is named too, and the one opened after it
    first = [one for one in case_ids if one in held or one == store.on_screen]
    return first + [one for one in case_ids if one not in first][: max(room, 0)]


def let_go(store: "LocalStore") -> bool:
    """Remove held records whose call is over, or that were held for 30 minutes; tells whether any went.

    What was held for a version that cannot be read is no removal that waits: it stays until its call is over, and as
    that version was not kept, the list is read anew for it.
    """
    now = store.clock.now()
    with store.gate.shared():
        with store.lists.read() as lists, store.outbox.read() as outbox_db:
            rows = lists.exec_driver_sql("SELECT case_id, why, since FROM held").all()
            if not rows:
                return False
            busy = busy_cases(store, outbox_db)
        unread = {row.case_id for row in rows if row.why == UNREADABLE}
        late = [row.case_id for row in rows if from_text(row.since) + HELD_AT_MOST <= now and row.case_id not in unread]
        ahead = [row.case_id for row in rows if from_text(row.since) > now]
        if ahead:  # the clock was set back: the half hour counts from here, not from a moment that comes tomorrow
            with store.lists.write() as lists:
                lists.exec_driver_sql(
                    "UPDATE held SET since = ? WHERE case_id = ?", [(to_text(now), one) for one in ahead]
                )
        over = [row.case_id for row in rows if row.case_id not in busy or row.case_id in late]
        if not over:
            return False
        if late:
            with store.outbox.write() as connection:
                connection.exec_driver_sql("DELETE FROM draft WHERE rec_id = ?", [(one,) for one in late])
        with store.lists.write() as lists:
            remove(lists, [(KIND_ITEM, one) for one in over])
            if not unread.isdisjoint(over):
                records.read_from_zero(lists)
        store.lists.checkpoint()
    store.board.post(notice("list", "case", ids=over, by="centre"))
    return True


def acknowledge_removals(store: "LocalStore", cursor: int) -> None:
    """Note that the centre has seen that removals up to here were carried out."""
    with store.outbox.read() as connection:
        due = connection.exec_driver_sql("SELECT 1 FROM purge_log WHERE acked = 0 AND seq <= ?", (cursor,)).first()
    if due:
        with store.outbox.write() as connection:
            connection.exec_driver_sql("UPDATE purge_log SET acked = 1 WHERE acked = 0 AND seq <= ?", (cursor,))
