"""The review desk over HTTP: the list, one case in full, and the one act that settles it."""

from typing import Annotated, Literal

from litestar import Response, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK

from caller_app.base.clock import to_text
from caller_app.central.db import reading, writing
from caller_app.central.faults import malformed
from caller_app.central.replies import AnyRequest, Here, answer, common
from caller_app.central.request_ids import request_id
from caller_app.central.routes.documented import replies
from caller_app.central.routes.supervise import PAGE, Limit, Offset, supervisor, viewed
from caller_app.central.rules import access, review_desk, review_list, review_sheet
from caller_app.domain.reviews import Group, reason_words, settled_reason
from caller_app.protocol.supervision import Reviews, ReviewSettled, ReviewSheet, SettleReview
from caller_app.protocol.version import JSON_TYPE

Which = Annotated[str, PathParameter(max_length=36)]
State = Annotated[Literal["open", "settled"], QueryParameter()]
Of = Annotated[Group | None, QueryParameter()]


@get(
    "/v1/supervise/reviews",
    sync_to_thread=True,
    media_type=JSON_TYPE,
    responses=replies(Reviews, 400, 401, 403, 503),
)
def reviews(
    request: AnyRequest, centre: Here, show: State = "open", group: Of = None, offset: Offset = 0, limit: Limit = PAGE
) -> Response[Reviews]:
    """Give a page of the cases a person has to decide, what concerns safety first, then the oldest."""
    now = centre.now()
    with reading(centre.engine) as conn:
        asker = supervisor(conn, request, centre, "settle_reviews")
        total, lines = review_list.page(conn, state=show, group=group, now=now, offset=offset, limit=limit)
        counts = review_list.open_by_group(conn, now=now)
    viewed(request, centre, asker, "reviews_viewed", lines=len(lines))
    return answer(
        Reviews(**common(request, centre, now), as_of=to_text(now), total=total, lines=lines, open_by_group=counts)
    )


@get(
    "/v1/supervise/reviews/{review_id:str}",
    sync_to_thread=True,
    media_type=JSON_TYPE,
    responses=replies(ReviewSheet, 400, 401, 403, 404, 422, 503),
)
def review(request: AnyRequest, centre: Here, review_id: Which) -> Response[ReviewSheet]:
    """Give one case: what happened, what stands beside what came, and the acts that would settle it."""
    now = centre.now()
    with reading(centre.engine) as conn:
        asker = supervisor(conn, request, centre, "settle_reviews")
        found = review_sheet.sheet(conn, centre, _id(review_id))
    viewed(request, centre, asker, "review_viewed", review_id=review_id)
    return answer(
        ReviewSheet(
            **common(request, centre, now),
            as_of=to_text(now),
            line=found.line,
            happened=found.happened,
            when=found.when,
            held_by=found.held_by,
            came_by=found.came_by,
            rows=found.rows,
            acts=found.acts,
            settled_why=found.settled_why,
        )
    )


@post(
    "/v1/supervise/reviews/{review_id:str}/settle",
    sync_to_thread=True,
    status_code=HTTP_200_OK,
    media_type=JSON_TYPE,
    responses=replies(ReviewSettled, 400, 401, 403, 404, 422, 503),
)
def settle(
    request: AnyRequest, centre: Here, review_id: Which, data: JSONBody[SettleReview]
) -> Response[ReviewSettled]:
    """Settle a case, or say who has settled it already."""
    now = centre.now()
    with centre.engine.connect() as conn:
        asker = supervisor(conn, request, centre, "settle_reviews")
    which = _id(review_id)
    done = writing(
        centre.engine,
        lambda conn: review_desk.settle(
            conn, centre, which, data.act, data.why, by=asker.user, now=now, request_id=request_id(request.scope)
        ),
    )
    decided = reason_words(settled_reason(done.act)).partition(": ")[2]
    sentence = f"Settled: {decided}." if done.done else f"{done.by or 'Somebody'} has settled this already: {decided}."
    return answer(
        ReviewSettled(
            **common(request, centre, now), review_id=which, done=done.done, by=done.by, at=done.at, act=done.act,
            sentence=sentence,
        )
    )  # fmt: skip


def _id(written: str) -> str:
    if not access.is_uuid(written):
        raise malformed("The number of the case is not in the agreed form.", place="$.review_id")
    return written.lower()
