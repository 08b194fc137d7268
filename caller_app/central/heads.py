"""The newest number of everybody's feed, held in memory: a workstation that waits for news costs no query.

One question a second per process fills it, and one soon after this process has written something (docs/sync.md,
"Waiting for news"). What a reader would get wrong: the memory only ever says "nothing new", which carries no numbers.
Whatever looks different here, news or a session that ended, is asked of the database by the route: a number told from a
memory a second old could be lower than one a workstation has seen already, and would look like a centre gone back.
"""

import asyncio
import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from caller_app.central.db import writing
from caller_app.central.rules import devices

log = structlog.get_logger("caller_app.central")

EVERY_SECONDS = 1.0
NOT_SOONER_SECONDS = 0.2  # however much is written
BELIEVED_SECONDS = 5.0
WRITE_EVERY = 10  # rounds between two notes of who was heard from
PATIENCE_ROUNDS = 3  # for a workstation that is ahead of the memory: it pulled a moment ago

_STANDS = (
    "SELECT a.user_id, h.seq, d.device_id FROM account a JOIN feed_head h USING (user_id) JOIN device d USING (user_id)"
    " WHERE a.status = 'active' AND d.status = 'active'"
)
_SESSIONS = "SELECT access_sha256, user_id, access_until FROM session WHERE ended_at IS NULL AND access_until > %(now)s"


@dataclass(frozen=True, slots=True)
class _Known:
    """What one round read: ordinary devices with their person's newest number, and whose tokens are good."""

    round: int
    at: float
    devices: dict[str, tuple[int, int]]
    sessions: dict[bytes, tuple[int, datetime]]


@dataclass(eq=False, slots=True)
class _Waiter:
    loop: asyncio.AbstractEventLoop
    done: asyncio.Event
    device_id: str
    token: bytes
    head: int
    since_round: int

    def wake(self) -> None:
        """End the wait, from whatever thread."""
        try:
            self.loop.call_soon_threadsafe(self.done.set)
        except RuntimeError:  # its loop has just been closed: nobody waits any more
            return


class Heads:
    """Answers "nothing new" from memory while its thread runs; without the thread every question is the database's."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self._known: _Known | None = None
        self._waiters: set[_Waiter] = set()
        self._heard: dict[str, int | None] = {}
        self._lock = threading.Lock()
        self._told_to_stop = threading.Event()
        self._hurry = threading.Event()
        self._thread: threading.Thread | None = None
        self._failing = False

    def start(self) -> None:
        """Begin to ask once a second, on a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="centre-heads", daemon=True)
        self._thread.start()

    def look_soon(self) -> None:
        """Something was written just now: whoever it concerns need not wait for the next second."""
        self._hurry.set()

    def stop(self) -> None:
        """End every wait at once, then the thread; a centre that shuts down keeps nobody waiting."""
        self._told_to_stop.set()
        self._hurry.set()
        for one in self._all_waiters():
            one.wake()
        if self._thread is not None:
            self._thread.join(10)
            self._thread = None

    async def nothing_new(
        self, authorization: str | None, device_id: str | None, head: int | None, wait: float, unsent: int | None
    ) -> bool:
        """Wait up to so many seconds; true where all that time nothing was new for this device of this person."""
        if self._thread is None or device_id is None or head is None:
            return False
        _scheme, _, token = (authorization or "").partition(" ")
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._known
        one = _Waiter(
            asyncio.get_running_loop(), asyncio.Event(), device_id.lower(), digest, head, known.round if known else 0
        )
        if not self._quiet(one):
            return False
        with self._lock:
            self._heard[one.device_id] = unsent
            self._waiters.add(one)
        try:
            if wait and not self._told_to_stop.is_set():
                async with asyncio.timeout(wait):
                    await one.done.wait()
        except TimeoutError:
            pass
        finally:
            with self._lock:
                self._waiters.discard(one)
        return self._quiet(one, at_the_end=True)

    def _quiet(self, one: _Waiter, *, at_the_end: bool = False) -> bool:
        known = self._known
        if known is None or time.monotonic() - known.at > BELIEVED_SECONDS:
            return False
        user, until = known.sessions.get(one.token, (None, None))
        owner, head = known.devices.get(one.device_id, (None, -1))
        if user is None or until is None or user != owner or until <= self._now():
            return False
        if head == one.head:
            return True
        return head < one.head and not at_the_end and known.round - one.since_round < PATIENCE_ROUNDS

    def _all_waiters(self) -> list[_Waiter]:
        with self._lock:
            return list(self._waiters)

    def _run(self) -> None:
        rounds = 0
        while not self._told_to_stop.is_set():
            rounds += 1
            self._hurry.clear()
            self._attempt(partial(self._look, rounds))
            for one in self._all_waiters():
                if not self._quiet(one):
                    one.wake()
            if rounds % WRITE_EVERY == 0:
                self._attempt(self._write_heard)
            if not self._told_to_stop.wait(min(NOT_SOONER_SECONDS, EVERY_SECONDS)):
                self._hurry.wait(max(0.0, EVERY_SECONDS - NOT_SOONER_SECONDS))
        self._attempt(self._write_heard)

    def _look(self, rounds: int) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            at = time.monotonic()
            stands = conn.exec_driver_sql(_STANDS).all()
            sessions = conn.exec_driver_sql(_SESSIONS, {"now": self._now()}).all()
        self._known = _Known(
            round=rounds,
            at=at,
            devices={device: (user, seq) for user, seq, device in stands},
            sessions={bytes(token): (user, until) for token, user, until in sessions},
        )

    def _write_heard(self) -> None:
        with self._lock:
            heard, self._heard = self._heard, {}
        if heard:
            now = self._now()
            writing(self._engine, lambda conn: devices.seen_many(conn, heard, now=now))

    def _attempt(self, work: Callable[[], None]) -> None:
        try:
            work()
        except SQLAlchemyError as fault:  # the routes say so too, in due form; the next round tries again
            if not self._failing:
                log.warning("heads_unknown", fault=type(fault).__name__)
            self._failing = True
        else:
            self._failing = False
