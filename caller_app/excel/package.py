"""Opens the zip container of a cohort's .xlsx file and reads its parts as streams, within the limits.

Encrypted workbooks and old .xls files are not zip files but OLE containers; each gets its own sentence. What a
container may be, and that its XML declares nothing, is looked at in `base.archives`, as for scripts.
"""

import posixpath
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.parsers import expat

from caller_app.base import archives
from caller_app.base.archives import BROKEN, Unfit, local
from caller_app.base.errors import Refused
from caller_app.excel.limits import Limits

__all__ = ["Attributes", "Package", "local", "new_parser", "open_package"]

CHUNK = 1 << 17
_HEAD = 1_024
_DAMAGED = (
    "{name} is damaged and cannot be read. Ask for it again, or open it in Excel and save it as a new .xlsx file."
)

Attributes = dict[str, str]


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
        except BROKEN as error:
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


def _declaration() -> Refused:
    return Refused(
        "The workbook holds a document type declaration, which no spreadsheet program writes. It is not read; ask for "
        "the file again."
    )


def new_parser() -> expat.XMLParserType:
    """An expat parser that refuses document type declarations."""
    parser = archives.new_parser(_declaration)
    parser.buffer_text = True
    return parser


@contextmanager
def open_package(path: Path, limits: Limits) -> Iterator[Package]:
    """Open an .xlsx file within the limits."""
    bounds = archives.Bounds(
        limits.file_bytes, limits.members, limits.expanded_bytes, limits.ratio, limits.ratio_from_bytes
    )
    with archives.opened(path, bounds, lambda unfit: _refusal(path.name, unfit, limits)) as archive:
        yield Package(archive, path.name)


def _refusal(name: str, unfit: Unfit, limits: Limits) -> Refused:
    amount = unfit.amount
    sentences = {
        "file_large": f"{name} has {amount // 1_000_000} MB; at most {limits.file_bytes // 1_000_000} MB are read. "
        "Split it into smaller files.",
        "encrypted": f"{name} is protected with a password. Remove the password in Excel and save it again.",
        "legacy": f"{name} is in the old .xls format. Open it in Excel and save it as .xlsx.",
        "foreign": f"{name} is not an .xlsx workbook. Open it in Excel and save it as .xlsx.",
        "empty": f"{name} is empty.",
        "damaged": _DAMAGED.format(name=name),
        "parts": f"{name} holds {amount} parts; no cohort workbook does. It is not read.",
        "unpacks": f"{name} unfolds to {amount // 1_000_000} MB; at most {limits.expanded_bytes // 1_000_000} MB are "
        "read. Delete empty rows below the list and sheets that are not needed, or split the list.",
        "dense": f"{name} is packed more than {amount} to one, which is how a file is made that fills up the memory. "
        "It is not read. Delete empty rows below the list and save it again.",
    }
    return Refused(sentences[unfit.why])
