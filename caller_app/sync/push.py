"""Pushing what was recorded: urgent changes first, then device order; one unreadable change never holds up the rest.

What a reader would get wrong: a batch is marked on disk before it is sent and no lock is held while it is. Whatever the
answer is short of an echoed receipt, the changes go back to pending with the same ids; the centre says `dup` if it had
them after all. A batch the centre refuses or fails on is not cut up and sent again at once: each try has a slot of its
own, so that a centre in trouble hears once per slot from a workstation. Two tries later the bad change is alone.
In a long queue the receipt of a batch is written down while the next is under way; there are never two on the way.
"""

import base64
import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from caller_app.base.clock import to_text
from caller_app.base.errors import CentreUnreachable, Unavailable
from caller_app.base.failpoints import crash_here
from caller_app.base.notices import notice
from caller_app.protocol.limits import PUSH_CHANGES
from caller_app.protocol.messages import OpaqueChange, Push, Pushed, PushedChange, PushOpaque, Span
from caller_app.store import sending, versions
from caller_app.store.sending import Counted, Entry
from caller_app.sync.faults import CentreFailed, Rejected
from caller_app.sync.http import doing_meanwhile

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore
    from caller_app.sync.api import Api

log = logging.getLogger(__name__)

IN_COMPANY = (PUSH_CHANGES, 14)  # how many go together at the first and at the second try; then each goes alone
ALONE_TRIES = len(IN_COMPANY) + 3
SLOW_SECONDS = 5.0
QUICK_SECONDS = 1.0
WORTH_DOING_BESIDE = 50  # changes of a batch; a call or two is one batch
_SMALLER = "The centre could not take something that was sent; it is sent in smaller parts, the rest first."


class Pace:
    """How many changes go together on this line: fewer where a batch takes long or is lost, more where it is quick.

    Something urgent never has to wait long for a batch in hand, and a line that is cut again and again still carries.
    `beside` is from how many changes on anything is done beside a batch.
    """

    def __init__(self, limit: int = PUSH_CHANGES, beside: int = WORTH_DOING_BESIDE) -> None:
        self.limit, self.beside = limit, beside
        self.most = limit

    def arrived(self, count: int, seconds: float) -> None:
        """Learn from a batch whose receipt came."""
        if seconds > SLOW_SECONDS:
            self.most = max(1, int(count * SLOW_SECONDS / seconds))
        elif seconds < QUICK_SECONDS:
            self.most = min(self.limit, max(self.most, 2 * count))

    def lost(self, count: int) -> None:
        """Learn from a batch that had no answer."""
        self.most = max(1, min(self.most, count // 2))


@dataclass(frozen=True, slots=True)
class Receipt:
    """The reply to one batch, and how many changes it settles: written down, or to be while the next is under way."""

    reply: Pushed
    settled: int


def batch_size(tries: int) -> int:
    """Give how many go together after so many failures of the centre: one bad change is soon alone."""
    return IN_COMPANY[tries] if tries < len(IN_COMPANY) else 1


@dataclass(frozen=True, slots=True)
class _Owed:
    """A receipt that is yet to be written down; it holds a result for every change of its batch."""

    batch: str
    reply: Pushed
    entries: Sequence[Entry]

    def acknowledged(self, before: int) -> int:
        """Give the watermark once it is written down, where it goes on without a gap from what it is now."""
        numbers = [one.dseq for one in self.entries]
        return numbers[-1] if numbers == list(range(before + 1, before + 1 + len(numbers))) else before


class Beside:
    """What is done in a long queue while a batch is under way: the last receipt is written down, what follows is taken.

    What is taken is marked on disk and not sent: it goes where it still comes next, else it is put back. A receipt that
    cannot be written down ends the pass; its changes are sent again by the next one, as after any lost reply. To be
    closed when the pass ends, however it ends.
    """

    def __init__(self, store: "LocalStore") -> None:
        self._store = store
        self._thread: ThreadPoolExecutor | None = None
        self._coming: Future[_Next] | None = None
        self._owed: _Owed | None = None
        self._written: Future[Receipt] | None = None

    def owe(self, receipt: _Owed) -> None:
        """Keep a receipt until the next batch is marked."""
        self._owed = receipt

    def owing(self) -> int:
        """Give how many changes have a receipt that is yet to be written down."""
        return 0 if self._owed is None else len(self._owed.entries)

    def acknowledged(self, before: int) -> int:
        """Give the watermark with what is yet to be written down."""
        return before if self._owed is None else self._owed.acknowledged(before)

    def owed_batch(self) -> str:
        """Give the batch whose receipt is yet to be written down; "" where there is none."""
        return "" if self._owed is None else self._owed.batch

    def begin(self, follows: Callable[[], None] | None = None) -> None:
        """Begin to write down the receipt that is owed, then what follows; nobody waits for it before `written`."""
        if self._owed is not None:
            owed = self._owed
            self._written = self._beside().submit(_settle, self._store, owed.batch, owed.reply, len(owed.entries))
        if follows is not None:
            follows()

    def written(self) -> None:
        """Wait until what is owed is written down; raises what kept it from being."""
        owed, self._owed = self._owed, None
        written, self._written = self._written, None
        if written is not None:
            written.result()
        elif owed is not None:
            _settle(self._store, owed.batch, owed.reply, len(owed.entries))

    def look(self, after: int, most: int, counted: Counted | None) -> None:
        """Begin to take what comes after a number; `counted`: what is known to be unsent there."""
        self._coming = self._beside().submit(_take_ahead, self._store, after, most, counted)

    def _beside(self) -> ThreadPoolExecutor:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="push-beside")
        return self._thread

    def take(self, most: int) -> "_Next":
        """Give what was taken where it still comes next, once; nothing where taking failed: who takes it now hears why.

        What does not come next any more is put back first, or nothing more goes: else what follows would overtake it.
        """
        coming, self._coming = self._coming, None
        try:
            next_ = _NOTHING if coming is None else coming.result()
        except Unavailable:
            return _NOTHING
        if next_.entries and not sending.comes_next(self._store, next_.batch, next_.entries, most=most):
            sending.not_sent(self._store, next_.batch)
            return _NOTHING
        return next_

    def close(self) -> None:
        """Put back what was taken, and write down what is owed; what cannot be is sent again by the next pass."""
        try:
            with suppress(Unavailable):
                self.take(most=0)
            with suppress(Unavailable):
                self.written()
        finally:
            if self._thread is not None:
                self._thread.shutdown()
                self._thread = None


@dataclass(frozen=True, slots=True)
class _Next:
    """A batch: its entries in their order, the same as they go on the wire, how many were unsent from the first on."""

    batch: str
    entries: Sequence[Entry]
    words: Sequence[PushedChange]
    unsent: Counted | None

    def beyond(self) -> Counted | None:
        """Give what is unsent after the last of them, where that is known."""
        if self.unsent is None:
            return None
        return Counted(max(0, self.unsent.unsent - len(self.entries)), self.unsent.next_dseq)


_NOTHING = _Next("", (), (), None)


def _take_now(store: "LocalStore", most: int) -> _Next:
    batch, entries = sending.take_batch(store, most=most)
    return _Next(batch, entries, [_on_the_wire(one) for one in entries], None)


def _take_ahead(store: "LocalStore", after: int, most: int, counted: Counted | None) -> _Next:
    batch, entries, unsent = sending.take_ahead(store, after, most=most, counted=counted)
    return _Next(batch, entries, [_on_the_wire(one) for one in entries], unsent)


def push_next(
    store: "LocalStore", api: "Api", pace: Pace | None = None, beside: Beside | None = None
) -> Receipt | None:
    """Send the next batch; None where nothing waits. Raises what came instead of a receipt, with nothing of it settled.

    Without `beside` nothing is done beside a request: each receipt is written down before this returns.
    """
    pace = pace or Pace()
    next_ = _NOTHING if beside is None else beside.take(pace.most)
    if not next_.entries:
        next_ = _take_now(store, pace.most)
    if not next_.entries:
        if beside is not None:
            beside.written()
        odd = sending.take_suspect(store)
        return None if odd is None else _push_opaque(store, api, odd)
    if len(next_.entries) > (smaller := batch_size(max(one.tries for one in next_.entries))):
        sending.not_sent(store, next_.batch)
        next_ = _take_now(store, smaller)
    entries, beyond = next_.entries, next_.beyond()
    if beyond is not None:
        left = beyond.unsent
    else:
        left = max(0, _left(store, entries) - (0 if beside is None else beside.owing()))
    if beside is None:
        return _push(store, api, next_, left, pace, None)
    goes_on = bool(left) and len(entries) >= pace.beside
    follows = partial(beside.look, entries[-1].dseq, pace.most, beyond) if goes_on else None
    with doing_meanwhile(partial(beside.begin, follows)):  # once it is sent: the sending would wait for it
        return _push(store, api, next_, left, pace, beside)


def _left(store: "LocalStore", entries: Sequence[Entry]) -> int:
    """Count what will still be unsent when this batch has arrived: what a supervisor sees as last said."""
    with store.outbox.read() as connection:
        return max(0, sending.unsent(connection) - len(entries))


def _push(store: "LocalStore", api: "Api", next_: _Next, left: int, pace: Pace, beside: Beside | None) -> Receipt:
    batch, entries = next_.batch, next_.entries
    who = _identity(store)
    acked = who.acked_hw if beside is None else beside.acknowledged(who.acked_hw)
    beyond: list[Span] = []
    if who.next_dseq - 1 - acked > left + len(entries):  # more lies above the watermark than what is unsent
        with store.outbox.read() as connection:
            beyond = sending.receipts_beyond(connection, acked, "" if beside is None else beside.owed_batch())
    message = Push(
        device=who.device_id or "",
        epoch=who.epoch or "",
        batch=batch,
        acked_hw=acked,
        sent_at=to_text(store.clock.now()),
        changes=list(next_.words),
        acked_beyond=beyond,
    )
    begun = store.clock.monotonic_ns()
    crash_here("batch_marked_before_sent")
    try:
        reply = api.push(message, unsent=left)
    except (Rejected, CentreFailed) as fault:
        code = fault.code if isinstance(fault, Rejected) else "centre_failed"
        sending.not_sent(store, batch, error=code)
        # What the centre says it cannot read it will not read later either; what it fails on gets three tries alone.
        if len(entries) == 1 and (isinstance(fault, Rejected) or entries[0].tries + 1 >= ALONE_TRIES):
            log.warning("change %s is sent as plain bytes: %s", entries[0].change_id, code)
            sending.suspect(store, entries[0].dseq, code)
        raise CentreFailed(_SMALLER) from None
    except CentreUnreachable:
        sending.not_sent(store, batch)
        pace.lost(len(entries))
        raise
    except BaseException:
        sending.not_sent(store, batch)
        raise
    pace.arrived(len(entries), (store.clock.monotonic_ns() - begun) / 1e9)
    crash_here("reply_before_settled")
    if beside is not None:
        beside.written()
        whole = {(one.id, one.seq) for one in reply.results} >= {(one.change_id, one.dseq) for one in entries}
        # What has no result is pending again before anything follows it: only a whole receipt can wait.
        if left and len(entries) >= pace.beside and reply.batch == batch and whole:
            beside.owe(_Owed(batch, reply, entries))
            return Receipt(reply, len(entries))
    return _settle(store, batch, reply, len(entries))


def _push_opaque(store: "LocalStore", api: "Api", entry: Entry) -> Receipt | None:
    who = _identity(store)
    batch = sending.mark_suspect_sent(store, entry.dseq)
    said = _on_the_wire(entry)
    envelope = versions.in_full(store, said) if store.push_only else msgspec.json.encode(said)
    odd = OpaqueChange(
        id=entry.change_id,
        seq=entry.dseq,
        bytes64=base64.b64encode(envelope).decode(),
        sha256=hashlib.sha256(envelope).hexdigest(),
    )
    message = PushOpaque(device=who.device_id or "", epoch=who.epoch or "", batch=batch, changes=[odd])
    try:
        reply = api.push_opaque(message)
    except (Rejected, CentreFailed):
        # It stays, and is tried again in an hour; nothing waits for it meanwhile.
        log.error("change %s is not taken even as plain bytes", entry.change_id)
        sending.suspect_rests(store, entry.dseq)
        raise
    return _settle(store, batch, reply, 1)


def _settle(store: "LocalStore", batch: str, reply: Pushed, of: int) -> Receipt:
    if reply.batch != batch:
        sending.not_sent(store, batch)
        raise CentreUnreachable("The centre's receipt is for something else; it is asked again.")
    settled = sending.settle(store, batch, reply.results, server_time=reply.server_time, of=of)
    store.board.post(notice("outbox", "standing", "case", by="centre"))
    return Receipt(reply, settled)


def _identity(store: "LocalStore") -> sending.Identity:
    with store.outbox.read() as connection:
        return sending.identity(connection)


def _on_the_wire(entry: Entry) -> PushedChange:
    return PushedChange(
        id=entry.change_id,
        seq=entry.dseq,
        kind=entry.kind,
        schema=entry.schema,
        rec=entry.rec_id,
        base_ver=entry.base_ver,
        assign_gen=entry.assign_gen,
        occurred_at=entry.occurred_at,
        mono=entry.mono_ns,
        data=msgspec.Raw(entry.payload),
    )
