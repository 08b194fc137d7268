"""The one way from other threads onto the GUI thread: a queued signal that carries closures.

What a reader would get wrong: notices are merged per turn of the event loop, so a pull of 10,000 rows repaints once.
No other cross-thread signal exists in the program.
"""

import gc
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from caller_app.base.notices import Notice


class Bridge(QObject):
    """Lives on the GUI thread; `post` may be called from any thread."""

    noticed = Signal(object)  # Notice, at most one of each author per turn, on the GUI thread
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: dict[str, Notice] = {}
        self._open = True
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, closure: Callable[[], object]) -> None:
        """Run a closure on the GUI thread, in the order posted."""
        if self._open:
            self._posted.emit(closure)

    def notice(self, one: Notice) -> None:
        """Take a notice from any thread; those of one author and turn become one."""
        with self._lock:
            first = not self._waiting
            before = self._waiting.get(one.by)
            if before is not None:
                # No ids means "any of them": merging must not make it narrower.
                ids = before.ids | one.ids if before.ids and one.ids else frozenset()
                one = Notice(before.kinds | one.kinds, ids, one.by)
            self._waiting[one.by] = one
        if first:
            self.post(self._deliver)

    def close(self) -> None:
        """Take nothing more: what arrives after the window is gone is dropped."""
        self._open = False

    def _deliver(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for one in waiting.values():
            self.noticed.emit(one)

    @Slot(object)
    def _run(self, closure: Callable[[], object]) -> None:
        if self._open:
            closure()


class Collector(QObject):
    """Collects cyclic garbage on the GUI thread only.

    Python collects on whichever thread happens to allocate; a widget in a reference cycle that is collected on a lane
    is destroyed off the GUI thread, and Qt crashes the process. It also keeps long collections out of key presses.
    """

    EVERY_MS = 1000

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect_due)
        self._timer.start(self.EVERY_MS)

    def collect_due(self) -> None:
        """Collect the oldest generation that is due, as Python itself would have."""
        due = [
            at
            for at, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if count > limit
        ]
        if due:
            gc.collect(max(due))

    def close(self) -> None:
        """Let Python collect as it was set before."""
        self._timer.stop()
        if self._was_on:
            gc.enable()
