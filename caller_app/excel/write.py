"""Writes the workbook of corrections a practice gets: one file for each practice, one row for each difference.

Every text cell is text (format '@'), also one that begins with = + - @: an apostrophe in front would corrupt telephone
numbers, so the cell type says it. No macros, links, formulas or hidden sheets, and no row of another practice: that is
checked before anything is written.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from caller_app.domain import nhs_number, ods
from caller_app.excel.text_cells import bold, put

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

ACTIONS: Final = ("Updated", "Already correct", "Not changed", "Contacting patient")
# Heading and width; the last four are filled in by the practice.
COLUMNS: Final = (
    ("Ref", 14),
    ("NHS number", 15),
    ("Surname", 20),
    ("Forename", 20),
    ("Date of birth", 14),
    ("Type", 28),
    ("Detail on record", 34),
    ("Detail given to us", 34),
    ("Who told us", 26),
    ("Date told", 12),
    ("Priority", 12),
    ("What we ask you to do", 30),
    ("Project", 18),
    ("Action taken", 18),
    ("Action date", 12),
    ("Initials", 10),
    ("Comment", 34),
)
_DATE_FORMAT = "dd/mm/yyyy"
_UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9-]+")
_NOTES: Final = (
    "OFFICIAL-SENSITIVE: this file names patients. Keep it as you keep the record; send it only by secure email.",
    "Patients, or people who care for them, told us on a telephone call that a detail on the record is different.",
    "Nothing was changed on your record. Each row of Corrections is one difference: old and new side by side.",
    "Please check each row as you would if the patient had told you, and fill in the last four columns:",
    "Action taken (choose from the list), Action date, Initials and, where it helps, Comment.",
    "Please send the file back when you are done. We find each row by its Ref: sort as you like, but leave the Ref.",
    "Rows marked 'same day' were also given to you by telephone.",
)
_ACTION_COLUMN, _ACTION_DATE_COLUMN = "N", "O"


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One correction as the practice sees it. `practice_ods` is not shown: it proves that the row belongs here."""

    ref: str
    practice_ods: str
    nhs_number: str
    surname: str
    forename: str
    date_of_birth: date | None
    type_label: str
    on_record: str
    given: str
    who_told: str
    told_on: date
    priority: str
    ask: str
    project: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: for the log, which may hold it, and for the record of what was sent."""

    sha256: str
    rows: int


def corrections_file_name(practice_ods: str, project_code: str | None, made_on: date, sequence: int) -> str:
    """The name of the file: '{ODS}_{project or ALL}_details_{YYYYMMDD}_{seq}.xlsx'."""
    project = _UNSAFE_IN_NAME.sub("-", project_code).strip("-") if project_code else "ALL"
    return f"{practice_ods}_{project or 'ALL'}_details_{made_on:%Y%m%d}_{sequence:02d}.xlsx"


def write_corrections(
    path: Path,
    rows: Sequence[CorrectionRow],
    *,
    practice_ods: str,
    practice_name: str,
    project_code: str | None,
    made_on: date,
    sequence: int,
) -> Written:
    """Write the corrections of one practice; the file is there whole or not at all."""
    from openpyxl import Workbook

    code = ods.check_any(practice_ods)
    if code is None:
        raise ValueError("the practice code has a wrong form")
    strangers = [row.ref for row in rows if row.practice_ods != code]
    if strangers:
        raise ValueError(f"{len(strangers)} corrections belong to another practice, the first is {strangers[0]}")
    book = Workbook()
    book.properties.creator = "Caller App"
    book.properties.title = "Corrections to patient details"
    readme = book.active
    if readme is None:
        raise RuntimeError("a new workbook has no sheet")
    facts: list[tuple[str, str | date]] = [
        ("Practice", f"{practice_name} ({code})"),
        ("Project", project_code or "All projects"),
        ("Made on", made_on),
        ("File", corrections_file_name(code, project_code, made_on, sequence)),
        ("Rows", str(len(rows))),
    ]
    _fill_readme(readme, facts, nil=not rows)
    _fill_corrections(book, rows)
    _fill_lists(book)
    _fill_receipt(book, facts)
    unfinished = path.with_name(path.name + ".part")
    try:
        book.save(unfinished)
        with unfinished.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return Written(digest, len(rows))


def _fill_readme(sheet: "Worksheet", facts: Sequence[tuple[str, str | date]], *, nil: bool) -> None:
    sheet.title = "Read me"
    put(sheet, 1, 1, "Corrections to patient details")
    bold(sheet, 1)
    for number, (name, value) in enumerate(facts, start=3):
        put(sheet, number, 1, name)
        put(sheet, number, 2, value)
    notes = [*_NOTES]
    if nil:
        notes.insert(0, "Nil return: there are no corrections for your practice this time.")
    for number, note in enumerate(notes, start=len(facts) + 5):
        put(sheet, number, 1, note)
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 60


def _fill_corrections(book: "Workbook", rows: Sequence[CorrectionRow]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet = book.create_sheet("Corrections")
    for number, (heading, width) in enumerate(COLUMNS, start=1):
        put(sheet, 1, number, heading)
        sheet.column_dimensions[get_column_letter(number)].width = width
    bold(sheet, 1)
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows, start=2):
        values: tuple[str | date | None, ...] = (
            row.ref,
            nhs_number.show(row.nhs_number),
            row.surname,
            row.forename,
            row.date_of_birth,
            row.type_label,
            row.on_record,
            row.given,
            row.who_told,
            row.told_on,
            row.priority,
            row.ask,
            row.project,
            None,
            None,
            None,
            None,
        )
        for column, value in enumerate(values, start=1):
            put(sheet, number, column, value)
        sheet[f"{_ACTION_DATE_COLUMN}{number}"].number_format = _DATE_FORMAT
    last = max(len(rows) + 1, 2)
    choice = DataValidation(type="list", formula1=f"Lists!$A$2:$A${len(ACTIONS) + 1}", allow_blank=True)
    choice.error = "Please choose one of the four answers."
    choice.add(f"{_ACTION_COLUMN}2:{_ACTION_COLUMN}{last}")
    sheet.add_data_validation(choice)


def _fill_lists(book: "Workbook") -> None:
    sheet = book.create_sheet("Lists")
    put(sheet, 1, 1, "Action taken")
    bold(sheet, 1)
    for number, action in enumerate(ACTIONS, start=2):
        put(sheet, number, 1, action)
    sheet.column_dimensions["A"].width = 24


def _fill_receipt(book: "Workbook", facts: Sequence[tuple[str, str | date]]) -> None:
    sheet = book.create_sheet("Receipt")
    put(sheet, 1, 1, "Receipt: please fill in and send back")
    bold(sheet, 1)
    asked: list[tuple[str, str | date | None]] = [*facts]
    asked += [(name, None) for name in ("Received on", "Received by", "Rows seen", "Remarks")]
    for number, (name, value) in enumerate(asked, start=3):
        put(sheet, number, 1, name)
        put(sheet, number, 2, value)
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 60
