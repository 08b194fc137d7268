"""Make the Litestar application: routes, problem documents, OpenAPI at /schema, request ids on every answer.

Nothing is started here (no thread, no listener), so that tests can mount the application in process.
"""

from typing import Any

import structlog
from litestar import Litestar
from litestar.datastructures import MutableScopeHeaders
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import Message, Scope

from caller_app.base.clock import Clock
from caller_app.central.centre import Centre, open_centre
from caller_app.central.problems import HANDLERS
from caller_app.central.request_ids import request_id
from caller_app.central.routes.head import head
from caller_app.central.routes.health import health, hello
from caller_app.central.routes.held import held
from caller_app.central.routes.pull import pull
from caller_app.central.routes.push import push, push_opaque
from caller_app.central.routes.referrals import move_referral, referral, referrals
from caller_app.central.routes.reviews import review, reviews, settle
from caller_app.central.routes.scripts import add_script, script_versions, script_workbook, step_script
from caller_app.central.routes.sign_in import refresh, register, sign_in, sign_out
from caller_app.central.routes.supervise import board, caller_cases, corrections, reassign
from caller_app.central.routes.workstations import records_to_go, revoke, workstations
from caller_app.central.settings import Settings
from caller_app.protocol.version import HEADER_REQUEST

log = structlog.get_logger("caller_app.central")

ROUTES = [
    health, hello, sign_in, refresh, sign_out, register, push, push_opaque, held, pull, head,
    board, caller_cases, corrections, reassign, reviews, review, settle, workstations, records_to_go, revoke,
    referrals, referral, move_referral,
    script_versions, script_workbook, add_script, step_script,
]  # fmt: skip


def create_app(settings: Settings, *, clock: Clock | None = None) -> Litestar:
    """Open the centre that the settings name and give its application; `app.state.centre` is the centre."""
    return app_for(open_centre(settings, clock=clock))


def app_for(centre: Centre) -> Litestar:
    """Give the application of a centre that is open already."""
    app = Litestar(
        route_handlers=list(ROUTES),
        dependencies={"centre": Provide(lambda: centre, sync_to_thread=False, use_cache=True)},
        exception_handlers=HANDLERS,
        before_send=[_finish],
        openapi_config=OpenAPIConfig(
            title="Central service of the outreach caller",
            version="1",
            path="/schema",
            render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
        ),
        request_max_body_size=64 * 1024,
        debug=False,
        pdb_on_exception=False,
        logging_config=None,
    )
    app.state.centre = centre
    return app


async def _finish(message: Message, scope: Scope) -> None:
    if message["type"] != "http.response.start":
        return
    number = request_id(scope)
    headers = MutableScopeHeaders.from_message(message)
    headers[HEADER_REQUEST] = number
    headers["Cache-Control"] = "no-store"
    headers["X-Content-Type-Options"] = "nosniff"
    route: Any = scope.get("route_handler")
    if scope.get("method") == "POST" and message["status"] < 300:
        scope["litestar_app"].state.centre.heads.look_soon()
    log.info(
        "answered",
        request_id=number,
        method=scope.get("method", ""),
        route=min(route.paths) if route is not None and route.paths else "none",
        status=message["status"],
    )
