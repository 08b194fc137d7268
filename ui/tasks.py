"""Deeds and questions off the GUI thread, answers back on it.

What a reader would get wrong: an answer for a widget that is gone is dropped (`shiboken6.isValid`), and with `latest`
only the newest answer of a key is delivered (search while typing). A fault nobody asked for goes to `unhandled`, so
that none is lost; a bug goes to the crash path whether or not somebody asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject
from shiboken6 import isValid

from caller_app.base.clock import Clock
from caller_app.base.errors import Refused, Unavailable
from ui import crash
from ui.bridge import Bridge
from ui.remember import Remembered

if TYPE_CHECKING:
    from concurrent.futures import Future

Done = Callable[[Any], object]
Failed = Callable[[Exception], object]


class Runner(Protocol):
    """The four lanes as the client offers them."""

    def write(self, command: Callable[..., Any], /, **facts: Any) -> "Future[Any]": ...
    def read(self, query: Callable[..., Any], /, **question: Any) -> "Future[Any]": ...
    def job(self, work: Callable[..., Any], /, **facts: Any) -> "Future[Any]": ...
    def ask(self, question: Callable[..., Any], /, **facts: Any) -> "Future[Any]": ...


class Work(Protocol):
    """How a presenter runs deeds and questions off the GUI thread; answers come back on it."""

    def write(
        self,
        command: Callable[..., Any],
        /,
        *,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        **facts: Any,
    ) -> None: ...

    def read(
        self,
        query: Callable[..., Any],
        /,
        *,
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
        latest: str | None = None,
        **question: Any,
    ) -> None: ...


class Tasks:
    """Routes futures to their owners; one per window."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._newest: dict[tuple[int, str], int] = {}
        self._count = 0
        self.unhandled: Callable[[QObject, Exception], object] = lambda _owner, _fault: None

    def watch(
        self,
        owner: QObject,
        future: "Future[Any]",
        done: Done | None = None,
        failed: Failed | None = None,
        *,
        latest: str | None = None,
    ) -> None:
        """Deliver what a future brings to `done` or `failed` on the GUI thread while the owner lives."""
        self._count += 1
        number = self._count
        key = (id(owner), latest) if latest is not None else None
        if key is not None:
            self._newest[key] = number

        def deliver() -> None:
            if not isValid(owner) or (key is not None and self._newest.get(key) != number):
                return
            if key is not None:
                del self._newest[key]
            fault = future.exception()
            if fault is None:
                if done is not None:
                    done(future.result())
            elif isinstance(fault, Exception):
                self._fail(owner, fault, failed)

        def ended(_future: "Future[Any]") -> None:
            if not future.cancelled():
                self._bridge.post(deliver)

        future.add_done_callback(ended)

    def of(self, owner: QObject, client: Runner) -> "OwnWork":
        """Give what a presenter of this owner works with."""
        return OwnWork(self, owner, client)

    def _fail(self, owner: QObject, fault: Exception, failed: Failed | None) -> None:
        from concurrent.futures import CancelledError

        if isinstance(fault, CancelledError):
            return
        if not isinstance(fault, Refused | Unavailable):
            crash.report(type(fault), fault, fault.__traceback__)
        if failed is not None:
            failed(fault)
        else:
            self.unhandled(owner, fault)


@dataclass(frozen=True, slots=True)
class OwnWork:
    """The lanes as one screen uses them: answers come to it or to nobody."""

    tasks: Tasks
    owner: QObject
    client: Runner

    def write(
        self, command: Callable[..., Any], /, *, done: Done | None = None, failed: Failed | None = None, **facts: Any
    ) -> None:
        """Run a command: one transaction on the write lane."""
        self.tasks.watch(self.owner, self.client.write(command, **facts), done, failed)

    def read(
        self,
        query: Callable[..., Any],
        /,
        *,
        done: Done,
        failed: Failed | None = None,
        latest: str | None = None,
        **question: Any,
    ) -> None:
        """Ask a query on the read lane; with `latest`, an older answer of that key is dropped."""
        self.tasks.watch(self.owner, self.client.read(query, **question), done, failed, latest=latest)

    def job(
        self, work: Callable[..., Any], /, *, done: Done | None = None, failed: Failed | None = None, **facts: Any
    ) -> None:
        """Run a long piece of work with files."""
        self.tasks.watch(self.owner, self.client.job(work, **facts), done, failed)

    def ask(
        self,
        question: Callable[..., Any],
        /,
        *,
        done: Done,
        failed: Failed | None = None,
        latest: str | None = None,
        **facts: Any,
    ) -> None:
        """Ask the centre (supervisors only); it may be unreachable."""
        self.tasks.watch(self.owner, self.client.ask(question, **facts), done, failed, latest=latest)


@dataclass(slots=True)
class Desk:
    """What every screen after sign-in is given: who works, with which lanes, notices, clock and settings."""

    client: Any  # caller_app.client.Client or a fake of it; None while a desk is made ready behind sign-in
    tasks: Tasks
    bridge: Bridge
    clock: Clock
    settings: Remembered

    def work(self, owner: QObject) -> OwnWork:
        """Give what a presenter of this owner works with."""
        return self.tasks.of(owner, self.client)
