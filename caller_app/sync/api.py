"""Typed questions to the centre. A reply that is not typed, echoed and whole is no reply, whatever its status.

What a reader would get wrong: a captive portal answers 200 with HTML, a proxy may answer an old page, a wrong host may
answer politely. None of that may settle anything, so every answer is checked for its media type, for the id of our own
request and for the centre's id before a single field of it is believed.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import requests
from requests.adapters import BaseAdapter

from caller_app.base.errors import CentreUnreachable, SignInNeeded
from caller_app.base.ids import new_id
from caller_app.base.version import program_version
from caller_app.protocol.codec import Malformed, decode, encode
from caller_app.protocol.limits import PAGE_RECORDS
from caller_app.protocol.messages import (
    AskedChange,
    AskHeld,
    Head,
    Held,
    Hello,
    Problem,
    Push,
    Pushed,
    PushOpaque,
    Refresh,
    Register,
    Registered,
    Reply,
    SignedIn,
    SignIn,
)
from caller_app.protocol.version import (
    HEADER_DEVICE,
    HEADER_PROTOCOL,
    HEADER_REQUEST,
    JSON_TYPE,
    NDJSON_TYPE,
    PROBLEM_TYPE,
    PROTOCOL,
)
from caller_app.sync.address import checked_url
from caller_app.sync.credentials import Credentials
from caller_app.sync.faults import of_problem
from caller_app.sync.http import CONNECT_SECONDS, READ_SECONDS, SystemTrust, open_session

R = TypeVar("R", bound=Reply)
T = TypeVar("T")

log = logging.getLogger(__name__)

REPLY_BYTES = 8 * 1024 * 1024
_NO_REPLY = "The centre cannot be reached. You can go on working; everything is saved here and sent later."
_PORTAL = (
    "Something on this network answers instead of the centre, most likely a page asking you to log in to the Wi-Fi. "
    "Open a web browser and log in to the network."
)
_OTHER = "Another centre answers at this address. Nothing was sent to it."


class _Bearer(requests.auth.AuthBase):
    """Sets our header itself, so that a `.netrc` of the machine is never asked."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.pop("Authorization", None)
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Api:
    """One thread's link to one centre; the credentials are shared, the session is not."""

    def __init__(
        self,
        url: str,
        *,
        ca_file: Path | None = None,
        credentials: Credentials | None = None,
        transport: BaseAdapter | None = None,
        server_id: str | None = None,
        before_request: Callable[[], None] | None = None,
    ) -> None:
        self.url = checked_url(url)
        self.credentials = credentials or Credentials()
        self.server_id = server_id
        self.device_id: str | None = None
        self.page_records = PAGE_RECORDS  # how many records a page is asked for on this line (sync/pull.py)
        self._session = open_session(self.url, ca_file=ca_file, transport=transport)
        self._before_request = before_request
        self._ca_file = ca_file
        self._transport = transport
        self._aborted = False

    def twin(self) -> "Api":
        """Give a second link for another thread: the same person and centre, connections of its own."""
        return Api(
            self.url,
            ca_file=self._ca_file,
            credentials=self.credentials,
            transport=self._transport,
            server_id=self.server_id,
            before_request=self._before_request,
        )

    def hello(self) -> Hello:
        """Ask, without signing in, whether this is a centre and which one."""
        return self._call("GET", "/v1/hello", Hello, token=None)

    def sign_in(self, name: str, password: str) -> SignedIn:
        """Sign in; raises Refused for a wrong password or a locked account. Whoever asks takes the tokens."""
        return self._call("POST", "/v1/sign-in", SignedIn, body=SignIn(name=name, password=password), token=None)

    def sign_out(self) -> None:
        """Tell the centre that the tokens are no longer wanted."""
        self.ask("POST", "/v1/sign-out", Reply)
        self.credentials.spend()

    def register(self) -> Registered:
        """Ask for a device id for this installation and profile."""
        return self.ask("POST", "/v1/register", Registered, body=Register(app=f"caller-app {program_version()}"))

    def push(self, push: Push, *, unsent: int | None = None) -> Pushed:
        """Send changes; the reply echoes the batch. `unsent` is what a supervisor sees as last said."""
        return self.ask("POST", "/v1/push", Pushed, body=push, params={"unsent": unsent})

    def push_opaque(self, push: PushOpaque) -> Pushed:
        """Send changes that could not be read as plain bytes."""
        return self.ask("POST", "/v1/push/opaque", Pushed, body=push)

    def held(self, changes: Sequence[AskedChange]) -> Held:
        """Ask which changes the centre holds, and which of them are durable under this device's numbers."""
        body = AskHeld(device=self.device_id or "", changes=list(changes))
        return self.ask("POST", "/v1/held", Held, body=body)

    def head(self, *, unsent: int | None = None) -> Head:
        """Ask for the newest number of the feed."""
        return self.ask("GET", "/v1/head", Head, params={"unsent": unsent})

    def news(self, known: str, *, wait: int, unsent: int | None = None) -> Head | None:
        """Wait for something newer than a tag ("epoch:cursor"); None where the centre says there is nothing."""

        def call(token: str | None) -> Head | None:
            request_id, response = self._send(
                "GET", "/v1/head", params={"wait": wait, "unsent": unsent}, body=None, token=token, known=known
            )
            with response:
                if response.status_code == 304:
                    # No body can vouch for it: it has to echo our request, or it is some proxy's memory.
                    if response.headers.get(HEADER_REQUEST) != request_id or response.headers.get("ETag") != known:
                        raise CentreUnreachable(_NO_REPLY, no_answer=True)
                    return None
                return self.read_json(response, request_id, Head)

        return self._signed(call)

    def ask(
        self, method: str, path: str, shape: type[R], *, params: Mapping[str, Any] | None = None, body: Any = None
    ) -> R:
        """Ask as the signed-in person; a spent access token is renewed once, then the password is needed."""

        def call(token: str | None) -> R:
            return self._call(method, path, shape, params=params, body=body, token=token)

        return self._signed(call)

    def stream(self, path: str, params: Mapping[str, Any]) -> tuple[str, requests.Response]:
        """Ask for a page; gives the request's id and a reply whose body has not been read, for the caller to close."""

        def send(token: str | None) -> tuple[str, requests.Response]:
            return self._send("GET", path, params=params, body=None, token=token)

        return self._signed(send)

    def read_json(self, response: requests.Response, request_id: str, shape: type[R]) -> R:
        """Read a whole reply as one of the shapes, or raise what it says instead."""
        kind = media_type(response)
        if kind == JSON_TYPE and response.status_code < 300:
            try:
                reply = decode(_bounded(response), shape)
            except Malformed:
                raise CentreUnreachable(_NO_REPLY, no_answer=True) from None
            self.believe(reply.request_id, reply.server_id, request_id)
            return reply
        raise self.said_instead(response, request_id)

    def believe(self, echoed: str, server_id: str, request_id: str) -> None:
        """Check echo and centre of a reply; raises CentreUnreachable."""
        if echoed != request_id:
            raise CentreUnreachable(_NO_REPLY, no_answer=True)
        if self.server_id is not None and server_id != self.server_id:
            raise CentreUnreachable(_OTHER)

    def said_instead(self, response: requests.Response, request_id: str) -> Exception:
        """Give what a reply that is not the wanted one means."""
        kind = media_type(response)
        if kind == PROBLEM_TYPE:
            try:
                problem = decode(_bounded(response), Problem)
            except Malformed:
                return CentreUnreachable(_NO_REPLY, no_answer=True)
            if (problem.request_id or response.headers.get(HEADER_REQUEST, "")) != request_id:
                return CentreUnreachable(_NO_REPLY, no_answer=True)
            return of_problem(problem, response.status_code)
        if 300 <= response.status_code < 400 or response.status_code == 511 or kind.endswith("html"):
            return CentreUnreachable(_PORTAL, portal=True)
        return CentreUnreachable(_NO_REPLY, no_answer=True)

    def abort(self) -> None:
        """End a request that another thread is in the middle of, and refuse any later one."""
        self._aborted = True
        for adapter in self._session.adapters.values():
            if isinstance(adapter, SystemTrust):
                adapter.abort()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _signed(self, work: Callable[[str | None], T]) -> T:
        tokens = self.credentials.tokens
        if tokens is None:
            raise SignInNeeded("Give your password again; what you recorded is safe.")
        if tokens.access:
            try:
                return work(tokens.access)
            except SignInNeeded:
                log.info("access token spent")
        self._renew(tokens.access)
        fresh = self.credentials.tokens
        if fresh is None:
            raise SignInNeeded("Give your password again; what you recorded is safe.")
        return work(fresh.access)

    def _renew(self, spent: str) -> None:
        with self.credentials.renewing:
            now = self.credentials.tokens
            if now is None or now.access != spent:
                return  # another thread has been here
            try:
                body = Refresh(refresh_token=now.refresh)
                self.credentials.take(self._call("POST", "/v1/refresh", SignedIn, body=body, token=None))
            except SignInNeeded:
                self.credentials.spend()
                raise

    def _call(
        self,
        method: str,
        path: str,
        shape: type[R],
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        token: str | None,
    ) -> R:
        request_id, response = self._send(method, path, params=params, body=body, token=token)
        with response:
            return self.read_json(response, request_id, shape)

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None,
        body: Any,
        token: str | None,
        known: str | None = None,
    ) -> tuple[str, requests.Response]:
        if self._aborted:
            raise CentreUnreachable(_NO_REPLY, no_answer=True)
        if self._before_request is not None:
            self._before_request()
        request_id = new_id()
        headers = {
            HEADER_PROTOCOL: str(PROTOCOL),
            HEADER_REQUEST: request_id,
            "Accept": f"{JSON_TYPE}, {NDJSON_TYPE}, {PROBLEM_TYPE}",
            "Cache-Control": "no-store",
            "User-Agent": f"caller-app/{program_version()}",
        }
        if self.device_id:
            headers[HEADER_DEVICE] = self.device_id
        if known is not None:
            headers["If-None-Match"] = known
        data = None
        if body is not None:
            data = encode(body)
            headers["Content-Type"] = JSON_TYPE
        try:
            response = self._session.request(
                method,
                self.url + path,
                params=params,
                data=data,
                headers=headers,
                auth=_Bearer(token),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            )
        except requests.exceptions.SSLError:
            raise CentreUnreachable(
                "The centre's certificate cannot be trusted from here, so nothing was sent. Ask IT for the right "
                "certificate file."
            ) from None
        except (requests.RequestException, OSError):
            raise CentreUnreachable(_NO_REPLY, no_answer=True) from None
        if response.status_code == 401 and media_type(response) == PROBLEM_TYPE:
            with response:
                raise self.said_instead(response, request_id)
        return request_id, response

    def __repr__(self) -> str:
        return f"Api({self.url})"


def media_type(response: requests.Response) -> str:
    """Give the media type of a reply without its parameters."""
    return response.headers.get("Content-Type", "").split(";")[0].strip().lower()


def _bounded(response: requests.Response) -> bytes:
    """Read a reply whole, up to a limit."""
    parts: list[bytes] = []
    size = 0
    try:
        for part in response.iter_content(64 * 1024):
            size += len(part)
            if size > REPLY_BYTES:
                raise CentreUnreachable(_NO_REPLY, no_answer=True)
            parts.append(part)
    except (requests.RequestException, OSError):
        raise CentreUnreachable(_NO_REPLY, no_answer=True) from None
    return b"".join(parts)
