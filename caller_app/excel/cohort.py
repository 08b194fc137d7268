"""Reads a cohort file and says row by row what an import would do: the one entry for the centre and for check-cohort.

Streams the file once, judges each row by itself, then settles what rows say about each other. Refuses the whole file
rather than guess at a sheet, a column or the order of dates. Nothing of a refused row is kept but codes.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from caller_app.base.errors import Refused
from caller_app.domain.cohort.cells import Cell
from caller_app.domain.cohort.crossing import Crossing
from caller_app.domain.cohort.fields import CAMPAIGNS
from caller_app.domain.cohort.plan import Settings
from caller_app.domain.cohort.records import CanonicalPatient, CanonicalPhone, Finding, RowResult, Verdict
from caller_app.domain.cohort.row import RowJudge
from caller_app.domain.dates import DateOrder
from caller_app.domain.practices import PracticeDirectory
from caller_app.excel.columns import Column, Header, refuse_incomplete
from caller_app.excel.doubts import DateOrderEvidence, refuse_swapped
from caller_app.excel.findings import FileFacts, findings_of
from caller_app.excel.limits import DEFAULT_LIMITS, Limits
from caller_app.excel.row_kinds import RowKinds
from caller_app.excel.rows import Row
from caller_app.excel.source import Source, open_source

__all__ = ["CanonicalPatient", "CanonicalPhone", "CohortCheck", "Finding", "RowResult", "Verdict", "check_cohort"]

_FORMULA_STARTS = frozenset("=+-@")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows by verdict, by reason and by warning, and how many may be called."""

    verdicts: dict[str, int]
    reasons: dict[str, int]
    warnings: dict[str, int]
    callable: int


@dataclass(frozen=True, slots=True)
class CohortCheck:
    """What an import of this file would do."""

    file_name: str
    sha256: str
    campaign: str
    as_of: date
    test_mode: bool
    sheet: str
    header_rows: tuple[int, ...]
    columns: tuple[Column, ...]
    rows: list[RowResult]
    findings: tuple[Finding, ...]
    counts: Counts

    @property
    def dropped_columns(self) -> tuple[Column, ...]:
        """The columns that are left out: nothing of them is stored."""
        return tuple(column for column in self.columns if column.field is None)

    def accepted(self) -> Iterator[RowResult]:
        """The rows an import stores as cases."""
        return (result for result in self.rows if result.canonical is not None)


def check_cohort(
    path: Path,
    *,
    campaign: str,
    practices: PracticeDirectory,
    as_of: date,
    test_mode: bool,
    sheet: str | None = None,
    date_order: str | None = None,
    progress: Progress | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> CohortCheck:
    """Check a cohort file against the rules; raises Refused with a plain sentence when the file cannot be taken."""
    if campaign not in CAMPAIGNS:
        raise Refused(f"There is no campaign {campaign}. Known are {', '.join(CAMPAIGNS)}.", field="campaign")
    with open_source(path, campaign, sheet, limits) as source:
        header = source.header
        refuse_incomplete(header, source.place)
        settings = Settings(
            campaign=campaign,
            practices=practices,
            as_of=as_of,
            test_mode=test_mode,
            order=DateOrder.DAY_FIRST if date_order is None else DateOrder(date_order),
            date1904=source.date1904,
        )
        rows, facts = _judge_rows(source, header, settings, limits, date_order is None, progress)
        refuse_swapped(rows, header)
        return CohortCheck(
            file_name=path.name,
            sha256=_hash(path),
            campaign=campaign,
            as_of=as_of,
            test_mode=test_mode,
            sheet=source.sheet,
            header_rows=header.rows,
            columns=header.columns,
            rows=rows,
            findings=findings_of(rows, header, source, facts),
            counts=_count(rows),
        )


def _judge_rows(
    source: Source, header: Header, settings: Settings, limits: Limits, ask_order: bool, progress: Progress | None
) -> tuple[list[RowResult], FileFacts]:
    judge = RowJudge(header.plan, settings)
    kinds = RowKinds(header)
    evidence = DateOrderEvidence(header)
    crossing = Crossing()
    facts = FileFacts()
    phones = frozenset(column.index for column in header.plan.phones)
    written = 0
    last_person = 0
    for row in source.rows(progress):
        if row.number > header.row + limits.rows:
            _refuse_length(source.place, row.number, limits)
        code = _above(row, header) if row.number <= header.row else kinds.kind(row.cells)
        if code == "BLANK":
            continue
        for number in range(written + 1, row.number):
            crossing.skip(RowResult(number, Verdict.SKIP, ("BLANK",)))
        written = row.number
        if code is not None:
            crossing.skip(RowResult(row.number, Verdict.SKIP, (code,), hidden=row.hidden))
            continue
        last_person = row.number
        facts.formula_like += _formula_like(row.cells, phones)
        if ask_order:
            evidence.look(row.number, row.cells)
        crossing.add(judge.judge(row.number, row.cells, hidden=row.hidden))
    if ask_order:
        evidence.refuse_doubt()
    facts.last_content = written
    rows = crossing.settle()
    _name_notes(rows, last_person)
    return rows, facts


def _above(row: Row, header: Header) -> str:
    if row.number in header.rows:
        return "HEADER"
    blank = all(isinstance(cell, str) and not cell.strip() for cell in row.cells.values())
    return "BLANK" if blank else "BANNER"


def _name_notes(rows: list[RowResult], last_person: int) -> None:
    """A lone text below the last person is a note; between people it is the title of a section."""
    for index in range(len(rows) - 1, -1, -1):
        if rows[index].row <= last_person:
            return
        if rows[index].reasons == ("SECTION",):
            rows[index] = RowResult(rows[index].row, Verdict.SKIP, ("NOTE",), hidden=rows[index].hidden)


def _formula_like(cells: dict[int, Cell], phones: frozenset[int]) -> int:
    """Text that a spreadsheet would take for a formula; telephone numbers begin with a plus by right."""
    for cell in cells.values():
        if cell.__class__ is str and cell[0] in _FORMULA_STARTS:
            break
    else:
        return 0
    return sum(
        isinstance(cell, str)
        and cell[0] in _FORMULA_STARTS
        and index not in phones
        and any(character.isalpha() for character in cell)
        for index, cell in cells.items()
    )


def _refuse_length(place: str, number: int, limits: Limits) -> None:
    raise Refused(
        f"{place} has content in row {number:,}; at most {limits.rows:,} rows are read. Delete what stands below the "
        f"list, or "
        "split it into several files.",
        place=place,
    )


def _count(rows: list[RowResult]) -> Counts:
    verdicts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    warnings: Counter[str] = Counter()
    callable_rows = 0
    for result in rows:
        verdicts[result.verdict.value] += 1
        reasons.update(result.reasons)
        warnings.update(result.warnings)
        callable_rows += result.callable
    return Counts(
        dict(sorted(verdicts.items())), dict(sorted(reasons.items())), dict(sorted(warnings.items())), callable_rows
    )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
