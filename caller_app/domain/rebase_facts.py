"""Judging promises, notes, concerns and looks: what is said to a person is never dropped silently.

What a reader would get wrong: a promise on a case that ended is kept as cancelled, for the supervisor to see. A concern
is raised whoever sends it and whatever else.
"""

from dataclasses import replace

from caller_app.domain.callbacks import fits
from caller_app.domain.changes import (
    Accessed,
    CallbackPromised,
    ConcernAdded,
    ConcernRaised,
    NoteAdded,
)
from caller_app.domain.effects import (
    Audited,
    ConcernAppended,
    ConcernOpened,
    Effect,
    NoticeTo,
    PromiseMade,
    PromiseSettled,
)
from caller_app.domain.items import ConcernMark, NoteLine, Promise
from caller_app.domain.rebase_terms import Judgement, Situation, open_promises, stops_of

CONCERN_WHY = "somebody is worried about the person"


def judge_promise(s: Situation, change: CallbackPromised) -> Judgement:
    """Decide a CallbackPromised: it binds the team, whoever holds the case now."""
    if any(one.promise_id == s.one.change_id for one in s.item.promises):
        return Judgement(s.item)
    promise = Promise(
        promise_id=s.one.change_id,
        from_at=change.from_at,
        to_at=max(change.from_at, change.to_at),
        made_by=s.one.author,
        made_by_id=s.one.author_id,
        anyone=change.anyone,
        number=change.number,
        state="cancelled" if s.ended else "open",
        act_id=change.act_id,
    )
    made = PromiseMade(
        promise.promise_id,
        promise.from_at,
        promise.to_at,
        promise.anyone,
        promise.number,
        change.words,
        promise.state,
    )
    if s.ended:
        item = replace(s.item, promises=(*s.item.promises, promise))
        told = NoticeTo(None, "A call was promised on a case that had ended; the promise is cancelled.")
        return Judgement(item, effects=(made, told)).reviewed("promise_after_end")
    effects: list[Effect] = [made]
    earlier = open_promises(s.item)
    kept = []
    for one in s.item.promises:
        if one.state == "open":
            one = replace(one, state="cancelled", kept_by=promise.promise_id)
            effects.append(PromiseSettled(one.promise_id, "cancelled"))
        kept.append(one)
    item = replace(s.item, promises=(*kept, promise))
    if item.status in ("ready", "callback", "held"):
        why = item.status_why if item.status == "callback" and item.status_why else "callback agreed"
        item = replace(item, status="callback", not_before=promise.from_at, status_why=why)
    others = any(one.made_by_id != s.one.author_id for one in earlier)
    if s.reassigned and s.standing.assignee_id is not None:
        effects.append(NoticeTo(s.standing.assignee_id, "A colleague had promised one of your people a call."))
    judgement = Judgement(item, effects=tuple(effects))
    if others:
        judgement = judgement.reviewed("two_promises")
    if s.reassigned and not change.anyone:
        judgement = judgement.reviewed("promise_needs_its_maker")
    if not fits(promise.from_at, promise.to_at, s.project, s.rules.holidays):
        judgement = judgement.reviewed("promise_outside_hours")
    return judgement


def judge_note(s: Situation, change: NoteAdded) -> Judgement:
    """Decide a NoteAdded: a set by id, appended whatever else happened."""
    if any(one.note_id == s.one.change_id for one in s.item.notes):
        return Judgement(s.item)
    note = NoteLine(s.one.change_id, s.one.occurred_at, s.one.author, change.words)
    return Judgement(replace(s.item, notes=(*s.item.notes, note)))


def judge_concern(s: Situation, change: ConcernRaised) -> Judgement:
    """Decide a ConcernRaised: at once and for everyone; it locks the case to the supervisors, a stop stays a stop."""
    if any(one.concern_id == s.one.change_id for one in s.item.concerns):
        return Judgement(s.item)
    at = change.noticed_at or s.one.occurred_at
    mark = ConcernMark(s.one.change_id, change.route, at)
    item = replace(s.item, concerns=(*s.item.concerns, mark))
    stopped = s.standing.stopped_at is not None or bool(stops_of(item))
    if not stopped:
        item = replace(item, status="supervisor", not_before=None, status_why=CONCERN_WHY)
    opened = ConcernOpened(s.one.change_id, change.route, change.words, change.told, change.noticed_at)
    told = NoticeTo(None, "Somebody is worried about a person: accept the concern now.")
    return Judgement(item, effects=(opened, told))


def judge_addition(s: Situation, change: ConcernAdded) -> Judgement:
    """Decide a ConcernAdded: the record is only ever added to."""
    return Judgement(s.item, effects=(ConcernAppended(change.concern_id, change.words, change.told),))


def judge_access(s: Situation, change: Accessed) -> Judgement:
    """Decide an Accessed: into the audit, nothing else."""
    return Judgement(s.item, effects=(Audited(change.what, change.detail),))
