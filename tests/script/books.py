"""Small script workbooks for the tests: made by openpyxl, broken in one place each."""

from pathlib import Path
from typing import Any

PACKS = Path(__file__).parents[2] / "resources" / "packs"
SURVEY: list[list[Any]] = [
    ["type", "name", "label", "relevant", "required", "calculation", "hint", "style", "sets_outcome"],
    ["hidden", "pt_first", None, None, None, None, None, None, None],
    ["begin_group", "why", "Why", None, None, None, None, None, None],
    ["note", "hello", "Hello ${pt_first}", None, None, None, "Smile", "say", None],
    ["select_one yn", "keen", "Keen?", None, "yes", None, None, "ask", None],
    ["note", "bye", "Goodbye", "${keen} = 'n'", None, None, None, "say", "D01"],
    ["end_group", "why", None, None, None, None, None, None, None],
]
CHOICES: list[list[Any]] = [
    ["list_name", "name", "label", "sets_outcome", "pathway"],
    ["yn", "y", "Yes", None, None],
    ["yn", "n", "No", "D01", None],
]
SETTINGS: list[list[Any]] = [["form_title", "form_id", "version"], ["A test", "a_test", 2026112201]]


def book(path: Path, **sheets: list[list[Any]]) -> Path:
    """Write a workbook; a sheet not given is the good one, one given as [] is left out."""
    import openpyxl

    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in ({"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS} | sheets).items():
        if rows:
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(row)
    made.save(path)
    return path


def changed(rows: list[list[Any]], cell: tuple[int, int], value: Any) -> list[list[Any]]:
    """Give the rows with one cell (row, column; counted from 1) replaced."""
    copy = [list(row) for row in rows]
    copy[cell[0] - 1][cell[1] - 1] = value
    return copy
