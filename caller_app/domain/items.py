"""The call item: one case with everything a caller needs for it, as the centre composes it and the list shows it.

One JSON aggregate per case travels down (patient, numbers, short history); the workstation keeps it as received and
derives the shown rows. Unknown fields are kept in the received body, so an older client loses nothing. Money, words
of concerns and other people's data never stand here.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

CaseStatus = Literal["ready", "callback", "held", "supervisor", "needs_review", "closed"]
NumberState = Literal["untried", "ok", "no_answer", "wrong", "dead", "barred"]
PromiseState = Literal["open", "kept", "missed", "cancelled"]

# Record kinds of the feed (smallint on the wire and in `visibility`).
KIND_ITEM = 1
KIND_SCRIPT = 2
KIND_PATHWAY = 3
KIND_NOTICE = 4
KIND_PROJECT = 5


@dataclass(frozen=True, slots=True)
class Practice:
    """The practice at which the person is registered, as the batch said."""

    ods: str
    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """One telephone number of one person, with its own fate (domain rules 2.2, point 6)."""

    e164: str
    label: str = ""
    kind: str = "unknown"  # mobile | landline | unknown
    textable: bool = False
    dialable: bool = True
    extension: str | None = None
    state: NumberState = "untried"
    no_answers: int = 0
    shared: bool = False  # held by another person too: never say that person's name
    verified: bool = True  # False: told to us on a call, not yet confirmed by the practice


@dataclass(frozen=True, slots=True)
class Patient:
    """Who the case is about. Before identity passes, queries give only names, numbers, needs and safe contact."""

    person_id: str
    nhs_number: str
    given_name: str
    family_name: str
    dob: str  # ISO date
    sex: str = "unknown"
    address_lines: tuple[str, ...] = ()
    postcode: str | None = None
    no_fixed_abode: bool = False
    practice: Practice | None = None
    language: str | None = None
    interpreter: bool = False
    communication_needs: tuple[str, ...] = ()
    communication_note: str | None = None
    text_opt_out: bool = False
    voicemail_opt_out: bool = False
    safe_contact: str | None = None
    campaign: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """One recorded attempt as history shows it; `attempt_id` is the id of the change that recorded it."""

    attempt_id: str
    at: datetime
    outcome: str
    number: str | None = None
    caller: str = ""
    counted: bool = True
    late: bool = False
    superseded: bool = False
    note: str | None = None
    caller_id: int = 0
    act_id: str = ""
    # What it did to the case, so that an undo can go back; empty where it did nothing (late, or after the end).
    led_to: CaseStatus | Literal[""] = ""
    led_not_before: datetime | None = None
    led_why: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """A time we said we would ring; binding on the team whoever holds the case."""

    promise_id: str
    from_at: datetime
    to_at: datetime
    made_by: str
    made_by_id: int
    anyone: bool = True  # False: the person asked for the caller who promised
    number: str | None = None
    state: PromiseState = "open"
    act_id: str = ""
    kept_by: str = ""  # id of the attempt that kept or missed it


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction that was proposed: type code of the catalogue, old beside new."""

    correction_id: str
    type: str
    field: str
    old: str | None
    new: str | None
    at: datetime
    # new | approved | rejected | sent | acknowledged | applied | not_applied | candidate | withdrawn
    state: str = "new"
    act_id: str = ""


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A short note (at most 300 characters, no clinical detail)."""

    note_id: str
    at: datetime
    author: str
    words: str


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """A pathway the person took up, and where it stands."""

    referral_id: str
    pathway: str
    route: str  # signpost | self_referral | supported_referral | practice_task
    at: datetime
    state: str = "recorded"  # domain.referrals.STATES
    act_id: str = ""
    since: datetime | None = None  # when it came into this state; None: when it was recorded


@dataclass(frozen=True, slots=True)
class ConcernMark:
    """That somebody was worried, when and by which route; never the words."""

    concern_id: str
    route: str  # immediate | distress | safeguarding
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who may speak for the person, as a supervisor recorded it; it is never edited, only ended.

    What it covers is decided in `domain.authorities`. Where it was seen, and by whom, stays at the centre.
    """

    authority_id: str
    kind: str  # domain.authorities.KINDS
    name: str
    relationship: str
    from_on: str  # ISO date, the first day it holds
    until_on: str | None = None  # the last one; None: no end is known
    pathways: tuple[str, ...] = ()  # what may be arranged with them; empty: whatever the project offers
    may_agree: bool = False  # also agree on the person's behalf, not only speak about the call
    limits: str = ""  # what may not be spoken about, in words
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One case as a caller sees it; `assign_gen` is the assignment generation it was handed out under."""

    case_id: str
    project_id: str
    patient: Patient
    status: CaseStatus = "ready"
    assign_gen: int = 0
    numbers: tuple[Number, ...] = ()
    attempts: tuple[PastAttempt, ...] = ()
    promises: tuple[Promise, ...] = ()
    corrections: tuple[CorrectionLine, ...] = ()
    notes: tuple[NoteLine, ...] = ()
    referrals: tuple[ReferralLine, ...] = ()
    concerns: tuple[ConcernMark, ...] = ()
    authorities: tuple[Authority, ...] = ()  # of this person, as far as they cover this project; ended ones too
    not_before: datetime | None = None
    counted_attempts: int = 0
    status_why: str = ""  # in words: "held until 3 March: in hospital", "no number left"
    priority: int = 0  # project priority then equity weight: lower comes first
    seed: int = 0  # random order among equals, fixed at import
