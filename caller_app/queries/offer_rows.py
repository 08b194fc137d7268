"""The rows of what a person may be offered, of what they took up, and of who speaks for them, as on the card."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """One pathway option with the reason in plain words. `ok` None: unknown, `because` says what to ask."""

    pathway: str
    title: str
    route: str
    ok: bool | None
    because: str
    how: str
    contact: str = ""
    consent_wording: str | None = None
    shared_fields: tuple[str, ...] = ()
    shared_with: str | None = None
    owner: str = ""
    what: str = ""  # what the person gets
    whom: tuple[str, ...] = ()  # whom it fits, rule by rule
    reached: str = ""  # how it is reached, in words
    needed: str = ""  # why it matters for this person
    until: str | None = None  # ISO date of its last day
    underway: str = ""  # they took it up already: since when and where it stands


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """Something the person took up, and where it stands; `may_withdraw` while taking it back still stops something."""

    referral_id: str
    title: str
    state: str
    words: str  # "to be sent, since 3 March"
    at: datetime
    may_withdraw: bool
    will: str = ""  # what withdrawing would do
    by_patient: bool = True  # the person is on the line, checked
    by_proxy: str = ""  # who was checked instead and may take it back for them; empty where nobody may


@dataclass(frozen=True, slots=True)
class SpokenFor:
    """Who speaks for the person in this call, and what they may."""

    who: str  # "Ann Sample (mother)"
    words: str  # the whole of it in a sentence
    may_agree: bool
