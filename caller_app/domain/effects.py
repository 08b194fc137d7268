"""What a judged change makes the centre do beside showing the item: small frozen facts it turns into rows.

What a reader would get wrong: an effect is decided once, by `domain.rebase.judge`, and carries ids taken from the
change. Doing it twice must be harmless: the centre keys every row by these ids.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class StopPerson:
    """Stop at once and for good: every case of the person (or of the campaign), queued texts and letters."""

    kind: Literal["contact_objection", "campaign_opt_out", "deceased"]
    change_id: str
    at: datetime
    words: str = ""
    doubtful: bool = False  # unconfirmed: stands all the same, a supervisor looks


@dataclass(frozen=True, slots=True)
class CloseCase:
    """The case has ended; `outcome` C06 is recorded by the system."""

    outcome: str
    why: str


@dataclass(frozen=True, slots=True)
class AttemptWithdrawn:
    """An earlier attempt no longer counts; it stays in history."""

    attempt_id: str


@dataclass(frozen=True, slots=True)
class CorrectionOpened:
    """A claim to review and report; state `candidate` where it clashes with what stands now."""

    correction_id: str
    type: str
    field: str
    old: str | None
    new: str | None
    values: dict[str, Any]
    source: str
    evidence: str
    urgency: str
    state: str


@dataclass(frozen=True, slots=True)
class CorrectionWithdrawn:
    """A claim taken back with the attempt that made it."""

    correction_id: str


@dataclass(frozen=True, slots=True)
class PromiseMade:
    """A time we promised; state `cancelled` where the case had already ended."""

    promise_id: str
    from_at: datetime
    to_at: datetime
    anyone: bool
    number: str | None
    words: str | None
    state: str


@dataclass(frozen=True, slots=True)
class PromiseSettled:
    """A promise was kept, missed by us, or cancelled; or open again after an undo."""

    promise_id: str
    state: Literal["open", "kept", "missed", "cancelled"]


@dataclass(frozen=True, slots=True)
class ReferralOpened:
    """A pathway taken up; while `held` nothing is sent."""

    referral_id: str
    pathway: str
    route: str
    held: bool
    why_held: str = ""


@dataclass(frozen=True, slots=True)
class ReferralWithdrawn:
    """A referral taken back; state `cancel_due` where it was sent already and the service has to be told."""

    referral_id: str
    state: str = "withdrawn"


@dataclass(frozen=True, slots=True)
class ConcernOpened:
    """Somebody is worried about the person; supervisors are alerted at once."""

    concern_id: str
    route: str
    words: str
    told: tuple[str, ...]
    noticed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConcernAppended:
    """An addition to a concern's record."""

    concern_id: str
    words: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewOn:
    """A supervisor looks at the case again on this day."""

    on: str
    why: str


@dataclass(frozen=True, slots=True)
class Audited:
    """A look or a dial to write into the audit."""

    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class NoticeTo:
    """Tell a person, or the supervisors where `user_id` is None. The text holds no patient data."""

    user_id: int | None
    text: str


Effect = (
    StopPerson
    | CloseCase
    | AttemptWithdrawn
    | CorrectionOpened
    | CorrectionWithdrawn
    | PromiseMade
    | PromiseSettled
    | ReferralOpened
    | ReferralWithdrawn
    | ConcernOpened
    | ConcernAppended
    | ReviewOn
    | Audited
    | NoticeTo
)
