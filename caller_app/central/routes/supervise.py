"""The supervisor's desk: the board, a caller's list, the corrections that came in, and moving cases."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK
from sqlalchemy import Connection

from caller_app.base.clock import to_text
from caller_app.central.centre import Centre
from caller_app.central.db import reading
from caller_app.central.faults import malformed
from caller_app.central.replies import AnyRequest, Here, answer, common
from caller_app.central.request_ids import request_id
from caller_app.central.routes.documented import replies
from caller_app.central.rules import access, assign, audit
from caller_app.central.rules import board as boards
from caller_app.domain.staff import Deed
from caller_app.protocol.supervision import Board, CaseLines, CorrectionItems, Reassign, Reassigned
from caller_app.protocol.version import JSON_TYPE

PAGE = 200
Offset = Annotated[int, QueryParameter(ge=0, lt=2**31)]
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE)]
Id = Annotated[int, PathParameter(ge=1, lt=2**31)]


def supervisor(conn: Connection, request: AnyRequest, centre: Centre, deed: Deed) -> access.Asker:
    """Find who asks and whether they may."""
    asker = access.identify(conn, request.headers.get("authorization"), centre.now())
    access.require(asker, deed)
    return asker


def viewed(request: AnyRequest, centre: Centre, asker: access.Asker, what: str, **detail: Any) -> None:
    """Write down that somebody looked."""
    with centre.engine.begin() as conn:
        audit.note(
            conn, at=centre.now(), what=what, user_id=asker.user.user_id, detail=detail,
            request_id=request_id(request.scope),
        )  # fmt: skip


@get("/v1/supervise/board", sync_to_thread=True, media_type=JSON_TYPE, responses=replies(Board, 401, 403, 503))
def board(request: AnyRequest, centre: Here) -> Response[Board]:
    """Give the whole team at a glance: projects, callers, and what needs a supervisor."""
    now = centre.now()
    with reading(centre.engine) as conn:
        supervisor(conn, request, centre, "see_board")
        reply = Board(
            **common(request, centre, now),
            as_of=to_text(now),
            projects=boards.project_lines(conn),
            callers=boards.caller_lines(conn, now=now),
            attention=boards.attention(conn, now=now),
        )
    return answer(reply)


@get(
    "/v1/supervise/callers/{user_id:int}/cases",
    sync_to_thread=True,
    media_type=JSON_TYPE,
    responses=replies(CaseLines, 400, 401, 403, 404, 503),
)
def caller_cases(
    request: AnyRequest, centre: Here, user_id: Id, offset: Offset = 0, limit: Limit = PAGE
) -> Response[CaseLines]:
    """Give a page of one caller's list."""
    now = centre.now()
    with reading(centre.engine) as conn:
        asker = supervisor(conn, request, centre, "see_board")
        total, lines = boards.case_lines(conn, user_id=user_id, offset=offset, limit=limit)
    viewed(request, centre, asker, "list_viewed", of_user=user_id, lines=len(lines))
    return answer(CaseLines(**common(request, centre, now), as_of=to_text(now), total=total, lines=lines))


@get(
    "/v1/supervise/corrections",
    sync_to_thread=True,
    media_type=JSON_TYPE,
    responses=replies(CorrectionItems, 400, 401, 403, 503),
)
def corrections(
    request: AnyRequest, centre: Here, offset: Offset = 0, limit: Limit = PAGE
) -> Response[CorrectionItems]:
    """Give a page of the corrections that came in, newest first."""
    now = centre.now()
    with reading(centre.engine) as conn:
        asker = supervisor(conn, request, centre, "see_corrections")
        total, lines = boards.correction_lines(conn, centre.rules, offset=offset, limit=limit)
    viewed(request, centre, asker, "corrections_viewed", lines=len(lines))
    return answer(CorrectionItems(**common(request, centre, now), as_of=to_text(now), total=total, lines=lines))


@post(
    "/v1/supervise/reassign",
    sync_to_thread=True,
    status_code=HTTP_200_OK,
    media_type=JSON_TYPE,
    request_max_body_size=512 * 1024,
    responses=replies(Reassigned, 400, 401, 403, 413, 422, 503),
)
def reassign(request: AnyRequest, centre: Here, data: JSONBody[Reassign]) -> Response[Reassigned]:
    """Move open cases of one caller to another."""
    now = centre.now()
    if data.case_ids is not None and not all(access.is_uuid(one) for one in data.case_ids):
        raise malformed("A case id is not in the agreed form.", place="$.case_ids")
    if not (0 < data.from_user < 2**31 and 0 < data.to_user < 2**31):
        raise malformed("A person's number is not in the agreed form.", place="$.from_user")
    with centre.engine.connect() as conn:
        asker = supervisor(conn, request, centre, "reassign")
    moved = assign.reassign(
        centre.engine,
        from_user=data.from_user,
        to_user=data.to_user,
        why=data.why,
        case_ids=data.case_ids,
        now=now,
        by_user=asker.user.user_id,
    )
    with centre.engine.connect() as conn:
        waiting = assign.devices_waiting(conn, data.from_user)
    return answer(
        Reassigned(**common(request, centre, now), moved=moved.cases, promises=moved.promises, devices_waiting=waiting)
    )
