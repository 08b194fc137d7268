"""Making much that lives on, without Python looking through it for garbage again and again.

Where the collector is off already (the window's program collects on its own thread only, `ui/bridge.py`) it stays off.
Two threads may be at it at once: the last one to end lets it be collected again.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Collector:
    """Python's own, which is one for the whole process: how many keep it off just now, and whether it was on before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._was_on = False

    def keep_off(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._was_on = gc.isenabled()
                gc.disable()
            self._inside += 1

    def let_go(self) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0 and self._was_on:
                gc.enable()


_collector = _Collector()


@contextmanager
def not_looked_for() -> Iterator[None]:
    """Collect no garbage meanwhile; for work that makes many records and no cycles."""
    _collector.keep_off()
    try:
        yield
    finally:
        _collector.let_go()
