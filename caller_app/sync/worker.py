"""The sync thread: passes one after the other, woken by what is recorded, ended within two seconds.

A listener beside it waits for news, so that passes need not ask. What a reader would get wrong: both threads are
daemons on purpose. Ended in the middle of a request they need no cleverness, because a lost reply is an everyday,
tested event. A nudge while a pass fails does not shorten the wait: only new work after a pass that went well brings
the next one forward. This is one of the listed boundaries for any fault.
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
from caller_app.sync.listening import Listener
from caller_app.sync.memory import Memory

if TYPE_CHECKING:
    from caller_app.store.local import LocalStore
    from caller_app.sync.api import Api

log = logging.getLogger(__name__)

STOP_SECONDS = 2.0
LOOK_SECONDS = 5.0  # a waiting thread looks this often whether the machine has slept
ASLEEP_AT_LEAST = timedelta(seconds=30)
RESUME_SECONDS = 5.0  # after a sleep, or when a network came up, a pass comes within these
FLAPPING_SECONDS = 30.0  # a network that comes and goes brings a pass forward no further than this
TOGETHER_SECONDS = 0.3  # news that is everybody's does not bring all workstations in the same instant


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
        self._news = True
        self._until = 0.0
        self._line_due: float | None = None
        self._line_came_at = -FLAPPING_SECONDS
        self._stopping = False
        self._rhythm = schedule.Rhythm()
        self._memory = Memory(takes_turns=True)
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self.active = True
        self.link = Link()
        self._listener = Listener(store, api, may=self._may_listen, heard=self._heard, lost=self._lost, chance=chance)

    def start(self) -> None:
        """Begin with a pass at once."""
        self._thread.start()
        self._listener.start()

    def nudge(self, *, at_once: bool = False) -> None:
        """Something was recorded: a pass soon; `at_once` (a person asks, or signed in again) even after failures."""
        with self._wake:
            self._nudged = True
            self._pushed_on = self._pushed_on or at_once
            self._rhythm = self._rhythm.eager(time.monotonic())
            self._wake.notify_all()

    def network_up(self) -> None:
        """A network came up: a pass soon, even after failures; not in the same instant as everybody's."""
        with self._wake:
            now = time.monotonic()
            rested = now - self._line_came_at >= FLAPPING_SECONDS
            if rested:
                self._line_came_at = now
            self._line_due = now + (RESUME_SECONDS * self._chance() if rested else FLAPPING_SECONDS)
            self._wake.notify_all()

    def stop(self) -> bool:
        """Ask the threads to end and wait at most two seconds; tells whether they did."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        self._listener.stop()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS / 2)
        if self._thread.is_alive():
            self._api.abort()  # a reply that is lost now is an everyday event
            self._thread.join(STOP_SECONDS / 2)
        return self._listener.join(STOP_SECONDS / 2) and not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping:
            with self._wake:
                ask = self._news or self._pushed_on or not self._listener.hears
                self._nudged = self._pushed_on = self._news = False
            retry_after = self._pass(ask)
            pause = schedule.wait(
                self._rhythm,
                now=time.monotonic(),
                active=self.active,
                unsent=self._unsent(),
                chance=self._chance(),
                retry_after=retry_after,
                listening=self._listener.hears,
            )
            self._sleep(pause, asked_for=retry_after is not None)

    def _sleep(self, pause: float, *, asked_for: bool = False) -> None:
        """Wait for the next pass; a wait the centre asked for is not cut short by a network that came up."""
        with self._wake:
            self._until = time.monotonic() + (self._moment() if self._news and not self._rhythm.failures else pause)
            while not self._stopping:
                left = self._until - time.monotonic()
                if left <= 0 or self._pushed_on or (self._nudged and not self._rhythm.failures):
                    return
                if self._line_due is not None:
                    due, self._line_due = self._line_due, None
                    self._until = self._until if asked_for else min(self._until, due)
                    continue
                before = self._clock.now(), time.monotonic()
                self._wake.wait(min(left, LOOK_SECONDS))
                if self._slept_since(*before):
                    self._until = min(self._until, time.monotonic() + RESUME_SECONDS * self._chance())

    def _slept_since(self, wall: datetime, monotonic: float) -> bool:
        """Tell whether the machine slept: its wall clock went on while the monotonic one stood still."""
        awake = timedelta(seconds=time.monotonic() - monotonic)
        return self._clock.now() - wall - awake > ASLEEP_AT_LEAST

    def _may_listen(self) -> bool:
        return self.link.state == "online" and not self._rhythm.failures and not self._stopping

    def _heard(self) -> None:
        """There is news: a pass now, though not in the same instant as everybody's."""
        with self._wake:
            self._news = True
        self._bring_forward(self._moment())

    def _lost(self) -> None:
        """Nobody waits for news any more: the next pass is as soon as if none had."""
        self._bring_forward(schedule.POLL_SECONDS * self._chance())

    def _moment(self) -> float:
        return TOGETHER_SECONDS * self._chance()

    def _bring_forward(self, pause: float) -> None:
        with self._wake:
            if not self._rhythm.failures:
                self._until = min(self._until, time.monotonic() + pause)
                self._wake.notify_all()

    def _pass(self, ask: bool) -> float | None:
        """Run one pass and say how it went; gives the patience a busy centre asked for."""
        try:
            outcome = run_once(self._store, self._api, self._clock, ask=ask, memory=self._memory)
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
        if outcome.more:
            self.nudge()
        if outcome.pushed or outcome.pulled:
            log.info("pass: pushed %d, pulled %d, removed %d", outcome.pushed, outcome.pulled, outcome.removed)
        # A pass that asked nothing learned nothing about the clocks either.
        off = outcome.clock_off if outcome.clock_off is not None else self.link.clock_off
        self._say(Link("online", "", self._clock.now(), off))
        self._listener.go_on()

    def _went_wrong(self, state: str, sentence: str) -> None:
        self._rhythm = self._rhythm.failed()
        if self.link.state != state:
            log.info("link: %s", state)
        self._say(replace(self.link, state=state, sentence=sentence, since=self._clock.now()))

    def _say(self, link: Link) -> None:
        self.link = link
        if not self._stopping:
            self._changed(link)
