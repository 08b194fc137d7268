"""What was received of each record, as it lies in `list.db`: packed by its likeness to other cases.

Every page of the file is encrypted, sealed and written twice, so the size of the bodies is most of what a first pull
costs. What a reader would get wrong: what is read is byte for byte what came, fields of a newer centre included. The
dictionary is part of the file's layout: a list packed by another one is made anew (see `layout`).
"""

import zlib
from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy.engine import Connection

from caller_app.base.paths import resource_path
from caller_app.base.zstd import Likeness, NotPacked
from caller_app.protocol.codec import Malformed
from caller_app.protocol.messages import Put
from caller_app.store import schema_list
from caller_app.store.engine import as_json, quick

DICTIONARY = "case.zdict"
Packed = Mapping[tuple[int, str], bytes]  # by kind and id

_STORE = (
    "INSERT OR REPLACE INTO record(kind, id, ver, seq, gen, body)"
    " SELECT value->>0, value->>1, value->>2, value->>3, ?1, substr(?2, value->>4, value->>5)"
    " FROM jsonb_each(?3)"
)


def layout() -> int:
    """Give the number a list carries: of its tables, and of the dictionary its bodies are packed by."""
    return schema_list.VERSION << 16 | zlib.crc32(_dictionary()) & 0xFFFF


def pack(puts: Sequence[Put]) -> Packed:
    """Pack the bodies of some records."""
    packed = _likeness().pack(memoryview(one.b) for one in puts)
    return {(one.k, one.id): body for one, body in zip(puts, packed, strict=True)}


def unpack(packed: bytes) -> bytes:
    """Give a body as it was received; raises Malformed."""
    try:
        return _likeness().unpack(packed)
    except NotPacked:
        raise Malformed("The record is not in the agreed form.", place="$") from None


def store(lists: Connection, puts: Sequence[Put], packed: Packed, gen: int) -> None:
    """Store records as they came, all in one statement."""
    bodies = [packed[one.k, one.id] for one in puts]
    rows, at = [], 1
    for one, body in zip(puts, bodies, strict=True):
        rows.append((one.k, one.id, one.v, one.s, at, len(body)))
        at += len(body)
    quick(lists, _STORE, (gen, b"".join(bodies), as_json(rows)))


@cache
def _likeness() -> Likeness:
    return Likeness(_dictionary())


@cache
def _dictionary() -> bytes:
    return resource_path(DICTIONARY).read_bytes()
