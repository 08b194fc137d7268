"""Pushing what was recorded: urgent changes first, then device order; one unreadable change never holds up the rest.

What a reader would get wrong: a batch is marked on disk before it is sent and no lock is held while it is. Whatever the
answer is short of an echoed receipt, the changes go back to pending with the same ids; the centre says `dup` if it had
them after all.
"""

import base64
import hashlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from caller_app.base.clock import to_text
from caller_app.base.errors import CentreUnreachable
from caller_app.protocol.limits import PUSH_CHANGES
from caller_app.protocol.messages import OpaqueChange, Push, Pushed, PushedChange, PushOpaque
from caller_app.store import sending
from caller_app.store.sending import Entry
from caller_app.sync.faults import CentreFailed, Rejected

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore
    from caller_app.sync.api import Api

log = logging.getLogger(__name__)

ALONE_TRIES = 6  # by then a change has failed three times in a batch of its own


@dataclass(frozen=True, slots=True)
class Receipt:
    """The reply to one batch, already written down, and how many changes it settled."""

    reply: Pushed
    settled: int


def batch_size(tries: int) -> int:
    """Give how many go together: after each failure of the centre a quarter, so that one bad change is soon alone."""
    return max(1, PUSH_CHANGES >> (2 * min(tries, 4)))


def push_next(store: "LocalStore", api: "Api", *, most: int = PUSH_CHANGES) -> Receipt | None:
    """Send the next batch; None where nothing waits. Raises what came instead of a receipt, with nothing settled."""
    batch, entries = sending.take_batch(store, most=most)
    if not entries:
        odd = sending.take_suspect(store)
        return None if odd is None else _push_opaque(store, api, odd)
    if len(entries) > (smaller := batch_size(max(one.tries for one in entries))):
        sending.not_sent(store, batch)
        batch, entries = sending.take_batch(store, most=smaller)
    return _push(store, api, batch, entries)


def _push(store: "LocalStore", api: "Api", batch: str, entries: list[Entry]) -> Receipt | None:
    who = _identity(store)
    message = Push(
        device=who.device_id or "",
        epoch=who.epoch or "",
        batch=batch,
        acked_hw=who.acked_hw,
        sent_at=to_text(store.clock.now()),
        changes=[_on_the_wire(one) for one in entries],
    )
    try:
        reply = api.push(message)
    except Rejected as fault:
        # The centre is well and says that something in this batch cannot be read: find it by halves, now.
        sending.not_sent(store, batch, error=fault.code)
        if len(entries) == 1:
            log.warning("change %s is sent as plain bytes: %s", entries[0].change_id, fault.code)
            sending.suspect(store, entries[0].dseq, fault.code)
            return push_next(store, api)
        return push_next(store, api, most=max(1, len(entries) // 2))
    except CentreFailed:
        sending.not_sent(store, batch, error="centre_failed")
        if len(entries) == 1 and entries[0].tries + 1 >= ALONE_TRIES:
            sending.suspect(store, entries[0].dseq, "centre_failed")
        raise
    except BaseException:
        sending.not_sent(store, batch)
        raise
    return _settle(store, batch, reply)


def _push_opaque(store: "LocalStore", api: "Api", entry: Entry) -> Receipt | None:
    who = _identity(store)
    batch = sending.mark_suspect_sent(store, entry.dseq)
    envelope = msgspec.json.encode(_on_the_wire(entry))
    odd = OpaqueChange(
        id=entry.change_id,
        seq=entry.dseq,
        bytes64=base64.b64encode(envelope).decode(),
        sha256=hashlib.sha256(envelope).hexdigest(),
    )
    message = PushOpaque(device=who.device_id or "", epoch=who.epoch or "", batch=batch, changes=[odd])
    try:
        reply = api.push_opaque(message)
    except Rejected as fault:
        # It stays, and is tried again with the next pass; nothing waits for it.
        log.error("change %s is not taken even as plain bytes: %s", entry.change_id, fault.code)
        return None
    return _settle(store, batch, reply)


def _settle(store: "LocalStore", batch: str, reply: Pushed) -> Receipt:
    if reply.batch != batch:
        sending.not_sent(store, batch)
        raise CentreUnreachable("The centre's receipt is for something else; it is asked again.")
    settled = sending.settle(store, batch, reply.results, server_time=reply.server_time)
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
