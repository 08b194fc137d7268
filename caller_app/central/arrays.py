"""Columns of many rows, each packed once in the database's own binary form of an array.

The driver writes a list value by value and quotes every text; for the ids, instants and documents of a push that is
most of what sending them costs. What a reader would get wrong: ids may not go as texts with a CAST in the statement. A
statement that is run often has one plan for any parameter, and in that plan the database casts the whole array again
for every row it looks at: 200 ids for 200 rows took 12 ms of each batch.
"""

import struct
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import chain, repeat
from typing import Any, ClassVar

import msgspec
from psycopg import Connection
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEAD = struct.Struct("!iiIii")  # dimensions, whether values are missing, the values' type, how many, the first index
_NO_VALUES = struct.Struct("!iiI")
_SIZE = struct.Struct("!i").pack
_MISSING = _SIZE(-1)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # the database counts microseconds and days from here
_FIRST_DAY = date(2000, 1, 1).toordinal()


class Column(ABC):
    """The values of one column, None where there is none; `packed` is the array as it is sent.

    The type numbers are the same in every PostgreSQL. Where all values are alike, as in much of what the rows of a push
    say, one is packed and repeated.
    """

    value: ClassVar[int]  # type number of one value
    array: ClassVar[int]  # and of an array of them

    def __init__(self, values: Iterable[Any]) -> None:
        told = list(values)
        if not told:
            self.packed = _NO_VALUES.pack(0, 0, self.value)
            return
        alike = self.same(told)
        sent = self.pack(told[:1]) * len(told) if alike else self.pack(told)
        self.packed = _HEAD.pack(1, int(None in told), self.value, len(told), 1) + sent

    def same(self, values: list[Any]) -> bool:
        """Tell whether all values are sent alike."""
        return values.count(values[0]) == len(values)

    @abstractmethod
    def pack(self, values: list[Any]) -> bytes:
        """Give the values one after the other, each behind its size."""


class Texts(Column):
    """A `text[]` to be sent."""

    value, array = 25, 1009

    def pack(self, values: list[str | None]) -> bytes:
        """Write each as UTF-8."""
        return _sized([None if one is None else one.encode() for one in values])


class Blobs(Column):
    """A `bytea[]` to be sent."""

    value, array = 17, 1001

    def pack(self, values: list[bytes | None]) -> bytes:
        """Take each as it is."""
        return _sized(values)


class Documents(Column):
    """A `jsonb[]` to be sent, of anything that msgspec writes as JSON; None is NULL, not JSON's null."""

    value, array = 3802, 3807

    def same(self, values: list[Any]) -> bool:
        """Tell whether there are none at all: to Python 1 and true are equal."""
        return values.count(None) == len(values)

    def pack(self, values: list[Any]) -> bytes:
        """Write each as JSON, behind the version of the binary form."""
        write = msgspec.json.encode
        return _sized([None if one is None else b"\x01" + write(one) for one in values])


class Ids(Column):
    """A `uuid[]` to be sent, given as texts of 32 digits with or without their dashes; raises ValueError."""

    value, array = 2950, 2951

    def pack(self, values: list[str | None]) -> bytes:
        """Write sizes and ids as digits, and read all of them in one step."""
        digits = "".join(["ffffffff" if one is None else f"00000010{one}" for one in values])
        packed = bytes.fromhex(digits.replace("-", ""))
        lengths = {len(one) for one in values if one is not None}
        if not lengths <= {32, 36} or len(packed) != 20 * len(values) - 16 * values.count(None):
            raise ValueError("an id has 32 digits")
        return packed


class _Fixed(Column):
    """Values that are all of one size; `code` is struct's for one of them."""

    code: ClassVar[str]

    def pack(self, values: list[Any]) -> bytes:
        """Write all of them in one step where none is missing."""
        size = struct.calcsize(f"!{self.code}")
        if None in values:
            write = struct.Struct(f"!i{self.code}").pack
            return b"".join([_MISSING if one is None else write(size, one) for one in values])
        sized = chain.from_iterable(zip(repeat(size), values, strict=False))
        return struct.pack(f"!{f'i{self.code}' * len(values)}", *sized)


class Smalls(_Fixed):
    """An `int2[]` to be sent; raises struct.error where a number is too large, as the other two do."""

    value, array, code = 21, 1005, "h"


class Whole(_Fixed):
    """An `int4[]` to be sent."""

    value, array, code = 23, 1007, "i"


class Larges(_Fixed):
    """An `int8[]` to be sent."""

    value, array, code = 20, 1016, "q"


class Flags(_Fixed):
    """A `bool[]` to be sent."""

    value, array, code = 16, 1000, "?"


class Instants(_Fixed):
    """A `timestamptz[]` to be sent, of aware instants; raises TypeError for one that is not."""

    value, array, code = 1184, 1185, "q"

    def pack(self, values: list[datetime | None]) -> bytes:
        """Count the microseconds."""
        return super().pack([None if one is None else _since(one) for one in values])


class Days(_Fixed):
    """A `date[]` to be sent."""

    value, array, code = 1082, 1182, "i"

    def pack(self, values: list[date | None]) -> bytes:
        """Count the days."""
        return super().pack([None if one is None else one.toordinal() - _FIRST_DAY for one in values])


def _since(one: datetime) -> int:
    past = one - _EPOCH
    return (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds


def _sized(values: Sequence[bytes | None]) -> bytes:
    if None in values:
        return b"".join([_MISSING if one is None else _SIZE(len(one)) + one for one in values])
    return b"".join([part for one in values if one is not None for part in (_SIZE(len(one)), one)])


class _ColumnDumper(Dumper):
    format = Format.BINARY

    def __init__(self, cls: type[Column], context: Any = None) -> None:
        super().__init__(cls, context)
        self.oid = cls.array

    def dump(self, obj: Column) -> bytes:
        return obj.packed


def register(connection: Connection[Any]) -> None:
    """Teach a connection of the driver to send them."""
    for kind in (Texts, Blobs, Documents, Ids, Smalls, Whole, Larges, Flags, Instants, Days):
        connection.adapters.register_dumper(kind, _ColumnDumper)
