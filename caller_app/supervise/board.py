"""The supervisor's questions to the centre, page by page, through the signed-in session; nothing is kept here.

What a reader would get wrong: these run on the `ask` lane and may fail at any moment. A screen shows what it last got
with the age of it (`as_of`), and says when the centre cannot be reached.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from caller_app.protocol.messages import Reply
from caller_app.protocol.supervision import Board, CaseLines, CorrectionItems, Reassign, Reassigned

R = TypeVar("R", bound=Reply)

PAGE = 200


class Asks(Protocol):
    """A signed-in link to the centre (`sync.api.Api`)."""

    def ask(
        self, method: str, path: str, shape: type[R], *, params: Mapping[str, Any] | None = None, body: Any = None
    ) -> R:
        """Ask one question."""
        ...


def board(api: Asks) -> Board:
    """Ask for each caller with counts and last contact, the projects, and what needs a look."""
    return api.ask("GET", "/v1/supervise/board", Board)


def caller_cases(api: Asks, *, user_id: int, offset: int = 0, limit: int = PAGE) -> CaseLines:
    """Ask for one page of a caller's list."""
    return api.ask(
        "GET", f"/v1/supervise/callers/{int(user_id)}/cases", CaseLines, params={"offset": offset, "limit": limit}
    )


def corrections(api: Asks, *, offset: int = 0, limit: int = PAGE) -> CorrectionItems:
    """Ask for one page of the corrections that came in."""
    return api.ask("GET", "/v1/supervise/corrections", CorrectionItems, params={"offset": offset, "limit": limit})


def reassign(api: Asks, *, from_user: int, to_user: int, why: str, case_ids: Sequence[str] | None = None) -> Reassigned:
    """Move a caller's open cases (all of them where none are named) to another caller."""
    # Naming nobody moves nobody: only a None means everybody.
    chosen = None if case_ids is None else list(case_ids)
    body = Reassign(from_user=from_user, to_user=to_user, why=why, case_ids=chosen)
    return api.ask("POST", "/v1/supervise/reassign", Reassigned, body=body)
