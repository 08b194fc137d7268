"""What a cell of a cohort file may hold besides text, numbers, yes/no and dates.

A formula is never read, not even the result Excel left beside it, and an error is an empty cell that gets reported:
both are marks here, without their text, so that neither can be stored by accident.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell whose content is not read; `code` is the code it is reported under."""

    code: str


FORMULA: Final = Mark("FORMULA_CELL")
ERROR: Final = Mark("CELL_ERROR")

# datetime is a date; None never stands in a row, an empty cell is simply absent.
Cell = str | int | float | bool | date | Mark
