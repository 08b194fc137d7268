"""Judging an undo: the fact stays in history, its effects go; safety is never undone from a workstation.

What a reader would get wrong: going back is not restoring a copy. The status is derived again from what history is
left, so an undo that arrives late does not wipe out what others did since.
"""

from dataclasses import replace

from caller_app.domain.calling_rules import SITTING
from caller_app.domain.changes import AttemptSuperseded
from caller_app.domain.effects import AttemptWithdrawn, CorrectionWithdrawn, Effect, PromiseSettled, ReferralWithdrawn
from caller_app.domain.items import Item, Number, PastAttempt
from caller_app.domain.outcomes import SAFETY
from caller_app.domain.rebase_terms import LATE, Judgement, Situation, cancelled_promises, live, restated
from caller_app.domain.referrals import taken_back
from caller_app.domain.wrong_numbers import fate_of, told_wrong


def judge_undo(s: Situation, change: AttemptSuperseded) -> Judgement:
    """Decide an AttemptSuperseded."""
    found = next((one for one in s.item.attempts if one.attempt_id == change.attempt_id), None)
    if found is None:
        return Judgement(s.item).reviewed("undo_of_unknown")
    if found.superseded:
        return Judgement(s.item)
    if found.caller_id not in (0, s.one.author_id) and not s.standing.author_may_lift:
        return Judgement(s.item).reviewed("undo_of_anothers")
    if found.outcome in SAFETY and not s.standing.author_may_lift:
        return Judgement(s.item).reviewed("undo_of_safety")
    explained = restated(s.item)
    item, effects = _without(s, found)
    # A status that history does not explain was set elsewhere (a stop of the person, a supervisor): it stays.
    if explained.status == s.item.status and s.standing.stopped_at is None:
        item = restated(item)
    if item.status == "closed":  # by something else: what the undone call had cancelled stays cancelled
        item, cancelled = cancelled_promises(item, _ending(item), s.one.author_id)
        effects = (*(one for one in effects if not isinstance(one, PromiseSettled)), *cancelled)
    judgement = Judgement(item, effects=effects)
    return judgement.reviewed(LATE) if s.reassigned or s.standing.stopped_at is not None else judgement


def _ending(item: Item) -> str:
    endings = [one.attempt_id for one in live(item) if one.led_to == "closed"]
    return endings[-1] if endings else ""


def _without(s: Situation, gone: PastAttempt) -> tuple[Item, tuple[Effect, ...]]:
    item, wrong = s.item, told_wrong(s.item)
    effects: list[Effect] = [AttemptWithdrawn(gone.attempt_id)]
    item = _uncount(item, gone)
    promises = []
    for promise in item.promises:
        if promise.kept_by == gone.attempt_id:
            promise = replace(promise, state="open", kept_by="")
            effects.append(PromiseSettled(promise.promise_id, "open"))
        elif promise.act_id and promise.act_id == gone.act_id and promise.state == "open":
            promise = replace(promise, state="cancelled", kept_by=gone.attempt_id + "/undone")
            effects.append(PromiseSettled(promise.promise_id, "cancelled"))
        promises.append(promise)
    referrals = []
    for referral in item.referrals:
        state = taken_back(referral.state)
        if referral.act_id and referral.act_id == gone.act_id and referral.state != state:
            referral = replace(referral, state=state, since=s.one.occurred_at)
            effects.append(ReferralWithdrawn(referral.referral_id, state))
        referrals.append(referral)
    outcome = s.rules.outcomes.find(gone.outcome)
    implied = outcome.prompts if outcome is not None and gone.outcome in ("P01", "P02", "P03") else ()
    corrections = []
    for line in item.corrections:
        if line.act_id and line.act_id == gone.act_id and line.type in implied and line.state in ("new", "candidate"):
            line = replace(line, state="withdrawn")
            effects.append(CorrectionWithdrawn(line.correction_id))
        corrections.append(line)
    item = replace(item, promises=tuple(promises), referrals=tuple(referrals), corrections=tuple(corrections))
    return replace(item, numbers=tuple(_number(item, one, gone, wrong) for one in item.numbers)), tuple(effects)


def _uncount(item: Item, gone: PastAttempt) -> Item:
    """Take one attempt out of the count; another number of the same sitting takes its place in it."""
    attempts = [replace(one, superseded=True) if one.attempt_id == gone.attempt_id else one for one in item.attempts]
    counted = item.counted_attempts
    if gone.counted:
        heir = next(
            (
                place
                for place, one in enumerate(attempts)
                if not one.superseded
                and not one.counted
                and abs(one.at - gone.at) < SITTING
                and one.outcome not in ("N01", "N02", "C05", "P01", "P02")
            ),
            None,
        )
        if heir is None:
            counted = max(0, counted - 1)
        else:
            attempts[heir] = replace(attempts[heir], counted=True)
    return replace(item, attempts=tuple(attempts), counted_attempts=counted)


def _number(item: Item, number: Number, gone: PastAttempt, wrong_before: frozenset[str]) -> Number:
    """Give the number the fate that the rest of history gives it; what another case found wrong stays so."""
    if number.e164 != gone.number or number.state == "barred":
        return number
    fresh = fate_of(item, number)
    if number.state == "wrong" and number.e164 not in wrong_before:
        return replace(fresh, state="wrong", textable=False)
    return fresh
