"""`/health` for whoever watches the centre, `/v1/hello` for a workstation that looks for one."""

import msgspec
from litestar import Response, get
from sqlalchemy import text

from caller_app.central.replies import AnyRequest, Here, answer, common
from caller_app.central.routes.documented import replies
from caller_app.protocol.messages import Hello
from caller_app.protocol.version import JSON_TYPE, PROTOCOL


class Health(msgspec.Struct, kw_only=True):
    """Alive, and the database answers."""

    status: str


@get("/health", sync_to_thread=True, responses=replies(Health, 503), media_type=JSON_TYPE)
def health(centre: Here) -> Response[Health]:
    """Say that the centre is up and its database answers."""
    with centre.engine.connect() as conn:
        conn.execute(text("SELECT 1"))
    return Response(content=Health(status="ok"), media_type=JSON_TYPE)


@get("/v1/hello", sync_to_thread=False, responses=replies(Hello), media_type=JSON_TYPE)
def hello(request: AnyRequest, centre: Here) -> Response[Hello]:
    """Say which centre this is; no sign-in, no data."""
    settings = centre.settings
    return answer(
        Hello(
            **common(request, centre, centre.now()),
            name=settings.name,
            protocol=PROTOCOL,
            test_mode=settings.test_mode,
        )
    )
