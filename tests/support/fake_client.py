"""A client of our own for screens: answers queries from a table by name, keeps what commands were given.

What a reader would get wrong: it runs nothing in threads. Futures are done at once (or held back with `hold_back`),
and still arrive through the real bridge and tasks.
"""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

from caller_app.base.notices import Board
from caller_app.domain.staff import User
from caller_app.queries.rows import Standing


class FakeClient:
    """Speaks the client's contract; `answers` holds a value or a function per query or command name."""

    def __init__(self, answers: dict[str, Any] | None = None) -> None:
        self.me = User(7, "sam", "Sam Field", "caller")
        self.server_name = "Test centre"
        self.test_mode = True
        self.demo_key_in_file = False
        self.offline_since = None
        self.notices = Board()
        self.answers: dict[str, Any] = dict(answers or {})
        self.written: list[tuple[str, dict[str, Any]]] = []
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.held: str | None = None
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []
        self.hold_back: set[str] = set()
        self.state = Standing("all_sent", "Everything is sent.", 0, None, None, datetime(2026, 11, 24, 10, tzinfo=UTC))

    def write(self, command: Callable[..., Any], /, **facts: Any) -> "Future[Any]":
        """Keep what was given and answer."""
        self.written.append((command.__name__, facts))
        return self._answer(command.__name__, facts)

    def read(self, query: Callable[..., Any], /, **question: Any) -> "Future[Any]":
        """Answer from the table."""
        self.asked.append((query.__name__, question))
        return self._answer(query.__name__, question)

    job = ask = read

    def _answer(self, name: str, facts: dict[str, Any]) -> "Future[Any]":
        future: Future[Any] = Future()

        def finish() -> None:
            answer = self.answers.get(name)
            try:
                future.set_result(answer(**facts) if callable(answer) else answer)
            except Exception as fault:  # noqa: BLE001 - what a command raises is what the future brings
                future.set_exception(fault)

        if name in self.hold_back:
            self.waiting.append((future, finish))
        else:
            finish()
        return future

    def let_go(self) -> None:
        """Answer everything that was held back, oldest first."""
        waiting, self.waiting = self.waiting, []
        for _, finish in waiting:
            finish()

    def commands(self) -> list[str]:
        """Name the commands so far, in order."""
        return [name for name, _ in self.written]

    def last(self, name: str) -> dict[str, Any]:
        """Give the facts of the last command of this name."""
        return next(facts for one, facts in reversed(self.written) if one == name)

    def standing(self) -> Standing:
        """How sending stands."""
        return self.state

    def nudge(self) -> None:
        """Nothing to do."""

    def hold(self, case_id: str | None) -> None:
        """Note which case is open."""
        self.held = case_id

    def close(self) -> None:
        """Nothing to close."""
