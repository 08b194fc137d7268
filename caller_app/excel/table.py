"""Writes a plain table as a workbook: one sheet, headings in row 1, text as text, days as days."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any


def write_table(
    path: Path,
    sheet_name: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[Any]],
    date_columns: Collection[str],
    made_on: date,
) -> None:
    """Write the table; `made_on` is the day the workbook says it was made."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    moment = datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC).replace(tzinfo=None)
    book.properties.creator = "Caller App"
    book.properties.created = book.properties.modified = moment
    sheet = book.create_sheet(sheet_name)
    sheet.freeze_panes = "A2"
    for number, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = max(12, len(heading) + 2)
    sheet.append(list(headings))
    for values in rows:
        cells = []
        for heading, value in zip(headings, values, strict=True):
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"
                cell.number_format = "@"
            elif heading in date_columns:
                cell.number_format = "dd/mm/yyyy"
            cells.append(cell)
        sheet.append(cells)
    book.save(path)
