"""Judging an attempt: history always, status only where nothing stands against it, safety before everything.

What a reader would get wrong: the block of a wrong number is taken over even from a late attempt. Who rang is a
matter of assignment; whose number it is, is a fact.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from caller_app.domain.altered import altered
from caller_app.domain.authorities import authority_of, is_child
from caller_app.domain.callbacks import overdue_at
from caller_app.domain.calling_rules import PROMISE_EARLY
from caller_app.domain.changes import AttemptRecorded
from caller_app.domain.consequences import Consequence, consequence, counts, numbers_after
from caller_app.domain.effects import CloseCase, Effect, NoticeTo, PromiseSettled, ReviewOn, StopPerson
from caller_app.domain.items import Item, PastAttempt, Promise
from caller_app.domain.messages import GREETING, LEFT, why_no_message
from caller_app.domain.outcomes import Outcome
from caller_app.domain.rebase_terms import (
    AFTER_STOP,
    CONTRADICTORY,
    LATE,
    Judgement,
    Situation,
    cancelled_promises,
    live,
    open_promises,
    stops_of,
    with_promise,
)

Timing = Literal["", "on_time", "late"]


@dataclass(frozen=True, slots=True)
class _Meeting:
    """An attempt with what it would do on a clean case."""

    s: Situation
    outcome: Outcome
    attempt: PastAttempt
    item: Item  # numbers and the promise it keeps are taken over already
    effects: tuple[Effect, ...]
    would: Consequence

    def history(self, *, late: bool, moves: bool, **also: Any) -> Item:
        """Give the case with the attempt in its history; `moves` records what it did for a later undo.

        What it does to the case beside that is given along (`also`): one new record instead of two.
        """
        base, attempt, would = self.item, self.attempt, self.would
        if moves:
            attempt = altered(
                attempt, late=late, led_to=would.status, led_not_before=would.not_before, led_why=would.why
            )
        elif late:
            attempt = altered(attempt, late=True)
        counted = base.counted_attempts + (1 if attempt.counted else 0)
        return altered(base, attempts=(*base.attempts, attempt), counted_attempts=counted, **also)


def judge_attempt(s: Situation, change: AttemptRecorded) -> Judgement:
    """Decide an AttemptRecorded."""
    outcome = s.rules.outcomes.find(change.outcome)
    if outcome is None or not outcome.on_pad:
        return Judgement(s.item, "quarantined", "unknown_outcome", "unknown_outcome")
    if any(one.attempt_id == s.one.change_id for one in s.item.attempts):
        return Judgement(s.item)
    judgement = _judged(s, change, outcome)
    if _without_authority(s, change):
        return judgement.reviewed("without_authority")
    greeting = change.facts.get(GREETING)
    if outcome.code == LEFT and why_no_message(s.item, s.project, s.one.occurred_at, str(greeting or "")):
        return judgement.reviewed("message_not_allowed")
    return judgement


def _without_authority(s: Situation, change: AttemptRecorded) -> bool:
    """Tell whether somebody was let on for the person under no authority that held on that day (domain rules 2.11)."""
    identity, at = change.identity, s.one.occurred_at
    if identity is None or not identity.passed:
        return False
    spoken_for = identity.authority is not None or change.answers.get("who") == "proxy" or is_child(s.item, at)
    return spoken_for and authority_of(s.item, identity.authority, at) is None


def _judged(s: Situation, change: AttemptRecorded, outcome: Outcome) -> Judgement:
    meeting = _meet(s, change, outcome)
    if outcome.stop is not None:
        return _stop(meeting, change)
    if s.ended:
        return _after_end(meeting)
    if s.item.status in ("supervisor", "needs_review"):
        return _locked(meeting)
    if s.reassigned and outcome.code != "E01":
        return _late(meeting)
    judgement = _apply(meeting, late=s.reassigned)
    if s.reassigned:
        return judgement.reviewed(LATE)
    return judgement.reviewed("withdrawn_before_dialling") if outcome.code == "N02" else judgement


def _meet(s: Situation, change: AttemptRecorded, outcome: Outcome) -> _Meeting:
    started = change.started_at or s.one.occurred_at
    promise, timing = _promise_kept(s.item, change, outcome, started)
    attempt = PastAttempt(
        attempt_id=s.one.change_id,
        at=s.one.occurred_at,
        outcome=outcome.code,
        number=change.number or _text(change.facts.get("number_used")),
        caller=s.one.author,
        counted=counts(outcome, change.facts, s.item, s.one.occurred_at, timing),
        note=change.note,
        caller_id=s.one.author_id,
        act_id=change.act_id,
    )
    item = altered(s.item, numbers=numbers_after(s.item, outcome.code, attempt.number))
    effects: tuple[Effect, ...] = ()
    if promise is not None:
        state: Literal["kept", "missed"] = "kept" if timing == "on_time" else "missed"
        item = _settle(item, promise.promise_id, state, attempt.attempt_id)
        effects = (PromiseSettled(promise.promise_id, state),)
        if state == "missed":
            effects += (NoticeTo(None, "A promised call was made after its time."),)
    would = consequence(item, attempt, outcome, change.facts, s.rules, s.project)
    return _Meeting(s, outcome, attempt, item, effects, would)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _promise_kept(
    item: Item, change: AttemptRecorded, outcome: Outcome, started: datetime
) -> tuple[Promise | None, Timing]:
    """Find the promise this attempt keeps. A dead or wrong number, a line fault or no dial at all keeps none."""
    if outcome.code in ("N01", "N02", "P01", "P02"):
        return None, ""
    if outcome.code == "C05" and change.facts.get("which") != "barred":
        return None, ""
    waiting = open_promises(item)
    named = next((one for one in waiting if one.promise_id == change.promise_id), None)
    due = [one for one in waiting if started >= one.from_at - PROMISE_EARLY]
    promise = named or (due[0] if due else None)
    if promise is None:
        return None, ""
    return promise, "on_time" if started <= overdue_at(promise.from_at, promise.to_at) else "late"


def _settle(item: Item, promise_id: str, state: Literal["kept", "missed", "cancelled"], by: str) -> Item:
    promises = tuple(
        altered(one, state=state, kept_by=by) if one.promise_id == promise_id else one for one in item.promises
    )
    return altered(item, promises=promises)


def _apply(m: _Meeting, *, late: bool) -> Judgement:
    """The clean case: history and status; an ending cancels what was still promised."""
    would = m.would
    item = m.history(late=late, moves=True, status=would.status, not_before=would.not_before, status_why=would.why)
    effects = m.effects
    if m.would.status == "closed":
        item, cancelled = cancelled_promises(item, m.attempt.attempt_id, m.s.one.author_id)
        effects += (*cancelled, CloseCase(m.would.code, m.would.why))
    elif m.would.review_on:
        effects += (ReviewOn(m.would.review_on, m.would.why),)
    return Judgement(with_promise(item), effects=effects)


def _stop(m: _Meeting, change: AttemptRecorded) -> Judgement:
    """Opt-out, objection, death: immediate, whoever sends it; a second one changes nothing and harms nothing."""
    s, code = m.s, m.outcome.code
    late = s.reassigned or s.ended
    already = s.item.status == "closed" and bool(stops_of(s.item))
    why = m.item.status_why if already else m.would.why
    item = m.history(late=late, moves=True, status="closed", not_before=None, status_why=why)
    item, cancelled = cancelled_promises(item, m.attempt.attempt_id, s.one.author_id)
    unsure = code == "D03" and change.facts.get("scope") == "unconfirmed"
    unsure = unsure or (code == "S01" and change.facts.get("who") == "would_not_say")
    words = _text(change.facts.get("words")) or ""
    stop = StopPerson(
        m.outcome.stop or "contact_objection",
        s.one.change_id,
        s.one.occurred_at,
        words,
        unsure,
    )
    effects: tuple[Effect, ...] = (*m.effects, *cancelled, stop)
    if s.item.status != "closed":
        effects += (CloseCase(code, m.would.why),)
    judgement = Judgement(item, effects=effects)
    if unsure:
        judgement = judgement.reviewed("unconfirmed_stop")
    return judgement.reviewed(LATE) if s.reassigned else judgement


def _after_end(m: _Meeting) -> Judgement:
    """The case had ended meanwhile: history, and for review; the ending stands."""
    s, stopped_at = m.s, m.s.stopped_at
    if m.outcome.code == "E01" and stopped_at is None:
        item = m.history(late=True, moves=True, status="supervisor", not_before=None, status_why=m.would.why)
        return Judgement(item, effects=m.effects).reviewed(LATE)
    if stopped_at is not None:
        dialled = m.outcome.code not in ("N01", "N02")
        after = dialled and s.one.occurred_at > stopped_at
        return Judgement(m.history(late=True, moves=False), effects=m.effects).reviewed(AFTER_STOP if after else LATE)
    ending = next((one for one in reversed(live(s.item)) if one.led_to == "closed"), None)
    if m.would.status != "closed" or ending is None:
        return Judgement(m.history(late=True, moves=False), effects=m.effects).reviewed(LATE)
    item = m.history(late=True, moves=True)
    if ending.outcome == m.outcome.code:
        return Judgement(item, reason="duplicate_contact", effects=m.effects)
    item = altered(item, status="needs_review", not_before=None, status_why="two results disagree")
    return Judgement(item, effects=m.effects).reviewed(CONTRADICTORY)


def _locked(m: _Meeting) -> Judgement:
    """With the supervisor or waiting for review: the lock stays, the attempt is history and remembered for later."""
    s = m.s
    item = m.history(late=s.reassigned, moves=True)
    effects = m.effects
    if m.would.status == "closed" and s.item.concerns:
        effects += (NoticeTo(None, "A call with a concern has ended: the case stays with the supervisors."),)
    judgement = Judgement(item, effects=effects)
    mine = not s.reassigned and s.item.status == "supervisor"
    return judgement if mine and (s.item.concerns or m.outcome.code == "E01") else judgement.reviewed(LATE)


def _late(m: _Meeting) -> Judgement:
    """The case went to somebody else: status only if it was done before and the new assignee has not called."""
    s = m.s
    if s.still_mine_then:
        return _apply(m, late=True).reviewed(LATE)
    return Judgement(with_promise(m.history(late=True, moves=False)), effects=m.effects).reviewed(LATE)
