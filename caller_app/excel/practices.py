"""Reads the national list of GP practices (epraccur.csv: cp1252, 27 columns, no header; domain rules 2.4).

Every bad line is refused with its line number; one bad line refuses the file, so that no practice goes missing
unnoticed.
"""

import csv
from datetime import date
from pathlib import Path

from caller_app.base.errors import Refused
from caller_app.domain.ods import check_any
from caller_app.domain.practices import Practice, PracticeDirectory

__all__ = ["Practice", "PracticeDirectory", "read_practices"]

_COLUMNS = 27
_CODE, _NAME, _ADDRESS, _POSTCODE, _OPEN, _CLOSE, _STATUS, _PHONE, _SETTING = 0, 1, 4, 9, 10, 11, 12, 17, 25
_STATUSES = frozenset("ACDP")
_SHOWN_FAULTS = 5
_LARGEST = 50_000_000


def read_practices(path: Path) -> PracticeDirectory:
    """Read the practice list from a file, or refuse it with the numbers of the bad lines."""
    if not path.is_file():
        raise Refused(f"There is no practice list called {path.name}. Give the file epraccur.csv.")
    if path.stat().st_size > _LARGEST:
        raise Refused(f"{path.name} is far larger than a practice list. Give the file epraccur.csv.")
    practices: dict[str, Practice] = {}
    faults: list[str] = []
    try:
        with path.open(encoding="cp1252", newline="") as lines:
            reader = csv.reader(lines)
            for row in reader:
                fault = _take(row, practices)
                if fault is not None:
                    faults.append(f"line {reader.line_num}: {fault}")
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(
            f"{path.name} is not the national list of practices. Give the file epraccur.csv as it was downloaded."
        ) from error
    if faults:
        shown = "; ".join(faults[:_SHOWN_FAULTS])
        more = f" and {len(faults) - _SHOWN_FAULTS} more" if len(faults) > _SHOWN_FAULTS else ""
        raise Refused(f"{path.name} is not taken, because lines of it are wrong: {shown}{more}.")
    if not practices:
        raise Refused(f"{path.name} holds no practices.")
    return PracticeDirectory(practices.values())


def _take(row: list[str], practices: dict[str, Practice]) -> str | None:
    """Add the practice of one line; the answer is what is wrong with the line."""
    if len(row) != _COLUMNS:
        return f"{len(row)} columns instead of {_COLUMNS}"
    code = check_any(row[_CODE])
    if code is None:
        return "the code has a wrong form"
    if code in practices:
        return f"code {code} stands twice"
    name = row[_NAME].strip()
    if not name:
        return "there is no name"
    if row[_STATUS] not in _STATUSES:
        return "the status is none of A, C, D, P"
    try:
        open_on, close_on = _day(row[_OPEN]), _day(row[_CLOSE])
    except ValueError:
        return "a date is not in the form YYYYMMDD"
    practices[code] = Practice(
        code=code,
        name=name,
        address_lines=tuple(line.strip() for line in row[_ADDRESS:_POSTCODE] if line.strip()),
        postcode=row[_POSTCODE].strip(),
        phone=row[_PHONE].strip(),
        status=row[_STATUS],
        setting=row[_SETTING].strip(),
        open_on=open_on,
        close_on=close_on,
    )
    return None


def _day(text: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    if len(text) != 8 or not text.isdigit():
        raise ValueError("not YYYYMMDD")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
