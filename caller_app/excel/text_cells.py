"""Cells that hold what was said and nothing that is evaluated: every text is text, also one that begins with = + - @.

What a reader would get wrong: an apostrophe in front of a risky text would corrupt telephone numbers; the cell type
says it is text. Used by every workbook this program writes.
"""

import re
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_DATE_FORMAT: Final = "dd/mm/yyyy"
_TEXT_FORMAT: Final = "@"
_FIRST_EXCEL_DAY: Final = date(1900, 3, 1)
_RISKY: Final = frozenset("=+-@\t")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_LONGEST_CELL: Final = 32_767


def put(sheet: "Worksheet", row: int, column: int, value: str | date | None) -> None:
    """Write a day as a day and everything else as text that nothing evaluates."""
    from openpyxl.cell import Cell

    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError("cells of this workbook are never merged")
    if isinstance(value, date) and value >= _FIRST_EXCEL_DAY:
        cell.value = value
        cell.number_format = _DATE_FORMAT
        return
    text = f"{value:%d/%m/%Y}" if isinstance(value, date) else clean(value or "")
    cell.number_format = _TEXT_FORMAT
    if not text:
        return
    cell.value = text
    cell.data_type = "s"  # openpyxl takes "=..." for a formula
    if text[0] in _RISKY:
        cell.quotePrefix = True


def bold(sheet: "Worksheet", row: int) -> None:
    """Make a row a heading."""
    from openpyxl.styles import Alignment, Font, PatternFill

    for cell in sheet[row]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6EE")
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def clean(text: str) -> str:
    """Take out what no cell can hold."""
    return _CONTROL.sub("", text)[:_LONGEST_CELL]
