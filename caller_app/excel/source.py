"""Opens a cohort file as a stream of rows with known headings, whatever its format, and picks the sheet.

Two sheets that both look like a cohort are a question for a person, never a guess.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from caller_app.base.errors import Refused
from caller_app.excel.columns import SCANNED_ROWS, Header, find_header, headings_found
from caller_app.excel.csv_rows import stream_csv
from caller_app.excel.limits import Limits
from caller_app.excel.package import Package, open_package
from caller_app.excel.rows import Row, SheetFacts
from caller_app.excel.shared_texts import read_texts
from caller_app.excel.sheet import stream_rows
from caller_app.excel.workbook import SheetEntry, WorkbookFacts, read_workbook

_TEXT_ENDINGS = frozenset((".csv", ".txt", ".tsv"))
_SHEETS_LOOKED_AT = 60

RowStream = Callable[[Callable[[int, int], None] | None], Iterator[Row]]


@dataclass(slots=True)
class Source:
    """An open cohort file: its headings and its rows. `met` is complete when the rows have been read."""

    sheet: str
    place: str
    header: Header
    rows: RowStream
    met: SheetFacts = field(default_factory=SheetFacts)
    date1904: bool = False
    other_sheets: tuple[str, ...] = ()


@contextmanager
def open_source(path: Path, campaign: str, sheet: str | None, limits: Limits) -> Iterator[Source]:
    """Open a file, find the sheet that holds the people and its headings."""
    try:
        if not path.is_file():
            raise Refused(f"There is no file called {path.name}.")
        with path.open("rb") as file:
            is_zip = file.read(2) == b"PK"
    except OSError as error:
        raise Refused(f"{path.name} cannot be opened: {error.strerror}.") from error
    if path.suffix.casefold() in _TEXT_ENDINGS and not is_zip:
        yield _open_csv(path, campaign, limits)
        return
    with open_package(path, limits) as package:
        yield _open_workbook(package, campaign, sheet, limits)


def _open_csv(path: Path, campaign: str, limits: Limits) -> Source:
    met = SheetFacts()
    first = list(islice(stream_csv(path, limits, SheetFacts()), SCANNED_ROWS))
    header = find_header(first, campaign)
    if header is None:
        raise _no_header(path.name, [("the list", headings_found(first, campaign))])
    return Source(path.name, path.name, header, lambda progress: stream_csv(path, limits, met, progress), met)


def _open_workbook(package: Package, campaign: str, sheet: str | None, limits: Limits) -> Source:
    facts = read_workbook(package)
    texts = read_texts(package, facts.texts_part, limits)
    entry, header = _choose(package, facts, texts, campaign, sheet, limits)
    met = SheetFacts()

    def rows(progress: Callable[[int, int], None] | None) -> Iterator[Row]:
        return stream_rows(package, entry.part, facts, texts, limits, met, progress)

    return Source(
        sheet=entry.name,
        place=f"Sheet '{entry.name}'",
        header=header,
        rows=rows,
        met=met,
        date1904=facts.date1904,
        other_sheets=tuple(other.name for other in facts.sheets if other is not entry),
    )


def _choose(
    package: Package, facts: WorkbookFacts, texts: list[str], campaign: str, wanted: str | None, limits: Limits
) -> tuple[SheetEntry, Header]:
    sheets = facts.sheets[:_SHEETS_LOOKED_AT]
    if wanted is not None:
        sheets = tuple(entry for entry in facts.sheets if entry.name.strip().casefold() == wanted.strip().casefold())
        if not sheets:
            names = ", ".join(f"'{entry.name}'" for entry in facts.sheets)
            raise Refused(f"{package.name} has no sheet '{wanted}'. It has {names}.", field="sheet")
    found: list[tuple[SheetEntry, Header]] = []
    headings: list[tuple[str, str | None]] = []
    for entry in sheets:
        if not package.has(entry.part):
            raise package.damaged()
        stream = stream_rows(package, entry.part, facts, texts, limits, SheetFacts())
        first = list(islice(stream, SCANNED_ROWS))
        header = find_header(first, campaign)
        if header is not None:
            found.append((entry, header))
        else:
            headings.append((f"sheet '{entry.name}'", headings_found(first, campaign)))
    if not found:
        raise _no_header(package.name, headings)
    if len(found) > 1:
        names = " and ".join(f"'{entry.name}'" + (" (hidden)" if entry.hidden else "") for entry, _ in found)
        raise Refused(
            f"Sheets {names} of {package.name} both look like a cohort. Say which one is meant with --sheet, for "
            f"example "
            f"--sheet '{found[0][0].name}'.",
            field="sheet",
        )
    return found[0]


def _no_header(name: str, headings: list[tuple[str, str | None]]) -> Refused:
    told = "; ".join(
        f"{place} has {listed}" if listed else f"in {place} no row of headings was recognised"
        for place, listed in headings
    )
    return Refused(
        f"{name} has no column with NHS numbers that can be recognised: {told}. Correct the heading of that column to "
        "'NHS number' and check that the headings stand in one row above the list.",
        field="nhs_number",
    )
