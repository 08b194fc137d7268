"""The fields every reply carries, and the one way a reply becomes a response."""

from datetime import datetime
from typing import Any, TypedDict, TypeVar

from litestar import Request, Response
from litestar.di import NamedDependency

from caller_app.base.clock import to_text
from caller_app.central.centre import Centre
from caller_app.central.request_ids import request_id
from caller_app.central.rules.devices import Numbers
from caller_app.protocol.messages import Reply
from caller_app.protocol.version import JSON_TYPE

R = TypeVar("R", bound=Reply)

Here = NamedDependency[Centre]

AnyRequest = Request[Any, Any, Any]


class Common(TypedDict):
    """The keyword arguments shared by all replies."""

    request_id: str
    server_id: str
    epoch: str
    server_time: str
    last_seq: int
    durable_seq: int
    head: int
    resync_within: int


def common(request: AnyRequest, centre: Centre, now: datetime, numbers: Numbers | None = None) -> Common:
    """Give the fields that every reply carries."""
    known = numbers or Numbers()
    return Common(
        request_id=request_id(request.scope),
        server_id=centre.standing.server_id,
        epoch=centre.standing.epoch,
        server_time=to_text(now),
        last_seq=known.last_seq,
        durable_seq=known.durable_seq,
        head=known.head,
        resync_within=centre.standing.resync_within,
    )


def answer(reply: R) -> Response[R]:
    """Send a reply under our own media type: a proxy's page cannot be taken for one."""
    return Response(content=reply, media_type=JSON_TYPE, status_code=200)
