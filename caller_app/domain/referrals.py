"""A referral from the call to the service: its states, who moves it on and how, what a withdrawal does to it.

What a reader would get wrong: recording is not sending. Until a referral was sent, taking it back ends it; afterwards
the service has the person's data, so somebody has to tell it (domain rules 2.16): the state is then `cancel_due`.
A referral is moved on by a supervisor only; a workstation records and withdraws.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from caller_app.domain.items import Item, ReferralLine
from caller_app.domain.pathways import SENDING

SAME_PATHWAY = timedelta(days=30)  # a pathway that sends nothing, taken up again within this, waits for review
STATES = {
    "cancel_due": "to be cancelled with the service",
    "held_for_review": "held for review",
    "recorded": "to be sent",
    "sent": "sent",
    "received": "received",
    "booked": "booked",
    "returned": "returned",
    "attended": "attended",
    "withdrawn": "withdrawn",
}
UNDERWAY = frozenset({"recorded", "held_for_review", "sent", "received", "booked", "cancel_due"})
BEFORE_SENDING = frozenset({"recorded", "held_for_review"})
WITH_SERVICE = frozenset({"sent", "received", "booked"})
# Who agreed, where they are on the line; somebody else only under a recorded authority that covers agreeing
# (domain rules 2.11, 2.16).
PATIENT, PROXY = "patient", "proxy"
TAKES_PLACE = frozenset({"recorded", "sent", "received", "booked", "attended", "cancel_due"})


@dataclass(frozen=True, slots=True)
class Move:
    """One way on from a state: the state it leads to, the verb, what it means, and whether it asks why."""

    to: str
    label: str
    will: str
    asks_why: bool = False


_SENT = Move("sent", "Mark as sent", "The referral has gone to the service.")
_RETURNED = Move("returned", "Mark as returned", "The service gave it back: tell the person.", asks_why=True)
_WITHDRAWN = Move("withdrawn", "Withdraw", "It ends here; nothing is sent.", asks_why=True)
_CANCEL = Move("cancel_due", "Person withdrew", "The service has to be told; it stands first until it has been.",
               asks_why=True)  # fmt: skip
MOVES: dict[str, tuple[Move, ...]] = {
    "recorded": (_SENT, _WITHDRAWN),
    "sent": (
        Move("received", "Mark as received", "The service has said that it has it."),
        Move("booked", "Mark as booked", "The person has an appointment or a place."),
        _RETURNED,
        _CANCEL,
        Move("recorded", "Not sent after all", "It goes back to those to be sent.", asks_why=True),
    ),
    "received": (
        Move("booked", "Mark as booked", "The person has an appointment or a place."),
        _RETURNED,
        _CANCEL,
        Move("sent", "Not received after all", "It goes back to those sent.", asks_why=True),
    ),
    "booked": (
        Move("attended", "Mark as attended", "The person has been there. Nothing more is to be done."),
        _RETURNED,
        _CANCEL,
        Move("received", "Not booked after all", "It goes back to those received.", asks_why=True),
    ),
    "returned": (
        Move("sent", "Mark as sent again", "The referral has gone to the service once more."),
        _WITHDRAWN,
    ),
    "cancel_due": (
        Move("withdrawn", "Cancelled with the service", "The service has been told. Nothing more is to be done."),
    ),
    "attended": (Move("booked", "Not attended after all", "It goes back to those booked.", asks_why=True),),
}


def moves_from(state: str) -> tuple[Move, ...]:
    """Give the ways on from a state; none from one that is decided elsewhere or not known."""
    return MOVES.get(state, ())


def move_to(state: str, to: str) -> Move | None:
    """Give one way on; None where it does not lead there."""
    return next((one for one in moves_from(state) if one.to == to), None)


def taken_back(state: str) -> str:
    """Say what a withdrawal makes of a state: ended before sending, to be cancelled after; else it stays."""
    if state in BEFORE_SENDING or state == "returned":
        return "withdrawn"
    return "cancel_due" if state in WITH_SERVICE else state


def same_underway(referrals: Iterable[ReferralLine], pathway: str, route: str, at: datetime) -> ReferralLine | None:
    """Give a referral of the same pathway that stands against a new one: underway, or of the last month."""
    for one in referrals:
        if one.pathway != pathway or one.state == "withdrawn":
            continue
        recent = abs(at - one.at) <= SAME_PATHWAY and one.state != "returned"
        if recent or (route in SENDING and one.state in UNDERWAY):
            return one
    return None


def moved(item: Item, referral_id: str, state: str, at: datetime) -> Item:
    """Give the case with one referral in another state."""
    lines = tuple(
        replace(one, state=state, since=at) if one.referral_id == referral_id else one for one in item.referrals
    )
    return replace(item, referrals=lines)


def referral_of(item: Item, referral_id: str) -> ReferralLine | None:
    """Give one referral of a case."""
    return next((one for one in item.referrals if one.referral_id == referral_id), None)
