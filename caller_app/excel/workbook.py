"""What an .xlsx file says besides its sheets: their names, the date system, number formats, shared texts.

Dates in a sheet are numbers; only the number format tells them apart, so styles are read first.
"""

import re
from dataclasses import dataclass

from caller_app.base.errors import Refused
from caller_app.excel.package import Attributes, Package, local

_BUILTIN_DATES = frozenset((14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 59)))
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DAY_OR_YEAR = re.compile(r"[dy]|mmm|m[/.\-]|[/.\-]m")
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
    if not package.has("xl/workbook.xml"):
        raise Refused(f"{package.name} is not an .xlsx workbook. Open it in Excel and save it as .xlsx.")
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
