"""What stands between in a hospital: a proxy that speaks HTTP and rewrites, repeats, remembers or answers by itself.

Each request is read whole and handed to the `rule`, which gives the bytes to answer with; `forward` asks the real
centre. The lower line of tests/wire/proxy.py cuts bytes, this one changes meanings.
"""

import gzip
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORTAL_PAGE = b"<!doctype html><html><title>Guest Wi-Fi</title><body>Please log in.</body></html>"


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def route(self) -> str:
        return self.path.split("?")[0]


@dataclass(frozen=True)
class Answer:
    """A reply as it goes out."""

    status: int
    headers: dict[str, str]
    body: bytes

    def without(self, *names: str) -> "Answer":
        """Give it without some headers."""
        gone = {name.lower() for name in names}
        return replace(self, headers={name: value for name, value in self.headers.items() if name.lower() not in gone})

    def also(self, **headers: str) -> "Answer":
        """Give it with headers set; an underscore stands for a dash."""
        fresh = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self.without(*fresh), headers={**self.without(*fresh).headers, **fresh})

    def packed(self) -> "Answer":
        """Give it compressed, whatever was asked for."""
        return replace(self.also(Content_Encoding="gzip"), body=gzip.compress(self.body))


Rule = Callable[[Asked], Answer]


def portal(status: int = 200, **headers: str) -> Rule:
    """Answer everything with the page of a guest network."""
    shown = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _asked: Answer(status, {"Content-Type": "text/html; charset=utf-8", **shown}, PORTAL_PAGE)


@dataclass
class Meddler:
    """Listens on a port of its own; `rule` may be changed at any time."""

    target_port: int
    rule: Rule | None = None
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        meddler = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = Asked(self.command, self.path, dict(self.headers.items()), body)
                meddler.asked.append(asked)
                answer = (meddler.rule or meddler.forward)(asked)
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.status != 304:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_args: object) -> None:
                return

        for method in ("GET", "POST"):
            setattr(Handler, f"do_{method}", Handler.handle_any)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._open: list[socket.socket] = []
        self._server.process_request_thread = self._noting(self._server.process_request_thread)  # type: ignore[method-assign]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        self.port: int = self._server.server_address[1]

    def _noting(self, work: Callable[..., None]) -> Callable[..., None]:
        def noted(request: socket.socket, address: object) -> None:
            self._open.append(request)
            work(request, address)

        return noted

    def forward(self, asked: Asked) -> Answer:
        """Ask the real centre."""
        return self.forward_to(self.target_port, asked)

    @staticmethod
    def forward_to(port: int, asked: Asked) -> Answer:
        """Ask whoever listens on a port of this machine."""
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(asked.method, asked.path, asked.body or None, asked.headers)
            reply = connection.getresponse()
            body = reply.read()
            kept = {name: value for name, value in reply.getheaders() if name.lower() != "content-length"}
            return Answer(reply.status, kept, body)
        finally:
            connection.close()

    def close(self) -> None:
        """Stop listening and end its threads."""
        self._server.shutdown()
        for one in self._open:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self._server.server_close()
        self._thread.join()
