"""What an .xlsx file says besides its sheets: their names, the date system, number formats, shared texts.

Dates in a sheet are numbers; only the number format tells them apart, so styles are read first.
"""

import re
from dataclasses import dataclass

from caller_app.base.errors import Refused
from caller_app.excel.limits import Limits
from caller_app.excel.package import Attributes, Package, local

_BUILTIN_DATES = frozenset((14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 59)))
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DAY_OR_YEAR = re.compile(r"[dy]|mmm|m[/.\-]|[/.\-]m")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SHEET_KINDS = re.compile(r"worksheets?/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One sheet of the workbook: its name, its part and whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class WorkbookFacts:
    """What the workbook says about itself."""

    sheets: tuple[SheetEntry, ...]
    date1904: bool
    date_styles: frozenset[int]
    texts_part: str | None


def read_workbook(package: Package) -> WorkbookFacts:
    """Read the list of sheets, the date system and which cell styles show dates."""
    main = _main_part(package)
    targets = package.relationships(main)
    listed: list[tuple[str, str, bool]] = []
    flags = {"date1904": False}

    def start(name: str, attributes: Attributes) -> None:
        element = local(name)
        if element == "sheet":
            link = next((value for key, value in attributes.items() if local(key) == "id" and ":" in key), "")
            hidden = attributes.get("state", "visible") != "visible"
            listed.append((attributes.get("name", ""), link, hidden))
        elif element == "workbookPr":
            flags["date1904"] = attributes.get("date1904", "0") in ("1", "true", "on")

    package.scan(main, start)
    sheets = tuple(
        SheetEntry(name, targets[link], hidden)
        for name, link, hidden in listed
        if link in targets and _SHEET_KINDS.search(targets[link])
    )
    if not sheets:
        raise Refused(f"{package.name} holds no sheet with rows.")
    styles = _find(package, targets.values(), "styles.xml")
    return WorkbookFacts(
        sheets=sheets,
        date1904=flags["date1904"],
        date_styles=frozenset() if styles is None else _date_styles(package, styles),
        texts_part=_find(package, targets.values(), "sharedstrings.xml"),
    )


def _main_part(package: Package) -> str:
    for part in package.relationships("").values():
        if part.casefold().endswith(("workbook.xml", "workbook2.xml")):
            return part
    return "xl/workbook.xml"


def _find(package: Package, targets: object, ending: str) -> str | None:
    parts = targets if isinstance(targets, (list, tuple)) else list(targets)  # type: ignore[call-overload]
    for part in parts:
        if str(part).casefold().endswith(ending) and package.has(str(part)):
            return str(part)
    return None


def is_date_format(code: str) -> bool:
    """True when a number format shows a day, a month's name or a year; a time alone is no date."""
    shown = _LITERAL.sub("", code.casefold().split(";")[0])
    return "general" not in shown and _DAY_OR_YEAR.search(shown) is not None


def _date_styles(package: Package, part: str) -> frozenset[int]:
    formats: dict[int, str] = {}
    styles: list[int] = []
    inside = {"cellXfs": False}

    def start(name: str, attributes: Attributes) -> None:
        element = local(name)
        if element == "numFmt":
            formats[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif element == "cellXfs":
            inside["cellXfs"] = True
        elif element == "xf" and inside["cellXfs"]:
            styles.append(_whole(attributes.get("numFmtId")))

    def end(name: str) -> None:
        if local(name) == "cellXfs":
            inside["cellXfs"] = False

    package.scan(part, start, end)
    return frozenset(
        index
        for index, number in enumerate(styles)
        if (is_date_format(formats[number]) if number in formats else number in _BUILTIN_DATES)
    )


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else 0


def unescape(text: str) -> str:
    """Undo the spreadsheet escape for control characters ('_x000D_')."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def read_texts(package: Package, part: str | None, limits: Limits) -> list[str]:
    """The shared texts of the workbook, without phonetic readings."""
    texts: list[str] = []
    if part is None or not package.has(part):
        return texts
    pieces: list[str] = []
    state = {"collect": False, "phonetic": False}
    total = 0

    def start(name: str, _: Attributes) -> None:
        element = local(name)
        if element == "t":
            state["collect"] = not state["phonetic"]
        elif element == "si":
            pieces.clear()
        elif element == "rPh":
            state["phonetic"] = True

    def end(name: str) -> None:
        nonlocal total
        element = local(name)
        if element == "t":
            state["collect"] = False
        elif element == "rPh":
            state["phonetic"] = False
        elif element == "si":
            text = unescape("".join(pieces))
            total += len(text)
            if len(text) > limits.cell_characters:
                raise Refused(f"{package.name} holds a cell with more than {limits.cell_characters:,} characters.")
            if total > limits.text_characters:
                raise Refused(f"{package.name} holds more text than a cohort list can. It is not read.")
            texts.append(text)

    def text(data: str) -> None:
        if state["collect"]:
            pieces.append(data)

    package.scan(part, start, end, text)
    return texts
