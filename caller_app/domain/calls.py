"""A call in progress: every tick and answer as it is given, so that a crash resumes it where it was.

The draft lives in `outbox.db` beside the outbox. Identity lasts for this call only (domain rules 2.10): it is a fact of
the draft, and the query layer reads it from here and from nowhere else.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from caller_app.domain.changes import IdentityTick


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDraft:
    """What is known of the open call on one case; replaced whole at every step."""

    call_id: str  # also the act id of everything recorded in this call
    case_id: str
    opened_at: datetime
    number: str | None = None  # E.164 last handed to the dialler
    dialled_at: datetime | None = None
    panel_revealed_at: datetime | None = None
    danger_revealed_at: datetime | None = None
    ticks: dict[str, IdentityTick] = field(default_factory=dict)
    identity_passed: bool = False
    identity_failed: bool = False
    page: int = 0
    answers: dict[str, Any] = field(default_factory=dict)
    concern_id: str | None = None
    parked: bool = False
