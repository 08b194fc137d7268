"""I am worried about this person: the three help routes, and what to read to the 999 operator once it was revealed.

What a reader would get wrong: the routes must come up whatever else is missing: no open call, no project, a person who
just left the list. Only the address needs the audited reveal.
"""

from caller_app.base.errors import Refused
from caller_app.domain.concerns import help_for
from caller_app.domain.phones import show as show_phone
from caller_app.queries.masking import GONE, day_in_words
from caller_app.queries.rows import DangerDetails, HelpRoute
from caller_app.store.snapshot import Snapshot


def help_routes(s: Snapshot, *, case_id: str) -> tuple[HelpRoute, ...]:
    """Give the three routes with what to say, what to ask and whom to ring."""
    item = s.item(case_id)
    project = s.project(item.project_id) if item else None
    postcode = item.patient.postcode if item else None
    return tuple(
        HelpRoute(
            route=one.text.route,
            title=one.text.title,
            when=one.text.when,
            say=one.text.say,
            ask=one.text.ask,
            ring=one.ring,
            remember=one.text.remember,
            checked_on=one.checked_on,
        )
        for one in help_for(s.rules.help_routes, project, postcode)
    )


def danger_details(s: Snapshot, *, case_id: str) -> DangerDetails:
    """Give address and numbers for the 999 operator; refused until they were revealed in this call."""
    item, draft = s.item(case_id), s.draft(case_id)
    if item is None:
        raise Refused(GONE)
    if draft is None or draft.parked or draft.danger_revealed_at is None:
        raise Refused("Show the details first: it is recorded that they were looked at.")
    patient = item.patient
    return DangerDetails(
        shown_name=f"{patient.given_name} {patient.family_name}".strip(),
        dob=day_in_words(patient.dob),
        address_lines=patient.address_lines,
        postcode=patient.postcode,
        numbers=tuple(show_phone(number.e164) for number in item.numbers),
    )
