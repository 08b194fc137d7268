"""Deriving the shown row of a case: the centre's row with my not yet reflected changes laid over it.

Pure in what it makes: `shown_row` turns an item into the columns that lists sort, filter and search by. Deriving the
same row again at any time gives the same result, which is how a crash between recording and showing heals itself.
"""

import logging
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from caller_app.base.clock import to_text
from caller_app.base.lanes import where
from caller_app.domain.calling_rules import band_of
from caller_app.domain.changes import Recorded
from caller_app.domain.items import KIND_ITEM, Item, Promise
from caller_app.domain.staff import User
from caller_app.protocol.codec import Malformed, encode
from caller_app.store import outbox, records, search
from caller_app.store.engine import at_once, is_of_a_file, quick

if TYPE_CHECKING:
    from caller_app.domain.rulebook import Rulebook

log = logging.getLogger(__name__)

COLUMNS = (
    "nr, case_id, project_id, person_id, ver, status, shown_name, name_fold, promise_id, promise_from, promise_to,"
    " promise_mine, not_before, counted, last_outcome, last_at, priority, seed, bands, parked, pending, body"
)
NAME_FOLD = 6  # where it stands in a row without its number
INSERT = "INSERT INTO shown"
REPLACE = "INSERT OR REPLACE INTO shown"


def folded(lists: Connection, item: Item, mine: list[Recorded], rules: "Rulebook") -> Item:
    """Lay my changes over the centre's row; without its project the row is shown as received."""
    if not mine:
        return item
    project = records.project(lists, item.project_id)
    if project is None:
        return item
    from caller_app.domain.rebase import fold

    return fold(item, mine, rules, project)


def folded_to_show(lists: Connection, item: Item, mine: list[Recorded], rules: "Rulebook") -> Item:
    """Lay my changes over the centre's row to show it; a fault in doing so shows the row as received, and is logged."""
    try:
        return folded(lists, item, mine, rules)
    except Exception as fault:  # a listed boundary: one odd record must not keep the list back
        if is_of_a_file(fault):
            raise  # not odd, only not read just now: as received it would be shown without what I recorded
        log.error("my changes could not be laid over case %s: %s", item.case_id, where(fault))
        return item


def shown_row(item: Item, ver: int, *, me: User, pending: bool, parked: bool, body: str | None) -> tuple[Any, ...]:
    """Give the columns of `shown` for an item, in the order of COLUMNS without its number."""
    promise = _next_promise(item)
    last = max((one for one in item.attempts if not one.superseded), key=lambda one: one.at, default=None)
    patient = item.patient
    return (
        item.case_id,
        item.project_id,
        patient.person_id,
        ver,
        item.status,
        f"{patient.given_name} {patient.family_name}".strip(),
        search.words_of(item),
        promise.promise_id if promise else None,
        to_text(promise.from_at) if promise else None,
        to_text(promise.to_at) if promise else None,
        int(promise is not None and not promise.anyone and promise.made_by_id == me.user_id),
        to_text(item.not_before) if item.not_before else None,
        item.counted_attempts,
        last.outcome if last else None,
        to_text(last.at) if last else None,
        item.priority,
        item.seed,
        _bands(item),
        int(parked),
        int(pending),
        body,
    )


CANNOT_BE_READ = "This person's record cannot be read by this program. Tell your supervisor; the others can be rung."
UNREADABLE = (Malformed, ValueError, OverflowError)  # the last two: a time beyond the calendar


def say_unreadable(case_id: str, fault: Exception) -> None:
    """Log a record that is passed over, by its id and the place."""
    place = fault.place if isinstance(fault, Malformed) else where(fault)
    log.error("a record cannot be read: id %s, at %s", case_id, place)


def hide(lists: Connection, case_ids: Sequence[str]) -> None:
    """Take cases off the list; their records stay as they came.

    Also where nobody can read the version that came: what was true before may not be acted on, for the newer one may
    say that the person has asked not to be rung. A version that can be read shows the case again.
    """
    nrs: list[int] = []
    for chunk in outbox.chunks(case_ids, 500):
        marks = ",".join("?" * len(chunk))
        nrs.extend(lists.exec_driver_sql(f"SELECT nr FROM shown WHERE case_id IN ({marks})", tuple(chunk)).scalars())
    if nrs:
        search.unindex(lists, nrs)
        lists.exec_driver_sql("DELETE FROM shown WHERE nr = ?", [(nr,) for nr in nrs])


def unreadable(lists: Connection) -> int:
    """Count the cases that were sent here and cannot be read, and so are not on the list."""
    here, on_the_list = "SELECT count(*) FROM record WHERE kind = ?", "SELECT count(*) FROM shown"
    return int(quick(lists, f"SELECT ({here}) - ({on_the_list})", (KIND_ITEM,))[0][0])


def derive(lists: Connection, outbox_db: Connection, case_ids: Iterable[str], *, me: User, rules: "Rulebook") -> None:
    """Make the shown rows of some cases again from what both files hold."""
    for case_id in case_ids:
        try:
            found = records.item_body(lists, case_id)
        except Malformed as fault:
            say_unreadable(case_id, fault)
            hide(lists, [case_id])
            continue
        if found is None:
            hide(lists, [case_id])
            continue
        nr = lists.exec_driver_sql("SELECT nr FROM shown WHERE case_id = ?", (case_id,)).scalar()
        ver, body = found
        mine = outbox.unreflected(outbox_db, case_id, ver, me)
        parked = is_parked(outbox_db, case_id)
        try:
            received = records.read_item(case_id, body)
            item = folded_to_show(lists, received, mine, rules)
            put(lists, nr, item, ver, me=me, pending=bool(mine), parked=parked, received=received)
        except UNREADABLE as fault:
            say_unreadable(case_id, fault)
            hide(lists, [case_id])


def put(
    lists: Connection, nr: int | None, item: Item, ver: int, *, me: User, pending: bool, parked: bool, received: Item
) -> None:
    """Write one shown row, and its search rows where name or numbers are not what they were."""
    row = shown_row(
        item, ver, me=me, pending=pending, parked=parked, body=None if item == received else encode(item).decode()
    )
    if nr is not None:
        before = item_at(lists, nr)
        at_once(lists, REPLACE, COLUMNS, [(nr, *row)])
        if before is not None and before == _searched(item):
            return
        search.unindex(lists, [nr])
    else:
        nr = lists.exec_driver_sql("SELECT coalesce(max(nr), 0) + 1 FROM shown").scalar_one()
        at_once(lists, INSERT, COLUMNS, [(nr, *row)])
    search.index(lists, [(nr, *_searched(item))])


def item_at(lists: Connection, nr: int) -> tuple[str, str] | None:
    """Give what the search tables hold for a shown row."""
    row = lists.exec_driver_sql(
        "SELECT w.words, p.parts FROM shown_words w JOIN shown_parts p ON p.rowid = w.rowid WHERE w.rowid = ?", (nr,)
    ).first()
    return None if row is None else (row.words, row.parts)


def is_parked(outbox_db: Connection, case_id: str) -> bool:
    """Tell whether a parked call waits for this case."""
    found = outbox_db.exec_driver_sql(
        "SELECT 1 FROM draft WHERE rec_id = ? AND json_extract(form_state, '$.parked')", (case_id,)
    ).scalar()
    return found is not None


def all_with_changes(lists: Connection, outbox_db: Connection) -> list[str]:
    """Name the cases whose shown row may lag behind: at start and after a page they are derived again."""
    wanted = outbox.cases_with_changes(outbox_db)
    wanted.update(outbox_db.exec_driver_sql("SELECT rec_id FROM draft").scalars())
    wanted.update(lists.exec_driver_sql("SELECT case_id FROM shown WHERE pending = 1 OR parked = 1").scalars())
    wanted.update(
        lists.exec_driver_sql(
            "SELECT id FROM record WHERE kind = ? AND id NOT IN (SELECT case_id FROM shown)", (KIND_ITEM,)
        ).scalars()
    )
    return sorted(wanted)


def _searched(item: Item) -> tuple[str, str]:
    words = search.words_of(item)
    return words, search.parts_of(words, item)


def _next_promise(item: Item) -> Promise | None:
    return min((one for one in item.promises if one.state == "open"), key=lambda one: one.from_at, default=None)


def _bands(item: Item) -> str:
    return "".join(sorted({band_of(one.at) for one in item.attempts if one.counted and not one.superseded}))
