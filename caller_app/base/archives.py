"""A zip file from outside (a workbook), looked at before anything of it is unpacked, and its XML read without a trap.

What a reader would get wrong: the size of the file says little; one megabyte can unfold to gigabytes. Nothing is said
here in words: whoever opens a file knows what it should have been and gives the sentence for what is unfit about it.
Each part still has to be read with a bound of its own: what a zip says of its sizes is only what it says.
"""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NoReturn
from xml.parsers import expat

from caller_app.base.errors import Refused

# What the zip module raises over a damaged container, besides its own error.
BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # also: encrypted, an unknown way of packing
    ValueError,
    OverflowError,
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK"
_XLS_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

Why = Literal["file_large", "encrypted", "legacy", "foreign", "empty", "damaged", "parts", "unpacks", "dense"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large an archive may be; below `dense_from` bytes it may be packed however tightly."""

    file_bytes: int
    parts: int
    unpacked_bytes: int
    density: int | None = None
    dense_from: int = 0


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why an archive is not opened, and how much of it there is where that is why."""

    why: Why
    amount: int = 0


Refusal = Callable[[Unfit], Refused]


@contextmanager
def opened(path: Path, bounds: Bounds, refusal: Refusal) -> Iterator[zipfile.ZipFile]:
    """Open an archive within its bounds; raises what `refusal` makes of what is unfit, OSError where it is not read."""
    size = path.stat().st_size
    if size > bounds.file_bytes:
        raise refusal(Unfit("file_large", size))
    foreign = _foreign(path)
    if foreign is not None:
        raise refusal(foreign)
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        raise refusal(Unfit("damaged")) from error
    with archive:
        unfit = _unfit(archive, size, bounds)
        if unfit is not None:
            raise refusal(unfit)
        yield archive


def _foreign(path: Path) -> Unfit | None:
    """What is no zip: an encrypted workbook and an old one are OLE containers."""
    with path.open("rb") as file:
        head = file.read(8)
        if head == _OLE:
            body = head + file.read(2_000_000)
            if _ENCRYPTED_STREAM in body:
                return Unfit("encrypted")
            return Unfit("legacy" if any(stream in body for stream in _XLS_STREAMS) else "foreign")
    if not head:
        return Unfit("empty")
    return None if head.startswith(_ZIP) else Unfit("foreign")


def _unfit(archive: zipfile.ZipFile, size: int, bounds: Bounds) -> Unfit | None:
    listed = archive.infolist()
    if len(listed) > bounds.parts:
        return Unfit("parts", len(listed))
    if any(one.flag_bits & 1 for one in listed):
        return Unfit("encrypted")
    unpacked = sum(one.file_size for one in listed)
    if unpacked > bounds.unpacked_bytes:
        return Unfit("unpacks", unpacked)
    if bounds.density is not None:
        sizes = [(one.file_size, one.compress_size) for one in listed]
        for whole, packed in [*sizes, (unpacked, size)]:
            if whole > bounds.dense_from and whole > bounds.density * max(packed, 1):
                return Unfit("dense", bounds.density)
    return None


def new_parser(refusal: Callable[[], Refused]) -> expat.XMLParserType:
    """Make an expat parser that refuses document types: without one no entity can unfold or lead outside."""

    def refuse(*_: object) -> NoReturn:
        raise refusal()

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def local(name: str) -> str:
    """Give an element's or attribute's name without its prefix."""
    return name.rpartition(":")[2]
