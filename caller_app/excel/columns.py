"""Finds the row of headings on a sheet and maps its columns to fields.

A banner may stand above, and the headings may take two rows: a group above, the name below. Headings that look like
data are never repeated in a message: a list without headings would print a patient.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from caller_app.base.errors import Refused
from caller_app.domain.cohort.cells import Cell
from caller_app.domain.cohort.fields import ADDRESS_FIELDS, PHONE_FIELDS, fields_of
from caller_app.domain.cohort.plan import ColumnPlan, PhoneColumn
from caller_app.domain.text import tidy, words
from caller_app.excel.headings import match_heading
from caller_app.excel.rows import Row, column_letter

SCANNED_ROWS = 60
_ENOUGH_FIELDS = 3
_SHOWN_HEADINGS = 40
_LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Column:
    """One column as found: letters, heading exactly as written, the group above it, the field or None when left out."""

    column: str
    header: str
    above: str | None
    field: str | None


@dataclass(frozen=True, slots=True)
class Header:
    """The row of headings of a sheet and what its columns mean."""

    row: int
    rows: tuple[int, ...]
    columns: tuple[Column, ...]
    plan: ColumnPlan
    wording: Mapping[int, str]

    @property
    def field_count(self) -> int:
        """How many columns mean something."""
        return sum(column.field is not None for column in self.columns)


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: Row
    group_row: int | None
    headings: dict[int, str]
    groups: dict[int, str]
    fields: dict[int, tuple[str, int]]


def _texts(cells: Mapping[int, Cell]) -> dict[int, str]:
    return {index: cell for index, cell in cells.items() if isinstance(cell, str) and cell.strip()}


def _groups(above: Row | None, row: Row, headings: Mapping[int, str]) -> dict[int, str]:
    """The group of each heading: a merged cell above counts for all columns up to the next one."""
    texts = _texts_above(above, row)
    over = sum(index in headings for index in texts)
    if above is None or over >= len(headings) or len(texts) < 2 or not over or len(texts) != len(above.cells):
        return {}
    groups: dict[int, str] = {}
    current: str | None = None
    for index in range(max(headings) + 1):
        if index in texts:
            current = texts[index] if index in headings else None
        if index in headings and current is not None:
            groups[index] = current
    return groups


def _candidate(row: Row, above: Row | None, campaign: str) -> _Candidate | None:
    headings = _texts(row.cells)
    wanted = fields_of(campaign)
    groups = _groups(above, row, headings)
    fields = _meanings(headings, groups, wanted)
    spanning = {index: text for index, text in _texts_above(above, row).items() if index not in row.cells}
    more = _meanings(spanning, {}, wanted)
    if not more or len(fields) * 2 < len(headings):
        spanning, more = {}, {}
    if len(headings) + len(spanning) < _ENOUGH_FIELDS:
        return None
    group_row = above.number if (groups or spanning) and above is not None else None
    return _Candidate(row, group_row, headings | spanning, groups, fields | more)


def _texts_above(above: Row | None, row: Row) -> dict[int, str]:
    """The row directly above: groups, and headings merged over both rows, which stand over an empty cell."""
    return _texts(above.cells) if above is not None and above.number == row.number - 1 else {}


def _meanings(
    headings: Mapping[int, str], groups: Mapping[int, str], wanted: frozenset[str]
) -> dict[int, tuple[str, int]]:
    fields: dict[int, tuple[str, int]] = {}
    for index, heading in headings.items():
        found = match_heading(heading, groups.get(index))
        if found is not None and found[0] in wanted:
            fields[index] = found
    return fields


def _best(rows: Sequence[Row], campaign: str) -> _Candidate | None:
    best: _Candidate | None = None
    above: Row | None = None
    for row in rows:
        found = _candidate(row, above, campaign)
        above = row
        if found is None:
            continue
        if best is None or _weight(found) > _weight(best):
            best = found
    return best


def _weight(candidate: _Candidate) -> tuple[bool, int]:
    distinct = {field for field, _ in candidate.fields.values()}
    return "nhs_number" in distinct, len(distinct)


def find_header(rows: Sequence[Row], campaign: str) -> Header | None:
    """The headings of a sheet that looks like a cohort (an NHS number and at least two more fields), else None."""
    best = _best(rows, campaign)
    if best is None or not _weight(best)[0] or _weight(best)[1] < _ENOUGH_FIELDS:
        return None
    chosen = _settle(best)
    columns = tuple(
        Column(column_letter(index), heading, best.groups.get(index), chosen.get(index))
        for index, heading in sorted(best.headings.items())
    )
    header_rows = (best.row.number,) if best.group_row is None else (best.group_row, best.row.number)
    wording = {index: words(heading) for index, heading in best.headings.items()}
    return Header(best.row.number, header_rows, columns, _plan(chosen), wording)


def _settle(candidate: _Candidate) -> dict[int, str]:
    """One column for each field: the surest wins; a tie is refused, except for telephones."""
    chosen: dict[int, str] = {}
    by_field: dict[str, list[tuple[int, int]]] = {}
    for index, (field, sureness) in candidate.fields.items():
        if field in PHONE_FIELDS:
            chosen[index] = field
        else:
            by_field.setdefault(field, []).append((sureness, index))
    for field, found in by_field.items():
        surest = max(sureness for sureness, _ in found)
        first = [index for sureness, index in found if sureness == surest]
        if len(first) > 1:
            places = " and ".join(column_letter(index) for index in sorted(first))
            raise Refused(
                f"Columns {places} both look like {field.replace('_', ' ')}. Delete the one that is not meant, or "
                f"change its "
                "heading.",
                field=field,
            )
        chosen[first[0]] = field
    return chosen


def _plan(chosen: Mapping[int, str]) -> ColumnPlan:
    phones = tuple(
        PhoneColumn(index, column_letter(index), field)
        for index, field in sorted(chosen.items())
        if field in PHONE_FIELDS
    )
    lines = sorted((ADDRESS_FIELDS.index(field), index) for index, field in chosen.items() if field in ADDRESS_FIELDS)
    others = frozenset(PHONE_FIELDS) | frozenset(ADDRESS_FIELDS)
    single = {field: index for index, field in chosen.items() if field not in others}
    return ColumnPlan(single, phones, tuple(index for _, index in lines))


def refuse_incomplete(header: Header, place: str) -> None:
    """Refuse a list in which no row could be taken because a whole column is missing."""
    have = header.plan.single
    missing = []
    if "dob" not in have:
        missing.append("date of birth")
    if "given_name" not in have and "family_name" not in have:
        missing.append("name")
    if "practice_ods" not in have and "practice_name" not in have:
        missing.append("GP practice")
    if missing:
        raise Refused(
            f"{place} has no column for {' and '.join(missing)}. Found in row {header.row}: "
            f"{_listed([column.header for column in header.columns])}. Add the column or correct its heading.",
            place=place,
        )


def headings_found(rows: Sequence[Row], campaign: str) -> str | None:
    """The headings of the likeliest row, for a message; None when no row looks like headings."""
    best = _best(rows, campaign)
    if best is None or not best.fields:
        return None
    return _listed([heading for _, heading in sorted(best.headings.items())])


def _listed(headings: Sequence[str]) -> str:
    safe = [tidy(heading)[:_LONGEST_HEADING] for heading in headings if not _looks_like_data(heading)]
    more = f" and {len(safe) - _SHOWN_HEADINGS} more" if len(safe) > _SHOWN_HEADINGS else ""
    return ", ".join(f"'{heading}'" for heading in safe[:_SHOWN_HEADINGS]) + more


def _looks_like_data(heading: str) -> bool:
    return sum(character.isdigit() for character in heading) >= 4
