"""What settling a review does to a case: a person's decision, laid over history without editing it.

What a reader would get wrong: an attempt that may no longer decide stays in history; only what it led to is taken from
it, and the status is derived again from what is left (`restated`). So safety holds by construction: a stop or a
concern in history outranks whatever is decided here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from caller_app.domain.changes import CorrectionProposed
from caller_app.domain.consequences import consequence
from caller_app.domain.effects import Effect, PromiseSettled
from caller_app.domain.items import Item, PastAttempt, Promise
from caller_app.domain.outcomes import SAFETY
from caller_app.domain.projects import Project
from caller_app.domain.rebase_correction import applied
from caller_app.domain.rebase_terms import cancelled_promises, live, restated, stops_of, with_promise
from caller_app.domain.rulebook import Rulebook

Settled = tuple[Item, tuple[Effect, ...]]


def attempt_of(item: Item, attempt_id: str) -> PastAttempt | None:
    """Give an attempt that was not taken back."""
    return next((one for one in live(item) if one.attempt_id == attempt_id), None)


def endings(item: Item, *, but: str = "") -> list[PastAttempt]:
    """Give the attempts that ended the case, without the one named."""
    return [one for one in live(item) if one.led_to == "closed" and one.attempt_id != but]


def locked(item: Item) -> bool:
    """Tell whether a concern keeps the case with the supervisors."""
    return bool(item.concerns) or any(one.outcome in SAFETY for one in live(item))


def only_history(item: Item, attempt_id: str) -> Settled:
    """Let an attempt decide nothing; where something else set the status, that stays."""
    explained = restated(item).status == item.status
    item = _powerless(item, {attempt_id})
    return (restated(item) if explained else item), ()


def let_decide(item: Item, attempt_id: str, facts: Mapping[str, Any], rules: Rulebook, project: Project) -> Settled:
    """Let an attempt decide where the case stands, as if nothing had come between; an ending cancels promises."""
    attempt = attempt_of(item, attempt_id)
    outcome = rules.outcomes.find(attempt.outcome) if attempt else None
    if attempt is None or outcome is None:
        return item, ()
    item = _powerless(item, {one.attempt_id for one in endings(item)})
    rest = tuple(one for one in item.attempts if one.attempt_id != attempt_id)
    before = replace(item, attempts=rest, counted_attempts=max(0, item.counted_attempts - attempt.counted))
    would = consequence(before, attempt, outcome, facts, rules, project)
    moved = replace(attempt, led_to=would.status, led_not_before=would.not_before, led_why=would.why)
    item = restated(replace(item, attempts=(*rest, moved)))
    return cancelled_promises(item, attempt_id, attempt.caller_id) if item.status == "closed" else (item, ())


def ring_again(item: Item) -> Settled:
    """Bring a case back into dialling: no ending and no hold of its history decides any more."""
    stopping = {one.attempt_id for one in live(item) if one.led_to in ("closed", "held")}
    item = restated(_powerless(item, stopping))
    if item.status in ("held", "closed") and not stops_of(item):
        item = with_promise(replace(item, status="ready", not_before=None, status_why=""))
    return item, ()


def take_claim(item: Item, correction_id: str, change: CorrectionProposed) -> Settled:
    """Take what we were told into our copy."""
    return _claim(applied(item, change.type, change), correction_id, "new"), ()


def reject_claim(item: Item, correction_id: str) -> Settled:
    """Keep what we hold."""
    return _claim(item, correction_id, "rejected"), ()


def earlier_promise(item: Item, promise_id: str) -> Settled:
    """Cancel a promise and open again what it had cancelled."""
    effects: list[Effect] = []
    promises = []
    for one in item.promises:
        if one.promise_id == promise_id and one.state == "open":
            one = replace(one, state="cancelled", kept_by="")
            effects.append(PromiseSettled(one.promise_id, "cancelled"))
        elif one.kept_by == promise_id and one.state == "cancelled":
            one = replace(one, state="open", kept_by="")
            effects.append(PromiseSettled(one.promise_id, "open"))
        promises.append(one)
    return _timed(replace(item, promises=tuple(promises)), freed=promise_id), tuple(effects)


def cancel_promise(item: Item, promise_id: str) -> Settled:
    """Cancel a promise; the case goes back to dialling."""
    if not any(one.promise_id == promise_id and one.state == "open" for one in item.promises):
        return item, ()
    item = _promise(item, promise_id, state="cancelled", kept_by="")
    return _timed(item, freed=promise_id), (PromiseSettled(promise_id, "cancelled"),)


def reopen_promise(item: Item, promise_id: str) -> Settled:
    """Keep a promise made on a case that had ended: the case opens again."""
    item = _promise(item, promise_id, state="open", kept_by="")
    again, _ = ring_again(item)
    return with_promise(again), (PromiseSettled(promise_id, "open"),)


def referral_to(item: Item, referral_id: str, state: str, at: datetime) -> Settled:
    """Release or withdraw a held referral."""
    referrals = tuple(
        replace(one, state=state, since=at)
        if one.referral_id == referral_id and one.state == "held_for_review"
        else one
        for one in item.referrals
    )
    return replace(item, referrals=referrals), ()


def promise_of(item: Item, promise_id: str) -> Promise | None:
    """Give a promise."""
    return next((one for one in item.promises if one.promise_id == promise_id), None)


def _timed(item: Item, *, freed: str) -> Item:
    """Give a case whose time came from a promise the time it has without it."""
    was = promise_of(item, freed)
    if item.status != "callback" or was is None or item.not_before != was.from_at:
        return with_promise(item)
    return with_promise(replace(item, status="ready", not_before=None, status_why=""))


def _powerless(item: Item, attempt_ids: Iterable[str]) -> Item:
    chosen = set(attempt_ids)
    attempts = tuple(
        replace(one, led_to="", led_not_before=None, led_why="") if one.attempt_id in chosen else one
        for one in item.attempts
    )
    return replace(item, attempts=attempts)


def _claim(item: Item, correction_id: str, state: str) -> Item:
    lines = tuple(replace(one, state=state) if one.correction_id == correction_id else one for one in item.corrections)
    return replace(item, corrections=lines)


def _promise(item: Item, promise_id: str, **facts: Any) -> Item:
    promises = tuple(replace(one, **facts) if one.promise_id == promise_id else one for one in item.promises)
    return replace(item, promises=promises)
