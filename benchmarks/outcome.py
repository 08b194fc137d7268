"""From the key of a result to the next card painted, in the real window over the real client and its encrypted files.

Return dials, F2 records "no answer". The clock starts before the key event and stops when the event loop comes back
from the turn in which the head of the next card was painted. Nothing listens at the centre's address. After every key
the transaction inside it is compared with a bare one-row one on the same disk. `--short`: 5,000 for 56,243.
"""

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.bare_commit import BareCommit
from benchmarks.report import Figure, median, percentile, show
from benchmarks.workstation import PASSWORD, Workstation, in_environment

LIMIT_MS = 100.0
COMMIT_LIMIT = 3.0
NORMAL, STRESS, SHORT_STRESS = 200, 56_243, 5_000
WARM_UP = 5
PATIENCE = 60.0
SETTLE = 0.25  # longer than the list waits before it looks again: nobody ends two calls within it


@dataclass
class Measured:
    """Milliseconds of each repetition."""

    keys: list[float] = field(default_factory=list)
    holds: list[float] = field(default_factory=list)
    commands: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)


class Painted(QObject):
    """Notes that a widget was painted while it said something else than before."""

    def __init__(self, label: Any) -> None:
        super().__init__(label)
        self._label = label
        self._before = ""
        self.seen = False
        self.turns = QEventLoop()  # the program's own way of waiting: a loop that spins takes the lanes' processor
        label.installEventFilter(self)

    def arm(self) -> None:
        """Wait for the next person."""
        self._before, self.seen = self._label.text(), False

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it by this name
        if event.type() == QEvent.Type.Paint and self._label.text() not in ("", self._before):
            self.seen = True
            self.turns.quit()
        return False


class TimedFile:
    """The outbox as the store uses it: each recording timed from BEGIN to the end of COMMIT, and with its command.

    A bare row follows at once on the same thread: the same moment, the same window busy beside it. It counts in the
    time to the next card, which is the worse for it.
    """

    def __init__(self, file: Any, bare: BareCommit) -> None:
        self._alone = file.alone
        self._bare = bare
        self.bare: list[float] = []
        self.holds: list[float] = []
        self.commands: list[float] = []
        file.alone = self.alone

    @contextmanager
    def alone(self) -> Iterator[Any]:
        began = time.perf_counter()
        with self._alone() as alone:
            commit = alone.commit

            def timed(statements: Any) -> None:
                before = time.perf_counter()
                commit(statements)
                after = time.perf_counter()
                self.holds.append((after - before) * 1000)
                self.commands.append((after - began) * 1000)
                self.bare.append(self._bare.seconds() * 1000)

            alone.commit = timed
            yield alone


class Desk:
    """The signed-in window, with hands."""

    def __init__(self, window: Any, bare: BareCommit) -> None:
        self.window = window
        self.app = QApplication.instance()
        until = self.window.door.sign_in("ann.caller", PASSWORD)
        self.wait(until.done, "the profile to open")
        window.show_desk(until.result())
        self.screen: Any = window.navigation.built("calling")
        self.wait(lambda: self.screen.list_pane.model.rowCount() > 0, "the list")
        self.timed = TimedFile(window.client._store.outbox, bare)  # noqa: SLF001 - the one place that times it
        self.painted = Painted(self.screen.card_pane.head._name)  # noqa: SLF001 - what a person looks at
        self._patience = QTimer(singleShot=True, interval=int(PATIENCE * 1000))
        self._patience.timeout.connect(self.painted.turns.quit)

    def wait(self, holds: Callable[[], Any], what: str) -> None:
        until = time.perf_counter() + PATIENCE
        while not holds():
            self.app.processEvents()
            if time.perf_counter() > until:
                raise SystemExit(f"waited in vain for {what}")
            time.sleep(0.0002)

    def settle(self) -> None:
        """Let everything behind the card end: lanes empty, nothing more to paint."""
        for _ in range(2):
            until = time.perf_counter() + SETTLE
            self.wait(lambda until=until: time.perf_counter() > until, "a moment")
            for lane in (self.window.client.write, self.window.client.read):
                self.wait(lane(_nothing).done, "the lanes")

    def press(self, key: Qt.Key) -> None:
        where = QApplication.focusWidget()
        assert where is not None
        QTest.keyClick(where, key)

    def dial(self) -> None:
        state = self.screen.presenter.state
        self.press(Qt.Key.Key_Return)
        self.wait(lambda: state.card and state.card.dialled_number and state.outcomes["C01"].possible, "the call")
        self.settle()

    def next_card(self) -> float:
        """Press F2 and give the milliseconds until the next card is painted."""
        self.painted.arm()
        began = time.perf_counter()
        self.press(Qt.Key.Key_F2)
        if not self.painted.seen:
            self._patience.start()
            self.painted.turns.exec()
            self._patience.stop()
        took = time.perf_counter() - began
        if not self.painted.seen:
            raise SystemExit("no next card was painted")
        self.settle()
        return took * 1000


def _nothing(_view: Any) -> None:
    return None


def measure(station: Workstation, times: int) -> Measured:
    """Open the window of a filled workstation and end calls in it."""
    from ui.bridge import Collector
    from ui.main import make_window
    from ui.main import show as open_window

    measured = Measured()
    bare = BareCommit(station.paths.home / "bare.db")
    with in_environment(station.environment):
        window = make_window(station.paths, station.clock)
        collector = Collector()
        gc.collect()
        window.resize(1366, 768)
        open_window(window)
        try:
            QTest.qWaitForWindowExposed(window)
            desk = Desk(window, bare)
            window.activateWindow()
            desk.wait(window.isActiveWindow, "the keyboard")
            desk.settle()
            rows = desk.screen.list_pane
            desk.screen.open_person(rows.model.row_at(rows.model.first_person()).case_id)
            desk.wait(lambda: desk.screen.presenter.state.opened, "the first card")
            desk.settle()
            for number in range(times + WARM_UP):
                desk.dial()
                at = len(desk.timed.holds)
                took = desk.next_card()
                if number >= WARM_UP:
                    measured.keys.append(took)
                    measured.holds.append(desk.timed.holds[at])
                    measured.commands.append(desk.timed.commands[at])
                    measured.bare.append(desk.timed.bare[at])
        finally:
            window.close()
            collector.close()
            bare.close()
            window.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return measured


def figures_of(people: int, one: Measured, *, limited: bool) -> list[Figure]:
    """Give the lines of one workstation."""
    what, base = f"with {people:,} cases", median(one.bare)
    bare = "one bare row, FULL"
    return [
        Figure(
            f"key to next card, p95, {what}", percentile(one.keys, 0.95), "ms", limit=LIMIT_MS if limited else None
        ),
        Figure(f"key to next card, median, {what} (reported)", median(one.keys), "ms"),
        Figure(
            f"the outbox transaction in it, {what}", median(one.holds), "ms", bare, base,
            COMMIT_LIMIT if limited else None,
        ),
        Figure(f"with the command before it, {what} (reported)", median(one.commands), "ms", bare, base),
    ]  # fmt: skip


def main(argv: list[str]) -> int:
    short = "--short" in argv
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures: list[Figure] = []
    plan = ((NORMAL, 20 if short else 80, True), (SHORT_STRESS if short else STRESS, 10 if short else 40, False))
    with tempfile.TemporaryDirectory(prefix="caller-bench-") as name:
        # Filled first: once a window is open, its thread may not touch a store.
        stations = [Workstation(Path(name) / str(people)) for people, _, _ in plan]
        for station, (people, _, _) in zip(stations, plan, strict=True):
            station.fill(people)
        for station, (people, times, limited) in zip(stations, plan, strict=True):
            figures += figures_of(people, measure(station, times), limited=limited)
    return show("Key press on an outcome to the next card painted", figures)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
