"""My list: who is to be rung, in which order and why; and who comes next.

What a reader would get wrong: the list shows everybody, the next case is only somebody who may be rung now. Promises
due now come before overdue ones there, since they can still be kept in time (domain rules 2.7).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from caller_app.domain.calling_rules import band_of, is_open, may_dial
from caller_app.domain.calls import CallDraft
from caller_app.queries.rows import Heading, ListCounts, ListRow
from caller_app.queries.why import why
from caller_app.store import journal, listing
from caller_app.store.listing import Listed, Moment
from caller_app.store.search import matching
from caller_app.store.snapshot import Snapshot

_FOUND = 500  # more than this nobody reads: type one more letter
_TO_CALL = ("due", "overdue", "retry_at_once", "retry", "retry_same_band", "fresh")
_HEADINGS: dict[str, Heading] = {
    "overdue": "overdue",
    "due": "due",
    "promised": "promised",
    "retry_at_once": "retry",
    "retry": "retry",
    "retry_same_band": "retry",
    "fresh": "fresh",
    "promised_later": "waiting",
    "waiting": "waiting",
    "held": "held",
}
_FIRST_LOOK, _LOOK_AHEAD = 5, 200


def my_list(s: Snapshot, *, search: str = "", limit: int = 200, offset: int = 0) -> tuple[ListRow, ...]:
    """Give one page of the list: calls in hand first, then promises, retries, people never rung, and who must wait."""
    moment = Moment.at(s.now, band_of(s.now))
    drafts = {draft.case_id: draft for draft in s.drafts()}
    if search.strip():
        return tuple(_rows(s, _found(s, moment, search), drafts)[offset : offset + limit])
    in_hand = [row for row in listing.rows_of_cases(s.lists, moment, _in_hand(drafts)) if row.group != "closed"]
    rows = in_hand[offset : offset + limit]
    if len(rows) < limit:
        rest = listing.page(
            s.lists,
            moment,
            limit=limit - len(rows),
            offset=max(offset - len(in_hand), 0),
            without=[row.case_id for row in in_hand],
        )
        rows = [*rows, *rest]
    return tuple(_rows(s, rows, drafts))


def list_counts(s: Snapshot) -> ListCounts:
    """Count the list for the header; the project is named only where all of it is one project's."""
    tally = listing.tally(s.lists, Moment.at(s.now, band_of(s.now)))
    projects = listing.project_ids(s.lists)
    project = s.project(projects[0]) if len(projects) == 1 else None
    return ListCounts(
        left=tally.left,
        total=tally.total,
        due_now=tally.due,
        promised_today=tally.promised_today,
        project_name=project.name if project else None,
    )


def next_case(s: Snapshot, *, after: str | None = None) -> str | None:
    """Name the person to ring next; None outside calling hours and where nobody may be rung now.

    A call that a crash broke off comes first. Parked calls wait until the caller takes them up.
    """
    drafts = s.drafts()
    moment = Moment.at(s.now, band_of(s.now))
    broken_off = [draft.case_id for draft in drafts if not draft.parked and draft.case_id != after]
    for row in listing.rows_of_cases(s.lists, moment, broken_off):
        return row.case_id
    open_now = [
        project_id
        for project_id in listing.project_ids(s.lists)
        if (project := s.project(project_id)) is not None and is_open(s.now, project.hours, s.rules.holidays)
    ]
    if not open_now:
        return None
    without = [draft.case_id for draft in drafts] + ([after] if after else [])
    for some in (_FIRST_LOOK, _LOOK_AHEAD):  # nearly always the first one may be rung
        candidates = listing.page(s.lists, moment, limit=some, groups=_TO_CALL, without=without, projects=open_now)
        found = next((row.case_id for row in candidates if _may_be_rung(s, row)), None)
        if found is not None or len(candidates) < some:
            return found
    return None


def _may_be_rung(s: Snapshot, row: Listed) -> bool:
    item, project = s.item(row.case_id), s.project(row.project_id)
    if item is None or project is None:
        return False
    # The age of the stop list holds back everybody alike: the card says so, better than an empty screen.
    return may_dial(item, s.now, timedelta(0), project, holidays=s.rules.holidays).ok


def _in_hand(drafts: dict[str, CallDraft]) -> list[str]:
    return [draft.case_id for draft in sorted(drafts.values(), key=lambda one: (one.parked, one.opened_at))]


def _found(s: Snapshot, moment: Moment, typed: str) -> list[Listed]:
    nrs = matching(s.lists, typed, _FOUND)
    return [row for row in listing.rows_of(s.lists, moment, nrs or ()) if row.group != "closed"]


def _rows(s: Snapshot, rows: Sequence[Listed], drafts: dict[str, CallDraft]) -> list[ListRow]:
    in_review = journal.cases_in_review(s.outbox)
    return [_row(s, row, drafts.get(row.case_id), in_review) for row in rows]


def _row(s: Snapshot, row: Listed, draft: CallDraft | None, in_review: frozenset[str]) -> ListRow:
    status_why = ""
    if row.group == "held":
        item = s.item(row.case_id)
        status_why = item.status_why if item else ""
    return ListRow(
        case_id=row.case_id,
        shown_name=row.shown_name,
        group="parked" if draft is not None else _HEADINGS[row.group],
        why=why(row, s.now, s.rules.outcomes, status_why=status_why, parked=_parked(draft, s.now)),
        due_at=row.promise_from if row.promise_from is not None else row.not_before,
        counted_attempts=row.counted,
        last_outcome=row.last_outcome,
        waiting_for_review=row.status == "needs_review" or row.case_id in in_review,
    )


def _parked(draft: CallDraft | None, now: datetime) -> str:
    if draft is None:
        return ""
    minutes = int((now - draft.opened_at).total_seconds() // 60)
    ago = "just now" if minutes < 1 else f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} h ago"
    return f"parked, opened {ago}" if draft.parked else f"call in hand, opened {ago}"
