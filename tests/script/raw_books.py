"""Workbooks written part by part, for what no library would write: bombs, lies and broken XML."""

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.script.books import CHOICES, SETTINGS, SURVEY

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKED = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
NAMES = ("survey", "choices", "settings", "examples")
Change = Callable[[dict[str, str | bytes]], None]


def letters(column: int) -> str:
    """Give the letters of a column counted from 1."""
    said = ""
    while column:
        column, rest = divmod(column - 1, 26)
        said = chr(65 + rest) + said
    return said


def cell(value: Any, place: str) -> str:
    """Write one cell: text in the cell itself, `("raw", xml)` as it stands."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return str(value[1]).format(r=place)
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def sheet(rows: Iterable[Iterable[Any]]) -> str:
    """Write a sheet; the size it states is a lie, as some programs write it."""
    said = [f'{HEAD}<worksheet xmlns="{MAIN}"><dimension ref="A1"/><sheetData>']
    for nr, row in enumerate(rows, 1):
        cells = "".join(cell(value, f"{letters(column)}{nr}") for column, value in enumerate(row, 1))
        said.append(f'<row r="{nr}">{cells}</row>')
    return "".join([*said, "</sheetData></worksheet>"])


def parts(**sheets: Iterable[Iterable[Any]]) -> dict[str, str | bytes]:
    """Give the parts of a workbook by name; a sheet not given is the good one, `examples` only if given."""
    filled = {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS} | sheets
    listed = [name for name in NAMES if name in filled]
    numbered = list(enumerate(listed, 1))
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKED}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}.sharedStrings+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{nr}.xml" ContentType="{KIND}.worksheet+xml"/>'
            for nr, _ in numbered
        )
        + "</Types>",
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKED}/relationships">'
        f'<Relationship Id="rId1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{nr}" r:id="rId{nr}"/>' for nr, name in numbered)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKED}/relationships">'
        + "".join(
            f'<Relationship Id="rId{nr}" Type="{LINKS}/worksheet" Target="worksheets/sheet{nr}.xml"/>'
            for nr, _ in numbered
        )
        + f'<Relationship Id="rId90" Type="{LINKS}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId91" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": styles(),
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}"></sst>',
    }
    for nr, name in numbered:
        made[f"xl/worksheets/sheet{nr}.xml"] = sheet(filled[name])
    return made


def styles(cell_formats: str = "<xf/>") -> str:
    """Write the part of the formats."""
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts><font/></fonts>'
        "<fills><fill><patternFill/></fill></fills>"
        f"<borders><border/></borders>"
        f"<cellStyleXfs><xf/></cellStyleXfs><cellXfs>{cell_formats}</cellXfs></styleSheet>"
    )


def pack(path: Path, made: dict[str, str | bytes], *, way: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write the parts as a file."""
    with zipfile.ZipFile(path, "w", way) as archive:
        for name, content in made.items():
            archive.writestr(name, content)
    return path
