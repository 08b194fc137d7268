"""A bare workstation for the centre's own tests: it signs in, registers, pushes and pulls over HTTP, and keeps nothing.

The real client is tested in tests/sync; here every message is written by hand, wrong ones too.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from caller_app.base.clock import to_text
from caller_app.base.ids import new_id
from caller_app.domain.changes import AttemptRecorded, Change
from caller_app.protocol.codec import plain
from tests.support.centre import BASE, PASSWORD, Rig


@dataclass
class Station:
    """One device of one person."""

    rig: Rig
    name: str
    session: Any = None
    token: str = ""
    device: str = ""
    epoch: str = ""
    seq: int = 0
    cursor: int = 0
    page_token: str = ""
    shown: dict[str, Any] = field(default_factory=dict)

    def sign_in(self) -> "Station":
        """Sign in and register."""
        self.session = self.session or self.rig.session()
        reply = self.post("/v1/sign-in", {"name": self.name, "password": PASSWORD})
        assert reply.status_code == 200, reply.text
        self.token = reply.json()["access_token"]
        if not self.device:
            registered = self.post("/v1/register", {"app": "test 1", "proto_min": 1, "proto_max": 1})
            assert registered.status_code == 200, registered.text
            self.device, self.epoch = registered.json()["device_id"], registered.json()["epoch"]
        return self

    def headers(self) -> dict[str, str]:
        """Give the headers of a request."""
        found = {"X-CallSync": "1", "X-Request-Id": new_id()}
        if self.token:
            found["Authorization"] = f"Bearer {self.token}"
        if self.device:
            found["X-Device"] = self.device
        return found

    def post(self, path: str, body: Any, **options: Any) -> Any:
        """Send JSON (or bytes as they are)."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {**self.headers(), "Content-Type": "application/json", **options.pop("headers", {})}
        return self.session.post(BASE + path, data=sent, headers=headers, **options)

    def get(self, path: str, **params: Any) -> Any:
        """Ask for something."""
        return self.session.get(BASE + path, params=params, headers=self.headers())

    def envelope(self, change: Change, *, change_id: str | None = None, **other: Any) -> dict[str, Any]:
        """Put a change into its envelope under the next number of this device."""
        self.seq += 1
        return {
            "id": change_id or new_id(),
            "seq": self.seq,
            "kind": change.kind,
            "schema": change.schema,
            "rec": change.case_id,
            "base_ver": None,
            "assign_gen": None,
            "occurred_at": to_text(self.rig.clock.now()),
            "mono": self.rig.clock.monotonic_ns(),
            "data": plain(change),
            **other,
        }

    def batch(self, changes: list[Any]) -> dict[str, Any]:
        """Make the body of a push."""
        return {
            "device": self.device,
            "epoch": self.epoch,
            "batch": new_id(),
            "acked_hw": 0,
            "sent_at": to_text(self.rig.clock.now()),
            "changes": changes,
        }

    def push(self, *changes: Any) -> Any:
        """Push envelopes (or changes, which get one) and give the response."""
        return self.post("/v1/push", self.batch([self._enveloped(one) for one in changes]))

    def pushed(self, *changes: Any) -> list[dict[str, Any]]:
        """Push and give the results; the push has to succeed."""
        reply = self.push(*changes)
        assert reply.status_code == 200, reply.text
        results: list[dict[str, Any]] = reply.json()["results"]
        return results

    def pull(self, **params: Any) -> Any:
        """Ask for one page and give the response."""
        given = {"cursor": self.cursor, "token": self.page_token, "epoch": self.epoch,
                 "mode": "delta" if self.cursor else "snapshot"}  # fmt: skip
        return self.get("/v1/pull", **{**given, **params})

    def catch_up(self, **params: Any) -> dict[str, Any]:
        """Pull until the head is reached; gives what is shown: id -> body."""
        while True:
            reply = self.pull(**params)
            assert reply.status_code == 200, reply.text
            begin, lines = read_page(reply.content)
            for line in lines:
                if line["t"] == "put":
                    self.shown[line["id"]] = line["b"]
                else:
                    self.shown.pop(line["id"], None)
            self.cursor, self.page_token = begin["to"], begin["token"]
            if not begin["more"]:
                return self.shown

    def _enveloped(self, one: Any) -> Any:
        return self.envelope(one) if isinstance(one, Change) else one


def read_page(content: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Read a page as a workstation has to: begin, lines, end, count and hash all checked."""
    raw = content.splitlines(keepends=True)
    lines = [json.loads(one) for one in raw]
    begin, end = lines[0], lines[-1]
    assert begin["t"] == "begin" and end["t"] == "end"
    assert begin["n"] == len(lines) - 2
    assert end["sha256"] == hashlib.sha256(b"".join(raw[:-1])).hexdigest()
    assert begin["to"] == end["to"]
    return begin, lines[1:-1]


def attempt(case_id: str, outcome: str = "C01", **other: Any) -> AttemptRecorded:
    """Make an attempt; a no answer unless said otherwise."""
    given = {"act_id": new_id(), "number": "+447700900001", **other}
    return AttemptRecorded(case_id=case_id, outcome=outcome, **given)
