"""The presenters of the caller's window with a view that writes down what it is told and lanes that answer at once."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.support import calling_rows as rows
from ui.screens.calling.presenter import CallingPresenter


class NotedView:
    """Keeps every call of the view protocol."""

    def __init__(self) -> None:
        self.said: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("_"):
            raise AttributeError(name)

        def note(*args: Any, **kwargs: Any) -> None:
            self.said.append((name, args, kwargs))

        return note

    def calls(self, name: str) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
        """Give the calls of one method."""
        return [(args, kwargs) for one, args, kwargs in self.said if one == name]


@dataclass
class World:
    """View, presenter, what the store answers, what it was asked and told."""

    answers: dict[str, Any]
    view: NotedView = field(default_factory=NotedView)
    written: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    questions: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    held_cases: list[str | None] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    waiting: list[Callable[[], None]] = field(default_factory=list)
    presenter: CallingPresenter = field(init=False)

    def __post_init__(self) -> None:
        self.presenter = CallingPresenter(self.view, self, hold=self.held_cases.append)  # type: ignore[arg-type]

    def write(self, command: Callable[..., Any], /, *, done: Any = None, failed: Any = None, **facts: Any) -> None:
        self.written.append((command.__name__, facts))
        self._give(command.__name__, facts, done, failed)

    def read(
        self, query: Callable[..., Any], /, *, done: Any, failed: Any = None, latest: Any = None, **question: Any
    ) -> None:
        self.questions.append((query.__name__, question))
        self._give(query.__name__, question, done, failed)

    def _give(self, name: str, facts: dict[str, Any], done: Any, failed: Any) -> None:
        def answer() -> None:
            found = self.answers.get(name)
            found = found(**facts) if callable(found) else found
            if name == "card" and found is not None:
                found = replace(found, case_id=facts["case_id"])
            if isinstance(found, Exception):
                failed(found)
            elif done is not None:
                done(found)

        if name in self.held:
            self.waiting.append(answer)
        else:
            answer()

    def let_go(self) -> None:
        """Bring what was held back, oldest first."""
        self.held.clear()
        waiting, self.waiting = self.waiting, []
        for one in waiting:
            one()

    def names(self) -> list[str]:
        """Name the commands so far."""
        return [name for name, _ in self.written]

    def last(self, name: str) -> dict[str, Any]:
        """Give the facts of the last command of this name."""
        return next(facts for one, facts in reversed(self.written) if one == name)


def world() -> World:
    """Make a world whose list is the usual one; nobody's call was broken off."""
    return World(
        {
            "my_list": rows.ROWS,
            "list_counts": rows.COUNTS,
            "next_case": lambda after=None: "c6" if after != "c6" else "c7",
            "card": rows.card(call_id=None),
            "script_path": rows.card().script,
            "what_if": rows.OBJECTIONS,
            "outcome_pad": rows.pad(dialled=False),
            "open_call": "call-1",
        }
    )
