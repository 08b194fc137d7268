"""Judging referrals and their withdrawal: one message per change, and none where there is doubt.

What a reader would get wrong: a referral that cannot go out is never dropped. It is opened and held, so that nothing is
sent, and a supervisor decides. A withdrawal is taken from whoever brings it, whatever became of the case: stopping is
always allowed.
"""

from dataclasses import replace

from caller_app.domain.authorities import authority_of, is_child, may_agree
from caller_app.domain.changes import ReferralRequested, ReferralTakenBack
from caller_app.domain.effects import Effect, NoticeTo, ReferralOpened, ReferralWithdrawn
from caller_app.domain.items import ReferralLine
from caller_app.domain.pathways import SENDING
from caller_app.domain.rebase_terms import Judgement, Situation
from caller_app.domain.referrals import PROXY, moved, referral_of, same_underway, taken_back


def judge_referral(s: Situation, change: ReferralRequested) -> Judgement:
    """Decide a ReferralRequested: one message per change, and none where there is doubt."""
    if referral_of(s.item, s.one.change_id) is not None:
        return Judgement(s.item)
    held = _doubt(s, change)
    line = ReferralLine(
        referral_id=s.one.change_id,
        pathway=change.pathway,
        route=change.route,
        at=s.one.occurred_at,
        state="held_for_review" if held else "recorded",
        act_id=change.act_id,
    )
    effects: tuple[Effect, ...] = (ReferralOpened(line.referral_id, line.pathway, line.route, bool(held), held),)
    if s.reassigned and s.standing.assignee_id is not None:
        effects += (NoticeTo(s.standing.assignee_id, "A colleague recorded a referral for one of your people."),)
    judgement = Judgement(replace(s.item, referrals=(*s.item.referrals, line)), effects=effects)
    return judgement.reviewed(held) if held else judgement


def _doubt(s: Situation, change: ReferralRequested) -> str:
    """Say why a referral may not go out by itself; nothing where it may."""
    if s.ended:
        return "referral_after_end"
    if same_underway(s.item.referrals, change.pathway, change.route, s.one.occurred_at) is not None:
        return "duplicate_referral"
    if s.standing.referred_elsewhere:
        return "duplicate_referral"
    if change.route in SENDING and change.consent != "yes":
        return "referral_without_consent"
    if change.consent == "yes" and not _may_agree(s, change.given_by, change.authority, change.pathway):
        return "referral_without_authority"
    return "pathway_full" if s.standing.pathway_full else ""


def _may_agree(s: Situation, given_by: str, authority: str | None, pathway: str) -> bool:
    """Tell whether whoever agreed may: the person, or somebody under an authority that held on the day of the call."""
    at = s.one.occurred_at
    if given_by != PROXY:
        return not is_child(s.item, at)
    return may_agree(authority_of(s.item, authority, at), pathway)


def judge_taken_back(s: Situation, change: ReferralTakenBack) -> Judgement:
    """Decide a ReferralTakenBack: ended before sending, to be cancelled with the service after."""
    line = referral_of(s.item, change.referral_id)
    if line is None:
        return Judgement(s.item).reviewed("withdrawal_of_unknown")
    state = taken_back(line.state)
    if state == line.state:
        return Judgement(s.item, reason="withdrawn_too_late" if line.state == "attended" else None)
    item = moved(s.item, line.referral_id, state, s.one.occurred_at)
    effects: tuple[Effect, ...] = (ReferralWithdrawn(line.referral_id, state),)
    if s.reassigned and s.standing.assignee_id is not None:
        effects += (NoticeTo(s.standing.assignee_id, "A colleague withdrew a referral of one of your people."),)
    judgement = Judgement(item, reason="withdrawn_after_sending" if state == "cancel_due" else None, effects=effects)
    # Stopping is always allowed; who asked for it is for a supervisor to look at.
    if change.given_by == PROXY and not _may_agree(s, PROXY, change.authority, line.pathway):
        return judgement.reviewed("withdrawal_without_authority")
    return judgement
