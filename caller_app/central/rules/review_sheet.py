"""One review as a supervisor reads it: what happened in a sentence, what stands beside what came, and the acts.

What a reader would get wrong: "what stands" is the centre's now, not what it was when the change came; a supervisor
decides about now. The words of a concern come out here and nowhere else, because somebody has to read them to decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from caller_app.base.clock import london
from caller_app.central.centre import Centre
from caller_app.central.faults import Fault
from caller_app.central.rules.review_list import line_of, one
from caller_app.central.rules.review_matter import Came, Stands, possible, read_came, read_stands
from caller_app.domain import settling
from caller_app.domain.changes import (
    AttemptRecorded,
    AttemptSuperseded,
    CallbackPromised,
    Change,
    CorrectionProposed,
    ReferralRequested,
)
from caller_app.domain.details import current_value
from caller_app.domain.items import PastAttempt, Promise
from caller_app.domain.phones import show
from caller_app.domain.rebase_terms import live
from caller_app.domain.reviews import class_of
from caller_app.domain.rulebook import Rulebook
from caller_app.domain.telling import REFERRAL_ROUTES, instant_words, lines_of, title_of
from caller_app.protocol.supervision import ReviewAct, ReviewLine, ReviewRow

STATUS_WORDS = {
    "ready": "to be called",
    "callback": "callback promised",
    "held": "held back",
    "supervisor": "with a supervisor",
    "needs_review": "out of dialling until this is settled",
    "closed": "finished",
}
_CLOCK_OFF = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything of one review."""

    line: ReviewLine
    happened: str
    when: str
    held_by: str
    came_by: str
    rows: list[ReviewRow]
    acts: list[ReviewAct]
    settled_why: str | None


def sheet(conn: Connection, centre: Centre, review_id: str) -> Sheet:
    """Read one review; raises Fault 404 where there is none."""
    row = one(conn, review_id)
    if row is None:
        raise Fault(404, "not_found", "There is no such case to look at.")
    came, stands = read_came(conn, row), read_stands(conn, row["rec_id"])
    recorded = came.recorded if came else None
    resolution = row["resolution"] or {}
    settled = row["state"] == "resolved"
    stopped = stands is not None and stands.stopped_at is not None
    acts = () if settled else possible(row["class"], recorded, stands.item if stands else None, stopped=stopped)
    happened = class_of(row["class"]).happened
    if row["class"] == "review_date" and resolution.get("why"):
        happened = f"The case was {resolution['why']}."
    return Sheet(
        line=line_of(row),
        happened=happened,
        when=_when(came),
        held_by=_held_by(came, stands),
        came_by=f"From {came.author}" if came else "Not stored here",
        rows=_rows(centre.rules, came, stands),
        acts=[ReviewAct(code=act.code, label=act.label, will=act.will, asks_why=act.asks_why) for act in acts],
        settled_why=resolution.get("why") if settled else None,
    )


def _when(came: Came | None) -> str:
    if came is None:
        return ""
    received = instant_words(came.received_at)
    if came.recorded is None:
        return f"Sent by {came.author}; it reached the centre on {received}."
    at = came.recorded.occurred_at
    words = f"{came.author} recorded it on {instant_words(at)}; it reached the centre on {received}."
    if came.occurred_at is not None and abs(came.occurred_at - at) > _CLOCK_OFF:
        words += f" By the workstation's clock, which was off, it was {instant_words(came.occurred_at)}."
    return words


def _held_by(came: Came | None, stands: Stands | None) -> str:
    if stands is None:
        return "The centre holds no such case"
    other = _other_attempt(came.recorded.change if came and came.recorded else None, came, stands)
    return f"From {other.caller}" if other and other.caller else "What the centre holds"


def _rows(rules: Rulebook, came: Came | None, stands: Stands | None) -> list[ReviewRow]:
    change = came.recorded.change if came and came.recorded else None
    rows: list[ReviewRow] = []
    if came is not None and change is None:
        rows.append(ReviewRow(label="What came", came=f"{came.kind.replace('_', ' ')}, {came.size:,} bytes, unread"))
    if came is not None and change is not None:
        rows.append(
            ReviewRow(label="What", held=_held_title(rules, change, came, stands), came=title_of(change, rules))
        )
        at = came.recorded.occurred_at if came.recorded else came.received_at
        rows.append(ReviewRow(label="Made", held=_held_time(change, came, stands), came=instant_words(at)))
        pathways = {one.code: one.title for one in stands.project.pathways} if stands else {}
        told = [line for line in lines_of(change, rules, pathways) if line[0] != "Result"]
        held = dict(_held_lines(change, came, stands))
        rows.extend(ReviewRow(label=label, held=held.pop(label, None), came=value) for label, value in told)
        rows.extend(ReviewRow(label=label, held=value) for label, value in held.items())
    if stands is not None:
        rows.append(ReviewRow(label="Where the case stands", held=_stands(stands)))
    return rows


def _other_attempt(change: Change | None, came: Came | None, stands: Stands) -> PastAttempt | None:
    """Find the call that a result stands against: the one that ended the case, else the last one."""
    if came is None:
        return None
    if isinstance(change, AttemptSuperseded):
        return next((one for one in stands.item.attempts if one.attempt_id == change.attempt_id), None)
    if not isinstance(change, AttemptRecorded):
        return None
    against = settling.endings(stands.item, but=came.change_id)
    others: Sequence[PastAttempt] = against or [one for one in live(stands.item) if one.attempt_id != came.change_id]
    return others[-1] if others else None


def _other_promise(came: Came, stands: Stands) -> Promise | None:
    others = [one for one in stands.item.promises if one.promise_id != came.change_id]
    replaced = [one for one in others if one.kept_by == came.change_id]
    return (replaced or others or [None])[-1]  # type: ignore[list-item]


def _held_title(rules: Rulebook, change: Change, came: Came, stands: Stands | None) -> str | None:
    if stands is None:
        return None
    other = _other_attempt(change, came, stands)
    if other is not None:
        known = rules.outcomes.find(other.outcome)
        return f"Call: {known.label if known else other.outcome}"
    if isinstance(change, CallbackPromised):
        promise = _other_promise(came, stands)
        return f"Callback promised by {promise.made_by}" if promise else "No other promise"
    return None


def _held_time(change: Change, came: Came, stands: Stands | None) -> str | None:
    other = _other_attempt(change, came, stands) if stands else None
    return instant_words(other.at) if other else None


def _held_lines(change: Change, came: Came, stands: Stands | None) -> list[tuple[str, str]]:
    """Say what the centre holds under the labels of what came."""
    if stands is None:
        return []
    item = stands.item
    other = _other_attempt(change, came, stands)
    if other is not None:
        lines = [("Number", show(other.number) if other.number else ""), ("Note", other.note or "")]
        return [line for line in lines if line[1]]
    if isinstance(change, CorrectionProposed):
        now = current_value(item, change.field)
        return [("We were told", f"held now: {show(now) if now and now.startswith('+44') else now or 'nothing'}")]
    if isinstance(change, CallbackPromised):
        promise = _other_promise(came, stands)
        if promise is None:
            return []
        span = f"{instant_words(promise.from_at)} to {london(promise.to_at):%H:%M} ({promise.state})"
        return [("Promised for", span), ("By whom", "anybody" if promise.anyone else "the caller in person")]
    if isinstance(change, ReferralRequested):
        same = [one for one in item.referrals if one.pathway == change.pathway and one.referral_id != came.change_id]
        if same:
            how = REFERRAL_ROUTES.get(same[-1].route, same[-1].route)
            return [("How", f"{how}, {instant_words(same[-1].at)} ({same[-1].state.replace('_', ' ')})")]
    return []


def _stands(stands: Stands) -> str:
    words = STATUS_WORDS.get(stands.item.status, stands.item.status)
    if stands.item.status_why:
        words += f": {stands.item.status_why}"
    if stands.stopped_at is not None:
        words += f"; stopped on {instant_words(stands.stopped_at)}"
    words = words[:1].upper() + words[1:]
    return f"{words}. With {stands.assignee}." if stands.assignee else f"{words}. With nobody."
