"""How the call went: one outcome with everything that follows from it, recorded in one transaction under one act.

What a reader would get wrong: an attempt is never edited. Undo and "correct an earlier call" add a superseding fact;
history keeps both. The draft ends here, and with it the identity check.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from caller_app.base.clock import london_day
from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.commands.corrections import CorrectionSaid, prompted, put_forward
from caller_app.commands.referrals import refuse_unfit, requested
from caller_app.commands.script_end import cited, given_to, refuse_contradiction, refuse_unagreed, stand
from caller_app.domain.callbacks import check_slot, may_keep, slot_in, standing_of
from caller_app.domain.calls import (
    NOT_REACHED,
    NOTE_LENGTH,
    UNDO,
    CallDraft,
    Dial,
    checked,
    look_over_note,
    numbers_in_order,
    speaker_of,
    speaks_for,
    tried_in_sitting,
)
from caller_app.domain.changes import (
    AttemptRecorded,
    AttemptSuperseded,
    CallbackPromised,
    IdentityRecord,
    Recorded,
)
from caller_app.domain.identity import PROXY
from caller_app.domain.interpreters import FAMILY, family_warning
from caller_app.domain.items import Item
from caller_app.domain.messages import ALTHOUGH, GREETING, LEFT, why_no_message
from caller_app.domain.outcomes import SAFETY, Outcome, check_facts
from caller_app.domain.projects import Project
from caller_app.store.unit import Unit

_AT_ONCE = timedelta(minutes=1)  # undone so soon the caller is still on it; later the call waits as parked
_TAKES_PATHWAY = ("A01", "A02", "A03", "A07")
_FURTHEST = 1_000  # more pages than any script has: the card opens at the last one the answers lead to


@dataclass(frozen=True, slots=True)
class RecordedAct:
    """What was recorded, in words, and what may be done next."""

    attempt_id: str
    change_ids: tuple[str, ...]
    sentence: str
    other_number: str | None  # the next number worth dialling in this sitting
    undo_until: datetime | None  # None where only the supervisor may take it back: Undo is not offered
    hints: tuple[str, ...] = ()  # what was noticed in the note
    offer_concern: bool = False  # the note holds a word that calls for F12


def record_attempt(
    unit: Unit,
    *,
    case_id: str,
    outcome: str,
    number: str | None = None,
    facts: Mapping[str, Any] | None = None,
    note: str | None = None,
    corrections: Sequence[CorrectionSaid] = (),
    referral: Mapping[str, str] | None = None,
) -> RecordedAct:
    """Record how the call went, with the promise, referral and corrections that belong to it; all of it or nothing."""
    item = unit.item(case_id)
    project = unit.project(item.project_id)
    draft = unit.draft(case_id)
    one = unit.rules.outcomes.get(outcome)
    verified = checked(draft, item, unit.now)
    if one.needs_verified and not verified:
        raise Refused(f"“{one.label}” needs the identity check of this call first.", field="outcome")
    call = stand(unit, item, project, draft, verified=verified)
    refuse_contradiction(unit, project, draft, call, one)
    given = dict(facts or {})
    used = given.get("number_used") or number or (draft.number if draft else None)
    if not one.needs_number:
        used = draft.number if draft else None  # what was dialled, not what was highlighted
    cleaned = check_facts(
        one,
        _filled(one, given, draft, verified),
        number=used,
        numbers={known.e164 for known in item.numbers},
        project=project,
        today=london_day(unit.now),
    )
    if one.needs_number:
        used = cleaned["number_used"]
    refuse_unagreed(call, cleaned)
    if one.code == LEFT:
        _refuse_message(unit, item, project, cleaned)
    said_of_it = dict(referral or {})
    if one.code in _TAKES_PATHWAY:
        refuse_unfit(unit, item, project, draft, outcome=one.code, pathway=cleaned["pathway"])
    if one.code == "E01" and not _is_concern_of(unit, item, draft, cleaned["concern"]):
        raise Refused("This concern does not belong to this person. Press F12 to record one.", field="concern")
    words = _note(note if note is not None else (draft.answers.get("note") if draft else None))
    act_id = draft.call_id if draft else new_id()
    under = speaks_for(draft, item, unit.now)
    attempt_id = new_id()
    attempt = AttemptRecorded(
        case_id=case_id,
        act_id=act_id,
        outcome=one.code,
        number=used,
        started_at=(draft.dialled_at or draft.opened_at) if draft else None,
        ended_at=unit.now,
        facts=cleaned,
        answers={name: value for name, value in draft.answers.items() if name != "note"} if draft else {},
        identity=_identity(draft, project, verified),
        script=cited(unit, draft, "project", project.script_id),
        opening=cited(unit, draft, "opening", project.opening_script_id),
        language=(draft.language or None) if draft else None,
        given=given_to(unit, project, draft, call),
        note=words or None,
        promise_id=_promise_due(item, unit),
    )
    change_ids = [unit.record(attempt, change_id=attempt_id)]
    slot = slot_in(one.code, cleaned, project, unit.rules.holidays)
    if slot is None and one.code in ("R01", "R03"):
        raise Refused("Nobody rings on that day: it is a Sunday, a bank holiday or a closed day.", field="date")
    if slot is not None:
        check_slot(slot.from_at, slot.to_at, unit.now, project, unit.rules.holidays)
        promise = CallbackPromised(
            case_id=case_id,
            act_id=act_id,
            from_at=slot.from_at,
            to_at=slot.to_at,
            anyone=cleaned.get("anyone", "anyone") != "me",
            number=cleaned.get("callback_number") or used,
        )
        change_ids.append(unit.record(promise))
    if one.code in _TAKES_PATHWAY:
        language = draft.language if draft else ""
        asked = requested(case_id, act_id, cleaned, project, said_of_it, language, under)
        change_ids.append(unit.record(asked))
    said = list(corrections)
    own_words = {correction.type for correction in said}
    said += [more for more in prompted(one.code, cleaned, used, verified=verified) if more.type not in own_words]
    change_ids += [
        put_forward(unit, item, correction, act_id=act_id, verified=verified, spoken_for=under is not None)
        for correction in said
    ]
    unit.drop_draft(case_id)
    noticed = look_over_note(words)
    return RecordedAct(
        attempt_id=attempt_id,
        change_ids=tuple(change_ids),
        sentence=_sentence(one, slot.words if slot else "", len(said)),
        other_number=_other_number(unit, item, draft, used, corrected=bool(said)) if one.code in NOT_REACHED else None,
        undo_until=None if one.code in SAFETY else unit.now + UNDO,
        hints=(*noticed.hints, *_family(project, said_of_it)),
        offer_concern=noticed.offer_concern,
    )


def supersede_attempt(unit: Unit, *, attempt_id: str, reason: str = "undone by the caller", case_id: str = "") -> str:
    """Take back an earlier attempt of mine: the fact stays, its effects do not; the call is open again for its outcome.

    `case_id` is needed only for a call so old that this workstation no longer holds its change.
    """
    before = unit.recorded(attempt_id)
    if before is None:
        if not case_id or not _is_mine(unit, case_id, attempt_id):
            raise Refused("Only your own calls can be corrected here. Ask the supervisor for others.")
        return unit.record(
            AttemptSuperseded(case_id=case_id, act_id=new_id(), attempt_id=attempt_id, reason=reason.strip()[:200])
        )
    attempt = before.change
    if not isinstance(attempt, AttemptRecorded):
        raise Refused("This is not a call.")
    if attempt.outcome in SAFETY:
        raise Refused(
            "A stop, a death or a risk is taken back by the supervisor only. Ring them now: until then it holds."
        )
    if _is_superseded(unit, attempt.case_id, attempt_id):
        raise Refused("This call has been taken back already.")
    change_id = unit.record(
        AttemptSuperseded(
            case_id=attempt.case_id, act_id=new_id(), attempt_id=attempt_id, reason=reason.strip()[:200] or "corrected"
        )
    )
    if unit.draft(attempt.case_id) is None:
        unit.save_draft(_draft_again(before, attempt, unit.now))
    return change_id


def _filled(one: Outcome, given: dict[str, Any], draft: CallDraft | None, verified: bool) -> dict[str, Any]:
    """Add what the call itself already knows: the ticks for R02, the concern for E01, who asked for D03."""
    filled = dict(given)
    names = {field.name for field in one.fields}
    if one.code == "R02" and draft is not None:
        for name, tick in draft.ticks.items():
            if f"check_{name}" in names:
                filled.setdefault(f"check_{name}", tick)
        theirs = [tick for name, tick in draft.ticks.items() if name.startswith(PROXY)]
        if theirs:
            filled.setdefault("check_proxy", "matches" if "matches" in theirs else theirs[-1])
    if one.code == "E01" and draft is not None and draft.concern_id:
        filled.setdefault("concern", draft.concern_id)
    if one.code == "D03":
        filled.setdefault("scope", "person" if verified else "unconfirmed")
    return filled


def _is_concern_of(unit: Unit, item: Item, draft: CallDraft | None, concern_id: str) -> bool:
    if concern_id in {mark.concern_id for mark in item.concerns} or (draft and draft.concern_id == concern_id):
        return True
    recorded = unit.recorded(concern_id)
    return recorded is not None and recorded.change.kind == "concern_raised" and recorded.change.case_id == item.case_id


def _refuse_message(unit: Unit, item: Item, project: Project, cleaned: Mapping[str, Any]) -> None:
    """Refuse a message where none may be left; one that was left all the same is said to be so (domain rules 2.9)."""
    why = why_no_message(item, project, unit.now, str(cleaned.get(GREETING) or ""))
    if why and cleaned.get(ALTHOUGH) != "yes":
        raise Refused(
            f"No message may be left here: {why}. If none was left, record “Voicemail - no message”; if one was left "
            "all the same, say so here, and the supervisor looks at it.",
            field=ALTHOUGH,
        )


def _family(project: Project, said: Mapping[str, str]) -> tuple[str, ...]:
    warning = family_warning(project) if said.get("interpreter") == FAMILY else ""
    return (warning,) if warning else ()


def _note(note: Any) -> str:
    words = note.strip() if isinstance(note, str) else ""
    if len(words) > NOTE_LENGTH:
        raise Refused(f"A note holds at most {NOTE_LENGTH} characters; this one has {len(words)}.", field="note")
    return words


def _identity(draft: CallDraft | None, project: Project, verified: bool) -> IdentityRecord | None:
    if draft is None or not draft.ticks:
        return None
    authority = draft.authority_id or None
    return IdentityRecord(policy=project.identity_policy, ticks=dict(draft.ticks), passed=verified, authority=authority)


def _promise_due(item: Item, unit: Unit) -> str | None:
    """Name the promise this attempt answers: open, its time has come, and mine to keep."""
    due = [
        promise
        for promise in item.promises
        if promise.state == "open"
        and may_keep(promise, unit.me.user_id)
        and standing_of(promise.from_at, promise.to_at, unit.now) != "early"
    ]
    return min(due, key=lambda promise: promise.from_at).promise_id if due else None


def _other_number(
    unit: Unit, before: Item, draft: CallDraft | None, used: str | None, *, corrected: bool
) -> str | None:
    if not corrected and all(one.e164 == used for one in before.numbers):
        return None  # no need to lay the new changes over the case, inside the transaction, to find none
    item = unit.item(before.case_id)
    tried = tried_in_sitting(item, draft, unit.now, unit.me.user_id) | {used}
    return next((one.e164 for one in numbers_in_order(item) if one.e164 not in tried), None)


def _sentence(one: Outcome, promised: str, corrections: int) -> str:
    said = f"{one.label}: recorded."
    if one.code in SAFETY:
        said += " Only the supervisor can take this back."
    if promised:
        said += f" Promised for {promised}."
    if corrections:
        said += " One correction put forward." if corrections == 1 else f" {corrections} corrections put forward."
    return said


def _is_mine(unit: Unit, case_id: str, attempt_id: str) -> bool:
    mine = (one for one in unit.item(case_id).attempts if one.attempt_id == attempt_id and not one.superseded)
    return any(one.caller_id == unit.me.user_id for one in mine)


def _is_superseded(unit: Unit, case_id: str, attempt_id: str) -> bool:
    try:
        attempts = unit.item(case_id).attempts
    except Refused:
        return False  # the person left the list; the centre decides then, and taking back twice does no harm
    return any(one.attempt_id == attempt_id and one.superseded for one in attempts)


def _draft_again(before: Recorded, attempt: AttemptRecorded, now: datetime) -> CallDraft:
    """Give the call back as it was when its outcome was recorded, so that the right one can be chosen."""
    ended = before.occurred_at
    identity = attempt.identity
    passed = identity is not None and identity.passed
    answers = dict(attempt.answers) | ({"note": attempt.note} if attempt.note else {})
    draft = CallDraft(
        call_id=new_id(),  # another act: what belongs to the old one is taken back with it
        case_id=attempt.case_id,
        opened_at=attempt.started_at or ended,
        number=attempt.number,
        dialled_at=attempt.started_at if attempt.number else None,
        dials=(Dial(attempt.number, attempt.started_at),) if attempt.number and attempt.started_at else (),
        ticks=dict(identity.ticks) if identity else {},
        identity_passed=passed,
        identity_failed=bool(identity and identity.ticks and not passed),
        identity_at=ended if identity else None,
        speaker=speaker_of(answers) if identity else "patient",
        authority_id=(identity.authority or "") if identity else "",
        answers=answers,
        scripts={name: one for name, one in (("opening", attempt.opening), ("project", attempt.script)) if one},
        language=attempt.language or "",
        page=_FURTHEST,
    )
    if abs(now - ended) < _AT_ONCE:
        return draft
    return replace(draft, parked=True)
