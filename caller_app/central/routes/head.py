"""`GET /v1/head`: is there anything new on the asker's list?"""

from typing import Annotated

from litestar import Response, get
from litestar.params import QueryParameter

from caller_app.central.replies import AnyRequest, Here, answer, common
from caller_app.central.routes.documented import replies
from caller_app.central.rules import access, devices
from caller_app.protocol.messages import Head
from caller_app.protocol.version import HEADER_DEVICE, JSON_TYPE

Unsent = Annotated[int | None, QueryParameter(ge=0, lt=10**9)]


@get("/v1/head", sync_to_thread=True, media_type=JSON_TYPE, responses=replies(Head, 400, 401, 403, 410, 503))
def head(
    request: AnyRequest,
    centre: Here,
    wait: Annotated[int, QueryParameter(ge=0, le=60)] = 0,  # noqa: ARG001 - accepted; this release answers at once
    unsent: Unsent = None,
) -> Response[Head]:
    """Tell the newest number of the asker's feed; 304 when the client has it already."""
    now = centre.now()
    device_id = request.headers.get(HEADER_DEVICE)
    with centre.engine.begin() as conn:
        asker = access.identify(conn, request.headers.get("authorization"), now)
        numbers = devices.numbers(conn, asker, device_id)
        if device_id is not None:
            devices.seen(conn, device_id, now=now, unsent=unsent)
    tag = f'"{centre.standing.epoch}:{numbers.head}"'
    if request.headers.get("if-none-match") == tag:
        return Response(content=None, status_code=304, headers={"ETag": tag})  # type: ignore[arg-type]
    response = answer(Head(**common(request, centre, now, numbers)))
    response.headers["ETag"] = tag
    return response
