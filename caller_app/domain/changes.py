"""The closed set of changes: what a person did that the centre must hear.

A change is a fact and is never edited. Its envelope (id, device sequence, time) belongs to the outbox and the wire;
here is what it says. Every kind has a row in the conflict table of docs/sync.md and a handler in
`domain.rebase`: a kind without both does not ship. `lane` 0 is sent first, before anything queued.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import datetime
from typing import Any, ClassVar, Literal

IdentityTick = Literal["matches", "differs", "declined", "not_asked", "partial"]
ConcernRoute = Literal["immediate", "distress", "safeguarding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What every change says: the case it is about and the act it belongs to (changes of one act share `act_id`)."""

    kind: ClassVar[str] = ""
    schema: ClassVar[int] = 1
    lane: ClassVar[int] = 1

    case_id: str
    act_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRecord:
    """How identity was checked: which fields matched, never the spoken values (domain rules 2.10)."""

    policy: str  # "3of3" | "2of3" | "3of4"
    ticks: dict[str, IdentityTick]
    passed: bool
    authority: str | None = None  # id of the one under which who was checked speaks for the person


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecorded(Change):
    """One sitting of calling and its one outcome code; `facts` holds the data the code requires."""

    kind: ClassVar[str] = "attempt_recorded"
    # 2 cites the opening and the language; 3 the authority of who speaks for the person; 4 what the script was given
    schema: ClassVar[int] = 4

    outcome: str
    number: str | None = None  # E.164 of the number that was used
    started_at: datetime | None = None
    ended_at: datetime | None = None
    facts: dict[str, Any] = made_by(default_factory=dict)
    answers: dict[str, Any] = made_by(default_factory=dict)  # given on the script's pages, by row name
    identity: IdentityRecord | None = None
    script: str | None = None  # id of the project's script: it follows from its words, so it names the version too
    opening: str | None = None  # id of the opening: the answers were given to these two
    language: str | None = None  # they were read in; None for their first
    given: dict[str, str] | None = None  # values of the record that led the path; None: not kept before schema 4
    note: str | None = None
    promise_id: str | None = None  # the promise this attempt keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptSuperseded(Change):
    """Undo or correct an earlier attempt: the fact stays in history, its effects do not."""

    kind: ClassVar[str] = "attempt_superseded"

    attempt_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionProposed(Change):
    """A claim about one detail: what we hold beside what was said, and who said it."""

    kind: ClassVar[str] = "correction_proposed"

    type: str
    field: str
    old: str | None
    new: str | None
    values: dict[str, Any] = made_by(default_factory=dict)
    source: str  # patient | proxy | third_party | network | post
    evidence: str  # patient_confirmed | household_said | dead_line | post_returned


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackPromised(Change):
    """We said we would ring between two instants."""

    kind: ClassVar[str] = "callback_promised"

    from_at: datetime
    to_at: datetime
    anyone: bool = True
    number: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRequested(Change):
    """The person took up a pathway; for a supported referral with the consent that was read out."""

    kind: ClassVar[str] = "referral_requested"
    schema: ClassVar[int] = 3  # 2 cites the version and the language; 3 the authority, and who interpreted

    pathway: str
    route: str  # signpost | self_referral | supported_referral | practice_task
    consent: str | None = None  # yes | no | None where no data leaves us
    consent_wording: str | None = None  # the words read, with their version
    given_by: str = "patient"  # patient | proxy
    shared_fields: tuple[str, ...] = ()
    shared_with: str | None = None
    task: str | None = None
    due_on: str | None = None
    wording_version: str | None = None  # of the words that were read
    language: str | None = None  # in which they were read, where not in English
    interpreter: str = ""  # domain.interpreters.WHO: booked | family | yes, of which it is not known who; "" none
    authority: str | None = None  # id of the one under which a proxy agreed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralTakenBack(Change):
    """The person no longer wants a referral: it ends before it is sent, afterwards the service has to be told."""

    kind: ClassVar[str] = "referral_withdrawn"
    schema: ClassVar[int] = 2  # 2 cites the authority

    referral_id: str
    reason: str
    given_by: str = "patient"  # patient | proxy | caller, who noticed that it was recorded by mistake
    authority: str | None = None  # id of the one under which a proxy took it back


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(Change):
    """A short note."""

    kind: ClassVar[str] = "note_added"

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernRaised(Change):
    """I am worried about this person: sent first, raised at once, never lowered offline (domain rules 2.15)."""

    kind: ClassVar[str] = "concern_raised"
    lane: ClassVar[int] = 0

    route: ConcernRoute
    words: str
    told: tuple[str, ...] = ()
    noticed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernAdded(Change):
    """Something added to a concern; the record itself is never edited."""

    kind: ClassVar[str] = "concern_added"
    lane: ClassVar[int] = 0

    concern_id: str
    words: str = ""
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessed(Change):
    """Audit: a card was opened, a masked field shown, a number handed to the dialler, a copy made for support."""

    kind: ClassVar[str] = "accessed"

    what: Literal["view", "check_panel", "danger_details", "dial", "incoming", "copied"]
    detail: str = ""


CHANGES: dict[str, type[Change]] = {
    one.kind: one
    for one in (
        AttemptRecorded,
        AttemptSuperseded,
        CorrectionProposed,
        CallbackPromised,
        ReferralRequested,
        ReferralTakenBack,
        NoteAdded,
        ConcernRaised,
        ConcernAdded,
        Accessed,
    )
}


# How a payload of an older schema becomes one of the next: (kind, schema) -> what it says under schema + 1. A schema
# that was ever shipped stays here for good, with a golden file of its own: a workstation may come back after months.
Step = Callable[[dict[str, Any]], dict[str, Any]]


def _under_no_authority(said: dict[str, Any]) -> dict[str, Any]:
    """Nobody could be recorded as somebody who speaks for the person."""
    identity = said.get("identity")
    return {**said, "identity": {**identity, "authority": None} if identity else None}


STEPS: dict[tuple[str, int], Step] = {
    # Only the project's script was cited, and its first language was the only one.
    ("attempt_recorded", 1): lambda said: {**said, "opening": None, "language": None},
    ("attempt_recorded", 2): _under_no_authority,
    ("attempt_recorded", 3): lambda said: {**said, "given": None},  # what led the call was not kept
    # The version stood only at the end of the words; the language was not asked.
    ("referral_requested", 1): lambda said: {**said, "wording_version": None, "language": None, "interpreter": False},
    # Whether somebody interpreted was asked, who it was not.
    ("referral_requested", 2): lambda said: {
        **said,
        "interpreter": "yes" if said.get("interpreter") else "",
        "authority": None,
    },
    ("referral_withdrawn", 1): lambda said: {**said, "authority": None},
}


def brought_up(kind: str, schema: int, said: dict[str, Any], *, steps: Mapping[tuple[str, int], Step] = STEPS,
               to: int | None = None) -> dict[str, Any]:  # fmt: skip
    """Bring a payload of an older schema to the newest, step by step; raises KeyError where a step is missing."""
    newest = CHANGES[kind].schema if to is None else to
    for version in range(schema, newest):
        said = steps[kind, version](said)
    return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A change with the envelope facts that judging and showing need; `author` and `author_id` are who did it."""

    change_id: str
    change: Change
    occurred_at: datetime
    author: str
    author_id: int
    base_ver: int | None = None
    assign_gen: int | None = None
