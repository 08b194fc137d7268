"""What a person may want to know about a whole cohort file."""

from collections import Counter
from dataclasses import dataclass

from caller_app.domain.cohort.records import Finding, RowResult, Verdict
from caller_app.excel.columns import Header
from caller_app.excel.source import Source

_MOST_SHARED = 10


@dataclass(slots=True)
class FileFacts:
    """Counted while the rows were judged."""

    formula_like: int = 0
    last_content: int = 0


def findings_of(rows: list[RowResult], header: Header, source: Source, facts: FileFacts) -> tuple[Finding, ...]:
    """The findings about a file, in the order in which a reader meets them."""
    findings: list[Finding] = []

    def find(code: str, *, must_report: bool = False, **details: object) -> None:
        findings.append(Finding(code, details, must_report))

    met = source.met
    if banner := _rows_with(rows, "BANNER"):
        find("BANNER_ROWS", rows=banner)
    if header.row != 1:
        find("HEADER_NOT_FIRST_ROW", header_row=header.row)
    if source.other_sheets:
        find("EXTRA_SHEETS", sheets=list(source.other_sheets))
    if source.date1904:
        find("DATES_SINCE_1904")
    if totals := _rows_with(rows, "TOTALS"):
        find("TOTALS_ROW", rows=totals)
    if hidden := sum(result.hidden for result in rows):
        find("HIDDEN_ROWS", count=hidden, note="hidden and filtered rows are people and count")
    if met.filtered:
        find("FILTER_ON")
    if met.last_row > facts.last_content:
        find("TRAILING_BLANK_ROWS", rows=[facts.last_content + 1, met.last_row])
    if met.formulas:
        find("FORMULA_CELLS", count=met.formulas, note="the results of formulas are not read")
    if met.errors:
        find("ERROR_CELLS", count=met.errors)
    if len(header.rows) > 1:
        find("MERGED_HEADER", rows=list(header.rows))
    if facts.formula_like:
        find("FORMULA_LIKE_TEXT", count=facts.formula_like, must_report=True)
    if shared := _shared(rows):
        most = [{"e164": e164, "patients": count} for e164, count in shared.most_common(_MOST_SHARED)]
        find("SHARED_PHONES", count=len(shared), most=most)
    if duplicates := sum(result.verdict is Verdict.DUPLICATE for result in rows):
        find("DUPLICATE_ROWS", count=duplicates)
    return tuple(findings)


def _rows_with(rows: list[RowResult], code: str) -> list[int]:
    return [result.row for result in rows if code in result.reasons]


def _shared(rows: list[RowResult]) -> Counter[str]:
    shared: Counter[str] = Counter()
    for result in rows:
        if result.canonical is not None:
            for phone in result.canonical.phones:
                if phone.shared_by > 1:
                    shared[phone.e164] = phone.shared_by
    return shared
