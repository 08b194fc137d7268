"""What is wrong with a script, said so that a supervisor can put it right: the cell, what is wrong there, what to do.

What a reader would get wrong: an error keeps a script from being published, a warning does not. Codes are stable:
people and tests look for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]
MOST = 200  # findings of one file; a hostile one could make millions


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `cell` is sheet and address, as Excel writes it, or the sheet alone."""

    cell: str
    severity: Severity
    code: str
    what: str
    remedy: str

    @property
    def sentence(self) -> str:
        """Say it in one line."""
        return f"{self.cell}: {self.what}. {self.remedy[:1].upper()}{self.remedy[1:]}."


@dataclass(slots=True)
class Findings:
    """Findings as they are made; after `MOST` of them the rest is counted and left out."""

    listed: list[Finding] = field(default_factory=list)
    left_out: int = 0

    def error(self, cell: str, code: str, what: str, remedy: str) -> None:
        """Note what keeps the script from being published."""
        self._add(Finding(cell, "error", code, what, remedy))

    def warning(self, cell: str, code: str, what: str, remedy: str) -> None:
        """Note what deserves a look."""
        self._add(Finding(cell, "warning", code, what, remedy))

    def _add(self, one: Finding) -> None:
        if one in self.listed:
            return
        if len(self.listed) >= MOST:
            self.left_out += 1
            # An error that is not listed would let the script be published: it takes the place of a warning.
            last = next((nr for nr in range(MOST - 1, -1, -1) if self.listed[nr].severity == "warning"), None)
            if one.severity == "warning" or last is None:
                return
            del self.listed[last]
        self.listed.append(one)

    @property
    def enough(self) -> bool:
        """Tell whether looking further would only be counted: nobody mends four hundred at once."""
        return self.left_out >= MOST and bool(self.errors)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Give what keeps the script from being published."""
        return tuple(one for one in self.listed if one.severity == "error")


def in_order(found: Iterable[Finding], sheets: tuple[str, ...]) -> tuple[Finding, ...]:
    """Sort findings as a person walks through the workbook: by sheet, row and column."""

    def place(one: Finding) -> tuple[int, int, int, str, str]:
        sheet, _, address = one.cell.partition("!")
        letters = address.rstrip("0123456789").strip()
        digits = address[len(address.rstrip("0123456789")) :]
        column = letters if letters.isalpha() and letters.isupper() else ""
        rank = sheets.index(sheet) if sheet in sheets else -1
        return rank, int(digits or 0), len(column), column, one.code

    return tuple(sorted(found, key=place))
