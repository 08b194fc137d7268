"""The frozen rows queries answer with: all a screen ever sees of the store.

What a reader would get wrong: `Card` is masked by the query, not by the screen. Fields that are None before identity
passes were never read into it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from caller_app.domain.items import Number, PastAttempt, Promise
from caller_app.queries.offer_rows import Offer, ReferralRow, SpokenFor
from caller_app.queries.script_rows import ScriptPath

if TYPE_CHECKING:
    from caller_app.domain.outcomes import FactField

Heading = Literal["parked", "overdue", "due", "promised", "retry", "fresh", "waiting", "held"]


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of My list. `group` orders and heads the list; `why` says in words why the person is where they are."""

    case_id: str
    shown_name: str
    group: Heading
    why: str
    due_at: datetime | None = None
    counted_attempts: int = 0
    last_outcome: str | None = None
    waiting_for_review: bool = False


@dataclass(frozen=True, slots=True)
class ListCounts:
    """Figures of the header: how many are left of how many, due now, promised today."""

    left: int
    total: int
    due_now: int
    promised_today: int
    project_name: str | None  # shown between calls only; None where the list holds several projects


@dataclass(frozen=True, slots=True)
class CheckField:
    """One thing the patient is asked to state. `expected` is filled only after the panel was revealed (audited)."""

    name: str  # full_name | dob | address | phone | nhs_number
    title: str
    expected: str | None
    tick: str  # matches | differs | declined | not_asked | partial
    may_be_partial: bool = False  # a date of birth may be said by day and month only


@dataclass(frozen=True, slots=True)
class IdentityPanel:
    """The tick panel: policy in words, fields, and where the check stands."""

    policy: str
    policy_words: str
    fields: tuple[CheckField, ...]
    revealed: bool
    passed: bool
    failed: bool
    sentence: str  # what to say or do next


@dataclass(frozen=True, slots=True)
class Detail:
    """One detail of the patient that may be corrected in place: label, what we hold, type codes that fit."""

    name: str
    label: str
    shown: str
    raw: str | None
    correction_types: tuple[str, ...]
    pending: str | None = None  # a new value proposed and not yet applied


@dataclass(frozen=True, slots=True)
class SafetyLine:
    """One safe-to-call line shown before the number (domain rules 2.8): tone info | caution | stop."""

    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """The call card. Before identity passes, everything below the line is empty and the project is None."""

    case_id: str
    call_id: str | None  # the open call, None while only looked at
    shown_name: str
    numbers: tuple[Number, ...]
    best_number: str | None
    needs: tuple[str, ...]
    safe_contact: str | None
    warnings: tuple[SafetyLine, ...]
    may_dial: bool
    hold_reason: str | None
    identity: IdentityPanel
    script: ScriptPath  # the opening before identity, then the project's script as far as the answers lead
    promises: tuple[Promise, ...]
    # where the open call stands, so that it resumes at the same step (from the draft; empty while no call is open)
    page: int = 0  # index into the pages of `script`
    language: str = ""  # the script is read in; empty for its first
    answers: dict[str, Any] = field(default_factory=dict)  # as given to save_page, the note of the call under "note"
    dialled_number: str | None = None
    dialled_at: datetime | None = None
    # ---- only after identity has passed in this call ----
    project_name: str | None = None
    age: int | None = None
    nhs_last4: str | None = None
    practice_name: str | None = None
    details: tuple[Detail, ...] = ()
    offers: tuple[Offer, ...] = ()
    referrals: tuple[ReferralRow, ...] = ()
    timeline: tuple[PastAttempt, ...] = ()
    notes: tuple[str, ...] = ()
    spoken_for: SpokenFor | None = None  # who was checked in this call, where that is not the person
    taken_away: str | None = None  # banner: "reassigned at 10:32, finish and save" while the call is open


@dataclass(frozen=True, slots=True)
class LookupRow:
    """Someone rang me: who it may be, who rang them when, what was left, what to say. No project, no reason."""

    case_id: str
    shown_name: str
    number: str | None
    last_at: datetime | None
    last_caller: str
    what_was_left: str
    what_to_say: str


@dataclass(frozen=True, slots=True)
class CallLine:
    """One of my own calls: My day and history."""

    attempt_id: str
    case_id: str
    shown_name: str
    at: datetime
    outcome: str
    outcome_label: str
    number: str | None
    state: str  # saved here | sent | accepted | being looked at: reason
    still_on_list: bool = True


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One change of the outbox as support would read it."""

    dseq: int
    change_id: str
    kind: str
    title: str
    recorded_at: datetime
    state: str
    verdict: str | None
    reason: str | None
    tries: int
    received_at: datetime | None = None  # when the centre's receipt came
    in_review: bool = False

    @property
    def receipt(self) -> str:
        """Give the short form of the receipt number: enough to be read over the telephone."""
        return self.change_id.replace("-", "")[-8:]


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """How many changes each filter of the page shows."""

    everything: int = 0
    waiting: int = 0
    review: int = 0
    sent: int = 0


@dataclass(frozen=True, slots=True)
class OutboxDetail:
    """One change in full: its way for support, and whom and what it is about for its author."""

    row: OutboxRow
    about: str
    lines: tuple[tuple[str, str], ...]
    way: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """Something the centre told me; `about` names what I recorded, where that is still on this computer."""

    notice_id: str
    at: datetime
    words: str
    about: str
    change_id: str | None


@dataclass(frozen=True, slots=True)
class LeftRow:
    """Somebody who left my list: by mark, never by name; `entries` of mine about them are still kept here."""

    mark: str
    removed_at: datetime
    why: str
    confirmed: bool
    entries: int


@dataclass(frozen=True, slots=True)
class HelpRoute:
    """One of the three help routes of F12: what to say, what to ask, whom to ring and when the number was checked."""

    route: str
    title: str
    when: str
    say: tuple[str, ...]
    ask: tuple[str, ...]
    ring: tuple[tuple[str, str], ...]  # (whom, number)
    remember: tuple[str, ...]
    checked_on: str


@dataclass(frozen=True, slots=True)
class DangerDetails:
    """Address and number to read to the 999 operator; given only after the audited reveal."""

    shown_name: str
    dob: str
    address_lines: tuple[str, ...]
    postcode: str | None
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The honest sync light. `state` is a word with a shape; `sentence` says it whole."""

    state: Literal["all_sent", "sending", "unsent", "offline", "sign_in", "portal", "trouble"]
    sentence: str
    unsent: int
    oldest_unsent_at: datetime | None
    last_receipt_at: datetime | None
    list_as_of: datetime | None
    in_review: int = 0
    clock_off_minutes: int = 0
    concern_at: datetime | None = None  # when the oldest concern that has not reached the centre was recorded
    duty_phone: str = ""  # whom to ring about it
    told_at: tuple[str, ...] = ()  # when the newest notices of the centre were made, the newest first
    unreadable: int = 0  # cases that were sent here and cannot be read, and so are not on the list
    needs_newer: bool = False  # a newer program's work waits here: it is sent, and nothing can be recorded


@dataclass(frozen=True, slots=True)
class PadOutcome:
    """One code of the outcome pad and whether it fits this moment of the call; `why_not` says what is missing."""

    code: str
    label: str
    definition: str
    possible: bool
    why_not: str = ""
    asks: bool = False  # True where the form has a field that a person must fill


@dataclass(frozen=True, slots=True)
class PadGroup:
    """One heading of the outcome pad with its codes, in the order of the catalogue."""

    name: str
    outcomes: tuple[PadOutcome, ...]


@dataclass(frozen=True, slots=True)
class QuickTime:
    """One ready-made call-back time inside open hours: "later today, 16:00 to 17:00"."""

    label: str
    words: str
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class OutcomeForm:
    """What one code asks, with the choices filled for this person (numbers, pathways), and what follows."""

    code: str
    label: str
    definition: str
    next_step: str
    fields: "tuple[FactField, ...]"
    filled: tuple[tuple[str, Any], ...] = ()  # (field name, value) already known, e.g. the number just dialled
    quick_times: tuple[QuickTime, ...] = ()  # only for codes that promise a call
    referral: "tuple[FactField, ...]" = ()  # asked as well, and kept with the referral
    say: str = ""  # the message to be spoken, word for word
    warn: str = ""  # in its place: why no message may be left


@dataclass(frozen=True, slots=True)
class CorrectionKind:
    """One type of correction that fits a detail: what it asks, and what the practice will be asked to do."""

    type: str
    label: str
    fields: "tuple[FactField, ...]"
    urgency: str
    asked_of_practice: str
    possible: bool = True
    why_not: str = ""
    filled: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """A detail being put right: the old value stays beside the new one; evidence in the order of keys 1 to 4."""

    detail: str
    label: str
    old: str
    kinds: tuple[CorrectionKind, ...]
    evidence: tuple[tuple[str, str, str], ...]  # (evidence, label, source it implies)
