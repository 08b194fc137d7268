"""Read what a push holds, change by change: one bad change never spoils the 199 good ones beside it.

A change whose id and number can be read is always storable; what is wrong with the rest becomes the `fault` of its
verdict. Only a change without id or number refuses the batch, because nothing could be acknowledged for it.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import msgspec

from caller_app.base.clock import from_text
from caller_app.central.faults import Fault, malformed
from caller_app.central.rules.access import is_uuid
from caller_app.domain.changes import CHANGES, Change
from caller_app.protocol.codec import Malformed, decode, decode_change
from caller_app.protocol.limits import ENVELOPE_BYTES, PUSH_CHANGES, PUSH_SPANS
from caller_app.protocol.messages import PushedChange, PushOpaque, Span

_SEQ_LIMIT = 2**62


class PushBody(msgspec.Struct, kw_only=True):
    """`protocol.messages.Push` with its changes left raw, so that each is read on its own."""

    device: str
    epoch: str
    batch: str
    acked_hw: int
    sent_at: str
    changes: list[msgspec.Raw]
    acked_beyond: Annotated[list[Span], msgspec.Meta(max_length=PUSH_SPANS)] = []


@dataclass(frozen=True, slots=True)
class Acked:
    """Which numbers have receipts at the device that pushes: all up to one, spans beyond it, and in which history."""

    up_to: int
    beyond: Sequence[Span]
    epoch: str


NOTHING_ACKED = Acked(0, (), "")


class _Stub(msgspec.Struct, kw_only=True):
    id: str
    seq: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """One change as it came in, ready to be stored; `fault` is why it cannot be judged, if it cannot."""

    change_id: str
    seq: int
    kind: str
    schema: int
    rec_id: str | None
    base_ver: int | None
    assign_gen: int | None
    occurred_at: datetime | None
    envelope: bytes
    sha256: bytes
    fault: str | None = None
    change: Change | None = None  # what it says, where nothing is wrong with it


@dataclass(frozen=True, slots=True)
class Came:
    """What one request has just stored, by id: nobody has to read it back in order to judge it."""

    user_id: int
    device_id: str
    sent_at: datetime | None
    received_at: datetime
    changes: Mapping[str, Arrived]


def read_push(body: PushBody) -> list[Arrived]:
    """Read every change of a push, in the order it was sent."""
    if len(body.changes) > PUSH_CHANGES:
        raise Fault(413, "too_large", f"A push holds at most {PUSH_CHANGES} changes.")
    return [_arrived(bytes(raw), place) for place, raw in enumerate(body.changes)]


def read_opaque(body: PushOpaque) -> list[Arrived]:
    """Take changes whose bytes are stored without being parsed."""
    if len(body.changes) > PUSH_CHANGES:
        raise Fault(413, "too_large", f"A push holds at most {PUSH_CHANGES} changes.")
    arrived = []
    for place, one in enumerate(body.changes):
        _check_name(one.id, one.seq, place)
        try:
            envelope = base64.b64decode(one.bytes64, validate=True)
        except (binascii.Error, ValueError):
            raise malformed(place=f"$.changes[{place}].bytes64") from None
        digest = hashlib.sha256(envelope)
        if digest.hexdigest() != one.sha256.lower():
            raise malformed("The bytes do not fit their checksum.", place=f"$.changes[{place}].sha256")
        arrived.append(
            Arrived(
                change_id=one.id.lower(), seq=one.seq, kind="opaque", schema=0, rec_id=None, base_ver=None,
                assign_gen=None, occurred_at=None, envelope=envelope, sha256=digest.digest(), fault="opaque",
            )
        )  # fmt: skip
    return arrived


def content_hash(one: PushedChange) -> bytes:
    """Hash what a change says, without its number: after a fork the same change comes under another number."""
    said = [one.kind, one.schema, one.rec, one.occurred_at]
    return hashlib.sha256(msgspec.json.encode(said) + b"\n" + bytes(one.data)).digest()


def _arrived(raw: bytes, place: int) -> Arrived:
    try:
        one = decode(raw, PushedChange)
    except Malformed:
        return _unreadable(raw, place)
    _check_name(one.id, one.seq, place)
    rec = one.rec.lower() if one.rec is not None and is_uuid(one.rec) else None
    occurred = instant(one.occurred_at)
    fault, change = _content(one, rec, occurred, len(raw))
    return Arrived(
        change_id=one.id.lower(),
        seq=one.seq,
        kind=one.kind[:100].replace("\x00", "\ufffd"),
        schema=one.schema if 0 <= one.schema < 2**31 else -1,
        rec_id=rec,
        base_ver=_small(one.base_ver),
        assign_gen=_small(one.assign_gen),
        occurred_at=occurred,
        envelope=raw,
        sha256=content_hash(one),
        fault=fault,
        change=change,
    )


def _content(
    one: PushedChange, rec: str | None, occurred: datetime | None, size: int
) -> tuple[str | None, Change | None]:
    """Give what is wrong with a change, or what it says."""
    if size > ENVELOPE_BYTES:
        return "too_large", None
    known = CHANGES.get(one.kind)
    if known is None or one.schema > known.schema:
        return "unknown_schema", None
    if rec is None or occurred is None or one.schema < 1:
        return "malformed", None
    try:
        change = decode_change(one.kind, bytes(one.data), one.schema)
    except Malformed:
        return "malformed", None
    return (None, change) if change.case_id.lower() == rec else ("malformed", None)


def read_again(envelope: bytes) -> str | None:
    """Tell what is wrong with a change that was stored before this program could read it; None where nothing is."""
    try:
        return _arrived(envelope, 0).fault
    except Malformed:
        return "malformed"


def _unreadable(raw: bytes, place: int) -> Arrived:
    try:
        stub = decode(raw, _Stub)
    except Malformed as fault:
        where = (fault.place or "$").removeprefix("$")
        raise malformed("A change has no readable id or number.", place=f"$.changes[{place}]{where}") from None
    _check_name(stub.id, stub.seq, place)
    return Arrived(
        change_id=stub.id.lower(), seq=stub.seq, kind="unreadable", schema=0, rec_id=None, base_ver=None,
        assign_gen=None, occurred_at=None, envelope=raw, sha256=hashlib.sha256(raw).digest(), fault="malformed",
    )  # fmt: skip


def _check_name(change_id: str, seq: int, place: int) -> None:
    if not is_uuid(change_id):
        raise malformed("A change has no readable id.", place=f"$.changes[{place}].id")
    if not 1 <= seq < _SEQ_LIMIT:
        raise malformed("A change has no usable number.", place=f"$.changes[{place}].seq")


def instant(written: str) -> datetime | None:
    """Read an instant as a workstation wrote it; None where it is none."""
    try:
        return from_text(written)
    except ValueError:
        return None


def _small(number: int | None) -> int | None:
    return number if number is not None and 0 <= number < 2**31 else None
