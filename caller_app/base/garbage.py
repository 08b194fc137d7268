"""Making much that lives on, without Python looking through it for garbage again and again.

Where the collector is off already (the window's program collects on its own thread only, `ui/bridge.py`) it stays off.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_looked_for() -> Iterator[None]:
    """Collect no garbage meanwhile; for work that makes many records and no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
