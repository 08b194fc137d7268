"""What the person may be offered, with the reason in plain words; asked for only after identity has passed.

What a reader would get wrong: three answers, not two. Where a fact is missing the offer is unknown and says what to
ask; what was answered in this call fills the gap, and never overrides what the record says.
"""

from caller_app.base.clock import london_day
from caller_app.domain.eligibility import Offering, held_for_practice, offerings, with_answers
from caller_app.queries.masking import View
from caller_app.queries.rows import Offer


def offers_of(view: View) -> tuple[Offer, ...]:
    """Give every pathway of the project, what may be offered first."""
    if view.project is None:
        return ()
    item = with_answers(view.item, view.draft.answers) if view.draft else view.item
    found = offerings(item, view.project, london_day(view.now))
    return tuple(_row(one) for one in sorted(found, key=lambda one: {True: 0, None: 1, False: 2}[one.ok]))


def practice_first(view: View) -> str:
    """Say why the practice must look first; empty where nothing is held back."""
    if view.project is None:
        return ""
    return held_for_practice(view.item, view.project, london_day(view.now))


def _row(one: Offering) -> Offer:
    pathway = one.pathway
    return Offer(
        pathway=pathway.code,
        title=pathway.title,
        route=pathway.route,
        ok=one.ok,
        because=one.because,
        how=pathway.how,
        contact=pathway.contact or pathway.url,
        consent_wording=pathway.consent_wording,
        shared_fields=pathway.shared_fields,
        shared_with=pathway.shared_with,
    )
