"""Writes the answers of calls as a workbook: one row a call, and a sheet that says what each column holds.

What a reader would get wrong: rows are written as they come, so that a hundred thousand calls need no more memory than
one; therefore columns are known before the first row. Text is text, also where it begins with `=`.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from caller_app.base.errors import Refused
from caller_app.excel.text_cells import clean

if TYPE_CHECKING:
    from openpyxl import Workbook

Cell = str | int | float | date | None
MOST_COLUMNS: Final = 16_384
MOST_ROWS: Final = 1_048_575
_RISKY: Final = frozenset("=+-@\t")


def write_answers(
    path: Path,
    *,
    notes: Sequence[str],
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    dictionary_headings: Sequence[str],
    dictionary: Iterable[Sequence[str]],
) -> int:
    """Write the workbook, whole or not at all; gives the number of calls in it."""
    from openpyxl import Workbook

    if len(headings) > MOST_COLUMNS:
        raise Refused(f"The answers have {len(headings):,} columns; a sheet has {MOST_COLUMNS:,}. Export by dates.")
    book = Workbook(write_only=True)
    unfinished = path.with_name(path.name + ".part")
    try:
        _sheet(book, "Read me", ["Answers of calls"], ([note] for note in notes), (100,))
        count = _sheet(book, "Answers", headings, rows, (18,) * len(headings))
        _sheet(book, "Dictionary", dictionary_headings, dictionary, (24, 20, 14, 60, 16, 10, 60, 50, 12, 40, 40))
        unfinished.touch(mode=0o600)
        book.save(unfinished)
        os.replace(unfinished, path)  # noqa: PTH105 - atomic on every system
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _sheet(
    book: "Workbook", title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int]
) -> int:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    top = [_made(sheet, one) for one in headings]
    for one in top:
        one.font = Font(bold=True)
    sheet.append(top)
    count = 0
    for row in rows:
        count += 1
        if count > MOST_ROWS:
            raise Refused(f"There are more than {MOST_ROWS:,} rows; a sheet holds no more. Export by dates.")
        sheet.append([None if value is None else _made(sheet, value) for value in row])
    return count


def _made(sheet: Any, value: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, date):
        day: Any = value if value.year >= 1901 else value.isoformat()  # Excel knows no day before
        cell = WriteOnlyCell(sheet, value=day)
        cell.number_format = "yyyy-mm-dd"
        return cell
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    text = clean(value)
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # openpyxl takes "=..." for a formula
    cell.number_format = "@"
    if text[:1] in _RISKY:
        cell.quotePrefix = True
    return cell
