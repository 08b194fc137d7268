"""Reasons to stop over a whole column: months before days, columns that were swapped.

One odd cell refuses its row; a column in which nearly all cells are odd is the wrong column, and going on would store
other people's data under a good number. A wrong column of ten-digit numbers still passes one check digit in eleven.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from caller_app.base.errors import Refused
from caller_app.domain.cohort.cells import Cell
from caller_app.domain.cohort.fields import DATE_FIELDS
from caller_app.domain.cohort.records import RowResult, Verdict
from caller_app.domain.dates import DateEvidence, evidence_in
from caller_app.excel.columns import Header
from caller_app.excel.rows import column_letter

# A share of odd cells above this, in at least so many filled cells, means that the column holds something else. A list
# that is merely bad stays below it and is refused row by row, with a reason for each.
SAMPLE = 20
_NEARLY_ALL = 0.75
# Days that read well and still belong to no adult: registrations and appointments scatter over the last decades.
_MOST = 0.5

_NUMBER_FAULTS = frozenset(("NHS_NUMBER_LENGTH", "NHS_NUMBER_CHARACTERS", "NHS_NUMBER_CHECK_DIGIT"))
_DATE_FAULTS = frozenset(("DOB_UNREADABLE", "DOB_IMPOSSIBLE", "DOB_FUTURE", "DOB_OVER_120", "UNDER_AGE"))
_TOO_LATE = frozenset(("DOB_FUTURE", "UNDER_AGE"))


class DateOrderEvidence:
    """Collects from text dates whether a column writes the month first."""

    def __init__(self, header: Header) -> None:
        self._columns = [(index, field) for field, index in header.plan.single.items() if field in DATE_FIELDS]
        self._headings = {column.column: column.header for column in header.columns}
        self._seen: dict[int, Counter[DateEvidence]] = {index: Counter() for index, _ in self._columns}
        self._first_proof: dict[int, int] = {}

    def look(self, row: int, cells: Mapping[int, Cell]) -> None:
        """Take the dates of one row."""
        for index, _ in self._columns:
            cell = cells.get(index)
            if isinstance(cell, str) and (evidence := evidence_in(cell)) is not None:
                self._seen[index][evidence] += 1
                if evidence is DateEvidence.MONTH_FIRST:
                    self._first_proof.setdefault(index, row)

    def refuse_doubt(self) -> None:
        """Stop and ask when some dates prove month first and others could be read either way (domain rules 2.5)."""
        for index, seen in self._seen.items():
            if seen[DateEvidence.MONTH_FIRST] and seen[DateEvidence.EITHER]:
                letter = column_letter(index)
                raise Refused(
                    f"Column {letter} '{self._headings[letter]}' holds dates with the month first (row "
                    f"{self._first_proof[index]}) and {seen[DateEvidence.EITHER]} dates that could be read either "
                    f"way. Ask the "
                    "sender which order is meant and say so: --date-order dmy (day first) or --date-order mdy (month "
                    "first).",
                    field="date_order",
                    place=f"column {letter}",
                )


def refuse_swapped(rows: Sequence[RowResult], header: Header) -> None:
    """Stop when nearly all cells of a column are not what its heading says."""
    people = [result for result in rows if result.verdict is not Verdict.SKIP]
    _refuse_if_most(people, header, "nhs_number", _NUMBER_FAULTS, frozenset(("NHS_NUMBER_MISSING",)), "NHS numbers")
    no_day = frozenset(("DOB_MISSING",))
    _refuse_if_most(people, header, "dob", _DATE_FAULTS, no_day, "dates of birth of adults")
    _refuse_if_most(people, header, "dob", _TOO_LATE, no_day, "dates of birth of adults", share=_MOST)
    _refuse_if_most(people, header, "family_name", frozenset(("NAME_UNSAFE",)), frozenset(("NAME_MISSING",)), "names")
    stored = [result for result in people if result.canonical is not None and not result.canonical.sensitive]
    empty = frozenset(("POSTCODE_MISSING",))
    _refuse_if_most(stored, header, "postcode", frozenset(("POSTCODE_INVALID",)), empty, "postcodes")


def _refuse_if_most(
    people: Sequence[RowResult],
    header: Header,
    field: str,
    faults: frozenset[str],
    empty: frozenset[str],
    what: str,
    share: float = _NEARLY_ALL,
) -> None:
    index = header.plan.single.get(field)
    if index is None:
        return
    filled = odd = 0
    for result in people:
        if empty.isdisjoint(result.reasons) and empty.isdisjoint(result.warnings):
            filled += 1
            odd += not faults.isdisjoint(result.reasons)
    if filled >= SAMPLE and odd > filled * share:
        letter = column_letter(index)
        heading = next(column.header for column in header.columns if column.column == letter)
        raise Refused(
            f"Column {letter} '{heading}' does not hold {what}: {odd} of {filled} cells are none. Columns may have "
            f"been swapped. "
            "Nothing was taken; correct the headings or ask for the file again.",
            field=field,
            place=f"column {letter}",
        )
