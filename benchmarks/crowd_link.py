"""One workstation's side of the wire, as cheap as it can be made: HTTP by hand on asyncio, the protocol as it is.

Cheap because five hundred of them share two cores with the centre they measure. Pages are checked as a workstation
checks them: begin, count, end, hash.
"""

import asyncio
import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from backports.zstd import decompress

from caller_app.base.clock import SystemClock, to_text
from caller_app.base.ids import new_id
from caller_app.domain.changes import AttemptRecorded, Change
from caller_app.protocol.codec import plain


@dataclass
class Reply:
    """A reply as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


class Link:
    """A kept-alive connection of one seat."""

    def __init__(self, port: int, seat: dict[str, Any]) -> None:
        self.port = port
        self.seat = seat
        self.cursor = 0
        self.page_token = ""
        self.seq = 0
        self.asked = 0
        self.busy = 0  # replies that asked for patience
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        """Ask once and read the whole reply."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        assert self._reader is not None
        lines = [
            f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {self.seat['token']}",
            f"X-Device: {self.seat['device']}", "X-CallSync: 1", f"X-Request-Id: {new_id()}",
            *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
        ]  # fmt: skip
        if body:
            lines += ["Content-Type: application/vnd.callsync.v1+json", f"Content-Length: {len(body)}"]
        self.asked += 1
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        return await self._read()

    async def _read(self) -> Reply:
        assert self._reader is not None
        raw = await self._reader.readuntil(b"\r\n\r\n")
        first, *rest = raw.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
        length = int(headers.get("content-length", "0"))
        body = await self._reader.readexactly(length) if length else b""
        return Reply(int(first.split()[1]), headers, body)

    async def patient(self, method: str, path: str, body: bytes = b"", *, chance: float = 0.5, **headers: str) -> Reply:
        """Ask until it is not told to come back later, waiting as long as it is told."""
        while True:
            reply = await self.ask(method, path, body, **headers)
            if reply.status not in (429, 503):
                return reply
            self.busy += 1
            await asyncio.sleep(float(reply.headers.get("retry-after", "1")) * (1 + 0.3 * chance))

    async def pull(self, *, chance: float = 0.5) -> list[bytes]:
        """Read pages until the end of the feed; gives the lines."""
        got: list[bytes] = []
        while True:
            mode = "delta" if self.cursor else "snapshot"
            path = f"/v1/pull?cursor={self.cursor}&token={self.page_token}&epoch={self.seat['epoch']}&mode={mode}"
            reply = await self.patient("GET", path, chance=chance, Accept_Encoding="zstd")
            assert reply.status == 200, (reply.status, reply.body[:200])
            begin, lines = page(reply)
            got += lines
            self.cursor, self.page_token = begin["to"], begin["token"]
            if not begin["more"]:
                return got

    async def news(self, wait: int) -> bool:
        """Wait for news; tells whether there is any."""
        tag = f'"{self.seat["epoch"]}:{self.cursor}"'
        reply = await self.ask("GET", f"/v1/head?wait={wait}", If_None_Match=tag)
        assert reply.status in (200, 304), (reply.status, reply.body[:200])
        return reply.status == 200

    async def push(self, changes: list[Change], *, chance: float = 0.5) -> float:
        """Push changes in one batch and give the seconds until the receipt, which has to name each."""
        now = to_text(SystemClock().now())
        sent = []
        for one in changes:
            self.seq += 1
            about = {"kind": one.kind, "schema": one.schema, "rec": one.case_id, "base_ver": None, "assign_gen": None}
            sent.append({"id": new_id(), "seq": self.seq, **about, "occurred_at": now, "mono": 1, "data": plain(one)})
        body = {"device": self.seat["device"], "epoch": self.seat["epoch"], "batch": new_id(), "acked_hw": 0,
                "sent_at": now, "changes": sent}  # fmt: skip
        begun = time.perf_counter()
        reply = await self.patient("POST", "/v1/push", json.dumps(body).encode(), chance=chance)
        took = time.perf_counter() - begun
        assert reply.status == 200, (reply.status, reply.body[:200])
        results = json.loads(reply.body)["results"]
        assert [one["id"] for one in results] == [one["id"] for one in sent]
        assert all(one["verdict"].startswith("applied") for one in results), results[:2]
        return took

    async def close(self) -> None:
        """End the connection."""
        if self._writer is not None:
            self._writer.close()


def page(reply: Reply) -> tuple[dict[str, Any], list[bytes]]:
    """Read a page as a workstation has to; raises AssertionError where it is not whole."""
    content = decompress(reply.body) if reply.headers.get("content-encoding") == "zstd" else reply.body
    raw = content.splitlines(keepends=True)
    begin, end = json.loads(raw[0]), json.loads(raw[-1])
    assert begin["n"] == len(raw) - 2
    assert end["sha256"] == hashlib.sha256(b"".join(raw[:-1])).hexdigest()
    return begin, raw[1:-1]


def no_answer(case_id: str) -> AttemptRecorded:
    """Give what callers record most."""
    return AttemptRecorded(case_id=case_id, act_id=new_id(), outcome="C01", number="+447700900123")
