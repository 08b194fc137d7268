"""Taking a verified page of the centre's feed into `list.db`, and taking records out.

What a reader would get wrong: the cursor only ever moves in the transaction that stores its rows, slice by slice, and
the page's token and epoch with it: an earlier token could be known to a centre put back from a cold copy, in whose
history the numbers between mean something else (docs/simulation.md). A record that leaves while its
call is open stays until the wrap-up is saved, at most 30 minutes. `outbox.db` is never locked while the list is.
"""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy.engine import Connection

from caller_app.base.clock import from_text, to_text
from caller_app.base.errors import Unavailable
from caller_app.base.failpoints import crash_here
from caller_app.domain.items import KIND_ITEM, KIND_NOTICE, KIND_PATHWAY, KIND_PROJECT, KIND_SCRIPT
from caller_app.protocol.codec import Malformed, decode, encode
from caller_app.protocol.limits import APPLY_SLICE
from caller_app.protocol.messages import Begin, Gone, PushResult, Put
from caller_app.store import bodies, lease, outbox, records, removal, search, shown
from caller_app.store.engine import CipherFile, at_once, bulk, conflict_error, quick
from caller_app.store.outbox import chunks
from caller_app.store.unpacked import Case, Unpacked, case_of, unpack

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore

log = logging.getLogger(__name__)

_STAYS = "UPDATE record SET seq = ?, gen = ? WHERE kind = ? AND id = ?"
_POSITION = "SELECT cursor, token, epoch, mode, pulled_at, caught_up_at IS NOT NULL FROM meta"


@dataclass(frozen=True, slots=True)
class Page:
    """A page whose count, order and hash were checked."""

    begin: Begin
    lines: Sequence[Put | Gone]


@dataclass(frozen=True, slots=True)
class Position:
    """Where this copy stands in the centre's feed."""

    cursor: int
    token: str | None
    epoch: str | None
    mode: str
    pulled_at: datetime | None
    whole: bool = False  # the list was read to its end once


@dataclass(slots=True)
class Applied:
    """What a page altered."""

    cases: set[str] = field(default_factory=set)
    swept: list[str] = field(default_factory=list)
    removed: int = 0
    projects: bool = False


def position(store: "LocalStore") -> Position:
    """Give the position to pull from."""
    with store.gate.shared(), store.lists.read() as lists:
        ((cursor, token, epoch, mode, at, whole),) = quick(lists, _POSITION)
    return Position(cursor, token, epoch, mode, from_text(at) if at else None, bool(whole))


def is_empty(store: "LocalStore", at: Position) -> bool:
    """Tell whether no record lies in this copy; only where nothing was read yet is that looked at."""
    if at.cursor or at.pulled_at is not None:
        return False
    with store.gate.shared(), store.lists.read() as lists:
        return lists.exec_driver_sql("SELECT 1 FROM record LIMIT 1").first() is None


def start_over(store: "LocalStore", why: str) -> None:
    """Read the list from zero; what is shown stays until the new reading is whole, then what it lacks is swept."""
    with store.gate.shared(), store.lists.write() as lists:
        records.read_from_zero(lists)
    log.info("the list is read from zero: %s", why)


def caught_up(store: "LocalStore", cursor: int | None = None) -> None:
    """Note that the list is whole and current as of now; with a cursor only where it still stands there."""
    with store.gate.shared(), store.lists.write() as lists:
        lists.exec_driver_sql(
            "UPDATE meta SET caught_up_at = ? WHERE ? IS NULL OR (cursor = ? AND mode = 'delta')",
            (to_text(store.clock.now()), cursor, cursor),
        )


def look_ahead(store: "LocalStore") -> None:
    """Look at what a first page is about to need, while it is on its way: then it lies decrypted in memory."""
    with suppress(Unavailable):  # said when the page is applied
        lease.is_held(store)
    bodies.pack(())  # its library and its dictionary


def get_ready(lists: CipherFile) -> None:
    """Have the file's statements for a first page made, by writing an empty one."""
    with lists.write() as connection:
        bodies.store(connection, (), {}, 0)
        at_once(connection, shown.INSERT, shown.COLUMNS, ())
        search.index(connection, ())


def apply_page(
    store: "LocalStore", page: Page, at: Position | None = None, unpacked: Unpacked | None = None
) -> Applied:
    """Take in the page after a position (where it stands now); on any failure the cursor stands at the last slice.

    `unpacked` is what its records hold, where that has been looked at already.
    """
    applied, at = Applied(), at or position(store)
    for line in page.lines:  # before the cursor passes them: after a crash nobody would ask for them again
        if isinstance(line, Put) and line.k == KIND_NOTICE:
            _hear(store, line)
    due = lease.granted(store, page.begin)
    with store.gate.shared():
        # Until the first reading is whole nobody works from this list: no one waits for a long write.
        size = APPLY_SLICE if at.whole else max(len(page.lines), 1)
        slices = list(chunks(page.lines, size)) or [()]
        for number, lines in enumerate(slices, start=1):
            last = number == len(slices)
            removal.log_removals(store, lines)
            crash_here("removal_logged_before_removed")
            taken = unpack(lines, store.me) if unpacked is None else unpacked
            try:
                _one_slice(store, page.begin, lines, taken, applied, all_new=not at.whole, last=last)
            except conflict_error():
                # A person who changed while the first reading ran comes twice: look up before writing.
                _one_slice(store, page.begin, lines, taken, applied, all_new=False, last=last)
            crash_here("between_slices")
    if due:
        lease.renewed(store, page.begin)
    removal.log_swept(store, applied.swept, page.begin.to)
    return applied


def _one_slice(
    store: "LocalStore",
    begin: Begin,
    lines: Sequence[Put | Gone],
    taken: Unpacked,
    applied: Applied,
    *,
    all_new: bool,
    last: bool,
) -> None:
    with store.lists.write() as lists, store.outbox.read() as outbox_db:
        was_empty = all_new and not quick(lists, "SELECT 1 FROM record LIMIT 1")
        _take(store, lists, outbox_db, lines, taken, applied, all_new=all_new)
        if last:
            crash_here("rows_before_token")
            _close_page(store, lists, outbox_db, begin, applied, nothing_older=was_empty)
        else:
            quick(lists, "UPDATE meta SET cursor = ?, token = ?, epoch = ?", (lines[-1].s, begin.token, begin.epoch))


def _take(
    store: "LocalStore",
    lists: Connection,
    outbox_db: Connection,
    lines: Sequence[Put | Gone],
    taken: Unpacked,
    applied: Applied,
    *,
    all_new: bool,
) -> None:
    gen = quick(lists, "SELECT gen FROM meta")[0][0]
    puts = [one for one in lines if isinstance(one, Put)]
    if puts:
        items = [one for one in puts if one.k == KIND_ITEM]
        odd = [one.id for one in items if one.id not in taken.cases]
        stays = _in_hand(store, lists, outbox_db, odd)
        bodies.store(lists, [one for one in puts if one.id not in stays], taken.packed, gen)
        if stays:
            staying = [one for one in items if one.id in stays]
            bulk(lists, _STAYS, [(one.s, gen, KIND_ITEM, one.id) for one in staying])
            removal.keep_for_now(store, lists, [(one.id, removal.UNREADABLE, one.s) for one in staying])
        shown.hide(lists, [one for one in odd if one not in stays])
        _show(store, lists, outbox_db, items, taken.cases, all_new=all_new)
        if quick(lists, "SELECT 1 FROM held LIMIT 1"):
            brought = [(one.id,) for one in puts if one.id not in stays]
            bulk(lists, "DELETE FROM held WHERE case_id = ?", brought)
        applied.cases.update(one.id for one in items)
        applied.projects = applied.projects or any(one.k in (KIND_PROJECT, KIND_SCRIPT, KIND_PATHWAY) for one in puts)
        if any(one.k == KIND_PROJECT for one in puts):
            projects = {one.id for one in puts if one.k == KIND_PROJECT}
            if not all_new or outbox.cases_with_changes(outbox_db):
                shown.derive(lists, outbox_db, _pending_in(lists, projects), me=store.me, rules=store.rules)
    gone = [one for one in lines if isinstance(one, Gone)]
    if gone:
        busy = removal.busy_cases(store, outbox_db)
        open_now = [one.id for one in gone if one.k == KIND_ITEM and one.id in busy]
        kept_ids = set(removal.may_stay(store, lists, open_now)) if open_now else set()
        kept = [one for one in gone if one.k == KIND_ITEM and one.id in kept_ids]
        removal.keep_for_now(store, lists, [(one.id, one.why, one.s) for one in kept])
        removal.remove(lists, [(one.k, one.id) for one in gone if one.id not in kept_ids])
        applied.removed += len(gone) - len(kept)
        applied.cases.update(one.id for one in gone if one.k == KIND_ITEM)


def _in_hand(store: "LocalStore", lists: Connection, outbox_db: Connection, unreadable: Sequence[str]) -> set[str]:
    """Name the cases that came in a version nobody can read while a call is in hand.

    It ends on the version it has and dials no more; then that version goes, and the list is read anew.
    """
    if not unreadable:
        return set()
    busy = removal.busy_cases(store, outbox_db).intersection(unreadable)
    there = [one for one in sorted(busy) if quick(lists, "SELECT 1 FROM shown WHERE case_id = ?", (one,))]
    return set(removal.may_stay(store, lists, there))


def _show(
    store: "LocalStore",
    lists: Connection,
    outbox_db: Connection,
    puts: Sequence[Put],
    cases: Mapping[str, Case],
    *,
    all_new: bool,
) -> None:
    """Derive the shown rows of a slice in bulk: one statement per table, whatever the number of rows."""
    if not puts:
        return
    mine = outbox.cases_with_changes(outbox_db)
    busy = {rec_id for (rec_id,) in quick(outbox_db, "SELECT rec_id FROM draft")}
    known = {} if all_new else _known(lists, [one.id for one in puts])
    next_nr: int = quick(lists, "SELECT coalesce(max(nr), 0) + 1 FROM shown")[0][0]
    rows: list[tuple[Any, ...]] = []
    searched: list[tuple[int, str, str]] = []
    stale: list[int] = []
    for put in puts:
        case = cases.get(put.id)
        if case is None:  # it cannot be read
            continue
        if put.id in mine or put.id in busy:
            case = _with_mine(store, lists, outbox_db, put, busy=put.id in busy)
        before = known.get(put.id)
        if before is None:
            nr, next_nr = next_nr, next_nr + 1
            searched.append((nr, case.words, case.parts))
        else:
            nr = before[0]
            if before[1:] != (case.words, case.parts):
                stale.append(nr)
                searched.append((nr, case.words, case.parts))
        rows.append((nr, *case.row))
    if rows:
        at_once(lists, shown.REPLACE if known else shown.INSERT, shown.COLUMNS, rows)
    search.unindex(lists, stale)
    if searched:
        search.index(lists, searched)


def _with_mine(store: "LocalStore", lists: Connection, outbox_db: Connection, put: Put, *, busy: bool) -> Case:
    """Lay what I recorded over a case."""
    received = records.read_item(put.id, put.b)
    changes = outbox.unreflected(outbox_db, put.id, put.v, store.me)
    item = shown.folded_to_show(lists, received, changes, store.rules) if changes else received
    body = None if item == received else encode(item).decode()
    parked = busy and shown.is_parked(outbox_db, put.id)
    return case_of(item, put.v, me=store.me, pending=bool(changes), parked=parked, body=body)


def _known(lists: Connection, case_ids: Sequence[str]) -> dict[str, tuple[int, str | None, str | None]]:
    found: dict[str, tuple[int, str | None, str | None]] = {}
    for chunk in chunks(case_ids, 500):
        marks = ",".join("?" * len(chunk))
        rows = lists.exec_driver_sql(
            "SELECT s.case_id, s.nr, w.words, p.parts FROM shown s LEFT JOIN shown_words w ON w.rowid = s.nr"
            f" LEFT JOIN shown_parts p ON p.rowid = s.nr WHERE s.case_id IN ({marks})",
            tuple(chunk),
        )
        found.update({row.case_id: (row.nr, row.words, row.parts) for row in rows})
    return found


def _pending_in(lists: Connection, project_ids: set[str]) -> list[str]:
    rows = lists.exec_driver_sql("SELECT case_id, project_id FROM shown WHERE pending = 1")
    return [row.case_id for row in rows if row.project_id in project_ids]


def _close_page(
    store: "LocalStore",
    lists: Connection,
    outbox_db: Connection,
    begin: Begin,
    applied: Applied,
    *,
    nothing_older: bool,
) -> None:
    now = store.clock.now()
    ((mode, gen),) = quick(lists, "SELECT mode, gen FROM meta")
    if mode == "snapshot" and not begin.more:
        gone = [] if nothing_older else removal.sweep(store, lists, outbox_db, gen=gen, seq=begin.to)
        applied.swept = [record_id for _kind, record_id in gone]
        applied.removed += len(gone)
        applied.cases.update(record_id for kind, record_id in gone if kind == KIND_ITEM)
        mode = "delta"
    quick(
        lists,
        "UPDATE meta SET cursor = ?, token = ?, epoch = ?, mode = ?, pulled_at = ?,"
        " caught_up_at = CASE WHEN ? THEN ? ELSE caught_up_at END",
        (
            begin.to,
            begin.token,
            begin.epoch,
            mode,
            to_text(now),
            not begin.more,
            to_text(now),
        ),
    )


def _hear(store: "LocalStore", put: Put) -> None:
    """Take in a later verdict that came as a notice."""
    try:
        said = decode(bytes(put.b), dict[str, Any])
        result = msgspec.convert({"seq": 0, **said, "id": said["change_id"]}, PushResult)
    except (Malformed, KeyError, msgspec.ValidationError):
        return
    from caller_app.store.sending import judged_later

    judged_later(store, result.id, result)
