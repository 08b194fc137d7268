"""The lanes: one worker thread each for writing, reading, files and questions to the centre.

Order inside a lane is the order of asking, which is why each has exactly one worker. What is raised travels in the
future; a fault that is nobody's refusal is logged here by its kind and place, never with its words, which may hold
patient data. This is one of the listed boundaries.
"""

import logging
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from caller_app.base.errors import Refused, Unavailable

if TYPE_CHECKING:
    from concurrent.futures import Future

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


def where(fault: BaseException) -> str:
    """Name a fault by its kind and the places it passed, without its words."""
    frames = traceback.extract_tb(fault.__traceback__)[-6:]
    return type(fault).__name__ + "".join(f" < {one.name}:{one.lineno}" for one in reversed(frames))


class Lane:
    """One named worker: what is asked first is done first."""

    def __init__(self, name: str) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self.name = name
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    def submit(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Put work at the end of the lane."""
        return self._pool.submit(self._run, work, *args, **kwargs)

    def close(self, *, drain: bool = True) -> None:
        """Finish what was asked, then end the worker; without `drain` what has not begun is dropped, nobody waits."""
        self._pool.shutdown(wait=drain, cancel_futures=not drain)

    def _run(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return work(*args, **kwargs)
        except (Refused, Unavailable):
            raise
        except BaseException as fault:
            log.error("bug in lane %s: %s", self.name, where(fault))
            raise


class Lanes:
    """The four lanes of a workstation, closed together."""

    def __init__(self) -> None:
        self.write = Lane("write")
        self.read = Lane("read")
        self.files = Lane("files")
        self.ask = Lane("ask")

    def close(self) -> None:
        """Drain and end the lanes: what was recorded on the way out is still saved; a question is not waited for."""
        self.ask.close(drain=False)
        for lane in (self.write, self.files, self.read):
            lane.close()
