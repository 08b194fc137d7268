"""Looks through a workbook before it is opened: what would fill a memory or hold a processor is refused unread.

What a reader would get wrong: the size of the file says little. Five megabytes of a zip can hold millions of empty
cells in one row, each of which becomes an object of a kilobyte once a library reads it. So every part is run through
expat first, which makes nothing of it, and counted; reading stops at the first bound that is passed. Never raises for
what is merely broken: the library that reads the workbook says that.
"""

import posixpath
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat

from caller_app.base.archives import BROKEN, Bounds, Unfit, local, new_parser, opened
from caller_app.base.errors import Refused

FILE_BYTES, EXPANDED_BYTES, PARTS = 5 * 2**20, 30 * 2**20, 1_000
CELLS, IN_A_ROW = 400_000, 16_384  # Excel's own width; ten thousand rows of forty columns
LOWEST_ROW = 1_048_576  # Excel's own
TEXTS = 3 * CELLS  # values, texts and rows
BESIDE = 50_000  # other elements of sheets and texts: the pieces of coloured words, for example
ELSEWHERE = 20_000  # elements of all other parts together: styles, names, the theme
DEEP = 64
_CHUNK = 1 << 16
_BOUNDS: Final = Bounds(FILE_BYTES, PARTS, EXPANDED_BYTES)
_TEXTS: Final = frozenset({"v", "f", "is", "t", "si", "row"})
_NO_WORKBOOK = "The script is not an Excel workbook (.xlsx), or it is damaged."
_SENTENCES: Final = {
    "file_large": "The script is too large a file: at most 5 MB.",
    "encrypted": "The script is protected with a password. Remove it in Excel and save it again.",
    "legacy": "The script is in the old .xls format. Open it in Excel and save it as .xlsx.",
    "parts": "The script's workbook holds far more parts than a workbook does: it was not opened.",
    "unpacks": "The script unpacks to far more than a script can hold: it was not opened.",
}


def guard(path: Path) -> None:
    """Refuse a file that is no workbook or unfolds to more than a script can hold; names the cell where it does."""
    try:
        with opened(path, _BOUNDS, _refusal) as archive:
            counted = _Counted()
            for one in sorted(archive.infolist(), key=lambda part: _rank(part.filename)):
                _look(archive, one, counted)
    except OSError:
        raise Refused("The script file cannot be opened.") from None


def _refusal(unfit: Unfit) -> Refused:
    return Refused(_SENTENCES.get(unfit.why, _NO_WORKBOOK))


@dataclass(slots=True)
class _Counted:
    """What was counted in all parts so far, and the names of the sheets by part, for saying where."""

    cells: int = 0
    texts: int = 0
    beside: int = 0
    elsewhere: int = 0
    sheet_ids: dict[str, str] = field(default_factory=dict)  # relationship -> name
    sheets: dict[str, str] = field(default_factory=dict)  # part -> name


def _rank(name: str) -> int:
    """The list of sheets first, so that whatever follows can be named."""
    lower = name.casefold()
    return 0 if lower.endswith("workbook.xml") else 1 if lower.endswith(".rels") else 2


def _look(archive: zipfile.ZipFile, part: zipfile.ZipInfo, counted: _Counted) -> None:
    parser = new_parser(_declaration)
    looking = _Looking(part.filename, counted)
    parser.StartElementHandler = looking.start
    parser.EndElementHandler = looking.end
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
    except (expat.ExpatError, *BROKEN):
        return  # no XML, or damaged: nothing behind this place is ever read


def _declaration() -> Refused:
    return Refused("The script's workbook is damaged or not an Excel workbook: a part of it declares a document type.")


class _Looking:
    """The elements of one part, counted as they come."""

    def __init__(self, name: str, counted: _Counted) -> None:
        self._name = name
        self._counted = counted
        self._deep = 0
        self._in_row = 0
        self._row = self._cell = ""
        lower = name.casefold()
        self._filled = "sheet" in lower or "sharedstrings" in lower
        self._books = lower.endswith("workbook.xml")
        self._links = lower.endswith("workbook.xml.rels")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        counted = self._counted
        element = local(name)
        self._deep += 1
        if self._deep > DEEP:
            raise Refused("The script's workbook is nested far deeper than a workbook is: it was not opened.")
        if element == "c":
            self._in_row += 1
            counted.cells += 1
            self._cell = attributes.get("r", "")[:12]
            if counted.cells > CELLS or self._in_row > IN_A_ROW:
                raise self._too_many(f"more than {CELLS if counted.cells > CELLS else IN_A_ROW:,} cells")
        elif element in _TEXTS:
            if element == "row":
                self._in_row = 0
                self._in_sheet(attributes.get("r", ""))
            counted.texts += 1
            if counted.texts > TEXTS:
                raise self._too_many("far more rows and texts than a script can have")
        elif self._filled:
            counted.beside += 1
            if counted.beside > BESIDE:
                raise self._too_many("far more pieces of text than a script can have")
        else:
            counted.elsewhere += 1
            if counted.elsewhere > ELSEWHERE:
                raise Refused("The script's workbook holds far more formats and names than a workbook does.")
            self._listed(element, attributes)

    def end(self, _name: str) -> None:
        self._deep -= 1

    def _in_sheet(self, number: str) -> None:
        """Note the row. Whoever reads the sheet gives every row above it: a number beyond Excel's would never end."""
        self._row, self._cell = number[:8], ""
        if number and not (number.isascii() and number.isdigit() and len(number) < 8 and int(number) <= LOWEST_ROW):
            raise self._too_many("a row with a number that no workbook has")

    def _too_many(self, what: str) -> Refused:
        sheet = self._counted.sheets.get(self._name.casefold().lstrip("/"), posixpath.basename(self._name))
        place = f"{sheet[:40]}!{self._cell or (f'row {self._row}' if self._row else 'A1')}"
        return Refused(
            f"The script's workbook holds {what}, the first one too many at {place}: it was not opened. Delete the "
            "rows and columns that are not needed and save it again.",
            place=place,
        )

    def _listed(self, element: str, attributes: dict[str, str]) -> None:
        counted = self._counted
        if self._books and element == "sheet":
            link = next((value for key, value in attributes.items() if local(key) == "id"), "")
            counted.sheet_ids[link] = attributes.get("name", "")
        elif self._links and element == "Relationship" and attributes.get("Id", "") in counted.sheet_ids:
            target = attributes.get("Target", "")
            whole = target if target.startswith("/") else posixpath.join("xl", target)
            counted.sheets[posixpath.normpath(whole).casefold().lstrip("/")] = counted.sheet_ids[attributes["Id"]]
