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
