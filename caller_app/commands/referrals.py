"""Taking up a pathway and taking it back: what was read, who agreed, what goes to whom; and stopping it again.

What a reader would get wrong: withdrawing is a change of its own, so it works offline and goes with the next push. It
stops the referral where it has not been sent; where it has, the centre asks the supervisor to tell the service.
"""

from collections.abc import Mapping
from typing import Any

from caller_app.base.clock import london, london_day
from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.domain.authorities import covers, may_agree, said_of
from caller_app.domain.calls import CallDraft, checked, speaks_for
from caller_app.domain.changes import ReferralRequested, ReferralTakenBack
from caller_app.domain.eligibility import Offering, offerings
from caller_app.domain.interpreters import who_interpreted
from caller_app.domain.items import Authority, Item
from caller_app.domain.pathways import Pathway
from caller_app.domain.projects import Project
from caller_app.domain.referrals import PATIENT, PROXY, STATES, referral_of, same_underway, taken_back
from caller_app.domain.rule_facts import day_words
from caller_app.store.unit import Unit

REASON_LONGEST = 200
_AGREES = ("A01", "A02", "A07")  # A03 asks the practice, which is where a held result belongs


def refuse_unfit(
    unit: Unit, item: Item, project: Project, draft: CallDraft | None, *, outcome: str, pathway: str
) -> None:
    """Refuse a pathway that waits for the practice, is under way, over or full, or does not fit the person."""
    found = offerings(item, project, london_day(unit.now), draft.answers if draft else {})
    one = next((each for each in found if each.pathway.code == pathway), None)
    if one is None:
        return
    if one.held:
        if outcome in _AGREES:
            _refuse_held(unit, found)
        return
    before = same_underway(item.referrals, pathway, one.pathway.route, unit.now)
    if before is not None and one.pathway.sends:
        state = STATES.get(before.state, before.state)
        raise Refused(
            f"“{one.pathway.title}” was recorded on {day_words(london(before.at).date())} already and is {state}. "
            "There is nothing to record a second time.",
            field="pathway",
        )
    if one.ok is False:
        raise Refused(f"“{one.pathway.title}” cannot be taken up: {one.because}. Choose another one.", field="pathway")


def _refuse_held(unit: Unit, found: tuple[Offering, ...]) -> None:
    """Agree nothing that waits for the practice (hazard H10); the sentence tells no result: it may be read out."""
    instead = ["E02"] + ["A03"] * any("A03" in one.pathway.outcomes and one.ok is not False for one in found)
    named = " or ".join(f"“{unit.rules.outcomes.get(code).label}”" for code in instead)
    raise Refused(f"The practice looks at this first, so nothing can be agreed yet. Record {named}.", field="pathway")


def requested(
    case_id: str,
    act_id: str,
    facts: Mapping[str, Any],
    project: Project,
    said: Mapping[str, str],
    language: str = "",
    under: Authority | None = None,
) -> ReferralRequested:
    """Make the record of a pathway taken up: the words read with their version, the answer, and what goes to whom.

    `under`: the authority of whoever is on the line, where that is not the person.
    """
    pathway = project.pathway(facts["pathway"])
    if pathway is None:
        raise Refused("This pathway is not one of the project's.", field="pathway")
    consent = facts.get("consent") if facts.get("consent") in ("yes", "no") else None
    given_by = said.get("given_by") or (PROXY if under is not None else PATIENT)
    _refuse_unauthorised(given_by, under, pathway, agreed=consent == "yes")
    if pathway.sends and consent != "yes" and facts.get("consent") != "not_needed":
        raise Refused("Without agreement nothing about the person may be sent.", field="pathway")
    if pathway.route == "supported_referral" and consent != "yes":
        raise Refused("A referral that we send needs the person's agreement.", field="consent")
    wording = (
        f"{pathway.consent_wording} [{pathway.code}/{pathway.consent_version}]" if pathway.consent_wording else None
    )
    return ReferralRequested(
        case_id=case_id,
        act_id=act_id,
        pathway=pathway.code,
        route=pathway.route,
        consent=consent,
        consent_wording=facts.get("consent_wording") or (wording if consent else None),
        given_by=given_by,
        shared_fields=pathway.shared_fields if consent == "yes" else (),
        shared_with=pathway.shared_with if consent == "yes" else None,
        task=facts.get("task") or (pathway.task or None if pathway.route == "practice_task" else None),
        due_on=facts.get("due_date"),
        wording_version=(pathway.consent_version or None) if consent else None,
        language=language or None,
        interpreter=who_interpreted(said.get("interpreter") or ""),
        authority=under.authority_id if under is not None and given_by == PROXY else None,
    )


def _refuse_unauthorised(given_by: str, under: Authority | None, pathway: Pathway, *, agreed: bool) -> None:
    """Let only the person agree, or somebody under an authority that says so (domain rules 2.11, 2.16)."""
    if given_by not in (PATIENT, PROXY):
        raise Refused("Say who gave this answer.", field="given_by")
    if given_by == PROXY and under is None:
        raise Refused(
            "Only the person can agree: nothing is recorded that lets somebody speak for them.", field="given_by"
        )
    if given_by == PATIENT and under is not None:
        raise Refused(f"You checked {said_of(under)}, not the person: say who gave this answer.", field="given_by")
    if under is None:
        return
    if not covers(under, pathway.code):
        raise Refused(f"“{pathway.title}” is not covered by what is recorded for {under.name}.", field="pathway")
    if agreed and not under.may_agree:
        raise Refused(
            f"{under.name} may speak for the person, and may not agree for them. Ask the person, or choose something "
            "for which nothing is passed on.",
            field="given_by",
        )


def withdraw_referral(unit: Unit, *, case_id: str, referral_id: str, reason: str, given_by: str = "patient") -> str:
    """Take back a referral: the person asks for it, or it was recorded by mistake; gives the change's id.

    The person is identified in this call; only a mistake of one's own needs nobody on the line.
    """
    if given_by not in (PATIENT, PROXY, "caller"):
        raise Refused("Say who no longer wants it.", field="given_by")
    words = " ".join(reason.split())[:REASON_LONGEST]
    if not words:
        raise Refused("Say why, in a few words.", field="reason")
    item = unit.item(case_id)
    line = referral_of(item, referral_id)
    if line is None:
        raise Refused("This is not a referral of this person.")
    if line.state in ("withdrawn", "cancel_due"):
        raise Refused("This has been withdrawn already.")
    if taken_back(line.state) == line.state:
        raise Refused(f"This cannot be withdrawn any more: it is {STATES.get(line.state, line.state)}.")
    draft = unit.draft(case_id)
    own = unit.recorded(referral_id) is not None
    if not checked(draft, item, unit.now) and not (own and given_by == "caller"):
        raise Refused("Check first who this is: only the person, or who speaks for them, can withdraw it.")
    under = speaks_for(draft, item, unit.now)
    if given_by == PROXY and not may_agree(under, line.pathway):
        raise Refused("Nothing is recorded that lets somebody withdraw it for the person.", field="given_by")
    if given_by == PATIENT and under is not None:
        raise Refused(f"You checked {said_of(under)}, not the person: say who withdraws it.", field="given_by")
    change = ReferralTakenBack(
        case_id=case_id,
        act_id=draft.call_id if draft else new_id(),
        referral_id=referral_id,
        reason=words,
        given_by=given_by,
        authority=under.authority_id if under is not None and given_by == PROXY else None,
    )
    return unit.record(change)
