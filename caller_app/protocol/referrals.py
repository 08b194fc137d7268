"""What the supervisors' list of referrals asks of the centre and gets; state words are said here, for older screens."""

import msgspec

from caller_app.protocol.messages import Reply


class ReferralLine(msgspec.Struct, kw_only=True):
    """One referral in the list; `since` is when it came into its state."""

    referral_id: str
    patient: str
    pathway: str
    project: str
    goes_to: str
    state: str  # domain.referrals.STATES
    state_words: str
    since: str
    recorded_at: str
    recorded_by: str


class ReferralPathway(msgspec.Struct, kw_only=True):
    """One pathway that has referrals; `key` asks for it."""

    key: str
    title: str
    project: str


class Referrals(Reply, kw_only=True):
    """`GET /v1/supervise/referrals?show&pathway&offset&limit`: `show` is open, every, or a state."""

    as_of: str
    total: int
    lines: list[ReferralLine]
    by_state: dict[str, int]
    pathways: list[ReferralPathway]


class ReferralFact(msgspec.Struct, kw_only=True):
    """One thing that is known of a referral."""

    label: str
    value: str


class ReferralStep(msgspec.Struct, kw_only=True):
    """One step of its way."""

    at: str
    by: str
    words: str
    why: str


class ReferralMove(msgspec.Struct, kw_only=True):
    """One way on from where it stands."""

    to: str
    label: str
    will: str
    asks_why: bool


class ReferralSheet(Reply, kw_only=True):
    """`GET /v1/supervise/referrals/{referral_id}`: what was agreed, its way so far, and the ways on."""

    as_of: str
    line: ReferralLine
    facts: list[ReferralFact]
    steps: list[ReferralStep]
    moves: list[ReferralMove]


class MoveReferral(msgspec.Struct, kw_only=True):
    """`POST /v1/supervise/referrals/{referral_id}/move`; `was` is the state the supervisor saw."""

    was: str
    to: str
    why: str = ""


class ReferralMoved(Reply, kw_only=True):
    """How it stands now; `done` is False where it stood so before this request."""

    referral_id: str
    done: bool
    state: str
    by: str
    at: str
    sentence: str
