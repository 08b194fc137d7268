"""`GET /v1/pull`: one page of the asker's own feed as NDJSON, or a reset."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Literal

from litestar import Response, get
from litestar.concurrency import sync_to_thread
from litestar.params import QueryParameter

from caller_app.base.clock import to_text
from caller_app.base.failpoints import crash_here
from caller_app.central.centre import Centre
from caller_app.central.faults import Fault
from caller_app.central.packing import pack
from caller_app.central.replies import AnyRequest, Here, common
from caller_app.central.request_ids import request_id
from caller_app.central.routes.documented import replies
from caller_app.central.rules import feed
from caller_app.central.rules.devices import Numbers
from caller_app.central.rules.pulls import Served, Wanted, serve
from caller_app.protocol.codec import encode
from caller_app.protocol.limits import HELD_NAMED, PAGE_RECORDS
from caller_app.protocol.messages import Begin, End, Reset
from caller_app.protocol.version import (
    HEADER_DEVICE,
    HEADER_PROTOCOL,
    JSON_TYPE,
    NDJSON_TYPE,
    OLDEST_SERVED,
    PROTOCOL,
)

Mode = Annotated[Literal["snapshot", "delta"], QueryParameter()]
Cursor = Annotated[int, QueryParameter(ge=0, lt=2**62)]
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE_RECORDS)]
Short = Annotated[str, QueryParameter(max_length=64)]
Held = Annotated[str, QueryParameter(max_length=40 * HELD_NAMED)]
Unsent = Annotated[int | None, QueryParameter(ge=0, lt=10**9)]
Empty = Annotated[bool, QueryParameter()]


@get("/v1/pull", media_type=JSON_TYPE, responses=replies(Reset, 400, 401, 403, 410, 422, 426, 503))
async def pull(
    request: AnyRequest,
    centre: Here,
    cursor: Cursor = 0,
    token: Short = "",
    epoch: Short = "",
    mode: Mode = "delta",
    held: Held = "",
    limit: Limit = PAGE_RECORDS,
    unsent: Unsent = None,
    empty: Empty = False,
) -> Response[bytes]:
    """Serve the records after a cursor."""
    _refuse_old(request)
    now = centre.now()
    wanted = Wanted(
        device_id=request.headers.get(HEADER_DEVICE),
        cursor=cursor,
        token=token,
        epoch=epoch,
        mode=mode,
        held=tuple(one for one in held.split(",") if one),
        limit=limit,
        unsent=unsent,
        empty=empty,
    )
    authorization = request.headers.get("authorization")
    with _place(centre, mode):
        epoch = centre.standing.epoch
        served = await centre.first_pages.serve(authorization, wanted, epoch=epoch, now=now)
        if served is not None:
            return _sent(request, centre, wanted, served, now)
        return await sync_to_thread(_ordinary, request, centre, authorization, wanted, now)


def _ordinary(
    request: AnyRequest, centre: Centre, authorization: str | None, wanted: Wanted, now: datetime
) -> Response[bytes]:
    served = serve(centre.engine, authorization, wanted, epoch=centre.standing.epoch, now=now)
    if served.page is None and served.reset == "cursor_ahead":
        centre.suspect_history(wanted.device_id or "", now=now)
    return _sent(request, centre, wanted, served, now)


def _sent(request: AnyRequest, centre: Centre, wanted: Wanted, served: Served, now: datetime) -> Response[bytes]:
    if served.page is None:
        numbers = Numbers(served.last_seq, served.durable_seq, served.head)
        reset = Reset(**common(request, centre, now, numbers), reset=True, why=served.reset or "")
        return Response(content=encode(reset), media_type=JSON_TYPE)
    crash_here("page_noted_before_reply")
    page = _page(request, centre, wanted.cursor, served, served.page, to_text(now))
    name, packed = pack(page, request.headers.get("accept-encoding", ""))
    if name:
        sent = {"Content-Encoding": name, "Vary": "Accept-Encoding"}
        return Response(content=packed, media_type=NDJSON_TYPE, headers=sent)
    return Response(content=page, media_type=NDJSON_TYPE)


def _refuse_old(request: AnyRequest) -> None:
    said = request.headers.get(HEADER_PROTOCOL, str(PROTOCOL))
    # A newer program than the centre speaks the centre's major too: that is what it did before the centre's update.
    if not (said.isascii() and said.isdigit() and int(said[:9]) >= OLDEST_SERVED):
        raise Fault(426, "too_old", "This version of the program does not fit the centre. What you recorded is sent; "
                    "please update the program to see your list.")  # fmt: skip


@contextmanager
def _place(centre: Centre, mode: str) -> Iterator[None]:
    if mode != "snapshot":
        yield
        return
    if not centre.snapshot_places.acquire(blocking=False):
        raise Fault(
            503,
            "busy",
            "Many workstations read their whole list just now. The program tries again by itself.",
            retry_after=random.randint(1, 5),  # noqa: S311 - spreads retries, guards nothing
        )
    try:
        yield
    finally:
        centre.snapshot_places.release()


def _page(request: AnyRequest, centre: Centre, cursor: int, served: Served, page: feed.Page, server_time: str) -> bytes:
    begin = (
        encode(
            Begin(
                request_id=request_id(request.scope),
                server_id=centre.standing.server_id,
                epoch=centre.standing.epoch,
                server_time=server_time,
                last_seq=served.last_seq,
                durable_seq=served.durable_seq,
                from_=cursor,
                to=page.to,
                head=page.head,
                n=page.count,
                token=served.token,
                lease_until=to_text(served.lease_until),
                more=page.more,
            )
        )
        + b"\n"
    )
    end = encode(End(to=page.to, sha256=page.sha256_after(begin))) + b"\n"
    return b"".join([begin, page.body, end])
