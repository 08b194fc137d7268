"""The sheets of a script's workbook as lines of text cells; nothing is evaluated, nothing unbounded is read.

What a reader would get wrong: cells are data. A formula is a fault, never evaluated, and a column nobody knows is a
fault with its cell, not an extra: a misspelt `relevent` would show a page to everybody.
"""

import io
import math
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any
from unicodedata import category

from caller_app.base.archives import BROKEN
from caller_app.base.errors import Refused
from caller_app.script.container import guard
from caller_app.script.findings import Findings
from caller_app.script.nearest import nearest

SURVEY = (
    "type", "name", "label", "relevant", "constraint", "constraint_message", "required", "calculation", "hint", "style",
    "sets_outcome", "raises", "default", "appearance", "choice_filter", "pathway",
)  # fmt: skip
COLUMNS = {
    "survey": SURVEY,
    "choices": ("list_name", "name", "label", "sets_outcome", "pathway"),
    "settings": ("form_title", "form_id", "version", "default_language"),
    "examples": ("example", "outcome", "pathways"),
}
OPTIONAL = frozenset({"examples"})
NEEDED = {
    "survey": SURVEY[:3],
    "choices": ("list_name", "name", "label"),
    "settings": ("form_title", "form_id", "version"),
    "examples": ("example", "outcome"),
}
TRANSLATED = frozenset({"label", "hint", "constraint_message"})
ROWS, WIDTH, CELL = 10_000, 60, 4_000
_ALIASES = {
    "relevance": "relevant",
    "list name": "list_name",
    "calculate": "calculation",
    "message": "constraint_message",
}
_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f])_")  # how Excel writes a sign that XML cannot hold
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_FEW = 20  # rows with cells too far out that are named
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")  # what a browser's page brings along
# Columns of XLSForm that belong to media, repeats, data from elsewhere or a form on paper.
_NOT_IN_A_CALL = frozenset(
    {
        "media", "image", "big-image", "audio", "video", "autoplay", "parameters", "repeat_count", "trigger",
        "read_only", "readonly", "required_message", "guidance_hint", "save_to", "bind", "body", "instance", "control",
        "note", "disabled", "geometry", "public_key", "submission_url", "auto_send", "auto_delete", "style_sheet",
        "instance_name", "sms_keyword", "allow_choice_duplicates", "omit_instanceid", "namespaces", "instance_xmlns",
    }
)  # fmt: skip
_HEADS_WITHIN = 20  # rows in which headings that do not stand in row 1 are looked for
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # letters by name, and nothing to be seen
_JOINERS = frozenset("\u200c\u200d")  # Persian, Kurdish and Bengali words are written with them


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: its number, its filled cells by column name, and the letters of the columns."""

    sheet: str
    nr: int
    cells: dict[str, tuple[str, str]]  # column -> (text, address)
    letters: Mapping[str, str] = field(default_factory=dict)

    def text(self, column: str) -> str:
        """Give the text of a column, blank where the cell is empty."""
        return self.cells.get(column, ("", ""))[0]

    def lacks(self, column: str) -> bool:
        """Tell whether nothing at all stands in a column, in no language."""
        return not any(one.partition("::")[0] == column for one in self.cells)

    def place(self, column: str) -> str:
        """Say where the cell of a column stands, empty or not; the row's first cell where there is no such column."""
        address = self.cells.get(column, ("", ""))[1] or f"{self.letters.get(column, 'A')}{self.nr}"
        return f"{self.sheet}!{address}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its lines, the columns it has, and the columns only a filter or an example knows, with their cells."""

    lines: tuple[Line, ...]
    columns: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


def read_sheets(path: Path, found: Findings) -> dict[str, Sheet]:
    """Read the three sheets; raises Refused where the file is no workbook of a script at all."""
    guard(path)
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # openpyxl speaks of styles and filters it leaves out
            # From memory, the guard has bounded it: over a damaged part the library leaves its file open.
            body = io.BytesIO(path.read_bytes())
            _no_macros(body)
            book = openpyxl.load_workbook(body, read_only=True, keep_links=False)
            try:
                return _sheets(book, found)
            finally:
                book.close()
    except (InvalidFileException, *BROKEN, LookupError, ArithmeticError, TypeError, AttributeError, SyntaxError):
        raise Refused("The script cannot be read: the file is damaged or not an Excel workbook.") from None


def _no_macros(body: io.BytesIO) -> None:
    """Refuse a workbook with macros: it is kept, and given to whoever wants to see it again."""
    with zipfile.ZipFile(body) as archive:
        if any(name.casefold().endswith("vbaproject.bin") for name in archive.namelist()):
            raise Refused("The script's workbook holds macros. Save it in Excel as a workbook without them (.xlsx).")


def _sheets(book: Any, found: Findings) -> dict[str, Sheet]:
    for name in book.sheetnames:
        if name not in COLUMNS:
            said = name[:40] if not _unseen(name, spoken=False) else ascii(name[:40])
            near = nearest(name.strip().lower(), COLUMNS, cutoff=0.7)
            near = near if near and near not in book.sheetnames else ""
            remedy = f"perhaps {near} is meant: name it so" if near else "take it out of the workbook"
            found.error(said, "sheet_unknown", f"the sheet {said} is not known here", remedy)
    sheets = {}
    for name in COLUMNS:
        if name in book.sheetnames:
            sheets[name] = _sheet(book[name], name, found)
        elif name in OPTIONAL:
            sheets[name] = Sheet(())
        else:
            found.error(name, "sheet_missing", f"the sheet {name} is missing", "add it, with its headings in row 1")
            sheets[name] = Sheet(())
    return sheets


def _sheet(sheet: Any, name: str, found: Findings) -> Sheet:
    if not hasattr(sheet, "iter_rows"):  # a sheet that holds a chart
        found.error(name, "sheet_empty", f"the sheet {name} holds no cells", "add its headings in row 1")
        return Sheet(())
    sheet.reset_dimensions()
    rows = sheet.iter_rows()
    first = next(rows, ())
    if not any(_heading(cell, name) for cell in first[:WIDTH]):
        _no_headings(rows, name, found)
        return Sheet(())
    heads, extra, told = _heads(first, name, found)
    beyond = _beyond(first, name, found)
    for column in NEEDED[name]:
        if column not in heads.values() and not (
            column == "label" and any(one.startswith("label::") for one in heads.values())
        ):
            found.error(
                f"{name}!A1", "column_missing", f"the sheet {name} has no column {column}",
                f"add the heading {column} in row 1",
            )  # fmt: skip
    return Sheet(tuple(_lines(rows, heads, told, name, found, beyond)), tuple(heads.values()), tuple(extra))


def _heading(cell: Any, name: str) -> bool:
    return cell.value is not None and bool(_meant(str(cell.value).strip()[:80], name))


def _no_headings(rows: Iterator[Any], name: str, found: Findings) -> None:
    """Row 1 holds none: say where they are, rather than that every cell of the sheet has no heading."""
    for nr, cells in zip(range(2, _HEADS_WITHIN), rows, strict=False):
        if sum(_heading(cell, name) for cell in cells[:WIDTH]) >= 2:
            what, remedy = f"the headings of the sheet {name} stand in row {nr}", "delete the rows above them"
            break
    else:
        what, remedy = f"row 1 of the sheet {name} holds no headings", f"write {', '.join(NEEDED[name])} in row 1"
    found.error(f"{name}!A1", "headings_missing", what, remedy)


def _heads(cells: Any, name: str, found: Findings) -> tuple[dict[int, str], list[tuple[str, str]], set[int]]:
    """Give the columns by number, those only a filter or an example knows, and those whose heading is a finding."""
    heads: dict[int, str] = {}
    extra: list[tuple[str, str]] = []
    told: set[int] = set()
    written = {str(cell.value).strip() for cell in cells[:WIDTH] if cell.value is not None}
    for cell in cells[:WIDTH]:
        if cell.value is None or not str(cell.value).strip():
            continue
        said = _SPACES.sub(" ", str(cell.value)).strip()[:80]
        head = _ALIASES.get(said.lower(), said)
        place = f"{name}!{cell.coordinate}"
        base, split, language = (part.strip() for part in head.partition("::"))
        known = head in COLUMNS[name]
        if split and language and base in TRANSLATED and base in COLUMNS[name]:
            head, known = f"{base}::{language}", True
        told.add(cell.column)
        if cell.data_type == "f":
            found.error(place, "formula", "a formula cannot be a heading", "type the heading itself")
        elif _unseen(said, spoken=False):
            found.error(
                place, "hidden_character", "a character that cannot be seen stands in this heading", "type it anew"
            )
        elif head in heads.values():
            found.error(place, "column_twice", f"the column {head} stands there twice", "take one of them out")
        elif known:
            heads[cell.column] = head
        elif name in ("choices", "examples") and _PLAIN.fullmatch(head) and not _meant(head, name):
            heads[cell.column] = head
            extra.append((head, place))
        else:
            near = _unknown(head, base, place, name, found)
            if near.partition("::")[0] in NEEDED[name] and near not in heads.values() and near not in written:
                heads[cell.column] = near  # or every row would lack it
    return heads, extra, told - heads.keys()


def _unknown(head: str, base: str, place: str, name: str, found: Findings) -> str:
    """Note a heading nobody knows; gives the one that is probably meant."""
    near = _meant(head, name)
    if not near and base.lower() in _NOT_IN_A_CALL:
        found.error(
            place, "column_unknown", f"the column {head} is of no use in a call: it is for media, repeats or forms",
            "take the column out",
        )  # fmt: skip
        return ""
    found.error(
        place, "column_unknown", f"the column {head} is not known here",
        f"perhaps {near} is meant" if near else f"the columns are {', '.join(COLUMNS[name])}",
    )  # fmt: skip
    return near


def _meant(head: str, name: str) -> str:
    """Give the column that is probably meant, with its language."""
    base, split, language = (part.strip() for part in head.partition("::" if "::" in head else ":"))
    near = nearest(base.lower(), (*COLUMNS[name], *_ALIASES), cutoff=0.7)
    near = _ALIASES.get(near, near)
    near = near if near in COLUMNS[name] else ""
    return f"{near}::{language}" if near in TRANSLATED and split and language else near


def _lines(
    rows: Iterator[Any], heads: dict[int, str], told: set[int], name: str, found: Findings, beyond: int
) -> Iterator[Line]:
    """Give the filled rows; below a heading that is a finding, or under none, one finding stands for the column."""
    from openpyxl.utils import get_column_letter

    letters: dict[str, str] = {}
    for column, head in heads.items():
        letters.setdefault(head, get_column_letter(column))
        letters.setdefault(head.partition("::")[0], get_column_letter(column))
    for nr, cells in enumerate(rows, 2):
        if nr > ROWS:
            if any(cell.value is not None for cell in cells[:WIDTH]):
                found.error(
                    f"{name}!A{nr}", "sheet_large", f"the sheet {name} has more than {ROWS} rows",
                    "split the script, or delete the rows below it",
                )  # fmt: skip
                return
            continue
        if beyond < _FEW and len(cells) > WIDTH:
            beyond += _beyond(cells, name, found)
        line = Line(name, nr, {}, letters)
        for cell in cells[:WIDTH]:
            if cell.value is None or cell.column in told:
                continue
            head = heads.get(cell.column, "")
            if not head and str(cell.value).strip():
                told.add(cell.column)
            text = _checked(cell, head, f"{name}!{cell.coordinate}", found)
            if head and (text or str(cell.value).strip()):  # refused: blank, but not missing
                line.cells[head] = (text, cell.coordinate)
        if line.cells:
            yield line


def _beyond(cells: Any, name: str, found: Findings) -> int:
    """Note the first cell of a row that stands further out than anything is read; gives how many were noted."""
    cell = next((one for one in cells[WIDTH:] if one.value is not None), None)
    if cell is None:
        return 0
    found.error(
        f"{name}!{cell.coordinate}", "cell_far", f"a cell so far to the right is not read: {WIDTH} columns are",
        "delete it",
    )  # fmt: skip
    return 1


def _checked(cell: Any, head: str, place: str, found: Findings) -> str:
    """Give the text of a cell; what cannot be text of a script is a finding and gives nothing."""
    if cell.data_type == "f":
        found.error(place, "formula", "a formula cannot stand in a script", "type the text itself")
        return ""
    if cell.data_type == "e" or (isinstance(cell.value, float) and not math.isfinite(cell.value)):
        found.error(place, "error_value", "an error value of Excel cannot stand in a script", "type the text itself")
        return ""
    text = _text(cell.value)
    spoken = head.partition("::")[0] in TRANSLATED
    if not spoken:
        text = _SPACES.sub(" ", text).strip()
    if text and not head:
        found.error(place, "cell_without_heading", "a cell without a heading cannot stand in a script", "delete it")
        return ""
    if len(text) > CELL:
        found.error(place, "cell_long", f"more than {CELL} characters", "shorten it")
        return ""
    if _unseen(text, spoken=spoken):
        found.error(
            place, "hidden_character", "a character that cannot be seen stands in this cell",
            "type the text anew; do not paste it",
        )  # fmt: skip
        return ""
    return text


def _unseen(text: str, *, spoken: bool) -> bool:
    """Tell whether something stands in a text that nobody can see: a mark of direction, a space of no width."""
    if text.isprintable() and _FILLERS.isdisjoint(text):
        return False
    return any(
        sign in _FILLERS
        or not (sign.isprintable() or sign in "\n\r\t" or (spoken and sign in _JOINERS) or category(sign) == "Zs")
        for sign in text
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()  # Excel makes a day of 2026-11-22 as soon as it is typed
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value)).strip()
