"""The referrals over HTTP: the list, one in full, and the one act that moves it on."""

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
from caller_app.central.rules import access, referral_desk, referral_list
from caller_app.domain.referrals import STATES
from caller_app.protocol.referrals import MoveReferral, ReferralMoved, Referrals, ReferralSheet
from caller_app.protocol.version import JSON_TYPE

Which = Annotated[str, PathParameter(max_length=36)]
Show = Annotated[
    Literal["open", "every", "cancel_due", "held_for_review", "recorded", "sent", "received", "booked", "returned",
            "attended", "withdrawn"],
    QueryParameter(),
]  # fmt: skip
Of = Annotated[str | None, QueryParameter(max_length=100)]


@get(
    "/v1/supervise/referrals",
    sync_to_thread=True,
    media_type=JSON_TYPE,
    responses=replies(Referrals, 400, 401, 403, 503),
)
def referrals(
    request: AnyRequest, centre: Here, show: Show = "open", pathway: Of = None, offset: Offset = 0, limit: Limit = PAGE
) -> Response[Referrals]:
    """Give a page of the referrals, what has to be cancelled first, then those longest in their state."""
    now = centre.now()
    with reading(centre.engine) as conn:
        asker = supervisor(conn, request, centre, "move_referrals")
        found = referral_list.page(conn, show=show, pathway=pathway, offset=offset, limit=limit)
        counts, known = referral_list.by_state(conn, pathway=pathway), referral_list.pathways(conn)
    viewed(request, centre, asker, "referrals_viewed", lines=len(found.lines))
    return answer(
        Referrals(
            **common(request, centre, now), as_of=to_text(now), total=found.total, lines=found.lines, by_state=counts,
            pathways=known,
        )
    )  # fmt: skip


@get(
    "/v1/supervise/referrals/{referral_id:str}",
    sync_to_thread=True,
    media_type=JSON_TYPE,
    responses=replies(ReferralSheet, 400, 401, 403, 404, 422, 503),
)
def referral(request: AnyRequest, centre: Here, referral_id: Which) -> Response[ReferralSheet]:
    """Give one referral: what was agreed and is shared with whom, its way so far, and the ways on."""
    now = centre.now()
    with reading(centre.engine) as conn:
        asker = supervisor(conn, request, centre, "move_referrals")
        found = referral_list.sheet(conn, _id(referral_id))
    viewed(request, centre, asker, "referral_viewed", referral_id=referral_id)
    return answer(
        ReferralSheet(
            **common(request, centre, now), as_of=to_text(now), line=found.line, facts=found.facts, steps=found.steps,
            moves=found.moves,
        )
    )  # fmt: skip


@post(
    "/v1/supervise/referrals/{referral_id:str}/move",
    sync_to_thread=True,
    status_code=HTTP_200_OK,
    media_type=JSON_TYPE,
    responses=replies(ReferralMoved, 400, 401, 403, 404, 422, 503),
)
def move_referral(
    request: AnyRequest, centre: Here, referral_id: Which, data: JSONBody[MoveReferral]
) -> Response[ReferralMoved]:
    """Move a referral on, or say who has done so already."""
    now = centre.now()
    with centre.engine.connect() as conn:
        asker = supervisor(conn, request, centre, "move_referrals")
    which = _id(referral_id)
    done = writing(
        centre.engine,
        lambda conn: referral_desk.move(
            conn, which, was=data.was, to=data.to, why=data.why, by=asker.user, now=now,
            request_id=request_id(request.scope),
        ),
    )  # fmt: skip
    words = STATES[done.state]
    sentence = f"The referral is now {words}."
    if not done.done:
        sentence = f"{done.by or 'Somebody'} has done this already: the referral is {words}."
    return answer(
        ReferralMoved(
            **common(request, centre, now), referral_id=which, done=done.done, state=done.state, by=done.by, at=done.at,
            sentence=sentence,
        )
    )  # fmt: skip


def _id(written: str) -> str:
    if not access.is_uuid(written):
        raise malformed("The number of the referral is not in the agreed form.", place="$.referral_id")
    return written.lower()
