"""Windows in tests: a client and a doorway that answer what they are told to, and a dressed application.

What a reader would get wrong: the fakes stand at an edge we own (the client contract). Answers come at once unless
`pause()` is called; then `let_through()` brings them in order, so that no test has to sleep.
"""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QApplication

from caller_app.base.notices import Board
from caller_app.domain.staff import User
from caller_app.queries.rows import Standing
from ui.bridge import Bridge
from ui.remember import Remembered
from ui.tasks import Desk, Tasks
from ui.theme.live import look

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def standing(state: str = "all_sent", **more: Any) -> Standing:
    """Give a standing of the light."""
    facts: dict[str, Any] = {
        "sentence": "Everything is sent. The centre last answered at 10:00.",
        "unsent": 0,
        "oldest_unsent_at": None,
        "last_receipt_at": NOW,
        "list_as_of": NOW - timedelta(minutes=1),
    }
    return Standing(state=state, **{**facts, **more})  # type: ignore[arg-type]


class Answers:
    """Futures that are resolved at once, or held until released."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._answers: dict[str, Any] = {}
        self._held: list[Callable[[], None]] | None = None

    def set(self, question: Callable[..., Any] | str, answer: Any) -> None:
        """Set what a question is answered with: a value, an exception to raise, or a function of the facts."""
        self._answers[question if isinstance(question, str) else question.__name__] = answer

    def pause(self) -> None:
        """Keep answers back from now on."""
        self._held = []

    def let_through(self, count: int | None = None) -> None:
        """Let held answers through, the oldest first; all of them and those to come where no count is given."""
        held = self._held or []
        for _ in range(len(held) if count is None else count):
            held.pop(0)()
        if count is None:
            self._held = None

    def give(self, question: Callable[..., Any] | str, facts: dict[str, Any]) -> "Future[Any]":
        """Answer a question."""
        name = question if isinstance(question, str) else question.__name__
        self.asked.append((name, facts))
        future: Future[Any] = Future()

        def resolve() -> None:
            try:
                if name not in self._answers:
                    raise AssertionError(f"the fake was not told what to answer to {name}")
                answer = self._answers[name]
                if isinstance(answer, Exception):
                    raise answer
                future.set_result(answer(**facts) if callable(answer) else answer)
            except Exception as fault:  # noqa: BLE001 - it travels in the future, as a lane's does
                future.set_exception(fault)

        if self._held is None:
            resolve()
        else:
            self._held.append(resolve)
        return future

    def names(self) -> list[str]:
        """Give the questions asked, in order."""
        return [name for name, _facts in self.asked]


class FakeClient(Answers):
    """A signed-in workstation as `caller_app.client.Client` offers it."""

    def __init__(self, role: str = "caller", shown_name: str = "Amina Yusuf") -> None:
        super().__init__()
        self.me = User(7, "amina", shown_name, role)  # type: ignore[arg-type]
        self.server_name = "Norfolk calling centre"
        self.test_mode = True
        self.demo_key_in_file = False
        self.offline_since: datetime | None = None
        self.notices = Board()
        self.now_standing = standing()
        self.held: list[str | None] = []
        self.nudged = 0
        self.networks = 0
        self.closed = False
        self.active = True

    def write(self, command: Callable[..., Any], /, **facts: Any) -> "Future[Any]":
        return self.give(command, facts)

    def read(self, query: Callable[..., Any], /, **question: Any) -> "Future[Any]":
        return self.give(query, question)

    def job(self, work: Callable[..., Any], /, **facts: Any) -> "Future[Any]":
        return self.give(work, facts)

    def ask(self, question: Callable[..., Any], /, **facts: Any) -> "Future[Any]":
        return self.give(question, facts)

    def standing(self) -> Standing:
        return self.now_standing

    def nudge(self) -> None:
        self.nudged += 1

    def network_up(self) -> None:
        self.networks += 1

    def watch(self, *, active: bool) -> None:
        self.active = active

    def hold(self, case_id: str | None) -> None:
        self.held.append(case_id)

    def sign_in_again(self, password: str) -> "Future[Any]":
        return self.give("sign_in_again", {"password": password})

    def heard_alarm(self) -> "Future[Any]":
        return self.give("heard_alarm", {})

    def close(self) -> None:
        self.closed = True


class FakeDoor(Answers):
    """The doorway before sign-in."""

    def __init__(self, url: str | None = "https://calls.example.nhs.uk", last_name: str | None = "amina") -> None:
        super().__init__()
        self.url, self.ca_file, self.last_name = url, None, last_name
        self.closed = False
        self.set("warm", None)

    def remembered(self) -> Any:
        if self.url is None:
            return None
        return SimpleNamespace(url=self.url, ca_file=self.ca_file, last_name=self.last_name)

    def check_centre(self, url: str, ca_file: Path | None = None) -> "Future[Any]":
        return self.give("check_centre", {"url": url, "ca_file": ca_file})

    def remember_centre(self, url: str, ca_file: Path | None = None) -> None:
        self.url, self.ca_file = url, ca_file  # type: ignore[assignment]

    def sign_in(self, name: str, password: str) -> "Future[Any]":
        return self.give("sign_in", {"name": name, "password": password})

    def warm(self) -> "Future[Any]":
        return self.give("warm", {})

    def close(self) -> None:
        self.closed = True


def dressed(theme: str = "light", percent: int = 100) -> QApplication:
    """Give the application in a theme."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(["tests"])
    app.setStyle("Fusion")
    look.wear(app, theme, percent)
    return app


def desk_of(client: Any, clock: Any, folder: Path) -> Desk:
    """Give a desk around a client."""
    bridge = Bridge()
    return Desk(client, Tasks(bridge), bridge, clock, Remembered(folder / "window.json"))
