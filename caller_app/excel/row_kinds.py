"""Tells rows about people from everything else that stands on a sheet: headings again, sections, totals, notes, blanks.

Nothing that could be a person is skipped: a row with anything under NHS number, name or date of birth is judged, unless
it repeats the headings or is the totals row.
"""

import re
from collections.abc import Mapping

from caller_app.domain.cohort.cells import Cell, Mark
from caller_app.domain.text import words
from caller_app.excel.columns import Header

_TOTALS = re.compile(
    r"(grand |sub ?|overall )?totals?\b.*|sum\b.*|count\b.*|average\b.*|mean\b.*|number of (patients|records|rows)\b.*"
)
_IDENTITY = ("nhs_number", "given_name", "family_name", "dob")
_DATA_CELLS = 3


class RowKinds:
    """Names the kind of a row below the headings."""

    def __init__(self, header: Header) -> None:
        self._wording = header.wording
        self._groups = {words(column.above) for column in header.columns if column.above}
        self._read = header.plan.indexes()
        single = header.plan.single
        self._identity = tuple(single[field] for field in _IDENTITY if field in single)
        self._number = single["nhs_number"]
        self._person = tuple(single[field] for field in ("given_name", "family_name", "dob") if field in single)

    def kind(self, cells: Mapping[int, Cell]) -> str | None:
        """None for a row about a person, else the code under which it is skipped; SECTION may turn out to be a NOTE."""
        if self._is_plainly_a_person(cells):
            return None
        filled = [index for index, cell in cells.items() if self._counts(index, cell)]
        if not filled:
            return "BLANK"
        if self._repeats_headings(cells):
            return "HEADER_REPEATED"
        has_person = any(index in cells and self._counts(index, cells[index]) for index in self._person)
        if self._is_totals(cells, filled):
            return "TOTALS"
        if has_person and len(filled) > 1:
            return None
        identified = [index for index in self._identity if index in filled]
        if identified and (len(filled) > 1 or _is_mostly_a_number(cells[identified[0]])):
            return None
        if sum(index in self._read for index in filled) >= _DATA_CELLS:
            return None
        return "SECTION"

    def _is_totals(self, cells: Mapping[int, Cell], filled: list[int]) -> bool:
        """True when a cell says so and the row names nobody: sums may stand under names, a name may not."""
        label = next(
            (
                index
                for index in filled
                if (index == min(filled) or index not in self._identity)
                and isinstance(text := cells[index], str)
                and _TOTALS.fullmatch(words(text))
            ),
            None,
        )
        if label is None:
            return False
        named = [index for index in self._person if index in cells and index != label]
        number = cells.get(self._number)
        if label != min(filled) and isinstance(number, str) and _is_mostly_a_number(number):
            return False
        return not any(
            self._counts(index, cells[index]) and not isinstance(cells[index], (int, float, Mark)) for index in named
        )

    def _is_plainly_a_person(self, cells: Mapping[int, Cell]) -> bool:
        """The short way for nearly every row: digits under the NHS number and something under a name or birth date."""
        number = cells.get(self._number)
        if isinstance(number, str):
            if not number[-4:].isdigit():
                return False
        elif not isinstance(number, (int, float)):
            return False
        for index in self._person:
            cell = cells.get(index)
            if cell is not None and not (isinstance(cell, str) and not cell.strip()):
                return True
        return False

    def _counts(self, index: int, cell: Cell) -> bool:
        """Content for this purpose: text anywhere, and anything in a column that is read."""
        if isinstance(cell, str):
            return bool(cell.strip().strip("\u200b\ufeff\u2060"))
        return index in self._read and (not isinstance(cell, Mark) or index in self._identity)

    def _repeats_headings(self, cells: Mapping[int, Cell]) -> bool:
        texts = {index: words(cell) for index, cell in cells.items() if isinstance(cell, str)}
        same = sum(self._wording.get(index) == text for index, text in texts.items())
        if same >= 3 and same * 2 >= len(texts):
            return True
        return len(texts) >= 2 and bool(self._groups) and all(text in self._groups for text in texts.values() if text)


def _is_mostly_a_number(cell: Cell) -> bool:
    """True for '9.99E+09' and 'NHS 9990123454', false for 'Acle Medical Partnership (D82104)'."""
    text = str(cell)
    digits = sum(character.isdigit() for character in text)
    return digits >= 4 and digits > sum(character.isalpha() for character in text)
