"""The threads that serve requests: whoever asked first is served first, and who waited too long hears so.

There are fewer of them than the pool has connections, so no request ever waits at the pool. What a reader would get
wrong: the pool would not be fair to those who wait. A request takes a connection several times, and whoever has just
given one back has it again before one that waits has woken: some were served at once and others told "busy".
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from caller_app.central.db import BUSY, POOL, Busy

T = TypeVar("T")

THREADS = POOL - 2  # the worker and the thread that reads the heads have a connection each
PATIENCE_SECONDS = 5.0


class Turns(ThreadPoolExecutor):
    """Runs what is submitted in the order it came; raises Busy in place of what had to wait longer than patience."""

    def __init__(self, threads: int = THREADS, patience: float = PATIENCE_SECONDS) -> None:
        super().__init__(threads, thread_name_prefix="request")
        self._patience = patience

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run a call when its turn comes."""
        asked = time.monotonic()

        def in_turn() -> T:
            if time.monotonic() - asked > self._patience:
                raise Busy(BUSY)
            return fn(*args, **kwargs)

        return super().submit(in_turn)
