"""Numbers a campaign brings: test results, scores, counts, quintiles.

A value that cannot be used is left blank and reported; nothing is guessed. HbA1c in per cent is converted by
(per cent - 2.15) x 10.929; a bare number from 3 to 20 in a mmol/mol column has an unclear unit and is left out.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from caller_app.domain.cohort.cells import Cell
from caller_app.domain.text import is_filler, plain

_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(.*)")
_CENSORED = re.compile(r"[<>≤≥]=?\s*[0-9]|(?:less|more|under|over)\s+(?:than\s+)?[0-9]")
_QUINTILE = re.compile(
    r"(?:imd\s*)?(?:q|quintile)?\s*([0-9]+)(?:\.0)?\s*(?:[\-\u2013=:]?\s*\(?(?:most|least)?\s*(?:deprived)?\)?)?"
)
_EMPTY = frozenset(("n/a", "na", "none", "not known", "not done", "nil", "not recorded"))


@dataclass(frozen=True, slots=True)
class Measured:
    """A usable value or the code under which it is reported; both None when the cell was empty."""

    value: float | None = None
    code: str | None = None


_NOTHING = Measured()


def _is_empty(cell: Cell) -> bool:
    return isinstance(cell, str) and (is_filler(plain(cell)) or plain(cell).casefold() in _EMPTY)


def _number(cell: Cell, units: frozenset[str]) -> float | None:
    """The number of a cell, also with one of its units behind it."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return cell
    if not isinstance(cell, str):
        return None
    match = _NUMBER.fullmatch(plain(cell).casefold())
    if match is None or match[2].replace(" ", "").rstrip(".") not in units:
        return None
    return float(match[1])


def _bounded(cell: Cell, units: frozenset[str], least: float, most: float, code: str) -> Measured:
    if _is_empty(cell):
        return _NOTHING
    number = _number(cell, units)
    return Measured(number) if number is not None and least <= number <= most else Measured(code=code)


def _round_half_up(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_percent(per_cent: float) -> int:
    """HbA1c in mmol/mol from per cent, rounded to a whole number: 6.5 % is 48."""
    return _round_half_up((Decimal(str(per_cent)) - Decimal("2.15")) * Decimal("10.929"))


def read_hba1c(cell: Cell, *, percent_column: bool = False) -> Measured:
    """HbA1c in mmol/mol."""
    if _is_empty(cell):
        return _NOTHING
    text = plain(cell).casefold() if isinstance(cell, str) else ""
    if _CENSORED.match(text):
        return Measured(code="HBA1C_CENSORED")
    per_cent = _number(cell, frozenset(("%", "percent", "%dcct", "%(dcct)"))) if "%" in text or "cent" in text else None
    if per_cent is None and percent_column:
        per_cent = _number(cell, frozenset(("",)))
    if per_cent is not None:
        if 3 <= per_cent <= 20:
            return Measured(from_percent(per_cent), "HBA1C_FROM_PERCENT")
        return Measured(code="HBA1C_INVALID")
    number = _number(cell, frozenset(("", "mmol/mol", "mmolmol", "mmol")))
    if number is None:
        return Measured(code="HBA1C_INVALID")
    if 20 <= number <= 200:
        return Measured(number)
    return Measured(code="HBA1C_UNIT_UNCLEAR" if 3 <= number < 20 else "HBA1C_INVALID")


def read_glucose(cell: Cell) -> Measured:
    """Fasting plasma glucose in mmol/l."""
    return _bounded(cell, frozenset(("", "mmol/l", "mmol")), 1.0, 50.0, "FPG_INVALID")


def read_bmi(cell: Cell) -> Measured:
    """Body mass index in kg/m2."""
    return _bounded(cell, frozenset(("", "kg/m2", "kg/m²", "kgm2", "kg/m^2")), 10.0, 90.0, "BMI_INVALID")


def read_risk_score(cell: Cell) -> Measured:
    """A risk score between 0 and 1."""
    return _bounded(cell, frozenset(("",)), 0.0, 1.0, "RISK_SCORE_INVALID")


def read_count(cell: Cell) -> Measured:
    """A whole number of conditions."""
    measured = _bounded(cell, frozenset(("",)), 0, 50, "LTC_COUNT_INVALID")
    if measured.value is None:
        return measured
    return (
        Measured(int(measured.value)) if measured.value == int(measured.value) else Measured(code="LTC_COUNT_INVALID")
    )


def read_quintile(cell: Cell) -> Measured:
    """Deprivation quintile, 1 (most deprived) to 5."""
    if _is_empty(cell):
        return _NOTHING
    invalid = Measured(code="IMD_INVALID")
    if isinstance(cell, bool):
        return invalid
    if isinstance(cell, (int, float)):
        number = cell
    elif isinstance(cell, str) and (match := _QUINTILE.fullmatch(plain(cell).casefold())):
        number = int(match[1])
    else:
        return invalid
    return Measured(int(number)) if number in (1, 2, 3, 4, 5) else invalid
