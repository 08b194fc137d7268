"""The composition root of a signed-in workstation: lanes, store, sync and notices, and the only maker of units.

What a reader would get wrong: nothing here blocks. `write`, `read`, `job` and `ask` give futures that resolve on their
lane; `standing()` is a snapshot that is kept up to date behind the caller's back and reads nothing when asked.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from caller_app.base.clock import Clock
from caller_app.base.errors import CentreUnreachable, Refused, SignInNeeded, Unavailable
from caller_app.base.lanes import Lanes
from caller_app.base.notices import Board, Notice, notice
from caller_app.base.secrets import Secrets
from caller_app.client import unlock
from caller_app.client.light import merge, with_concern
from caller_app.queries import standing as standing_query
from caller_app.queries.rows import Standing
from caller_app.store import lease, sending
from caller_app.store.local import LocalStore
from caller_app.store.profile import Profile
from caller_app.store.snapshot import Snapshot
from caller_app.store.unit import Unit
from caller_app.sync.api import Api
from caller_app.sync.worker import Link, Worker

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

# Questions are not kept and sent later as recorded work is, and a reply may be lost after the deed was done.
_ASKED = (
    "The centre does not answer, and this works only with the centre. Try again later; look first whether what you "
    "asked for was done."
)

_START = Standing(
    state="sending",
    sentence="Connecting to the centre.",
    unsent=0,
    oldest_unsent_at=None,
    last_receipt_at=None,
    list_as_of=None,
)


class Client:
    """One signed-in person's workstation; made by `Doorway.sign_in`, ended by `close`."""

    def __init__(
        self,
        store: LocalStore,
        *,
        sync_api: Api,
        ask_api: Api,
        clock: Clock,
        secrets: Secrets,
        profile: Profile,
        server_name: str,
        offline_since: datetime | None,
        start_sync: bool = True,
    ) -> None:
        self.me = store.me
        self.server_name = server_name
        self.test_mode = store.test_mode
        self.demo_key_in_file = secrets.in_file
        self.offline_since = offline_since
        self.notices: Board = store.board
        self._store = store
        self._sync_api = sync_api
        self._ask_api = ask_api
        self._clock = clock
        self._secrets = secrets
        self._profile = profile
        self._lanes = Lanes()
        self._lock = threading.Lock()
        self._looking = False
        self._closing = False
        self._local: tuple[Standing, str | None] = (_START, None)
        self._standing = _START
        self._worker = Worker(
            store, sync_api, clock, changed=self._link_changed, unsent=lambda: self._standing.unsent > 0
        )
        self._unsubscribe = self.notices.subscribe(self._heard)
        self._look()
        if start_sync:
            self._worker.start()

    def write(self, command: Callable[Concatenate[Unit, P], T], /, *args: P.args, **facts: P.kwargs) -> "Future[T]":
        """Run a command in one transaction on the write lane."""
        return self._lanes.write.submit(self._store.write, command, *args, **facts)

    def read(self, query: Callable[Concatenate[Snapshot, P], T], /, *args: P.args, **question: P.kwargs) -> "Future[T]":
        """Run a query on one consistent view on the read lane."""
        return self._lanes.read.submit(self._store.read, query, *args, **question)

    def job(self, work: Callable[P, T], /, *args: P.args, **facts: P.kwargs) -> "Future[T]":
        """Run work on files on its lane."""
        return self._lanes.files.submit(work, *args, **facts)

    def ask(self, question: Callable[Concatenate[Any, P], T], /, *args: P.args, **facts: P.kwargs) -> "Future[T]":
        """Ask the centre something as this person: `question(api, **facts)`."""

        def asked() -> T:
            self._ask_api.device_id = self._sync_api.device_id  # the centre tells which workstation asks
            try:
                return question(self._ask_api, *args, **facts)
            except CentreUnreachable as fault:
                raise (CentreUnreachable(_ASKED, no_answer=True) if fault.no_answer else fault) from None

        return self._lanes.ask.submit(asked)

    def standing(self) -> Standing:
        """Give the light as it was last worked out; safe on any thread, reads nothing."""
        return with_concern(self._standing, self._clock.now())

    def nudge(self) -> None:
        """Ask for a pass at once."""
        self._worker.nudge(at_once=True)

    def network_up(self) -> None:
        """Hear that a network came up: what waits goes within seconds."""
        self._worker.network_up()

    def watch(self, *, active: bool) -> None:
        """Say whether the window is in use: the centre is asked less often when it is not."""
        self._worker.active = active

    def sign_in_again(self, password: str) -> "Future[None]":
        """Give the password again after the sign-in ran out; the outbox is not touched."""
        return self._lanes.ask.submit(self._sign_in_again, password)

    def hold(self, case_id: str | None) -> None:
        """Say whose call is open on the screen: that record is not taken away before the wrap-up is saved."""
        before, self._store.on_screen = self._store.on_screen, case_id
        if before is not None and before != case_id:
            self._worker.nudge()

    def heard_alarm(self) -> "Future[None]":
        """Take the alarm off the light: a person has read it and told the supervisor."""
        return self._lanes.write.submit(self._end_alarm)

    def close(self) -> None:
        """Drain the lanes, stop sync within two seconds and close both files."""
        self._closing = True
        self._unsubscribe()
        if not self._worker.stop():
            log.info("sync was still waiting for a reply and is left behind")
        # What was counted awake since the last pass counts for the lease; on a lane: the window's thread may not.
        self._lanes.write.submit(lease.note_time, self._store)
        self._lanes.close()
        unlock.note_time(self._secrets, self._profile.name, self._clock)
        self._store.close()
        self._sync_api.close()
        self._ask_api.close()

    # ---- behind the caller's back -------------------------------------------------------------------------------

    def _heard(self, one: Notice) -> None:
        if one.kinds & {"outbox", "list", "project"}:
            self._look()
        if one.by == "me" and "outbox" in one.kinds:
            self._worker.nudge()

    def _link_changed(self, link: Link) -> None:
        if link.state == "online":
            self.offline_since = None
        self._look()

    def _look(self) -> None:
        """Work the light out anew on the read lane; asked often, done once."""
        with self._lock:
            if self._looking or self._closing:
                return
            self._looking = True
        try:
            self._lanes.read.submit(self._work_out)
        except RuntimeError:  # the lane has just been closed
            return

    def _work_out(self) -> None:
        with self._lock:
            self._looking = False
        try:
            local, alarm = self._store.read(_local_standing)
        except Unavailable as fault:
            local, alarm = self._local[0], fault.sentence
        self._local = (local, alarm)
        if self._store.list_is_damaged:
            self._worker.nudge(at_once=True)  # a pass throws it away and reads it again
        fresh = merge(
            local,
            self._worker.link,
            alarm=alarm,
            low_on_room=self._store.low_on_room,
            outbox_damaged=self._store.outbox_is_damaged,
            push_only=self._store.push_only,
        )
        if fresh != self._standing:
            self._standing = fresh
            self.notices.post(notice("standing", by="centre"))

    def _sign_in_again(self, password: str) -> None:
        try:
            signed = self._ask_api.sign_in(self.me.name, password)
        except SignInNeeded:
            raise Refused("Name or password is not right.", field="password") from None
        if signed.user_id != self.me.user_id:
            raise Refused("This is another person's sign-in. Close the program to change who works here.")
        self._ask_api.credentials.take(signed)
        unlock.remember(self._secrets, self._profile.name, password, self._clock)
        self._worker.nudge(at_once=True)

    def _end_alarm(self) -> None:
        sending.set_alarm(self._store, None)
        self._look()

    def __repr__(self) -> str:
        return f"Client(user {self.me.user_id})"


def _local_standing(view: Snapshot) -> tuple[Standing, str | None]:
    return standing_query.standing(view), sending.counts(view.outbox).alarm
