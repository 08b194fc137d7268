"""Rows as they come out of a cohort file, whatever its format."""

from dataclasses import dataclass

from caller_app.domain.cohort.cells import Cell


@dataclass(slots=True)
class Row:
    """One row that holds something: its number, its filled cells by zero-based column, whether it is hidden."""

    number: int
    cells: dict[int, Cell]
    hidden: bool = False


@dataclass(slots=True)
class SheetFacts:
    """What was met while the rows were read; complete when the last row has been."""

    formulas: int = 0
    errors: int = 0
    last_row: int = 0
    filtered: bool = False


def column_letter(index: int) -> str:
    """The letters of a zero-based column."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The zero-based column of its letters."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
