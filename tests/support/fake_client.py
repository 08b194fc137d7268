"""Clients for the caller's screens: one that answers by default and keeps commands apart, one over a real store."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from caller_app.base.lanes import Lanes
from caller_app.store.local import LocalStore
from tests.support.qt import FakeClient


class CallClient(FakeClient):
    """Answers None where it was not told better, and keeps what commands were given."""

    def __init__(self, answers: dict[str, Any] | None = None) -> None:
        super().__init__(shown_name="Sam Field")
        self.written: list[tuple[str, dict[str, Any]]] = []
        for name, answer in (answers or {}).items():
            self.set(name, answer)

    def give(self, question: Callable[..., Any] | str, facts: dict[str, Any]) -> "Future[Any]":
        name = question if isinstance(question, str) else question.__name__
        self._answers.setdefault(name, None)
        return super().give(question, facts)

    def write(self, command: Callable[..., Any], /, **facts: Any) -> "Future[Any]":
        self.written.append((command.__name__, facts))
        return self.give(command, facts)

    def commands(self) -> list[str]:
        """Name the commands so far, in order."""
        return [name for name, _ in self.written]

    def last(self, name: str) -> dict[str, Any]:
        """Give the facts of the last command of this name."""
        return next(facts for one, facts in reversed(self.written) if one == name)


class StoreClient(FakeClient):
    """The client contract over a real store and real lanes, without a centre."""

    def __init__(self, store: LocalStore) -> None:
        super().__init__()
        self.store = store
        self.me = store.me
        self.notices = store.board
        self.lanes = Lanes()

    def write(self, command: Callable[..., Any], /, **facts: Any) -> "Future[Any]":
        return self.lanes.write.submit(self.store.write, command, **facts)

    def read(self, query: Callable[..., Any], /, **question: Any) -> "Future[Any]":
        return self.lanes.read.submit(self.store.read, query, **question)

    def hold(self, case_id: str | None) -> None:
        self.store.on_screen = case_id

    def close(self) -> None:
        self.lanes.close()
