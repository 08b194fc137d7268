"""Reading a script from its XLSForm workbook: sheets survey, choices and settings, one group one page.

What a reader would get wrong: cells are data. A formula is refused, never evaluated, and a column nobody knows is a
fault with its cell, not an extra: a misspelt `relevant` would show a page to everybody.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caller_app.base.errors import Refused
from caller_app.script.script import VISIBLE, Choice, Page, Row, Script, frozen

SURVEY = (
    "type", "name", "label", "relevant", "constraint", "constraint_message", "required", "calculation", "hint", "style",
    "sets_outcome", "raises", "default", "appearance", "choice_filter", "pathway",
)  # fmt: skip
COLUMNS = {
    "survey": SURVEY,
    "choices": ("list_name", "name", "label", "sets_outcome", "pathway"),
    "settings": ("form_title", "form_id", "version"),
}
STYLES = ("", "say", "ask", "instruct", "warn")
FILE_BYTES, EXPANDED_BYTES, ROWS, CELL = 5 * 2**20, 50 * 2**20, 2_000, 4_000
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_REFERENCE = re.compile(r"\$\{([^}]*)\}")
_CODE = re.compile(r"[A-Z][0-9]{2}")


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a sheet: its number and its filled cells by column name."""

    sheet: str
    nr: int
    cells: dict[str, tuple[str, str]]  # column -> (text, address)

    def text(self, column: str) -> str:
        return self.cells.get(column, ("", ""))[0]

    def fault(self, column: str, what: str) -> Refused:
        address = self.cells.get(column, ("", ""))[1] or f"row {self.nr}"
        place = f"{self.sheet}!{address}"
        return Refused(f"The script, {place}: {what}.", field=column, place=place)


def read_script(path: Path) -> Script:
    """Read and freeze a script; raises Refused with sheet and cell of what is wrong."""
    sheets = _read_sheets(path)
    settings = sheets["settings"]
    if len(settings) != 1:
        raise Refused("The script: the sheet settings must hold exactly one row.", place="settings")
    for column in COLUMNS["settings"]:
        if not settings[0].text(column):
            raise settings[0].fault(column, f"{column} is missing")
    pages = tuple(_pages(sheets["survey"], _choices(sheets["choices"])))
    _check_references(pages)
    head = settings[0]
    return frozen(head.text("form_id"), head.text("form_title"), head.text("version"), pages)


def _read_sheets(path: Path) -> dict[str, list[_Line]]:
    _guard(path)
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # openpyxl speaks of styles and filters it leaves out
            book = openpyxl.load_workbook(path, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, SyntaxError, OSError):
        raise Refused("The script cannot be read: the file is damaged or not an Excel workbook.") from None
    try:
        for name in book.sheetnames:
            if name not in COLUMNS:
                raise Refused(f"The script: the sheet {name[:40]} is not known here.", place=name[:40])
        for name in COLUMNS:
            if name not in book.sheetnames:
                raise Refused(f"The script: the sheet {name} is missing.", place=name)
        return {name: list(_lines(book[name], name)) for name in COLUMNS}
    finally:
        book.close()


def _guard(path: Path) -> None:
    """Refuse what is too large before anything is unpacked."""
    try:
        if path.stat().st_size > FILE_BYTES:
            raise Refused("The script is too large a file: at most 5 MB.")
        with zipfile.ZipFile(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > EXPANDED_BYTES:
                raise Refused("The script unpacks to far more than a script can hold: it was not opened.")
    except zipfile.BadZipFile:
        raise Refused("The script is not an Excel workbook (.xlsx), or it is encrypted or damaged.") from None
    except OSError:
        raise Refused("The script file cannot be opened.") from None


def _lines(sheet: Any, name: str) -> Iterator[_Line]:
    if sheet.max_row > ROWS or sheet.max_column > 60:
        raise Refused(f"The script: the sheet {name} is larger than a script can be.", place=name)
    heads: dict[int, str] = {}
    for cell in sheet[1]:
        if cell.value is None:
            continue
        head = {"relevance": "relevant"}.get(str(cell.value).strip(), str(cell.value).strip())
        place = f"{name}!{cell.coordinate}"
        if head not in COLUMNS[name]:
            raise Refused(f"The script, {place}: the column {head[:40]} is not known here.", field=head, place=place)
        if head in heads.values():
            raise Refused(f"The script, {place}: the column {head} stands there twice.", field=head, place=place)
        heads[cell.column] = head
    for column in COLUMNS[name][:3]:
        if column not in heads.values():
            raise Refused(f"The script: the sheet {name} has no column {column}.", field=column, place=name)
    for cells in sheet.iter_rows(min_row=2):
        line = _Line(name, cells[0].row, {})
        for cell in cells:
            if cell.value is None:
                continue
            head = heads.get(cell.column, "")
            place = f"{name}!{cell.coordinate}"
            if cell.data_type == "f":
                raise Refused(f"The script, {place}: a formula cannot stand in a script.", field=head, place=place)
            if cell.data_type == "e" or not head:
                what = "an error value" if head else "a cell without a heading"
                raise Refused(f"The script, {place}: {what} cannot stand in a script.", field=head, place=place)
            text = _text(cell.value)
            if len(text) > CELL:
                raise Refused(f"The script, {place}: more than {CELL} characters.", field=head, place=place)
            if text:
                line.cells[head] = (text, cell.coordinate)
        if line.cells:
            yield line


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _choices(lines: list[_Line]) -> dict[str, tuple[Choice, ...]]:
    lists: dict[str, list[Choice]] = {}
    for line in lines:
        for column in ("list_name", "name", "label"):
            if not line.text(column):
                raise line.fault(column, f"{column} is missing")
        _code(line)
        listed = lists.setdefault(line.text("list_name"), [])
        if any(one.value == line.text("name") for one in listed):
            raise line.fault("name", "this answer stands in its list twice")
        listed.append(
            Choice(
                value=line.text("name"),
                label=line.text("label"),
                sets_outcome=line.text("sets_outcome"),
                pathway=line.text("pathway"),
            )
        )
    return {name: tuple(listed) for name, listed in lists.items()}


def _code(line: _Line) -> None:
    code = line.text("sets_outcome")
    if code and not _CODE.fullmatch(code):
        raise line.fault("sets_outcome", "an outcome code is a letter and two digits")


def _pages(lines: list[_Line], lists: dict[str, tuple[Choice, ...]]) -> Iterator[Page]:
    seen: set[str] = set()
    group: _Line | None = None
    rows: list[Row] = []
    loose = 0
    for line in lines:
        kind = line.text("type")
        if kind in ("begin_group", "begin group"):
            if group is not None:
                raise line.fault("type", "a group inside a group: one group is one page")
            if rows:
                loose += 1
                yield Page(name=f"between_{loose}", rows=tuple(rows))
            group, rows = line, []
            _unique(line, seen)
        elif kind in ("end_group", "end group"):
            if group is None:
                raise line.fault("type", "this group was never begun")
            yield Page(
                name=group.text("name"),
                title=group.text("label"),
                relevant=group.text("relevant"),
                rows=tuple(rows),
            )
            group, rows = None, []
        else:
            _unique(line, seen)
            rows.append(_row(line, kind, lists))
    if group is not None:
        raise group.fault("type", "this group has no end")
    if rows:
        yield Page(name=f"between_{loose + 1}", rows=tuple(rows))


def _unique(line: _Line, seen: set[str]) -> None:
    name = line.text("name")
    if not _NAME.fullmatch(name):
        raise line.fault("name", "a name is letters, digits and _ and begins with a letter")
    if name in seen:
        raise line.fault("name", f"the name {name} stands there twice")
    seen.add(name)


def _row(line: _Line, said: str, lists: dict[str, tuple[Choice, ...]]) -> Row:
    kind, _, listed = said.partition(" ")
    if kind not in VISIBLE | {"calculate", "hidden"}:
        raise line.fault("type", f"the type {said[:40]} is not known here")
    choices: tuple[Choice, ...] = ()
    if kind.startswith("select_"):
        if listed.strip() not in lists:
            raise line.fault("type", f"the list of answers {listed.strip()[:40]} is not on the sheet choices")
        choices = lists[listed.strip()]
    if line.text("style") not in STYLES:
        raise line.fault("style", f"style is one of {', '.join(STYLES[1:])}")
    if line.text("required") not in ("", "yes", "no"):
        raise line.fault("required", "required is yes or no")
    if kind in VISIBLE and not line.text("label"):
        raise line.fault("label", "the words are missing")
    if kind == "calculate" and not line.text("calculation"):
        raise line.fault("calculation", "the calculation is missing")
    _code(line)
    return Row(
        type=kind,
        name=line.text("name"),
        label=line.text("label"),
        hint=line.text("hint"),
        style=line.text("style") or {"note": "say"}.get(kind, "ask" if kind in VISIBLE else ""),
        relevant=line.text("relevant"),
        constraint=line.text("constraint"),
        constraint_message=line.text("constraint_message"),
        required=line.text("required") == "yes",
        calculation=line.text("calculation"),
        choices=choices,
        sets_outcome=line.text("sets_outcome"),
        raises=line.text("raises"),
        cell=f"survey!{line.cells['name'][1]}",
    )


def _check_references(pages: tuple[Page, ...]) -> None:
    rows = [row for page in pages for row in page.rows]
    known = {row.name for row in rows}
    for page in pages:
        _known(page.relevant, known, f"the page {page.name}")
    for row in rows:
        for text in (row.relevant, row.constraint, row.calculation, row.label, row.hint):
            _known(text, known, row.cell)


def _known(text: str, known: set[str], place: str) -> None:
    for name in _REFERENCE.findall(text):
        if name not in known:
            raise Refused(f"The script, {place}: ${{{name[:40]}}} is not a name of this script.", place=place)
