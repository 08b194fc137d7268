"""The values only one campaign uses, and the three every campaign uses (quintile, ethnic category, risk score).

A value that cannot be used is left blank and reported; the row stays.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from caller_app.domain.cohort.cells import Cell, Mark
from caller_app.domain.cohort.contact import Notes
from caller_app.domain.cohort.ethnicity import read_ethnic_code
from caller_app.domain.cohort.fields import DATE_FIELDS, FLAG_FIELDS, campaign_fields
from caller_app.domain.cohort.flags import Answer, read_flag
from caller_app.domain.cohort.measures import (
    Measured,
    read_bmi,
    read_count,
    read_glucose,
    read_hba1c,
    read_quintile,
    read_risk_score,
)
from caller_app.domain.cohort.plan import Settings
from caller_app.domain.dates import DateFault, read_date
from caller_app.domain.text import is_filler, plain

_DIABETIC_FROM: Final = 48
_REMEMBERED: Final = 20_000
_READERS: Final[dict[str, Callable[[Cell], Measured]]] = {
    "imd_quintile": read_quintile,
    "risk_score": read_risk_score,
    "ltc_count": read_count,
    "hba1c_mmol_mol": read_hba1c,
    "fpg_mmol_l": read_glucose,
    "bmi": read_bmi,
}
_NO_DATE = frozenset(("n/a", "na", "none", "never", "not given", "nil", "not applicable"))


class ExtrasReader:
    """Reads the campaign's values; remembers what a wording meant, since columns like these hold few of them."""

    def __init__(self, columns: Mapping[str, int], settings: Settings) -> None:
        self._settings = settings
        names = ("imd_quintile", "ethnic_code", "risk_score", *campaign_fields(settings.campaign))
        self._percent = columns.get("hba1c_percent")
        self._columns = [(name, columns.get(name)) for name in names if name != "hba1c_percent"]
        self._known: dict[tuple[str, type, Cell], tuple[object, Notes]] = {}

    def read(self, cells: Mapping[int, Cell], notes: Notes) -> dict[str, object]:
        """The campaign's values of one row."""
        values: dict[str, object] = {}
        for field, index in self._columns:
            cell = None if index is None else cells.get(index)
            if isinstance(cell, Mark):
                notes.repair(cell.code)
                cell = None
            values[field] = None if cell is None else self._value(field, cell, notes)
        if self._percent is not None and values.get("hba1c_mmol_mol") is None:
            values["hba1c_mmol_mol"] = _hba1c_percent(cells.get(self._percent), notes)
        level = values.get("hba1c_mmol_mol")
        if isinstance(level, (int, float)) and level >= _DIABETIC_FROM:
            notes.warn("HBA1C_DIABETIC_RANGE")
        return values

    def _value(self, field: str, cell: Cell, notes: Notes) -> object:
        key = (field, type(cell), cell)
        known = self._known.get(key)
        if known is None:
            own = Notes()
            known = _read(field, cell, self._settings, own), own
            if len(self._known) < _REMEMBERED:
                self._known[key] = known
        value, own = known
        if own.reasons or own.normalised:
            for code in own.reasons:
                notes.repair(code)
            for code in own.normalised:
                notes.clean(code)
        return value


def _read(field: str, cell: Cell, settings: Settings, notes: Notes) -> object:
    if field in FLAG_FIELDS:
        answer = read_flag(cell)
        if answer is Answer.UNCLEAR:
            notes.repair("FLAG_UNCLEAR")
        return {Answer.YES: True, Answer.NO: False}.get(answer)
    if field in DATE_FIELDS:
        return _date(cell, settings, notes)
    if field == "ethnic_code":
        return _ethnic_code(cell, notes)
    return _measured(_READERS[field](cell), notes)


def _measured(measured: Measured, notes: Notes) -> float | None:
    if measured.code is not None:
        notes.repair(measured.code)
    return measured.value


def _hba1c_percent(cell: Cell | None, notes: Notes) -> float | None:
    if cell is None:
        return None
    if isinstance(cell, Mark):
        notes.repair(cell.code)
        return None
    return _measured(read_hba1c(cell, percent_column=True), notes)


def _ethnic_code(cell: Cell, notes: Notes) -> str | None:
    text = cell if isinstance(cell, str) else f"{cell:g}" if isinstance(cell, (int, float)) else ""
    if is_filler(plain(text)) and isinstance(cell, str):
        return None
    code = read_ethnic_code(text)
    if code is None:
        notes.repair("ETHNIC_CODE_INVALID")
    return code


def _date(cell: Cell, settings: Settings, notes: Notes) -> date | None:
    if isinstance(cell, str) and plain(cell).casefold() in _NO_DATE:
        return None
    read = read_date(cell, as_of=settings.as_of, order=settings.order, date1904=settings.date1904)
    if read.fault is DateFault.MISSING:
        return None
    if read.value is None or read.value > settings.as_of:
        notes.repair("DATE_INVALID")
        return None
    if read.from_text:
        notes.clean("DATE_FROM_TEXT")
    return read.value
