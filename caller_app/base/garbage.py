"""Making much that lives on, without Python looking through it for garbage again and again.

Where the collector is off already (the window's program collects on its own thread only, `ui/bridge.py`) it stays off.
Two threads may be at it at once: the last one to end lets it be collected again.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_inside = 0
_was_on = False


@contextmanager
def not_looked_for() -> Iterator[None]:
    """Collect no garbage meanwhile; for work that makes many records and no cycles."""
    global _inside, _was_on  # noqa: PLW0603 - the collector is one for the whole process, and so is this
    with _lock:
        if _inside == 0:
            _was_on = gc.isenabled()
            gc.disable()
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0 and _was_on:
                gc.enable()
