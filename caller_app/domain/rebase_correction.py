"""Judging a correction: compare what the caller saw with what stands now, field by field; telephone numbers only add.

What a reader would get wrong: a claim that clashes is not lost and does not win. What stands now stays, the claim is
stored beside it as a candidate, and a supervisor decides.
"""

from dataclasses import replace
from typing import Any

from caller_app.domain.changes import CorrectionProposed
from caller_app.domain.corrections import CorrectionType
from caller_app.domain.details import current_value, same_value
from caller_app.domain.effects import CorrectionOpened, Effect, NoticeTo, StopPerson
from caller_app.domain.items import CorrectionLine, Item, Number
from caller_app.domain.rebase_terms import DIED, Judgement, Situation, cancelled_promises

ADDITIVE = frozenset({"PHONE_ADDED", "PHONE_SHARED", "COMMUNICATION_NEED", "CONTACT_PREFERENCE", "SAFE_CONTACT"})
SAFE = frozenset({"PHONE_WRONG", "PHONE_NOT_IN_SERVICE", "SAFE_CONTACT"})  # block or protect: taken over in any case
SETTLED = frozenset({"withdrawn", "rejected", "not_applied"})


def judge_correction(s: Situation, change: CorrectionProposed) -> Judgement:
    """Decide a CorrectionProposed."""
    if any(one.correction_id == s.one.change_id for one in s.item.corrections):
        return Judgement(s.item)
    kind = s.rules.corrections.find(change.type)
    if kind is None:
        return Judgement(s.item, "quarantined", "unknown_correction", "unknown_correction")
    if _claimed_before(s.item, change):
        return Judgement(s.item, reason="same_claim_again")
    clash = _clashes(s.item, kind, change)
    takes = kind.applies and not clash and (not s.ended or kind.code in SAFE)
    line = CorrectionLine(
        correction_id=s.one.change_id,
        type=change.type,
        field=change.field,
        old=change.old,
        new=change.new,
        at=s.one.occurred_at,
        state="candidate" if clash else "new",
        act_id=change.act_id,
    )
    item = applied(s.item, kind.code, change) if takes else s.item
    item = replace(item, corrections=(*item.corrections, line))
    effects: list[Effect] = [
        CorrectionOpened(
            s.one.change_id,
            change.type,
            change.field,
            change.old,
            change.new,
            change.values,
            change.source,
            change.evidence,
            kind.urgency,
            line.state,
        )
    ]
    if kind.code == "DECEASED_REPORTED":
        item = replace(item, status="closed", not_before=None, status_why=DIED)
        item, cancelled = cancelled_promises(item, s.one.change_id, s.one.author_id)
        effects += [*cancelled, StopPerson("deceased", s.one.change_id, s.one.occurred_at)]
    if s.reassigned and s.standing.assignee_id is not None:
        effects.append(NoticeTo(s.standing.assignee_id, "A colleague put a detail right for one of your people."))
    judgement = Judgement(item, effects=tuple(effects))
    if clash:
        return judgement.reviewed("correction_conflict")
    return judgement.reviewed("correction_after_end") if s.ended and kind.code not in SAFE else judgement


def _claimed_before(item: Item, change: CorrectionProposed) -> bool:
    return any(
        one.type == change.type and one.field == change.field and one.new == change.new and one.old == change.old
        for one in item.corrections
        if one.state not in SETTLED
    )


def _clashes(item: Item, kind: CorrectionType, change: CorrectionProposed) -> bool:
    """Tell whether the field changed since the caller saw it, to something else than what is now claimed."""
    if kind.code in ADDITIVE or kind.code in SAFE or not kind.applies or kind.code == "DECEASED_REPORTED":
        return False
    now = current_value(item, change.field)
    return not same_value(now, change.old) and not same_value(now, change.new)


def applied(item: Item, code: str, change: CorrectionProposed) -> Item:
    """Give the case with the claim in our own copy."""
    values = change.values
    patient = item.patient
    match code:
        case "PHONE_WRONG" | "PHONE_NOT_IN_SERVICE":
            state = "wrong" if code == "PHONE_WRONG" else "dead"
            return _number(item, change.old, state=state, textable=False)
        case "PHONE_SHARED":
            return _number(item, change.old or change.new, shared=True)
        case "PHONE_ADDED":
            return _with_number(item, change)
        case "ADDRESS_CHANGED":
            lines = tuple(str(values[key]) for key in (f"line{nr}" for nr in range(1, 6)) if values.get(key))
            if not lines or values.get("kind") == "temporary":
                return item
            postcode = values.get("postcode") or patient.postcode
            changed = replace(patient, address_lines=lines, postcode=postcode, no_fixed_abode=False)
            return replace(item, patient=changed)
        case "NAME_CHANGED":
            if values.get("reason") == "preferred":
                return item  # the name on the record is what identity is checked against: it stays
            given = values.get("given") or patient.given_name
            family = values.get("family") or patient.family_name
            return replace(item, patient=replace(patient, given_name=given, family_name=family))
        case "LANGUAGE":
            interpreter = bool(values.get("interpreter", patient.interpreter))
            return replace(item, patient=replace(patient, language=values.get("language"), interpreter=interpreter))
        case "COMMUNICATION_NEED":
            return replace(item, patient=_with_need(item, values))
        case "CONTACT_PREFERENCE":
            text = patient.text_opt_out or bool(values.get("no_text"))
            voicemail = patient.voicemail_opt_out or bool(values.get("no_voicemail"))
            numbers = tuple(replace(one, textable=one.textable and not text) for one in item.numbers)
            patient = replace(patient, text_opt_out=text, voicemail_opt_out=voicemail)
            return replace(item, patient=patient, numbers=numbers)
        case "SAFE_CONTACT":
            return _with_safe_way(item, change)
    return item


def _number(item: Item, e164: str | None, **fate: Any) -> Item:
    numbers = tuple(replace(one, **fate) if one.e164 == e164 else one for one in item.numbers)
    return replace(item, numbers=numbers)


def _with_number(item: Item, change: CorrectionProposed) -> Item:
    """Add a number, unverified; one we hold already is not added twice."""
    values = change.values
    e164 = str(values.get("e164") or change.new or "")
    if not e164.startswith("+") or any(one.e164 == e164 for one in item.numbers):
        return item
    textable = values.get("kind") == "mobile" and values.get("ok_to_text") is not False
    added = Number(
        e164=e164,
        label=str(values.get("type") or ""),
        kind=str(values.get("kind") or "unknown"),
        textable=textable and not item.patient.text_opt_out,
        extension=values.get("extension"),
        verified=False,
    )
    numbers = (added, *item.numbers) if values.get("preferred") else (*item.numbers, added)
    return replace(item, numbers=numbers)


def _with_need(item: Item, values: dict[str, Any]) -> Any:
    patient = item.patient
    code, detail = str(values.get("code") or ""), str(values.get("detail") or "")
    needs = patient.communication_needs
    if code and code != "other" and code not in needs:
        needs = (*needs, code)
    note = patient.communication_note or ""
    if detail and detail not in note:
        note = f"{note}; {detail}" if note else detail
    return replace(patient, communication_needs=needs, communication_note=note or None)


def _with_safe_way(item: Item, change: CorrectionProposed) -> Item:
    """Add the safe way to what is known already; texts and messages that are unsafe stop at once."""
    patient, unsafe = item.patient, change.values.get("unsafe") or ()
    said = change.new or ""
    known = patient.safe_contact or ""
    if said and said not in known:
        known = f"{known}; {said}" if known else said
    text = patient.text_opt_out or "text" in unsafe
    patient = replace(
        patient,
        safe_contact=known or None,
        text_opt_out=text,
        voicemail_opt_out=patient.voicemail_opt_out or "voicemail" in unsafe,
    )
    numbers = tuple(replace(one, textable=one.textable and not text) for one in item.numbers)
    return replace(item, patient=patient, numbers=numbers)
