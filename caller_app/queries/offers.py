"""What the person may be offered and what they took up, with the reason in plain words; only after identity has passed.

What a reader would get wrong: three answers, not two. Where a fact is missing the offer is unknown and says what to
ask; what was answered in this call fills the gap, and never overrides what the record says. The order is by need.
"""

from caller_app.base.clock import london, london_day
from caller_app.domain.authorities import may_agree, said_of
from caller_app.domain.eligibility import Offering, held_for_practice, offerings, ranked, whom_words
from caller_app.domain.items import ReferralLine
from caller_app.domain.pathways import REACHED
from caller_app.domain.referrals import STATES, WITH_SERVICE, same_underway, taken_back
from caller_app.domain.rule_facts import day_words
from caller_app.queries.masking import View
from caller_app.queries.offer_rows import Offer, ReferralRow


def offers_of(view: View) -> tuple[Offer, ...]:
    """Give every pathway of the project, what may be offered first and is needed most."""
    if view.project is None:
        return ()
    answers = view.draft.answers if view.draft else {}
    found = offerings(view.item, view.project, london_day(view.now), answers)
    return tuple(_row(one, view) for one in ranked(found))


def practice_first(view: View) -> str:
    """Say why the practice must look first; empty where nothing is held back."""
    if view.project is None:
        return ""
    answers = view.draft.answers if view.draft else {}
    return held_for_practice(view.item, view.project, london_day(view.now), answers)


def referrals_of(view: View) -> tuple[ReferralRow, ...]:
    """Give what the person took up, the newest first."""
    found = sorted(view.item.referrals, key=lambda one: one.at, reverse=True)
    return tuple(_referral(one, view) for one in found)


def _row(one: Offering, view: View) -> Offer:
    pathway = one.pathway
    before = same_underway(view.item.referrals, pathway.code, pathway.route, view.now)
    return Offer(
        pathway=pathway.code,
        title=pathway.title,
        route=pathway.route,
        ok=one.ok,
        because=f"{one.because}. Matters more here: {one.needed}" if one.needed else one.because,
        how=pathway.how,
        contact=pathway.contact or pathway.url,
        consent_wording=pathway.consent_wording,
        shared_fields=pathway.shared_fields,
        shared_with=pathway.shared_with,
        owner=pathway.owner,
        what=pathway.offers,
        whom=whom_words(pathway),
        reached=REACHED[pathway.route],
        needed=one.needed,
        until=pathway.until,
        underway=f"{_state(before)}, recorded {_day(before)}" if before is not None else "",
    )


def _referral(one: ReferralLine, view: View) -> ReferralRow:
    pathway = view.project.pathway(one.pathway) if view.project else None
    after = taken_back(one.state)
    will = "Nothing is sent any more." if after == "withdrawn" else "The supervisor is asked to tell the service."
    sends = pathway.sends if pathway is not None else one.state in WITH_SERVICE
    return ReferralRow(
        referral_id=one.referral_id,
        title=pathway.title if pathway is not None else one.pathway,
        state=one.state,
        words=f"{_state(one)}, recorded {_day(one)}" if sends else f"recorded {_day(one)}",
        at=one.at,
        may_withdraw=sends and after != one.state,
        will=will if sends and after != one.state else "",
        by_patient=view.under is None,
        by_proxy=said_of(view.under) if view.under is not None and may_agree(view.under, one.pathway) else "",
    )


def _state(one: ReferralLine) -> str:
    return STATES.get(one.state, one.state.replace("_", " "))


def _day(one: ReferralLine) -> str:
    return day_words(london(one.at).date())
