"""What a line can do to one message: each fault is a function of the request and of a way to send it on.

What a reader would get wrong: a fault never invents what only the centre could say (a receipt with our own request id);
where it answers in the centre's place it answers as a broken, busy or foreign party would. Bytes are altered as they
travel, so a page is hurt inside its compression. A JSON reply carries no hash of its own (TLS guards it), so flipped
bytes are for pages only.
"""

import io
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import requests
from requests.models import PreparedRequest, Response
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

from caller_app.protocol.version import HEADER_DEVICE, HEADER_REQUEST, PROBLEM_TYPE


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply as it travels."""

    status: int
    headers: dict[str, str]
    body: bytes

    def response(self, request: PreparedRequest) -> Response:
        """Make what `requests` would have got."""
        made = Response()
        made.status_code = self.status
        made.headers = CaseInsensitiveDict(self.headers)
        made.raw = HTTPResponse(
            body=io.BytesIO(self.body), headers=self.headers, status=self.status, preload_content=False,
            decode_content=False,
        )  # fmt: skip
        made.request = request
        made.url = request.url or ""
        made.encoding = "utf-8"
        return made


Send = Callable[[PreparedRequest], Reply]


@dataclass(slots=True)
class Surroundings:
    """What a fault may know besides the message: earlier replies of the same path, and requests that wait."""

    earlier: dict[str, Reply]
    late: list[PreparedRequest]
    honest: bool = False  # set by a fault that lets a true, unaltered reply through


Fault = Callable[[PreparedRequest, Send, Surroundings, int], Reply]


def drop_request(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
    raise requests.ConnectionError("request lost")


def drop_reply(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
    send(request)
    raise requests.ConnectionError("reply lost")


def duplicate(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
    replies = [send(request), send(request)]
    about.honest = True
    return replies[place % 2]


def duplicate_at_once(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
    replies: list[Reply] = []
    other = threading.Thread(target=lambda: replies.append(send(request)), name="the same request again")
    other.start()
    mine = send(request)
    other.join()
    about.honest = True
    return mine if place % 2 or not replies else replies[0]


def arrive_late(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
    about.late.append(request.copy())
    raise requests.Timeout("no answer in time")


def stale_reply(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
    send(request)
    before = about.earlier.get(path_of(request))
    if before is None:
        raise requests.ConnectionError("reply lost")
    return before


def truncate(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
    reply = send(request)
    return Reply(reply.status, reply.headers, reply.body[: place % max(len(reply.body), 1)])


def flip_a_bit(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
    reply = send(request)
    if path_of(request) != "/v1/pull" or not reply.body:
        raise requests.ConnectionError("reply lost")
    body = bytearray(reply.body)
    body[place % len(body)] ^= 1 << (place % 8)
    return Reply(reply.status, reply.headers, bytes(body))


def html_200(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
    return Reply(200, {"Content-Type": "text/html"}, b"<html>Welcome to the guest network</html>")


def html_200_after(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
    send(request)
    return html_200(request, send, about, place)


def redirect(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
    return Reply(302, {"Location": "https://elsewhere.test/login", "Content-Type": "text/html"}, b"")


def echo_200(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
    """A proxy that answers 200 with JSON of its own and even knows our header, but is no centre."""
    return Reply(200, {"Content-Type": "application/json"}, b'{"ok":true}')


def _bare(status: int, **headers: str) -> Fault:
    def fault(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
        return Reply(status, {"Content-Type": "text/plain", **headers}, b"no")

    return fault


def _typed(status: int, code: str, retry_after: int | None = None) -> Fault:
    """Answer in the centre's own form, echo and all, as the centre itself would when it is in that state."""

    def fault(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
        said = {"type": "t", "title": "t", "status": status, "code": code,
                "request_id": str(request.headers.get(HEADER_REQUEST, ""))}  # fmt: skip
        if retry_after is not None:
            said["retry_after"] = str(retry_after)
        body = json.dumps({**said, **({"retry_after": retry_after} if retry_after else {}), "status": status}).encode()
        headers = {"Content-Type": PROBLEM_TYPE}
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        return Reply(status, headers, body)

    return fault


def failed_after_storing(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
    send(request)
    return _typed(500, "bug")(request, send, about, place)


def _altered(**fields: str) -> Fault:
    def fault(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
        reply = send(request)
        body = reply.response(request).content
        head, _, rest = body.partition(b"\n")
        try:
            said = json.loads(head)
        except ValueError:
            return reply
        for name in fields.keys() & said.keys():
            said[name] = fields[name]
        headers = {name: value for name, value in reply.headers.items() if name.lower() not in _OF_BODY}
        return Reply(reply.status, headers, json.dumps(said).encode() + (b"\n" + rest if rest else b""))

    return fault


_OF_BODY = ("content-encoding", "content-length")
wrong_epoch = _altered(epoch="eeeeeeee-0000-4000-8000-000000000000")
wrong_server = _altered(server_id="dddddddd-0000-4000-8000-000000000000")
wrong_echo = _altered(request_id="01900000-0000-7000-8000-000000000000")


def strip_reply_headers(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
    reply = send(request)
    kept = {name: value for name, value in reply.headers.items() if name.lower() in _OF_BODY}
    return Reply(reply.status, kept, reply.body)


def _without(name: str) -> Fault:
    def fault(request: PreparedRequest, send: Send, about: Surroundings, place: int) -> Reply:
        stripped = request.copy()
        stripped.headers.pop(name, None)
        about.honest = True
        return send(stripped)

    return fault


KINDS: Mapping[str, Fault] = {
    "drop_request": drop_request,
    "drop_reply": drop_reply,
    "duplicate": duplicate,
    "duplicate_at_once": duplicate_at_once,
    "arrive_late": arrive_late,
    "stale_reply": stale_reply,
    "truncate": truncate,
    "flip_a_bit": flip_a_bit,
    "html_200": html_200,
    "html_200_after": html_200_after,
    "json_200": echo_200,
    "redirect_302": redirect,
    "bare_401": _bare(401),
    "bare_403": _bare(403),
    "bare_409": _bare(409),
    "bare_413": _bare(413),
    "bare_426": _bare(426),
    "bare_429": _bare(429, **{"Retry-After": "7"}),
    "bare_500": _bare(500),
    "bare_503": _bare(503),
    "bare_511": _bare(511),
    "sign_in_needed_401": _typed(401, "sign_in_needed"),
    "device_forked_409": _typed(409, "device_forked"),
    "too_large_413": _typed(413, "too_large"),
    "too_old_426": _typed(426, "too_old"),
    "busy_429": _typed(429, "busy", 7),
    "bug_500": _typed(500, "bug"),
    "busy_503": _typed(503, "busy", 3),
    "failed_after_storing": failed_after_storing,
    "wrong_epoch": wrong_epoch,
    "wrong_server": wrong_server,
    "wrong_echo": wrong_echo,
    "strip_reply_headers": strip_reply_headers,
    "strip_authorization": _without("Authorization"),
    "strip_device": _without(HEADER_DEVICE),
}


def path_of(request: PreparedRequest) -> str:
    """Give the path of a request without its query."""
    return (request.path_url or "").split("?")[0]
