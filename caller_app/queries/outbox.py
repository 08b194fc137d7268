"""Every retained change as its author and support read it: what kind, where it stands, what the centre said.

What a reader would get wrong: titles say what was done and never to whom, so that the page may be shown to anybody who
helps with a stuck workstation. Only `detail` says whom and what, and only when it is asked for.
"""

from datetime import datetime

from caller_app.base.clock import london
from caller_app.domain.changes import Change
from caller_app.domain.reviews import SETTLED, reason_words
from caller_app.domain.rulebook import Rulebook
from caller_app.domain.telling import lines_of
from caller_app.domain.telling import title_of as telling_title
from caller_app.queries.rows import OutboxCounts, OutboxDetail, OutboxRow
from caller_app.store import receipts
from caller_app.store.journal import Entry
from caller_app.store.receipts import Kept, Receipt
from caller_app.store.search import fold_name
from caller_app.store.snapshot import Snapshot

GONE_NAME = "No longer on your list"
OF_NEWER = "Recorded by a newer version of this program"
_UNREAD = (("What it says", "only the newer version of this program can show it"),)
_SEARCHED = 5_000
_ERRORS = {
    "too_large": "the centre found it too large",
    "malformed": "the centre could not read it",
    "bug": "a fault at the centre",
    "busy": "the centre was busy",
    "newer_program": "only a newer program can say it in full",
}


def entries(
    s: Snapshot, *, kept: Kept = "all", search: str = "", limit: int = 200, offset: int = 0
) -> tuple[OutboxRow, ...]:
    """Give the retained changes, the newest first; a search looks at what, where it stands, numbers and receipts."""
    if not search.strip():
        return tuple(_row(one, s.rules) for one in receipts.page(s.outbox, kept=kept, limit=limit, offset=offset))
    words = fold_name(search).split()
    rows = (_row(one, s.rules) for one in receipts.page(s.outbox, kept=kept, limit=_SEARCHED))
    found = [row for row in rows if words and all(word in _searched(row) for word in words)]
    return tuple(found[offset : offset + limit])


def outbox_counts(s: Snapshot) -> OutboxCounts:
    """Count what each filter of the page would show."""
    return OutboxCounts(
        everything=receipts.count(s.outbox, "all"),
        waiting=receipts.count(s.outbox, "waiting"),
        review=receipts.count(s.outbox, "review"),
        sent=receipts.count(s.outbox, "sent"),
    )


def detail(s: Snapshot, *, change_id: str) -> OutboxDetail | None:
    """Give one retained change in full, with whom it is about; None once it has left this computer."""
    found = receipts.one(s.outbox, change_id)
    if found is None:
        return None
    item = s.item(found.rec_id) if found.rec_id else None
    project = s.project(item.project_id) if item is not None else None
    pathways = {one.code: one.title for one in project.pathways} if project is not None else {}
    name = f"{item.patient.given_name} {item.patient.family_name}".strip() if item is not None else GONE_NAME
    return OutboxDetail(
        row=_row(found, s.rules),
        about=name,
        lines=lines_of(found.change, s.rules, pathways) if found.change else _UNREAD,
        way=_way(found),
    )


def title_of(change: Change | None, rules: Rulebook) -> str:
    """Say what a change is, never whom it is about; None is one that only a newer program can read."""
    return telling_title(change, rules) if change else OF_NEWER


def state_of(entry: Entry | Receipt) -> str:
    """Say where a change stands, in the words of the outbox page and of My day."""
    reason = entry.reason or ""
    if reason.startswith(SETTLED):
        return f"looked at: {reason_words(reason).partition(': ')[2]}"
    if entry.verdict in ("applied_review", "quarantined"):
        return "being looked at" + (f": {reason_words(reason)}" if reason else "")
    if entry.verdict == "applied":
        return "accepted"
    if entry.verdict == "received" or entry.state in ("ACKED", "DURABLE"):
        return "sent"
    if entry.state == "SENT":
        return "sending"
    if entry.state == "SUSPECT":
        return "saved here, sent unread next"
    return "saved here" if not entry.tries else "saved here, sending needs another try"


def reason_in_words(reason: str) -> str:
    """Say a reason of the centre in words; one that is not known here is shown as it came, without its underscores."""
    return reason_words(reason)


def _row(one: Receipt, rules: Rulebook) -> OutboxRow:
    return OutboxRow(
        dseq=one.dseq,
        change_id=one.change_id,
        kind=one.kind,
        title=title_of(one.change, rules),
        recorded_at=one.recorded_at,
        state=state_of(one),
        verdict=one.verdict,
        reason=reason_words(one.reason) if one.reason else None,
        tries=one.tries,
        received_at=one.acked_at,
        in_review=one.verdict in ("applied_review", "quarantined") and not (one.reason or "").startswith(SETTLED),
    )


def _searched(row: OutboxRow) -> str:
    received = f"{london(row.received_at):%H:%M}" if row.received_at else ""
    said = fold_name(f"{row.title} {row.state} {row.reason or ''}")
    return f"{said} {row.dseq} {row.change_id} {row.receipt} {received}"


def _way(one: Receipt) -> tuple[tuple[str, str], ...]:
    """Tell the way of a change, step by step, for the person and for support."""
    steps = [("Recorded", _moment(one.recorded_at)), ("Number here", str(one.dseq))]
    if one.tries:
        tries = "once" if one.tries == 1 else f"{one.tries} times"
        why = f", last: {_ERRORS.get(one.last_error, one.last_error.replace('_', ' '))}" if one.last_error else ""
        steps.append(("Tried in vain", tries + why))
    steps.append(("Receipt of the centre", _moment(one.acked_at) if one.acked_at else "none yet"))
    if one.acked_at:
        steps.append(("Safe at the centre", f"{_moment(one.durable_at)}" if one.durable_at else "not confirmed yet"))
    steps.append(("Receipt number", one.change_id))
    if one.review_id:
        steps.append(("Number of the review", one.review_id))
    return tuple(steps)


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    wall = london(moment)
    return f"{wall.day} {wall:%b %Y}, {wall:%H:%M:%S}"
