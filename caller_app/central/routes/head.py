"""`GET /v1/head`: is there anything new on the asker's list? With `wait`, the answer comes when there is.

"Nothing new" (304) is said from memory; whatever else is said, is read from the database (see `central.heads`).
"""

import re
from typing import Annotated

from litestar import Response, get
from litestar.concurrency import sync_to_thread
from litestar.params import QueryParameter

from caller_app.central.centre import Centre
from caller_app.central.replies import AnyRequest, Here, answer, common
from caller_app.central.routes.documented import replies
from caller_app.central.rules import access, devices
from caller_app.protocol.messages import Head
from caller_app.protocol.version import HEADER_DEVICE, JSON_TYPE

Unsent = Annotated[int | None, QueryParameter(ge=0, lt=10**9)]
Wait = Annotated[int, QueryParameter(ge=0, le=60)]

_TAG = re.compile(r'"([0-9a-f-]{36}):(\d{1,18})"')


@get("/v1/head", media_type=JSON_TYPE, responses=replies(Head, 400, 401, 403, 410, 503))
async def head(request: AnyRequest, centre: Here, wait: Wait = 0, unsent: Unsent = None) -> Response[Head]:
    """Tell the newest number of the asker's feed; 304 when the client has it already."""
    known = request.headers.get("if-none-match", "")
    quiet = await centre.heads.nothing_new(
        request.headers.get("authorization"),
        request.headers.get(HEADER_DEVICE),
        _number(known, centre.standing.epoch),
        wait,
        unsent,
    )
    return _not_modified(known) if quiet else await sync_to_thread(_ask, request, centre, known, unsent)


def _ask(request: AnyRequest, centre: Centre, known: str, unsent: int | None) -> Response[Head]:
    now = centre.now()
    device_id = request.headers.get(HEADER_DEVICE)
    with centre.engine.begin() as conn:
        asker = access.identify(conn, request.headers.get("authorization"), now)
        access.require(asker, "work_own_list")  # who may have no list is told here too, and removes it
        numbers = devices.numbers(conn, asker, device_id, listed=True)
        if device_id is not None:
            devices.seen(conn, device_id, now=now, unsent=unsent)
    tag = f'"{centre.standing.epoch}:{numbers.head}"'
    if known == tag:
        return _not_modified(tag)
    response = answer(Head(**common(request, centre, now, numbers)))
    response.headers["ETag"] = tag
    return response


def _not_modified(tag: str) -> Response[Head]:
    return Response(content=None, status_code=304, headers={"ETag": tag})  # type: ignore[arg-type]


def _number(tag: str, epoch: str) -> int | None:
    """Give the number a tag names, where it is of this history."""
    found = _TAG.fullmatch(tag)
    return int(found[2]) if found is not None and found[1] == epoch else None
