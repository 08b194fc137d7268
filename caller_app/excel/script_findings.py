"""Writes what is wrong with a script's workbook, for whoever has to put it right: there whole or not at all.

What a reader would get wrong: the findings quote cells of a workbook that may be hostile; every cell written is text.
"""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from caller_app.excel.text_cells import bold, clean, put

Rows = Sequence[Sequence[str]]
_WIDTHS = (18, 12, 70, 60, 24)


def write_findings(path: Path, *, facts: Rows, headings: Sequence[str], rows: Rows) -> None:
    """Write to a workbook where the name ends in .xlsx, else to a text file with tabs between the columns."""
    unfinished = path.with_name(path.name + ".part")
    try:
        if path.suffix.lower() == ".xlsx":
            _workbook(unfinished, facts, headings, rows)
        else:
            unfinished.write_text(as_text(facts, headings, rows), encoding="utf-8-sig")
        os.replace(unfinished, path)  # noqa: PTH105 - atomic on every system
    finally:
        unfinished.unlink(missing_ok=True)


def as_text(facts: Rows, headings: Sequence[str], rows: Rows) -> str:
    """Give the same as lines of text with tabs between the columns."""
    table = io.StringIO()
    writer = csv.writer(table, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(headings)
    writer.writerows([clean(value) for value in row] for row in rows)
    return "\n".join(f"{name}: {value}" for name, value in facts) + "\n\n" + table.getvalue()


def _workbook(path: Path, facts: Rows, headings: Sequence[str], rows: Rows) -> None:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has no sheet")
    sheet.title = "Findings"
    for number, heading in enumerate(headings, start=1):
        put(sheet, 1, number, heading)
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS[number - 1]
    bold(sheet, 1)
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            put(sheet, number, column, value)
    about = book.create_sheet("About")
    for number, (name, value) in enumerate(facts, start=1):
        put(about, number, 1, name)
        put(about, number, 2, value)
    about.column_dimensions["B"].width = 60
    with path.open("wb") as file:
        book.save(file)
