"""Why a person stands where they stand on the list, in words a caller reads at a glance.

What a reader would get wrong: these words are shown before identity has passed. They name times and results of
dialling, never the project, a value of the record or what was spoken about.
"""

from datetime import datetime

from caller_app.base.clock import london
from caller_app.domain.calling_rules import BAND_WORDS, band_of, when
from caller_app.domain.outcomes import OutcomeCatalogue
from caller_app.store.listing import Listed


def why(row: Listed, now: datetime, outcomes: OutcomeCatalogue, *, status_why: str = "", parked: str = "") -> str:
    """Say why this person comes up here."""
    if parked:
        return parked
    match row.group:
        case "overdue":
            return f"overdue: promised {_promised(row, now)}"
        case "due":
            return f"promised {_promised(row, now)}" + (", they asked for you" if row.promise_mine else "")
        case "promised" | "promised_later":
            return f"promised {_promised(row, now)}"
        case "retry":
            return _tried(row, now, outcomes, _new_time(now))
        case "retry_same_band":
            return _tried(row, now, outcomes, "tried at this time of day before")
        case "retry_at_once":
            return _tried(row, now, outcomes, "may be tried again at once")
        case "fresh":
            return "never rung"
        case "waiting" if row.not_before is not None:
            return _tried(row, now, outcomes, f"not before {when(row.not_before, now)}")
        case "held":
            words = {"supervisor": "with the supervisor", "needs_review": "two results disagree: supervisor decides"}
            said = words.get(row.status, "held")
            if row.not_before is not None and row.status == "held":
                said = f"held until {when(row.not_before, now)}"
            return f"{said}: {status_why}" if status_why and status_why not in said else said
        case "closed":
            return f"closed: {status_why}" if status_why else "closed"
    return status_why


def _promised(row: Listed, now: datetime) -> str:
    begins, ends = row.promise_from, row.promise_to
    if begins is None:
        return ""
    said = when(begins, now)
    return f"{said} to {london(ends):%H:%M}" if ends is not None and ends > begins else said


def _new_time(now: datetime) -> str:
    words = BAND_WORDS.get(band_of(now))
    return f"not tried {words} yet" if words else ""


def _tried(row: Listed, now: datetime, outcomes: OutcomeCatalogue, more: str) -> str:
    outcome = outcomes.find(row.last_outcome) if row.last_outcome else None
    said = outcome.label.lower() if outcome else ""
    if said and row.last_at is not None:
        said = f"{said} {_day(row.last_at, now)}"
    return ", ".join(part for part in (said, more) if part) or "to be rung again"


def _day(moment: datetime, now: datetime) -> str:
    days = (london(now).date() - london(moment).date()).days
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{london(moment):%a} {london(moment).day} {london(moment):%b}"
