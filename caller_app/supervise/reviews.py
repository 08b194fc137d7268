"""The review desk asked of the centre: the list, one case in full, the one act that settles it."""

from typing import Literal

from caller_app.domain.reviews import Group
from caller_app.protocol.supervision import Reviews, ReviewSettled, ReviewSheet, SettleReview
from caller_app.supervise.board import PAGE, Asks


def reviews(
    api: Asks,
    *,
    show: Literal["open", "settled"] = "open",
    group: Group | None = None,
    offset: int = 0,
    limit: int = PAGE,
) -> Reviews:
    """Ask for one page of the cases to decide, what concerns safety first, then the oldest."""
    params = {"show": show, "group": group, "offset": offset, "limit": limit}
    return api.ask(
        "GET", "/v1/supervise/reviews", Reviews, params={key: one for key, one in params.items() if one is not None}
    )


def review(api: Asks, *, review_id: str) -> ReviewSheet:
    """Ask for one case: what happened, what stands beside what came, and the acts that would settle it."""
    return api.ask("GET", f"/v1/supervise/reviews/{review_id}", ReviewSheet)


def settle_review(api: Asks, *, review_id: str, act: str, why: str) -> ReviewSettled:
    """Settle a case; asking twice settles once, and the reply says who did it."""
    body = SettleReview(act=act, why=why)
    return api.ask("POST", f"/v1/supervise/reviews/{review_id}/settle", ReviewSettled, body=body)
