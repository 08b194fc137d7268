"""Long lists of texts or bytes, packed once in the database's own binary form of an array.

The driver writes a list value by value and quotes every text; for the ids and documents of a push that is most of what
sending them costs. What a reader would get wrong: to the database these are `text[]` and `bytea[]`, so ids still need
their CAST.
"""

import struct
from collections.abc import Iterable
from typing import Any

from psycopg import Connection
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEAD = struct.Struct("!iiIii")  # dimensions, whether values are missing, the values' type, how many, the first index
_SIZE = struct.Struct("!i").pack
_MISSING = _SIZE(-1)
_BYTEA, _BYTEAS, _TEXT, _TEXTS = 17, 1001, 25, 1009  # type numbers, the same in every PostgreSQL


class Texts:
    """A `text[]` to be sent."""

    def __init__(self, values: Iterable[str | None]) -> None:
        self.packed = _packed([None if one is None else one.encode() for one in values], _TEXT)


class Blobs:
    """A `bytea[]` to be sent."""

    def __init__(self, values: Iterable[bytes | None]) -> None:
        self.packed = _packed(list(values), _BYTEA)


class _TextsDumper(Dumper):
    format = Format.BINARY
    oid = _TEXTS

    def dump(self, obj: Texts) -> bytes:
        return obj.packed


class _BlobsDumper(Dumper):
    format = Format.BINARY
    oid = _BYTEAS

    def dump(self, obj: Blobs) -> bytes:
        return obj.packed


def register(connection: Connection[Any]) -> None:
    """Teach a connection of the driver to send both."""
    connection.adapters.register_dumper(Texts, _TextsDumper)
    connection.adapters.register_dumper(Blobs, _BlobsDumper)


def _packed(values: list[bytes | None], kind: int) -> bytes:
    parts = [_HEAD.pack(1, int(None in values), kind, len(values), 1) if values else struct.pack("!iiI", 0, 0, kind)]
    for one in values:
        if one is None:
            parts.append(_MISSING)
        else:
            parts.append(_SIZE(len(one)))
            parts.append(one)
    return b"".join(parts)
