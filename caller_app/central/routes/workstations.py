"""The workstations over HTTP: what each last said, what is still on it, taking one out of use."""

from typing import Annotated

from litestar import Response, get, post
from litestar.params import JSONBody, PathParameter
from litestar.status_codes import HTTP_200_OK

from caller_app.base.clock import to_text
from caller_app.central.db import reading, writing
from caller_app.central.faults import malformed
from caller_app.central.replies import AnyRequest, Here, answer, common
from caller_app.central.request_ids import request_id
from caller_app.central.routes.documented import replies
from caller_app.central.routes.supervise import PAGE, Limit, Offset, supervisor, viewed
from caller_app.central.rules import access
from caller_app.central.rules import workstations as rules
from caller_app.protocol.supervision import RecordsToGo, Revoked, RevokeWorkstation, Workstations
from caller_app.protocol.version import HEADER_DEVICE, JSON_TYPE

Which = Annotated[str, PathParameter(max_length=36)]


@get("/v1/supervise/workstations", sync_to_thread=True, media_type=JSON_TYPE,
     responses=replies(Workstations, 401, 403, 503))  # fmt: skip
def workstations(request: AnyRequest, centre: Here) -> Response[Workstations]:
    """Give every workstation, and the latest reassignments with who has taken them."""
    now = centre.now()
    with reading(centre.engine) as conn:
        supervisor(conn, request, centre, "see_workstations")
        found, orders = rules.lines(conn, now=now), rules.orders(conn)
    own = request.headers.get(HEADER_DEVICE)
    return answer(
        Workstations(
            **common(request, centre, now), as_of=to_text(now), own_device=own if own and access.is_uuid(own) else None,
            lines=found, orders=orders,
        )
    )  # fmt: skip


@get(
    "/v1/supervise/workstations/{device_id:str}/to-go",
    sync_to_thread=True,
    media_type=JSON_TYPE,
    responses=replies(RecordsToGo, 400, 401, 403, 422, 503),
)
def records_to_go(
    request: AnyRequest, centre: Here, device_id: Which, offset: Offset = 0, limit: Limit = PAGE
) -> Response[RecordsToGo]:
    """Give the records on one workstation that should be gone, with why and since when."""
    now = centre.now()
    with reading(centre.engine) as conn:
        asker = supervisor(conn, request, centre, "see_workstations")
        total, lines = rules.to_go(conn, _id(device_id), offset=offset, limit=limit)
    viewed(request, centre, asker, "to_go_viewed", of_device=device_id, lines=len(lines))
    return answer(RecordsToGo(**common(request, centre, now), as_of=to_text(now), total=total, lines=lines))


@post(
    "/v1/supervise/workstations/{device_id:str}/revoke",
    sync_to_thread=True,
    status_code=HTTP_200_OK,
    media_type=JSON_TYPE,
    responses=replies(Revoked, 400, 401, 403, 404, 422, 503),
)
def revoke(request: AnyRequest, centre: Here, device_id: Which, data: JSONBody[RevokeWorkstation]) -> Response[Revoked]:
    """Take a workstation out of use."""
    now = centre.now()
    with centre.engine.connect() as conn:
        asker = supervisor(conn, request, centre, "revoke_workstations")
    which = _id(device_id)
    done = writing(
        centre.engine,
        lambda conn: rules.revoke(
            conn, which, data.why, own_device=request.headers.get(HEADER_DEVICE), by=asker.user, now=now,
            request_id=request_id(request.scope),
        ),
    )  # fmt: skip
    return answer(Revoked(**common(request, centre, now), device_id=which, done=done.done, sentence=_said(done)))


def _said(done: rules.Revocation) -> str:
    whose = f"{done.person}'s workstation"
    if not done.done:
        return f"{whose} was out of use already."
    words = f"{whose} is out of use. Its list is removed when it next calls, and by itself within three days."
    if done.unsent_said:
        words += f" It last said that {done.unsent_said} results are unsent: they are still taken, for you to look at."
    return words


def _id(written: str) -> str:
    if not access.is_uuid(written):
        raise malformed("The number of the workstation is not in the agreed form.", place="$.device_id")
    return written.lower()
