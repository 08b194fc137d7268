"""The honest sync light, as far as the two files know it: what is unsent, since when, and how old the list is.

What a reader would get wrong: whether the centre can be reached just now is not in any file. The client lays that over
what is answered here.
"""

from datetime import datetime

from caller_app.base.clock import london
from caller_app.queries.rows import Standing
from caller_app.store import journal, receipts, shown
from caller_app.store.snapshot import Snapshot

NOTICES_COUNTED = 20  # more than this is "many"


def standing(s: Snapshot) -> Standing:
    """Say what is unsent, what is being looked at, when the centre last answered and how old the list is."""
    backlog = journal.backlog(s.outbox)
    unreadable = shown.unreadable(s.lists)
    answers = [one for one in (backlog.last_receipt_at, s.list_as_of) if one is not None]  # a list is an answer too
    return Standing(
        state="unsent" if backlog.unsent else "all_sent",
        sentence=sentence(backlog.unsent, backlog.oldest_unsent_at, max(answers, default=None), s.now)
        + unreadable_words(unreadable),
        unsent=backlog.unsent,
        oldest_unsent_at=backlog.oldest_unsent_at,
        last_receipt_at=backlog.last_receipt_at,
        list_as_of=s.list_as_of,
        in_review=backlog.in_review,
        concern_at=backlog.concern_at,
        duty_phone=_duty_phone(s, backlog.concern_case) if backlog.concern_at else "",
        unreadable=unreadable,
        told_at=receipts.told_times(s.lists, limit=NOTICES_COUNTED),
    )


def _duty_phone(s: Snapshot, case_id: str | None) -> str:
    item = s.item(case_id) if case_id else None
    project = s.project(item.project_id) if item else None
    return project.duty_phone if project else ""


def sentence(unsent: int, oldest: datetime | None, answer: datetime | None, now: datetime) -> str:
    """Say the whole of it in one line."""
    last = f" The centre last answered at {_clock(answer, now)}." if answer else " The centre has not answered yet."
    if not unsent:
        return "Everything is sent." + last
    since = f", the oldest for {_minutes(oldest, now)}" if oldest else ""
    noun = "entry is" if unsent == 1 else "entries are"
    return f"{unsent} {noun} saved here and not sent yet{since}." + last


def unreadable_words(count: int) -> str:
    """Say what is kept off the list because this program cannot read it; empty where nothing is."""
    if not count:
        return ""
    who = "1 person's record is" if count == 1 else f"{count} people's records are"
    return f" {who} not on your list: this program cannot read what came. Tell your supervisor."


def _minutes(since: datetime, now: datetime) -> str:
    minutes = max(int((now - since).total_seconds() // 60), 0)
    if minutes < 1:
        return "less than a minute"
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h"


def _clock(moment: datetime, now: datetime) -> str:
    wall = london(moment)
    return f"{wall:%H:%M}" if wall.date() == london(now).date() else f"{wall:%H:%M} on {wall.day} {wall:%B}"
