"""The line of one workstation: faults planted on it strike its next messages; what truly reached it is remembered."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from requests.models import PreparedRequest, Response

from tests.support.asgi_adapter import AsgiAdapter
from tests.world.faults import KINDS, Reply, Surroundings, path_of


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault that waits for a message: of one path, or of any."""

    kind: str
    path: str | None = None
    place: int = 0  # which byte, which of two replies: read by the fault as it likes


class Line:
    """What happens to requests and replies of one workstation is set here by the test."""

    def __init__(self, struck: Counter[str] | None = None) -> None:
        self.cut = False
        self.before: Callable[[requests.PreparedRequest], None] | None = None
        self.after: Callable[[requests.PreparedRequest, requests.Response], requests.Response] | None = None
        self.paths: list[str] = []
        self.planted: list[Planted] = []
        self.struck: Counter[str] = Counter() if struck is None else struck
        self.page_limit: int | None = None  # a page of the feed is asked for in pieces of this size
        self.receipts: set[str] = set()  # change ids named by true receipts that reached the workstation unaltered
        self.own_faults: list[str] = []  # what the centre answered of its own accord with a status of 500
        self.about = Surroundings({}, [])

    def plant(self, kind: str, path: str | None = None, place: int = 0, *, times: int = 1) -> None:
        """Let the next messages (of a path) meet a fault."""
        assert kind in KINDS, kind
        self.planted.extend([Planted(kind, path, place)] * times)

    def mend(self) -> None:
        """Take away every fault, and let nothing late arrive any more."""
        self.cut = False
        self.planted.clear()

    def on_request(self, request: requests.PreparedRequest) -> None:
        self.paths.append(path_of(request))
        if self.cut:
            self.struck["line_cut"] += 1
            raise requests.ConnectionError("cut")
        if self.before is not None:
            self.before(request)

    def strikes(self, request: PreparedRequest) -> Planted | None:
        """Take the fault that meets this message, if one does."""
        path = path_of(request)
        for one in self.planted:
            if one.path is None or path.startswith(one.path):
                self.planted.remove(one)
                self.struck[one.kind] += 1
                return one
        return None


class Wire(AsgiAdapter):
    """The transport: the real centre in process behind one line."""

    def __init__(self, app: Any, line: Line) -> None:
        super().__init__(app)
        self.line = line

    def send(self, request: PreparedRequest, stream: bool = False, *args: Any, **options: Any) -> Response:
        line = self.line
        line.on_request(request)
        if line.page_limit is not None and path_of(request) == "/v1/pull":
            request.url = re.sub(r"limit=\d+", f"limit={line.page_limit}", request.url or "")
        fault = line.strikes(request)
        if fault is None:
            reply = self.deliver(request)
            honest = True
        else:
            line.about.honest = False
            reply = KINDS[fault.kind](request, self.deliver, line.about, fault.place)
            honest = line.about.honest
        path = path_of(request)
        if honest:
            self._remember(path, reply, request)
        response = reply.response(request)
        if line.after is not None:
            response = line.after(request, response)
        if not stream:
            _ = response.content
        return response

    def deliver(self, request: PreparedRequest) -> Reply:
        """Hand a request to the centre and give its true reply."""
        response = super().send(request, True)
        reply = Reply(response.status_code, dict(response.headers), response.raw.read(decode_content=False))
        if reply.status == 500:
            self.line.own_faults.append(f"{path_of(request)}: {reply.body[:300]!r}")
        return reply

    def late_ones_arrive(self) -> int:
        """Let requests that were held up reach the centre now; nobody hears the answers."""
        late, self.line.about.late = self.line.about.late, []
        for request in late:
            self.deliver(request)
        return len(late)

    def _remember(self, path: str, reply: Reply, request: PreparedRequest) -> None:
        if path.startswith("/v1/push") and reply.status == 200:
            self.line.receipts.update(one["id"] for one in reply.response(request).json()["results"])
        self.line.about.earlier[path] = reply
