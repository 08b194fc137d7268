"""The background worker of a running centre: judges what pushes left without a verdict, seals the audit, tidies up.

Each round is a few short transactions; any number of centres may run one, they take turns by database locks. A failure
is logged and the next round tries again.
"""

import threading
from collections.abc import Callable

import structlog

from caller_app.central.centre import Centre
from caller_app.central.db import writing
from caller_app.central.logs import where
from caller_app.central.rules import apply, audit, durability, reread, retention, workspace

log = structlog.get_logger("caller_app.central")

EVERY_SECONDS = 2.0
TIDY_EVERY = 30  # rounds
ARCHIVE_EVERY = 5


class Worker(threading.Thread):
    """Runs rounds until it is told to stop."""

    def __init__(self, centre: Centre, stop: threading.Event) -> None:
        super().__init__(name="centre-worker", daemon=True)
        self._centre = centre
        self._told_to_stop = stop
        self._sealer = audit.Sealer()
        self._mark: durability.Mark | None = None

    def run(self) -> None:
        """Go round at once, then every two seconds."""
        rounds = 0
        while True:
            self._attempt("judge", self._judge)
            self._attempt("seal", self._seal)
            if rounds % ARCHIVE_EVERY == 0:
                self._attempt("archive", self._archive)
            if rounds % TIDY_EVERY == 0:
                self._attempt("history", self._history)
                self._attempt("reread", self._reread)
                self._attempt("tidy", self._tidy)
            rounds += 1
            if self._told_to_stop.wait(EVERY_SECONDS):
                return

    def _judge(self) -> None:
        now = self._centre.now()
        judged = apply.judge_waiting(self._centre, older_than=now - workspace.LEFT_FOR, now=now)
        if judged:
            log.info("judged_late", judged=judged)

    def _seal(self) -> None:
        self._sealer.seal(self._centre.engine)

    def _tidy(self) -> None:
        swept = retention.tidy(self._centre.engine, now=self._centre.now())
        if swept:
            log.info("tidied", swept=swept)

    def _history(self) -> None:
        if self._centre.look_at_history():
            log.warning("history_changed", epoch=self._centre.standing.epoch)

    def _reread(self) -> None:
        now = self._centre.now()
        while read := writing(self._centre.engine, lambda conn: reread.reread(conn, now=now)):
            log.info("read_after_update", changes=read)

    def _archive(self) -> None:
        """Once the archive of PostgreSQL's log has come to where a mark was set, what was there then is durable."""
        with self._centre.engine.connect() as conn:
            if not durability.archives(conn):
                return
            last = durability.last_archived(conn)
            if self._mark is None or self._mark.running_since != durability.running_since(conn):
                self._mark = durability.mark(conn)  # of another run nothing counts: older files may have been put back
                return
        mark = self._mark
        if durability.covers(last, mark.segment):
            writing(self._centre.engine, lambda conn: durability.archived(conn, mark.numbers))
            self._mark = None
        elif last is not None and last[:8] > mark.segment[:8]:
            self._mark = None  # the log goes on in another timeline: this mark will never be reached

    def _attempt(self, what: str, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as fault:  # noqa: BLE001 - the boundary of the worker: the next round tries again
            log.error("worker_failed", task=what, fault=type(fault).__name__, where=where(fault))
