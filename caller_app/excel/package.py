"""Opens the zip container of an .xlsx file after looking at what it would unfold to.

Encrypted workbooks and old .xls files are not zip files but OLE containers; each gets its own sentence. Parts are read
as streams with expat; a document type declaration is refused, which rules out entity bombs and outside references.
"""

import lzma
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.parsers import expat

from caller_app.base.errors import Refused
from caller_app.excel.limits import Limits

CHUNK = 1 << 17
_HEAD = 1_024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK"
_XLS_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_DAMAGED = (
    "{name} is damaged and cannot be read. Ask for it again, or open it in Excel and save it as a new .xlsx file."
)
# What the zip module raises over a damaged container, besides its own error.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)

Attributes = dict[str, str]


def refuse_foreign_containers(path: Path) -> None:
    """Refuse what is no .xlsx although it is called one: encrypted, legacy or something else."""
    with path.open("rb") as file:
        head = file.read(8)
        if head == _OLE:
            body = head + file.read(2_000_000)
            if _ENCRYPTED_STREAM in body:
                raise Refused(
                    f"{path.name} is protected with a password. Remove the password in Excel and save it again."
                )
            if any(stream in body for stream in _XLS_STREAMS):
                raise Refused(f"{path.name} is in the old .xls format. Open it in Excel and save it as .xlsx.")
            raise Refused(f"{path.name} is not an .xlsx workbook. Open it in Excel and save it as .xlsx.")
    if not head:
        raise Refused(f"{path.name} is empty.")
    if not head.startswith(_ZIP):
        raise Refused(f"{path.name} is not an .xlsx workbook. Open it in Excel and save it as .xlsx.")


class Package:
    """The parts of an open .xlsx file."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.name = name
        self._archive = archive
        self._parts = {info.filename.lstrip("/").casefold(): info for info in archive.infolist()}

    def has(self, part: str) -> bool:
        """True when the part is there; names are compared without case."""
        return part.casefold() in self._parts

    def size(self, part: str) -> int:
        """The unpacked size of a part."""
        return self._parts[part.casefold()].file_size

    def open(self, part: str) -> IO[bytes]:
        """A part as a stream."""
        info = self._parts.get(part.casefold())
        if info is None:
            raise Refused(f"{self.name} is not a complete workbook: {posixpath.basename(part)} is missing in it.")
        return self._archive.open(info)

    def damaged(self) -> Refused:
        """The refusal for a file that cannot be read to its end."""
        return Refused(_DAMAGED.format(name=self.name))

    def relationships(self, part: str) -> dict[str, str]:
        """Targets by relationship id, as part names."""
        folder, base = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        targets: dict[str, str] = {}
        if not self.has(rels):
            return targets

        def start(name: str, attributes: Attributes) -> None:
            if local(name) != "Relationship" or attributes.get("TargetMode") == "External":
                return
            target = attributes.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            targets[attributes.get("Id", "")] = posixpath.normpath(whole)

        self.scan(rels, start)
        return targets

    def scan(
        self,
        part: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Run a whole part through expat."""
        parser = new_parser()
        parser.StartElementHandler = start
        if end is not None:
            parser.EndElementHandler = end
        if text is not None:
            parser.CharacterDataHandler = text
        for chunk in self.chunks(part):
            self.parse(parser, chunk)
        self.parse(parser, b"", last=True)

    def chunks(self, part: str) -> Iterator[bytes]:
        """A part piece by piece."""
        try:
            with self.open(part) as stream:
                while chunk := stream.read(CHUNK):
                    yield chunk
        except _BROKEN as error:
            raise self.damaged() from error

    def is_plain(self, part: str) -> bool:
        """True for a part in UTF-8 without comments, CDATA or declarations: in those, tags could be text."""
        head = b""
        before = b""
        for chunk in self.chunks(part):
            if not head:
                head = chunk[:_HEAD].lower()
                declared = head.split(b"?>")[0]
                if head.startswith((b"\xff\xfe", b"\xfe\xff")) or (
                    b"encoding" in declared and b"utf-8" not in declared and b"us-ascii" not in declared
                ):
                    return False
            if b"<!" in chunk or (before == b"<" and chunk.startswith(b"!")):
                return False
            before = chunk[-1:]
        return True

    def parse(self, parser: expat.XMLParserType, data: bytes, *, last: bool = False) -> None:
        """Hand a piece to a parser; XML that is not well formed means a damaged file."""
        try:
            parser.Parse(data, last)
        except expat.ExpatError as error:
            raise self.damaged() from error


def local(name: str) -> str:
    """An element or attribute name without its prefix."""
    return name.rpartition(":")[2]


def _refuse_declaration(*_: object) -> None:
    raise Refused(
        "The workbook holds a document type declaration, which no spreadsheet program writes. It is not read; ask for "
        "the file again."
    )


def new_parser() -> expat.XMLParserType:
    """An expat parser that refuses document type declarations."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.EntityDeclHandler = _refuse_declaration
    return parser


@contextmanager
def open_package(path: Path, limits: Limits) -> Iterator[Package]:
    """Open an .xlsx file within the limits."""
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise Refused(
            f"{path.name} has {size // 1_000_000} MB; at most {limits.file_bytes // 1_000_000} MB are read. Split it "
            f"into "
            "smaller files."
        )
    refuse_foreign_containers(path)
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise Refused(_DAMAGED.format(name=path.name)) from error
    with archive:
        _refuse_bombs(archive, path.name, size, limits)
        yield Package(archive, path.name)


def _refuse_bombs(archive: zipfile.ZipFile, name: str, size: int, limits: Limits) -> None:
    members = archive.infolist()
    if len(members) > limits.members:
        raise Refused(f"{name} holds {len(members)} parts; no cohort workbook does. It is not read.")
    if any(member.flag_bits & 1 for member in members):
        raise Refused(f"{name} is protected with a password. Remove the password and save it again.")
    expanded = sum(member.file_size for member in members)
    if expanded > limits.expanded_bytes:
        raise Refused(
            f"{name} unfolds to {expanded // 1_000_000} MB; at most {limits.expanded_bytes // 1_000_000} MB are read. "
            f"Delete "
            "empty rows below the list and sheets that are not needed, or split the list."
        )
    for member in members:
        if member.file_size > limits.ratio_from_bytes and member.file_size > limits.ratio * max(
            member.compress_size, 1
        ):
            raise Refused(
                f"{name} is packed more than {limits.ratio} to one, which is how a file is made that fills up the "
                f"memory. "
                "It is not read. Delete empty rows below the list and save it again."
            )
    if expanded > limits.ratio_from_bytes and expanded > limits.ratio * size:
        raise Refused(f"{name} is packed more than {limits.ratio} to one. It is not read; save it again in Excel.")
