"""`POST /v1/held`: what of a workstation's changes is here, and durable; asked before anything is erased there.

What a reader would get wrong: only what is named in the answer is proved. Everything said is of one snapshot, the
numbers in the standing fields included, so that the workstation can see in the same answer whether time went back.
"""

from litestar import Response, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from caller_app.central.db import reading
from caller_app.central.faults import Fault, malformed
from caller_app.central.replies import AnyRequest, Here, answer, common
from caller_app.central.routes.documented import replies
from caller_app.central.rules import access, devices, durability
from caller_app.protocol.limits import ASKED_CHANGES
from caller_app.protocol.messages import AskHeld, Held
from caller_app.protocol.version import JSON_TYPE

_SEQ_LIMIT = 2**62


@post(
    "/v1/held",
    sync_to_thread=True,
    status_code=HTTP_200_OK,
    media_type=JSON_TYPE,
    responses=replies(Held, 400, 401, 403, 410, 413, 422, 503),
)
def held(request: AnyRequest, centre: Here, data: JSONBody[AskHeld]) -> Response[Held]:
    """Name the changes that are here, and those that are durable under the numbers given."""
    now = centre.now()
    with reading(centre.engine) as conn:
        asker = access.identify(conn, request.headers.get("authorization"), now)
        device = access.device_of(conn, asker, data.device)
        found = durability.proof(conn, asker.user.user_id, device.device_id, _asked(data))
        numbers = devices.numbers(conn, asker, device.device_id)
    return answer(Held(**common(request, centre, now, numbers), held=found.held, durable=found.durable))


def _asked(said: AskHeld) -> list[tuple[str, int]]:
    if len(said.changes) > ASKED_CHANGES:
        raise Fault(413, "too_large", f"A question names at most {ASKED_CHANGES} changes.")
    for place, one in enumerate(said.changes):
        if not access.is_uuid(one.id):
            raise malformed("A change has no readable id.", place=f"$.changes[{place}].id")
        if not 0 <= one.seq < _SEQ_LIMIT:
            raise malformed("A change has no usable number.", place=f"$.changes[{place}].seq")
    return [(one.id.lower(), one.seq) for one in said.changes]
