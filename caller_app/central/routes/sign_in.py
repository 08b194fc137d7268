"""Sign-in, refresh, sign-out, and registering a workstation."""

from litestar import Response, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from caller_app.base.clock import to_text
from caller_app.central.centre import Centre
from caller_app.central.db import writing
from caller_app.central.faults import Fault
from caller_app.central.replies import AnyRequest, Here, answer, common
from caller_app.central.request_ids import request_id
from caller_app.central.routes.documented import replies
from caller_app.central.rules import access, accounts, devices
from caller_app.protocol.messages import Refresh, Register, Registered, Reply, SignedIn, SignIn
from caller_app.protocol.version import JSON_TYPE, PROTOCOL

SMALL = 16 * 1024


@post(
    "/v1/sign-in",
    sync_to_thread=True,
    status_code=HTTP_200_OK,
    request_max_body_size=SMALL,
    media_type=JSON_TYPE,
    responses=replies(SignedIn, 400, 401, 403, 413, 422, 423, 503),
)
def sign_in(request: AnyRequest, centre: Here, data: JSONBody[SignIn]) -> Response[SignedIn]:
    """Exchange a name and password for tokens."""
    now = centre.now()
    session = accounts.sign_in(
        centre.engine, name=data.name, password=data.password, now=now, request_id=request_id(request.scope)
    )
    return answer(_signed_in(request, centre, session))


@post(
    "/v1/refresh",
    sync_to_thread=True,
    status_code=HTTP_200_OK,
    request_max_body_size=SMALL,
    media_type=JSON_TYPE,
    responses=replies(SignedIn, 400, 401, 403, 413, 422, 503),
)
def refresh(request: AnyRequest, centre: Here, data: JSONBody[Refresh]) -> Response[SignedIn]:
    """Exchange a refresh token for fresh tokens, until 12 hours after the password was given."""
    session = accounts.refresh(centre.engine, token=data.refresh_token, now=centre.now())
    return answer(_signed_in(request, centre, session))


@post(
    "/v1/sign-out",
    sync_to_thread=True,
    status_code=HTTP_200_OK,
    request_max_body_size=SMALL,
    media_type=JSON_TYPE,
    responses=replies(Reply, 401, 403, 413, 503),
)
def sign_out(request: AnyRequest, centre: Here) -> Response[Reply]:
    """End the session; its tokens work no more."""
    now = centre.now()
    with centre.engine.begin() as conn:
        asker = access.identify(conn, request.headers.get("authorization"), now)
        accounts.sign_out(conn, session_id=asker.session_id, now=now)
    return answer(Reply(**common(request, centre, now)))


@post(
    "/v1/register",
    sync_to_thread=True,
    status_code=HTTP_200_OK,
    request_max_body_size=SMALL,
    media_type=JSON_TYPE,
    responses=replies(Registered, 400, 401, 403, 413, 422, 426, 503),
)
def register(request: AnyRequest, centre: Here, data: JSONBody[Register]) -> Response[Registered]:
    """Give a workstation's profile its device id."""
    if data.proto_min > PROTOCOL:  # one that is too old is registered all the same: it may still hand in its work
        raise Fault(
            426, "too_new", "The centre is older than this version of the program. Nothing you recorded is lost."
        )
    now = centre.now()
    authorization = request.headers.get("authorization")

    def work(conn):  # type: ignore[no-untyped-def]
        asker = access.identify(conn, authorization, now)
        device_id = devices.register(conn, asker, app=data.app, proto=min(PROTOCOL, data.proto_max), now=now)
        return device_id, devices.numbers(conn, asker, device_id)

    device_id, numbers = writing(centre.engine, work)
    known = ["opaque", "gzip", "held"]
    return answer(Registered(**common(request, centre, now, numbers), device_id=device_id, features=known))


def _signed_in(request: AnyRequest, centre: Centre, session: accounts.Session) -> SignedIn:
    return SignedIn(
        **common(request, centre, centre.now()),
        user_id=session.user.user_id,
        name=session.user.name,
        shown_name=session.user.shown_name,
        role=session.user.role,
        access_token=session.access_token,
        access_until=to_text(session.access_until),
        refresh_token=session.refresh_token,
        refresh_until=to_text(session.refresh_until),
    )
