"""The sync thread: passes one after the other, woken by what is recorded, ended within two seconds.

What a reader would get wrong: it is a daemon on purpose. Ended in the middle of a request it needs no cleverness,
because a lost reply is an everyday, tested event. A nudge while a pass fails does not shorten the wait: only new work
after a pass that went well brings the next one forward. This is one of the listed boundaries for any fault.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from caller_app.base.clock import Clock
from caller_app.base.errors import CentreUnreachable, Refused, SignInNeeded, Unavailable
from caller_app.base.lanes import where
from caller_app.sync import schedule
from caller_app.sync.engine import Outcome, run_once
from caller_app.sync.faults import Busy, NotServed

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore
    from caller_app.sync.api import Api

log = logging.getLogger(__name__)

STOP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Link:
    """How it stands with the centre: "new" before the first pass, then what the last one met."""

    state: str = "new"  # new | sending | online | offline | portal | sign_in | trouble
    sentence: str = ""
    since: datetime | None = None
    clock_off: timedelta = field(default=timedelta(0))


class Worker:
    """Runs passes on a thread of its own until stopped."""

    def __init__(
        self,
        store: "LocalStore",
        api: "Api",
        clock: Clock,
        *,
        changed: Callable[[Link], None],
        unsent: Callable[[], bool],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._api = api
        self._clock = clock
        self._changed = changed
        self._unsent = unsent
        self._chance = chance
        self._wake = threading.Condition()
        self._nudged = False
        self._pushed_on = False
        self._stopping = False
        self._rhythm = schedule.Rhythm()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self.active = True
        self.link = Link()

    def start(self) -> None:
        """Begin with a pass at once."""
        self._thread.start()

    def nudge(self, *, at_once: bool = False) -> None:
        """Something was recorded: a pass soon; `at_once` (a person asks, or signed in again) even after failures."""
        with self._wake:
            self._nudged = True
            self._pushed_on = self._pushed_on or at_once
            self._rhythm = self._rhythm.eager(time.monotonic())
            self._wake.notify_all()

    def stop(self) -> bool:
        """Ask the thread to end and wait at most two seconds; tells whether it did."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping:
            with self._wake:
                self._nudged = self._pushed_on = False
            retry_after = self._pass()
            pause = schedule.wait(
                self._rhythm,
                now=time.monotonic(),
                active=self.active,
                unsent=self._unsent(),
                chance=self._chance(),
                retry_after=retry_after,
            )
            self._sleep(pause)

    def _sleep(self, pause: float) -> None:
        until = time.monotonic() + pause
        with self._wake:
            while not self._stopping:
                left = until - time.monotonic()
                if left <= 0 or self._pushed_on or (self._nudged and not self._rhythm.failures):
                    return
                self._wake.wait(left)

    def _pass(self) -> float | None:
        """Run one pass and say how it went; gives the patience a busy centre asked for."""
        try:
            outcome = run_once(self._store, self._api, self._clock)
        except SignInNeeded as fault:
            self._went_wrong("sign_in", fault.sentence)
        except CentreUnreachable as fault:
            self._went_wrong("portal" if fault.portal else "offline", fault.sentence)
        except Busy as fault:
            self._went_wrong("offline", fault.sentence)
            return float(fault.retry_after) if fault.retry_after else None
        except NotServed as fault:
            self._went_wrong("trouble", fault.sentence)
        except (Refused, Unavailable) as fault:
            self._went_wrong("trouble", fault.sentence)
        except Exception as fault:  # noqa: BLE001 - a listed boundary: sync must come back whatever happened
            if self._stopping:
                return None
            log.error("bug in a sync pass: %s", where(fault))
            self._went_wrong("trouble", "Sync met a fault of its own; it tries again. Nothing recorded is lost.")
        else:
            self._went_well(outcome)
        return None

    def _went_well(self, outcome: Outcome) -> None:
        self._rhythm = self._rhythm.went_well()
        if outcome.pushed or outcome.pulled:
            log.info("pass: pushed %d, pulled %d, removed %d", outcome.pushed, outcome.pulled, outcome.removed)
        self._say(Link("online", "", self._clock.now(), outcome.clock_off))

    def _went_wrong(self, state: str, sentence: str) -> None:
        self._rhythm = self._rhythm.failed()
        if self.link.state != state:
            log.info("link: %s", state)
        self._say(replace(self.link, state=state, sentence=sentence, since=self._clock.now()))

    def _say(self, link: Link) -> None:
        self.link = link
        if not self._stopping:
            self._changed(link)
