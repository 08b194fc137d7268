"""A bad line between real processes: a TCP proxy on loopback that cuts, stalls, drips and narrows.

It knows nothing of HTTP (tests/wire/meddler.py does). New weather drops the connections that are
open, so that each piece of weather begins with a connection of its own.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close() sends RST
CHUNK = 16 * 1024

T = TypeVar("T")


@dataclass(frozen=True)
class Weather:
    """What the line does. Byte counts are of one connection, `cut_*` after so many bytes have passed."""

    latency: float = 0.0  # seconds before each piece goes on, both ways
    bytes_per_second: float | None = None  # both ways
    slices: int = CHUNK  # bytes handed on at a time
    cut_request_after: int | None = None
    cut_reply_after: int | None = None
    end: Literal["reset", "close", "stall"] = "reset"  # how a cut shows at both ends; a stall never ends
    half_open: bool = False  # accepts, never answers, hands nothing on
    refuses: bool = False  # closes at once


CLEAR = Weather()


@dataclass
class Seen:
    """What passed on one connection."""

    request: bytearray = field(default_factory=bytearray)
    reply: bytearray = field(default_factory=bytearray)


class Line:
    """Listens on a port of its own and hands on to `target` as the weather allows."""

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.connections: list[Seen] = []
        self.stalled = threading.Event()  # set when a connection has come to a standstill
        self._weather = CLEAR
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bad-line")
        self._thread.start()
        self._server = self._on_loop(self._listen())
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    @property
    def weather(self) -> Weather:
        """Tell what the line does now."""
        return self._weather

    @weather.setter
    def weather(self, weather: Weather) -> None:
        self._weather = weather
        self.stalled.clear()
        self.drop()

    def drop(self) -> None:
        """Reset every open connection."""
        self._on_loop(self._drop())

    def close(self) -> None:
        """Stop listening, drop everything, end the thread."""
        self._on_loop(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _on_loop(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._connected, "127.0.0.1", 0)

    async def _drop(self) -> None:
        for writer in list(self._open):
            _reset(writer)
        self._open.clear()

    async def _end(self) -> None:
        self._server.close()
        await self._drop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._carry(reader, writer)
        _reset(writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        weather, seen = self._weather, Seen()
        self.connections.append(seen)
        self._open.add(writer)
        if weather.refuses:
            return
        if weather.half_open:
            self.stalled.set()
            await reader.read(-1)
            return
        there, onward = await asyncio.open_connection("127.0.0.1", self.target_port)
        self._open.add(onward)
        ways = (
            asyncio.ensure_future(self._pump(reader, onward, seen.request, weather, weather.cut_request_after)),
            asyncio.ensure_future(self._pump(there, writer, seen.reply, weather, weather.cut_reply_after)),
        )
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._open -= {writer, onward}
            if weather.end == "close" or not _was_cut(seen, weather):
                for one in (writer, onward):
                    one.close()
            else:
                _reset(onward)

    async def _pump(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        seen: bytearray,
        weather: Weather,
        cut: int | None,
    ) -> None:
        """Hand on until the source ends or the line is cut."""
        while piece := await source.read(weather.slices):
            if weather.latency:
                await asyncio.sleep(weather.latency)
            if weather.bytes_per_second:
                await asyncio.sleep(len(piece) / weather.bytes_per_second)
            room = len(piece) if cut is None else min(len(piece), cut - len(seen))
            seen += piece[:room]
            if room:
                sink.write(piece[:room])
                await sink.drain()
            if room < len(piece):
                if weather.end == "stall":
                    self.stalled.set()
                    await asyncio.Event().wait()
                return


def _was_cut(seen: Seen, weather: Weather) -> bool:
    return (weather.cut_request_after is not None and len(seen.request) >= weather.cut_request_after) or (
        weather.cut_reply_after is not None and len(seen.reply) >= weather.cut_reply_after
    )


def _reset(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    if raw is not None and raw.fileno() >= 0:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()
