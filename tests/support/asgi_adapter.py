"""Mounts an ASGI application on a requests.Session: the client's own HTTP code against the real centre, no sockets.

Each request runs the application on an event loop of its own in the calling thread. `before` and `after` are where a
test drops, delays or alters traffic: an exception raised in either is what the client sees.
"""

import asyncio
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.models import PreparedRequest, Response
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

from caller_app.sync.http import meanwhile

Hook = Callable[[PreparedRequest], None]
AfterHook = Callable[[PreparedRequest, Response], Response]


class AsgiAdapter(BaseAdapter):
    """Answers requests by calling the application."""

    def __init__(self, app: Any, *, before: Hook | None = None, after: AfterHook | None = None) -> None:
        super().__init__()
        self.app = app
        self.before = before
        self.after = after
        self.requests = 0

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> Response:
        self.requests += 1
        if self.before is not None:
            self.before(request)
        meanwhile()
        status, headers, body = asyncio.run(self._call(request))
        response = _response(request, status, headers, body)
        if self.after is not None:
            response = self.after(request, response)
        if not stream:
            _ = response.content
        return response

    def close(self) -> None:
        pass

    async def _call(self, request: PreparedRequest) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        parts = urlsplit(request.url or "")
        sent = request.body or b""
        body = sent.encode() if isinstance(sent, str) else bytes(sent)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": parts.scheme,
            "path": unquote(parts.path) or "/",
            "raw_path": (parts.path or "/").encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(b"host", parts.netloc.encode())]
            + [(name.lower().encode(), str(value).encode("latin-1")) for name, value in request.headers.items()],
            "client": ("127.0.0.1", 50_000),
            "server": (parts.hostname, parts.port or 443),
            "state": {},
        }
        status = 500
        headers: list[tuple[bytes, bytes]] = []
        parts_out: list[bytes] = []
        given = False

        async def receive() -> dict[str, Any]:
            nonlocal given
            if given:
                return {"type": "http.disconnect"}
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status, headers = message["status"], list(message["headers"])
            elif message["type"] == "http.response.body":
                parts_out.append(message.get("body", b""))

        await self.app(scope, receive, send)
        return status, headers, b"".join(parts_out)


def _response(request: PreparedRequest, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> Response:
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    response = Response()
    response.status_code = status
    response.headers = CaseInsensitiveDict(pairs)
    response.raw = HTTPResponse(
        body=io.BytesIO(body), headers=pairs, status=status, preload_content=False, decode_content=False
    )
    response.request = request
    response.url = request.url or ""
    response.encoding = "utf-8"
    return response


def mounted(app: Any, base: str = "https://centre.test", **hooks: Any) -> requests.Session:
    """Give a session whose requests to `base` are answered by the application."""
    session = requests.Session()
    session.trust_env = False
    session.mount(base, AsgiAdapter(app, **hooks))
    return session
