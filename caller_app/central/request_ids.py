"""One id per request, the client's own where it is a sound one, echoed in header, body and log.

Kept in the ASGI scope, so that a 404 outside every route has one too.
"""

import re
import uuid
from typing import Any

from caller_app.protocol.version import HEADER_REQUEST

_SOUND = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_KEY = "caller_central_request_id"
_HEADER = HEADER_REQUEST.lower().encode()


def request_id(scope: Any) -> str:
    """Give the id of the request of this scope, the same however often it is asked."""
    known = scope.get(_KEY)
    if isinstance(known, str):
        return known
    said = next((value for name, value in scope.get("headers", ()) if name == _HEADER), b"")
    made = said.decode("ascii") if _SOUND.fullmatch(said) else str(uuid.uuid4())
    scope[_KEY] = made
    return made
