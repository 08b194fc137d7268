"""Every error as an RFC 9457 problem document with our stable `code`; nothing of the inside comes out.

One handler per family: `Fault` knows its status, `Refused` is the asker's to put right, `Unavailable` asks to come
again, Litestar's own (unknown path, wrong method, bad parameter) get our form, and the rest is a bug: logged with its
place, answered without it.
"""

import random
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from sqlalchemy.exc import DataError, SQLAlchemyError

from caller_app.base.errors import Refused, Unavailable
from caller_app.central.db import Busy, trouble
from caller_app.central.faults import Fault
from caller_app.central.logs import where
from caller_app.central.request_ids import request_id
from caller_app.protocol.codec import Malformed
from caller_app.protocol.messages import Problem
from caller_app.protocol.version import PROBLEM_TYPE

log = structlog.get_logger("caller_app.central")

_TITLES = {
    400: "The request cannot be read",
    401: "Sign-in needed",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    409: "Conflict",
    410: "No longer known",
    413: "Too large",
    415: "Media type not supported",
    422: "Not in the agreed form",
    423: "Locked",
    426: "Too old",
    429: "Too many requests",
    500: "A fault in the centre",
    503: "Busy",
}
_CODES = {400: "malformed", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media"}
_SENTENCES = {
    400: "The request could not be read.",
    404: "There is nothing at this address.",
    405: "This address does not answer to that method.",
    413: "The request is larger than the centre takes at once.",
    415: "The centre reads JSON, not compressed.",
}


def problem(
    request: Request[Any, Any, Any],
    status: int,
    code: str,
    detail: str,
    *,
    retry_after: int | None = None,
    errors: list[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response[Problem]:
    """Write one problem document as a response."""
    body = Problem(
        type=f"urn:callsync:problem:{code}",
        title=_TITLES.get(status, "Refused"),
        status=status,
        code=code,
        detail=detail,
        request_id=request_id(request.scope),
        retry_after=retry_after,
        errors=errors or [],
    )
    sent = dict(headers or {})
    if retry_after is not None:
        sent["Retry-After"] = str(retry_after)
    if status == 401:
        sent["WWW-Authenticate"] = 'Bearer realm="callsync"'
    return Response(content=body, status_code=status, media_type=PROBLEM_TYPE, headers=sent)


def on_fault(request: Request[Any, Any, Any], fault: Fault) -> Response[Problem]:
    """Answer a refusal that knows its status."""
    return problem(
        request, fault.status, fault.code, fault.sentence, retry_after=fault.retry_after, errors=_places(fault)
    )


def on_malformed(request: Request[Any, Any, Any], fault: Malformed) -> Response[Problem]:
    """Answer bytes that are not in the agreed form."""
    return problem(request, 422, "malformed", fault.sentence, errors=_places(fault))


def on_refused(request: Request[Any, Any, Any], fault: Refused) -> Response[Problem]:
    """Answer what the asker can put right."""
    return problem(request, 422, "refused", fault.sentence, errors=_places(fault))


def on_unavailable(request: Request[Any, Any, Any], fault: Unavailable) -> Response[Problem]:
    """Ask to come again."""
    log.warning("unavailable", request_id=request_id(request.scope), fault=type(fault).__name__)
    wait = random.randint(1, 5) if isinstance(fault, Busy) else 10  # noqa: S311 - spreads retries, guards nothing
    return problem(request, 503, "busy", fault.sentence, retry_after=wait)


def on_database(request: Request[Any, Any, Any], fault: SQLAlchemyError) -> Response[Problem]:
    """Tell a database that is busy or away from a fault of ours."""
    known = trouble(fault)
    if known is not None:
        return on_unavailable(request, known)
    if isinstance(fault, DataError):
        return problem(request, 422, "malformed", "The message holds a character or a number that cannot be stored.")
    return on_bug(request, fault)


def on_http(request: Request[Any, Any, Any], fault: HTTPException) -> Response[Problem]:
    """Give Litestar's own refusals our form; its texts may quote what was sent, so they are left out."""
    status = fault.status_code
    errors: list[dict[str, Any]] = []
    if isinstance(fault, ValidationException) and isinstance(fault.extra, list):
        errors = [{"place": str(one.get("key", ""))} for one in fault.extra if isinstance(one, dict)]
    if status >= 500:
        return on_bug(request, fault)
    headers = {name: value for name, value in (fault.headers or {}).items() if name.lower() == "allow"}
    return problem(
        request,
        status,
        _CODES.get(status, "refused"),
        _SENTENCES.get(status, "The request was refused."),
        errors=errors,
        headers=headers,
    )


def on_unreadable(request: Request[Any, Any, Any], fault: UnicodeDecodeError | RecursionError) -> Response[Problem]:
    """Answer a body that is no text, or nested without end: where none of our code was reached, Litestar read it."""
    if where(fault):
        return on_bug(request, fault)
    return problem(request, 400, _CODES[400], _SENTENCES[400])


def on_bug(request: Request[Any, Any, Any], fault: Exception) -> Response[Problem]:
    """Answer a fault of ours without a word about it; the log has its kind and place."""
    number = request_id(request.scope)
    log.error("bug", request_id=number, fault=type(fault).__name__, where=where(fault))
    return problem(
        request,
        500,
        "bug",
        "Something went wrong in the centre. Nothing you recorded is lost; the program tries again.",
    )


def _places(fault: Refused) -> list[dict[str, Any]]:
    found = {name: value for name, value in (("place", fault.place), ("field", fault.field)) if value}
    return [found] if found else []


HANDLERS: dict[int | type[Exception], Any] = {
    Fault: on_fault,
    Malformed: on_malformed,
    Refused: on_refused,
    Unavailable: on_unavailable,
    SQLAlchemyError: on_database,
    HTTPException: on_http,
    UnicodeDecodeError: on_unreadable,
    RecursionError: on_unreadable,
    Exception: on_bug,
}
