"""One pass of sync: register if need be, push what waits, pull what is new, clear up. Plain: no thread, no sleep.

What a reader would get wrong: every reply is looked at for signs that either side went back in time (another epoch,
a watermark below what was acknowledged, a head below our cursor, numbers we never gave out). The answer is always the
same cheap one: everything retained goes again, the list is read from zero. Nothing here can lose what was recorded.
"""

import logging
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from caller_app.base import garbage
from caller_app.base.clock import Clock, from_text
from caller_app.base.errors import Refused, Unavailable
from caller_app.base.notices import notice
from caller_app.protocol.messages import AskedChange, Begin, Reply, Reset
from caller_app.store import lease, mirror, proof, removal, replay, sending
from caller_app.sync.faults import Busy, CentreFailed, DeviceLost, NotServed, Rejected, UnknownCall
from caller_app.sync.memory import Memory
from caller_app.sync.pull import Pages
from caller_app.sync.push import Beside, push_next

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore
    from caller_app.sync.api import Api

log = logging.getLogger(__name__)

MOST_BATCHES = 50  # of one pass; the next pass goes on
MOST_PAGES = 100
MOST_PROOFS = 4
MOST_REPLAYS = 3
PULL_AT_LEAST = timedelta(minutes=10)  # a real pull checks the token and renews the lease even when nothing is new
_LOST = (
    "The centre went back to an older state and no longer has {count} changes that were already erased here. "
    "Tell your supervisor: they are listed in this computer's ledger."
)


@dataclass(slots=True)
class Outcome:
    """What a pass did; `more`: it ended although something could still be sent.

    `clock_off` is how far this machine's clock is ahead of the centre's, where the pass was told.
    """

    pushed: int = 0
    pulled: int = 0
    removed: int = 0
    resets: int = 0
    registered: bool = False
    head: int = 0
    clock_off: timedelta | None = None
    unsent: int = 0
    more: bool = False


@dataclass(slots=True)
class _Pass:
    store: "LocalStore"
    api: "Api"
    clock: Clock
    outcome: Outcome
    memory: Memory
    pull_due: bool = False
    ask: bool = True
    waits: bool = False  # in a new history it is not our turn yet: nothing is sent or read anew
    replays: int = 0


def run_once(
    store: "LocalStore", api: "Api", clock: Clock, *, ask: bool = True, memory: Memory | None = None
) -> Outcome:
    """Run one pass; raises what keeps it from finishing, with everything done so far kept.

    Without `ask` the centre is not asked whether anything is new: somebody else is waiting for that. `memory` is what
    earlier passes learned.
    """
    this = _Pass(store, api, clock, Outcome(), memory or Memory(), ask=ask)
    lease.note_time(store)
    lease.end_if_due(store)
    sending.nothing_is_under_way(store)
    if store.list_is_damaged:
        from caller_app.store.opening import rebuild_list

        rebuild_list(store)
    this.pull_due = removal.let_go(store)
    for _attempt in (1, 2):
        try:
            _ensure_device(this)
            failed = _push_all(this)
            if failed is None and not store.push_only:
                _prove(this)
            _pull_all(this)
            if failed is not None:
                raise failed
            break
        except DeviceLost as fault:
            if this.outcome.registered:
                raise
            if fault.forgotten:
                proof.missing_above(store, 0)
            _register(this)
        except NotServed as fault:
            if fault.wipe:
                _wipe(store)
                _hand_in_again(this)
            raise
    this.outcome.unsent = _unsent(store)
    return this.outcome


def _unsent(store: "LocalStore") -> int:
    with store.outbox.read() as connection:
        return sending.counts(connection).unsent


def _ensure_device(this: _Pass) -> None:
    with this.store.outbox.read() as connection:
        who = sending.identity(connection)
    if who.device_id is None:
        _register(this)
    else:
        this.api.device_id = who.device_id


def _register(this: _Pass) -> None:
    this.api.device_id = None
    reply = this.api.register()
    replay.take_device(this.store, reply.device_id, reply.epoch, reply.server_time)
    this.memory.nothing_in_doubt = False
    mirror.start_over(this.store, "new device id")
    this.api.device_id = reply.device_id
    this.outcome.registered = True


def _push_all(this: _Pass) -> Refused | Unavailable | None:
    """Push what waits; gives the fault that ended it where the list can be read all the same: a stop may be on it."""
    with closing(Beside(this.store)) as beside:
        return _push_batches(this, beside)


def _push_batches(this: _Pass, beside: Beside) -> Refused | Unavailable | None:
    for _ in range(MOST_BATCHES):
        try:
            receipt = push_next(this.store, this.api, this.memory.pace, beside)
        except (Busy, CentreFailed, Rejected) as fault:
            this.ask = True
            return fault
        if receipt is None:
            return None
        this.outcome.pushed += receipt.settled
        # A device that was barred is told so by its pull only: do not wait ten minutes for the order to wipe.
        this.pull_due = this.pull_due or any(one.reason == "revoked_device" for one in receipt.reply.results)
        if _look_back(this, receipt.reply):
            continue  # what the centre lost goes again now: it lets newer work wait for it
        if receipt.settled == 0:
            return None
    this.outcome.more = True
    return None


def _prove(this: _Pass) -> None:
    """Erase what the centre shows it holds for good, and ask after what was erased before time went back.

    Its number alone lets nothing be erased. Where the centre calls a number durable and does not name our change for
    it, another copy of this disk has used the number: this one registers anew and sends all it has again.
    """
    store, memory = this.store, this.memory
    for _ in range(MOST_PROOFS):
        if this.waits or not memory.may_ask_for_proof(this.clock.monotonic_ns()):
            return
        wanted = proof.wanted(store, doubts=not memory.nothing_in_doubt)
        memory.nothing_in_doubt = memory.nothing_in_doubt or not wanted.doubted
        if not wanted:
            return
        due = [AskedChange(id=name, seq=seq) for name, seq in wanted.due]
        try:
            reply = this.api.held([*due, *(AskedChange(id=name) for name in wanted.doubted)])
        except (UnknownCall, CentreFailed, Rejected) as fault:
            # What is not proved stays; nothing else waits for it.
            log.warning("the centre cannot tell what it holds: %s", type(fault).__name__)
            memory.no_proof_for_now(this.clock.monotonic_ns())
            if isinstance(fault, UnknownCall):
                _say_what_is_lost(store, proof.give_up_missing(store))
            return
        if _look_back(this, reply):
            this.outcome.more = True
            return
        if this.waits:
            return
        if wanted.doubted:
            _say_what_is_lost(store, proof.cleared(store, wanted.doubted, set(reply.held)))
        if not {one.id for one in due} <= set(reply.durable):
            raise DeviceLost("Another copy of this installation has used its numbers; this one is registered anew.")
        if due:
            log.info("%d changes are durable and were erased here", proof.erase(store, [one.id for one in due]))
    this.outcome.more = True


def _pull_all(this: _Pass) -> None:
    if this.store.push_only:
        _look_only(this)
        return
    # All that a page makes is let go of again with it: looked through at its end, it would only be found alive.
    with garbage.not_looked_for(), closing(Pages(this.store, this.api)) as pages:
        _pull_pages(this, pages)


def _look_only(this: _Pass) -> None:
    """A newer program's work waits here: nothing is pulled, for this program could not hold it; nor is it erased."""
    if (this.ask or this.pull_due) and _look_back(this, this.api.head(unsent=_unsent(this.store))):
        this.outcome.more = True


def _pull_pages(this: _Pass, pages: Pages) -> None:
    for _ in range(MOST_PAGES):
        at = mirror.position(this.store)
        if this.waits or (not this.pull_due and not _should_pull(this, at)):
            return
        # What the head told may have sent the reading back to zero: a page for the old place would sweep the list.
        at = mirror.position(this.store)
        pulled = pages.take(at, removal.held_ids(this.store))
        if pulled.reset is not None:
            _start_over(this, pulled.reset)
            if this.waits or this.outcome.resets > 2:
                return
            continue
        if pulled.page is None:
            return
        begin = pulled.page.begin
        _tell(this, pulled.applied, len(pulled.page.lines))
        removal.acknowledge_removals(this.store, at.cursor)
        if _look_back_at_page(this, begin):
            continue
        if at.pulled_at is None and not this.outcome.registered:
            _receipts_again(this)
        if pulled.applied.removed:
            this.store.lists.checkpoint()
        # The cursor of the next pull is the receipt for what was removed, and for a whole snapshot.
        this.pull_due = bool(pulled.applied.removed) or at.mode == "snapshot"
        if not begin.more and not this.pull_due:
            return


def _receipts_again(this: _Pass) -> None:
    """A list that was lost (its lease over, its file damaged) took along the token that tells of a centre put back.

    So with a new one what has a receipt is sent again, once: a copy of this disk may have covered up the other signs.
    """
    with this.store.outbox.read() as connection:
        has_receipts = sending.has_receipts(connection)
    if has_receipts:
        _all_again(this, None, expected=True)


def _start_over(this: _Pass, reset: Reset) -> None:
    """Read from zero as the centre orders; unless it only tidied up, it may have gone back in time: all goes again."""
    this.outcome.resets += 1
    again = _look_back(this, reset)
    if this.waits:
        return
    if reset.why == "token" and this.memory.looks_like_a_twin():
        raise DeviceLost("Another copy of this installation seems to be at work; this one is registered anew.")
    if not again and reset.why != "collected":
        # Its watermark may look right although the centre was put back: others can have filled our numbers since.
        _all_again(this, reset.epoch, expected=True)
    mirror.start_over(this.store, reset.why)


def _should_pull(this: _Pass, at: mirror.Position) -> bool:
    if at.mode == "snapshot" or at.pulled_at is None or abs(this.clock.now() - at.pulled_at) >= PULL_AT_LEAST:
        return True
    head = this.outcome.head
    if not head and not this.ask:
        return False
    if not head:
        reply = this.api.head(unsent=_unsent(this.store))
        if _look_back(this, reply):
            return True
        head = reply.head
    if head != at.cursor:
        return True
    mirror.caught_up(this.store)
    return False


def _tell(this: _Pass, applied: mirror.Applied, lines: int) -> None:
    this.outcome.pulled += lines
    this.outcome.removed += applied.removed
    if lines:
        kinds = ["list", "case", "standing", *(["project"] if applied.projects else [])]
        this.store.board.post(notice(*kinds, ids=applied.cases, by="centre"))


def _look_back(this: _Pass, reply: Reply) -> bool:
    """Look at a reply for signs of a past; tells whether everything goes again."""
    this.outcome.head = reply.head
    this.outcome.clock_off = this.clock.now() - _moment(reply.server_time, this.clock)
    return _history(this, reply.epoch, reply.last_seq, reply.durable_seq, reply.head, reply.resync_within)


def _look_back_at_page(this: _Pass, begin: Begin) -> bool:
    this.outcome.head = begin.head
    this.outcome.clock_off = this.clock.now() - _moment(begin.server_time, this.clock)
    return _history(this, begin.epoch, begin.last_seq, begin.durable_seq, begin.head)


def _history(this: _Pass, epoch: str, last_seq: int, durable_seq: int, head: int, within: int = 0) -> bool:
    store = this.store
    with store.outbox.read() as connection:
        who = sending.identity(connection)
        retained = sending.retains(connection, last_seq + 1)
    if who.epoch is None:
        replay.take_epoch(store, epoch)
    if last_seq >= who.next_dseq:
        raise DeviceLost("This installation's files are older than what it has sent; it is registered anew.")
    another = who.epoch is not None and epoch != who.epoch
    if another and this.memory.must_wait(epoch, who.device_id, within, this.clock.monotonic_ns()):
        this.waits = True
        return False
    lost = last_seq < who.acked_hw
    if lost:
        proof.missing_above(store, last_seq)
    if lost and not retained:
        # What was erased here cannot fill the hole in its numbers: everything retained goes under a new id.
        raise DeviceLost("The centre lost changes that this installation no longer holds; it is registered anew.")
    if lost or another:
        this.replays += 1
        if this.replays > MOST_REPLAYS:
            raise CentreFailed("The centre goes on saying that it lacks what it has just been sent; it is asked later.")
        _all_again(this, epoch)
        mirror.start_over(store, "the centre went back in time")
        return True
    if head < mirror.position(store).cursor:
        # The watermark may look right all the same: another copy of this disk can have filled our numbers since.
        _all_again(this, epoch, expected=True)
        mirror.start_over(store, "the centre's feed is behind this copy")
        return True
    sending.durable_up_to(store, durable_seq)
    return False


def _all_again(this: _Pass, epoch: str | None, *, expected: bool = False) -> None:
    replay.all_again(this.store, epoch=epoch, expected=expected)
    this.memory.nothing_in_doubt = False
    this.outcome.more = this.outcome.more or expected  # not in the middle of pushing: the next pass sends it


def _say_what_is_lost(store: "LocalStore", count: int) -> None:
    """Raise the alarm where the centre no longer has what was erased here: only what it had promised to keep was."""
    if count:
        log.error("the centre lost %d changes that were called durable", count)
        sending.set_alarm(store, _LOST.format(count=count))


def _moment(text: str, clock: Clock) -> datetime:
    try:
        return from_text(text)
    except ValueError:
        return clock.now()


def _hand_in_again(this: _Pass) -> None:
    """Send again, now and then, what is not durable: where no list is served, no token tells of a centre put back."""
    if this.memory.may_hand_in_again(this.clock.monotonic_ns()) and replay.receipts_again(this.store):
        # Whatever comes instead of a receipt: it all waits for the next pass, and why nothing is served is to be said.
        with suppress(Unavailable):
            _push_all(this)


def _wipe(store: "LocalStore") -> None:
    """Carry out an order to keep no list here any more; recorded work stays."""
    from caller_app.store.local import LIST
    from caller_app.store.opening import rebuild_list

    there = (store.folder / LIST).exists() if store.push_only else mirror.position(store).pulled_at is not None
    if there:
        rebuild_list(store, with_new_key=True)
        log.warning("the list was destroyed by order of the centre")
