"""zstd, the one way in: part of Python from 3.14, `backports.zstd` before.

What a reader would get wrong: a record of 1.5 KB packed by itself keeps half its size; packed by its likeness to others
it keeps a fifth, and is done in a fifth of the time. Who reads it needs the very dictionary it was packed by.
"""

import sys
import threading
from collections.abc import Iterable
from functools import cache
from typing import Any

_LEVEL = 1


class NotPacked(ValueError):
    """Bytes that were not packed here, or by another dictionary."""


def compress(data: bytes) -> bytes:
    """Pack bytes by themselves."""
    return bytes(library().compress(data, _LEVEL))


class Likeness:
    """Packs records that look much like those a dictionary was made from; any other is packed too, only less."""

    def __init__(self, dictionary: bytes) -> None:
        self._library = library()
        self._like = self._library.ZstdDict(dictionary)
        self._own = threading.local()  # a packer each thread: making one takes as long as packing fifty records

    def pack(self, records: Iterable[bytes | memoryview]) -> list[bytes]:
        """Pack each of some records, with a checksum."""
        packer = self._own.__dict__.pop("packer", None) or self._packer()
        packed = [packer.compress(one, packer.FLUSH_FRAME) for one in records]
        self._own.packer = packer  # not where it was broken off half-way
        return packed

    def unpack(self, packed: bytes) -> bytes:
        """Give a record as it was; raises NotPacked."""
        try:
            return bytes(self._library.decompress(packed, zstd_dict=self._like))
        except self._library.ZstdError as fault:
            raise NotPacked("not packed by this dictionary") from fault

    def _packer(self) -> Any:
        settings = self._library.CompressionParameter
        return self._library.ZstdCompressor(
            options={settings.compression_level: _LEVEL, settings.checksum_flag: 1},
            zstd_dict=self._like.as_digested_dict,
        )


@cache
def library() -> Any:
    """Give the library itself, imported when it is first wanted."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd
