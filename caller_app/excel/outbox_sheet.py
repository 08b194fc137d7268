"""Writes what support asked to see of an outbox: a workbook or a text file, there whole or not at all.

What a reader would get wrong: the file is not encrypted, unlike everything else this program keeps. It says so in its
first lines; whether the words about people are in it was decided before, and the caller of this says which.
"""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from caller_app.excel.text_cells import bold, clean, put

Rows = Sequence[Sequence[str]]
Table = tuple[str, Sequence[str], Rows]  # title, headings, rows
_WIDTHS = (8, 20, 32, 28, 40, 20, 40, 60, 8, 32, 60)


def write_outbox(path: Path, *, facts: Rows, tables: Sequence[Table], notes: Sequence[str]) -> None:
    """Write to a workbook where the name ends in .xlsx, else to a text file with tabs between the columns."""
    unfinished = path.with_name(path.name + ".part")
    try:
        if path.suffix.lower() == ".xlsx":
            _workbook(unfinished, facts, tables, notes)
        else:
            unfinished.write_text(_text(facts, tables, notes), encoding="utf-8-sig")
        unfinished.chmod(0o600)
        os.replace(unfinished, path)  # noqa: PTH105 - atomic on every system
    finally:
        unfinished.unlink(missing_ok=True)


def _workbook(path: Path, facts: Rows, tables: Sequence[Table], notes: Sequence[str]) -> None:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    readme = book.active
    if readme is None:
        raise RuntimeError("a new workbook has no sheet")
    readme.title = "Read me"
    for number, note in enumerate(notes, start=1):
        put(readme, number, 1, note)
    for number, (name, value) in enumerate(facts, start=len(notes) + 2):
        put(readme, number, 1, name)
        put(readme, number, 2, value)
    readme.column_dimensions["A"].width = 32
    readme.column_dimensions["B"].width = 60
    for title, headings, rows in tables:
        sheet = book.create_sheet(title)
        for number, heading in enumerate(headings, start=1):
            put(sheet, 1, number, heading)
            sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS[min(number, len(_WIDTHS)) - 1]
        bold(sheet, 1)
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows, start=2):
            for column, value in enumerate(row, start=1):
                put(sheet, number, column, value)
    with path.open("wb") as file:
        book.save(file)


def _text(facts: Rows, tables: Sequence[Table], notes: Sequence[str]) -> str:
    text = io.StringIO()
    text.write("\n".join([*notes, "", *(f"{name}: {value}" for name, value in facts)]) + "\n")
    writer = csv.writer(text, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    for title, headings, rows in tables:
        text.write(f"\n{title}\n")
        writer.writerow(headings)
        writer.writerows([clean(value) for value in row] for row in rows)
    return text.getvalue()
