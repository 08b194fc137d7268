"""Waiting for news: a thread of its own asks the centre for what is newer than the list, and is answered when it is.

What a reader would get wrong: nothing depends on it. A proxy that cuts the wait, a centre that answers at once, a line
that drops: each only means that the passes go back to asking every 20 seconds, and that waiting is tried again later.
It is silent while passes fail, so that a centre in trouble gets one request per slot from a workstation, not two.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from caller_app.base.errors import CentreUnreachable, Refused, Unavailable
from caller_app.base.lanes import where
from caller_app.protocol.messages import Head
from caller_app.store import mirror, sending
from caller_app.sync import schedule
from caller_app.sync.faults import Busy

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore
    from caller_app.sync.api import Api

log = logging.getLogger(__name__)

WAIT_SECONDS = 25
SOON = 0.5  # of the wait: an answer that says nothing and comes earlier was somebody cutting it short
CUTS_UNTIL_REST = 3
REST_SECONDS = 300.0


class Listener:
    """Waits for news while `may` allows it; tells `heard` when there is some and `lost` when it cannot wait."""

    def __init__(
        self,
        store: "LocalStore",
        api: "Api",
        *,
        may: Callable[[], bool],
        heard: Callable[[], None],
        lost: Callable[[], None],
        chance: Callable[[], float],
    ) -> None:
        self._store = store
        self._first_api = api
        self._api: Api | None = None
        self._may = may
        self._heard = heard
        self._lost = lost
        self._chance = chance
        self._wake = threading.Condition()
        self._stopping = False
        self._cuts = 0
        self._passes = 0
        self._told = ("", "")
        self._thread = threading.Thread(target=self._run, name="listen", daemon=True)
        self.hears = False  # the last wait was a real one: passes need not ask

    def start(self) -> None:
        """Begin; the first wait is when a pass has gone well."""
        self._thread.start()

    def go_on(self) -> None:
        """A pass went well: there may be somebody to wait for."""
        with self._wake:
            self._passes += 1
            self._wake.notify_all()

    def stop(self) -> None:
        """End the wait in hand at once."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        if self._api is not None:
            self._api.abort()

    def join(self, seconds: float) -> bool:
        """Wait for the thread to end; tells whether it did."""
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping:
            with self._wake:
                while not self._stopping and not self._may():
                    self._wake.wait()
                passes = self._passes
            pause = self._try_once()
            with self._wake:
                if pause is None:
                    self._wake.wait_for(lambda seen=passes: self._stopping or self._passes != seen)  # type: ignore[misc]
                else:
                    self._sit_out(time.monotonic() + pause)
        self.hears = False
        if self._api is not None:
            self._api.close()

    def _try_once(self) -> float | None:
        """Wait once; gives the seconds until the next time, None for "when a pass has gone well"."""
        if self._stopping:
            return 0
        try:
            tag = self._tag()
            return None if tag is None else self._ask(tag)
        except Unavailable:  # the list is being replaced, or is gone: a pass sees to it
            return self._cut()
        except Exception as fault:  # noqa: BLE001 - a listed boundary: passes ask again, and waiting is tried later
            if not self._stopping:
                log.error("bug while waiting for news: %s", where(fault))
            return max(self._cut(), REST_SECONDS)

    def _sit_out(self, until: float) -> None:
        """Nobody shortens a pause: it is there to spare the centre."""
        while not self._stopping and (left := until - time.monotonic()) > 0:
            self._wake.wait(left)

    def _tag(self) -> str | None:
        at = mirror.position(self._store)
        return f'"{at.epoch}:{at.cursor}"' if at.mode == "delta" and at.epoch else None

    def _ask(self, tag: str) -> float | None:
        if self._api is None:
            self._api = self._first_api.twin()
        self._api.device_id = self._first_api.device_id
        asked_at = time.monotonic()
        try:
            with self._store.outbox.read() as connection:
                unsent = sending.counts(connection).unsent
            reply = self._api.news(tag, wait=WAIT_SECONDS, unsent=unsent)
            return self._take(tag, reply, time.monotonic() - asked_at)
        except CentreUnreachable:
            return self._cut()
        except Busy as fault:
            return max(self._cut(), (fault.retry_after or 0) * (1 + 0.3 * self._chance()))
        except (Refused, Unavailable):
            # What it says (barred, forgotten, password needed) is for a pass to deal with.
            pause = self._cut()
            self._heard()
            return pause

    def _take(self, tag: str, reply: Head | None, took: float) -> float | None:
        if reply is not None:
            told = f'"{reply.epoch}:{reply.head}"'
            if self._tag() == told:  # a pass has brought it meanwhile
                return 0
            if (tag, told) == self._told:
                return self._cut()  # the same news again: passes do not get there, so it is no use to wait
            self.hears, self._cuts, self._told = True, 0, (tag, told)
            self._heard()
            return None
        mirror.caught_up(self._store, int(tag.strip('"').rpartition(":")[2]))
        if took < WAIT_SECONDS * SOON:
            return self._cut()
        self.hears, self._cuts = True, 0
        return 0

    def _cut(self) -> float:
        """Somebody does not let us wait: passes ask again, and after a few times it is left alone for a while."""
        self.hears = False
        self._cuts += 1
        if not self._stopping:
            self._lost()
        if self._cuts >= CUTS_UNTIL_REST:
            return REST_SECONDS * (1 + self._chance())
        return schedule.POLL_SECONDS * (1 + self._chance())
