"""Streams the rows of a .csv file in whatever encoding it was saved.

UTF-8 with and without a mark, UTF-16 and UTF-32 with a mark, UTF-16 without one, and Windows-1252 are read; a file that
is none of these is refused rather than read with wrong letters. All cells are text. Row numbers count records, as Excel
shows them, also where a quoted cell spans lines.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from caller_app.base.errors import Refused
from caller_app.domain.cohort.cells import ERROR, Cell
from caller_app.excel.limits import Limits
from caller_app.excel.rows import Row, SheetFacts

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 65_536
_LONGEST_LINE = 2_000_000
_DELIMITERS = (",", ";", "\t", "|")
# What a spreadsheet writes for a cell in error when it saves a list as text.
_ERRORS = frozenset(
    ("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)


def detect_encoding(path: Path) -> str:
    """The encoding a file can be read in from its first to its last byte; refuses what is no text."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
        for mark, encoding in _MARKS:
            if sample.startswith(mark):
                return _whole(path, encoding)
        if not sample:
            raise Refused(f"{path.name} is empty.")
        nulls = sample.count(0)
        if nulls:
            even = sample[::2].count(0)
            if nulls > len(sample) // 4 and (even < nulls // 10 or even > nulls * 9 // 10):
                return _whole(path, "utf-16-le" if even < nulls // 10 else "utf-16-be")
            raise Refused(f"{path.name} is not a text file. Save the list as .xlsx or as CSV UTF-8.")
    for encoding in ("utf-8", "cp1252"):
        if _decodes(path, encoding):
            return encoding
    raise Refused(f"{path.name} holds letters in an encoding that is not known. Save it in Excel as CSV UTF-8.")


def _whole(path: Path, encoding: str) -> str:
    if not _decodes(path, encoding):
        raise Refused(f"{path.name} is damaged: it says it is {encoding} and is not. Save it in Excel as CSV UTF-8.")
    return encoding


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(sample: str) -> str:
    """The separator that cuts the first lines into most columns."""
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        try:
            rows = list(csv.reader(io.StringIO(sample), delimiter=delimiter))[:30]
        except csv.Error:
            continue
        widest = max((len(row) for row in rows), default=0)
        if widest > most:
            best, most = delimiter, widest
    return best


def stream_csv(
    path: Path, limits: Limits, met: SheetFacts, progress: Callable[[int, int], None] | None = None
) -> Iterator[Row]:
    """The filled rows of a .csv file, in order."""
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise Refused(
            f"{path.name} has {size // 1_000_000} MB; at most {limits.file_bytes // 1_000_000} MB are read. Split it "
            f"into "
            "smaller files."
        )
    encoding = detect_encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.read(_SAMPLE // 4))
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as file:
        reader = csv.reader(_lines(path.name, file), delimiter=delimiter)
        number = 0
        while True:
            try:
                record = next(reader, None)
            except csv.Error as error:
                raise Refused(f"{path.name} cannot be read as a list after row {number}: {error}.") from error
            if record is None:
                break
            number += 1
            if number > limits.sheet_rows:
                raise Refused(
                    f"{path.name} has more than {limits.sheet_rows:,} lines. Delete the empty ones below the list."
                )
            cells = _cells(path.name, number, record, limits)
            for index, text in cells.items():
                if text in _ERRORS:
                    cells[index] = ERROR
                    met.errors += 1
            met.last_row = number
            if cells:
                yield Row(number, cells)
            if progress is not None and number % 1_000 == 0:
                progress(min(raw.tell(), size), size)
    if progress is not None:
        progress(size, size)


def _lines(name: str, file: io.TextIOWrapper) -> Iterator[str]:
    """The lines of a file: one that goes on and on is refused before it is cut into a hundred million empty cells."""
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise Refused(f"{name} has a line of more than {_LONGEST_LINE:,} characters. It is not read as a list.")
        yield line


def _cells(name: str, number: int, record: list[str], limits: Limits) -> dict[int, Cell]:
    cells: dict[int, Cell] = {index: text for index, text in enumerate(record) if text}
    if len(record) > limits.columns and cells and max(cells) >= limits.columns:
        raise Refused(
            f"{name} has more than {limits.columns} columns in row {number}. Delete those that are not needed."
        )
    if sum(map(len, record)) > limits.cell_characters and any(len(text) > limits.cell_characters for text in record):
        raise Refused(f"{name} has more than {limits.cell_characters:,} characters in one cell of row {number}.")
    return cells
