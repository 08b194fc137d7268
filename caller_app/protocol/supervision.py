"""What a supervisor's screen asks the centre, page by page: a whole cohort never lies on a workstation."""

import msgspec

from caller_app.protocol.messages import Reply


class CallerLine(msgspec.Struct, kw_only=True):
    """One caller on the board; what the workstation last said carries its age, never shown as fact."""

    user_id: int
    shown_name: str
    open_cases: int
    closed_cases: int
    callbacks_open: int
    callbacks_overdue: int
    attempts_today: int
    reached_today: int
    last_contact_at: str | None
    unsent_said: int | None
    unsent_said_at: str | None


class ProjectLine(msgspec.Struct, kw_only=True):
    """One project tile: left and total cases, and how far the funnel has come."""

    project_id: str
    name: str
    total: int
    left: int
    reached: int
    agreed: int


class AttentionLine(msgspec.Struct, kw_only=True):
    """Something a supervisor has to look at: open review or concern, oldest first; no free text."""

    what: str
    case_id: str | None
    at: str
    who: str
    review_id: str | None = None
    reason: str | None = None


class Board(Reply, kw_only=True):
    """`GET /v1/supervise/board`."""

    as_of: str
    projects: list[ProjectLine]
    callers: list[CallerLine]
    attention: list[AttentionLine]


class CaseLine(msgspec.Struct, kw_only=True):
    """One case on a caller's list as the supervisor sees it."""

    case_id: str
    project: str
    given_name: str
    family_name: str
    status: str
    counted_attempts: int
    last_outcome: str | None
    last_at: str | None
    promised_at: str | None
    assignee_id: int | None


class CaseLines(Reply, kw_only=True):
    """`GET /v1/supervise/callers/{user_id}/cases?offset&limit`."""

    as_of: str
    total: int
    lines: list[CaseLine]


class CorrectionItem(msgspec.Struct, kw_only=True):
    """One correction as it came in."""

    correction_id: str
    practice_ods: str
    practice_name: str
    patient: str
    type: str
    old: str | None
    new: str | None
    source: str
    told_at: str
    told_to: str
    urgency: str
    state: str


class CorrectionItems(Reply, kw_only=True):
    """`GET /v1/supervise/corrections?offset&limit`."""

    as_of: str
    total: int
    lines: list[CorrectionItem]


class Reassign(msgspec.Struct, kw_only=True):
    """`POST /v1/supervise/reassign`: move open cases of one caller to another; all of them where `case_ids` is None."""

    from_user: int
    to_user: int
    why: str
    case_ids: list[str] | None = None


class Reassigned(Reply, kw_only=True):
    """How many moved, how many promises with them, and devices of the giver that have not taken it yet."""

    moved: int
    promises: int
    devices_waiting: int


class ReviewLine(msgspec.Struct, kw_only=True):
    """One review case in the list; `group` and `title` are `domain.reviews`, said here so that an older screen can."""

    review_id: str
    review_class: str
    group: str
    title: str
    urgent: bool
    opened_at: str
    state: str  # open | scheduled | resolved
    who: str
    patient: str | None
    project: str | None
    settled_by: str | None = None
    settled_at: str | None = None
    settled_as: str | None = None


class Reviews(Reply, kw_only=True):
    """`GET /v1/supervise/reviews?show&group&offset&limit`: urgent first, then oldest; how many are open by group."""

    as_of: str
    total: int
    lines: list[ReviewLine]
    open_by_group: dict[str, int]


class ReviewRow(msgspec.Struct, kw_only=True):
    """One thing told twice: what stands at the centre, and what came."""

    label: str
    held: str | None = None
    came: str | None = None


class ReviewAct(msgspec.Struct, kw_only=True):
    """One act that would settle the case now."""

    code: str
    label: str
    will: str
    asks_why: bool


class ReviewSheet(Reply, kw_only=True):
    """`GET /v1/supervise/reviews/{review_id}`: what happened, both versions side by side, and what can be done."""

    as_of: str
    line: ReviewLine
    happened: str
    when: str
    held_by: str
    came_by: str
    rows: list[ReviewRow]
    acts: list[ReviewAct]
    settled_why: str | None = None


class SettleReview(msgspec.Struct, kw_only=True):
    """`POST /v1/supervise/reviews/{review_id}/settle`."""

    act: str
    why: str = ""


class ReviewSettled(Reply, kw_only=True):
    """Who settled it, when and how; `done` is False where it had been settled before this request."""

    review_id: str
    done: bool
    by: str
    at: str
    act: str
    sentence: str


class Workstation(msgspec.Struct, kw_only=True):
    """One workstation: what it last said carries its age; `to_go` are records on it that should be gone."""

    device_id: str
    user_id: int
    person: str
    account: str  # active | draining | disabled
    status: str  # active | draining | revoked | retired
    app_version: str | None
    registered_at: str
    last_heard_at: str | None
    unsent_said: int | None
    unsent_said_at: str | None
    received: int  # changes that came from it
    to_go: int
    to_go_since: str | None
    held_open: int  # of those, how many are kept for a call in hand
    list_locked: bool  # not heard from for longer than its lease: by now its list has locked itself


class OrderTaken(msgspec.Struct, kw_only=True):
    """One workstation of the giver and when it had taken the order; None where it has not."""

    device_id: str
    taken_at: str | None
    last_heard_at: str | None
    status: str


class MoveOrder(msgspec.Struct, kw_only=True):
    """One reassignment and which workstations of the giver have taken it."""

    reassign_id: str
    at: str
    giver: str
    giver_id: int
    taker: str
    by: str | None
    why: str
    cases: int
    promises: int
    devices: list[OrderTaken]


class Workstations(Reply, kw_only=True):
    """`GET /v1/supervise/workstations`."""

    as_of: str
    own_device: str | None
    lines: list[Workstation]
    orders: list[MoveOrder]


class RecordToGo(msgspec.Struct, kw_only=True):
    """One record that a workstation has not confirmed removing: whose, why it has to go, since when."""

    rec_id: str
    what: str
    why: str
    since: str | None
    held_open: bool


class RecordsToGo(Reply, kw_only=True):
    """`GET /v1/supervise/workstations/{device_id}/to-go?offset&limit`."""

    as_of: str
    total: int
    lines: list[RecordToGo]


class RevokeWorkstation(msgspec.Struct, kw_only=True):
    """`POST /v1/supervise/workstations/{device_id}/revoke`."""

    why: str


class Revoked(Reply, kw_only=True):
    """`done` is False where it had been taken out of use before."""

    device_id: str
    done: bool
    sentence: str
