"""JSON on the wire and in the files, through msgspec; the one place that turns bytes into our structs and back.

A fault in what came in raises `Malformed` with a path to the field, never with the value.
"""

from datetime import datetime
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec

from caller_app.base.errors import Refused
from caller_app.domain.changes import CHANGES, Change, brought_up
from caller_app.domain.items import Item

T = TypeVar("T")

_encoder = msgspec.json.Encoder()
_item_decoder = msgspec.json.Decoder(Item)
_change_decoders = {kind: msgspec.json.Decoder(shape) for kind, shape in CHANGES.items()}


class Malformed(Refused):
    """Bytes that are not what they claim to be; `place` is the path msgspec gives (`$.changes[3].seq`)."""


def encode(message: object) -> bytes:
    """Write a struct, dataclass or plain value as JSON bytes."""
    return _encoder.encode(message)


def decode(body: bytes | str, shape: type[T]) -> T:
    """Read JSON as one of the protocol's shapes; raises Malformed."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Malformed("The message is not in the agreed form.", place=_path(fault)) from None


def decode_item(body: bytes | str) -> Item:
    """Read the body of a call item; raises Malformed."""
    try:
        return _item_decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Malformed("The record is not in the agreed form.", place=_path(fault)) from None


def decode_change(kind: str, data: bytes | str, schema: int | None = None) -> Change:
    """Read the payload of a known kind of change; raises Malformed, for an unknown kind too.

    A payload of an older `schema` is brought up to the newest first; without one it is of the newest.
    """
    decoder = _change_decoders.get(kind)
    if decoder is None:
        raise Malformed("This kind of change is not known here.", place="kind")
    try:
        if schema is None or schema == CHANGES[kind].schema:
            change: Change = decoder.decode(data)
        else:
            said = brought_up(kind, schema, msgspec.json.decode(data, type=dict[str, Any]))
            change = msgspec.convert(said, CHANGES[kind])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError) as fault:
        raise Malformed("The change is not in the agreed form.", place=_path(fault)) from None
    for name in _times_of(kind):
        value = getattr(change, name)
        if value is not None and value.tzinfo is None:
            raise Malformed("The change holds a time without its zone.", place=f"$.{name}")
    return change


@cache
def _times_of(kind: str) -> tuple[str, ...]:
    """Name the fields of a kind of change that hold an instant."""
    hints = get_type_hints(CHANGES[kind]).items()
    return tuple(name for name, hint in hints if hint is datetime or datetime in get_args(hint))


def is_known(kind: str, schema: int) -> bool:
    """Tell whether this program can read a kind of change in a schema."""
    shape = CHANGES.get(kind)
    return shape is not None and schema <= shape.schema


def plain(message: object) -> Any:
    """Give a struct or dataclass as plain dicts, lists and strings."""
    return msgspec.to_builtins(message)


def _path(fault: Exception) -> str:
    text = str(fault)
    return text.rsplit(" - at ", 1)[-1].strip("`") if " - at " in text else "$"
