"""`POST /v1/push` and its opaque form: read, store, judge, answer per change."""

from datetime import datetime

from litestar import Response, post
from litestar.params import RawBody
from litestar.status_codes import HTTP_200_OK

from caller_app.base.failpoints import crash_here
from caller_app.central.centre import Centre
from caller_app.central.db import looking, writing
from caller_app.central.faults import Fault
from caller_app.central.replies import AnyRequest, Here, answer, common
from caller_app.central.routes.documented import OpaqueOperation, PushOperation, replies
from caller_app.central.rules import access, apply, devices, feed, verdicts
from caller_app.central.rules.arrivals import NOTHING_ACKED, Acked, Arrived, PushBody, instant, read_opaque, read_push
from caller_app.central.rules.store import store
from caller_app.domain.changes import CHANGES
from caller_app.protocol.codec import decode
from caller_app.protocol.limits import PUSH_BYTES
from caller_app.protocol.messages import Pushed, PushOpaque
from caller_app.protocol.version import JSON_TYPE


@post(
    "/v1/push",
    sync_to_thread=True,
    status_code=HTTP_200_OK,
    request_max_body_size=PUSH_BYTES,
    media_type=JSON_TYPE,
    operation_class=PushOperation,
    responses=replies(Pushed, 400, 401, 403, 409, 410, 413, 415, 422, 503),
)
def push(request: AnyRequest, centre: Here, body: RawBody) -> Response[Pushed]:
    """Take a batch of changes: stored first, judged second, one result per change."""
    asker = _asker(request, centre)
    said = decode(body, PushBody)
    return _take(
        request, centre, asker, said.device, said.batch, read_push(said), instant(said.sent_at), opaque=False,
        acked=Acked(said.acked_hw, said.acked_beyond, said.epoch),
    )  # fmt: skip


@post(
    "/v1/push/opaque",
    sync_to_thread=True,
    status_code=HTTP_200_OK,
    request_max_body_size=2 * PUSH_BYTES,
    media_type=JSON_TYPE,
    operation_class=OpaqueOperation,
    responses=replies(Pushed, 400, 401, 403, 409, 410, 413, 415, 422, 503),
)
def push_opaque(request: AnyRequest, centre: Here, body: RawBody) -> Response[Pushed]:
    """Take changes that could not be read: kept as they are, set aside for a supervisor."""
    asker = _asker(request, centre)
    said = decode(body, PushOpaque)
    return _take(request, centre, asker, said.device, said.batch, read_opaque(said), None, opaque=True)


def _take(
    request: AnyRequest,
    centre: Centre,
    asker: access.Asker,
    device_id: str,
    batch: str,
    arrived: list[Arrived],
    sent_at: datetime | None,
    *,
    opaque: bool,
    acked: Acked = NOTHING_ACKED,
) -> Response[Pushed]:
    now = centre.now()
    unsent = _whole(request.query_params.get("unsent"))
    kept = writing(
        centre.engine,
        lambda conn: store(
            conn, asker, device_id, arrived, now=now, sent_at=sent_at, opaque=opaque, unsent=unsent, acked=acked
        ),
    )
    crash_here("after_store_before_judge")
    # Who has receipts for what we do not hold sends all of it again in this same pass: what is newer waits for that, or
    # for the worker, so that an undo does not come before what it undoes. What is urgent waits for nothing.
    urgent = [one.change_id for one in arrived if _urgent(one)]
    to_judge, again = kept.to_judge, kept.again
    if kept.missing:
        to_judge, again = ([one for one in these if one in urgent] for these in (to_judge, again))
    judged = apply.Judged()
    if to_judge or again:
        # What is urgent goes first of all, and may not draw anything with it over a hole that is about to be filled.
        alone = kept.missing or len(urgent) == len(arrived)
        judged = apply.judge_now(
            centre, to_judge, sent_by=device_id.lower(), again=again, only_urgent=alone, now=now, came=kept.came
        )
    # What this request judged and committed is known; everything else is read.
    states: verdicts.States = {one["change_id"]: one for one in judged.states}
    others = [one.change_id for one in arrived if one.change_id not in states]
    head = judged.heads.get(asker.user.user_id)
    if others or head is None:
        with looking(centre.engine) as conn:
            if others:
                states = {**states, **verdicts.read(conn, others)}
            if head is None:
                head, _ = feed.head_of(conn, asker.user.user_id)
    results = verdicts.results(arrived, kept, states)
    numbers = devices.Numbers(last_seq=kept.last_seq, durable_seq=kept.durable_seq, head=head)
    if kept.missing and acked.epoch == centre.standing.epoch:
        centre.suspect_history(device_id, now=now)
    crash_here("after_store_before_reply")
    return answer(Pushed(**common(request, centre, now, numbers), batch=batch[:100], results=results))


def _urgent(one: Arrived) -> bool:
    kind = CHANGES.get(one.kind)
    return kind is not None and kind.lane == 0


def _asker(request: AnyRequest, centre: Centre) -> access.Asker:
    """Find out who sends before anything they sent is read."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Fault(415, "unsupported_media", "The centre reads changes as plain JSON, not compressed.")
    with looking(centre.engine) as conn:
        return access.identify(conn, request.headers.get("authorization"), centre.now())


def _whole(written: str | None) -> int | None:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 9 else None
