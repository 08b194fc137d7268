"""Decides a walk: which sample patient, what was answered, which page is read, in which language.

What a reader would get wrong: where the walk stands is worked out off this thread after every answer; keys pressed
meanwhile wait for it. A sample patient of the workbook is walked at the moment its table is, so that both end alike.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from caller_app.base.clock import Clock
from caller_app.script.examples import WALKED_AT, Example
from caller_app.supervise.rehearsal import Rehearsal, Walked, save_findings, walk
from ui.tasks import OwnWork


class WalkingView(Protocol):
    """What shows the walk and what was found."""

    def show_walk(self, walked: Walked, at: int) -> None: ...
    def show_given(self, values: dict[str, str]) -> None: ...
    def say_missing(self, sentence: str, line: str) -> None: ...
    def show_saved(self, path: Path) -> None: ...
    def show_refused(self, fault: Exception) -> None: ...


class WalkPresenter:
    """One walk at a time."""

    def __init__(self, view: WalkingView, work: OwnWork, clock: Clock) -> None:
        self._view, self._work, self._clock = view, work, clock
        self.rehearsal: Rehearsal | None = None
        self.walked = Walked((), 0, finished=False)
        self.at = 0
        self.answers: dict[str, Any] = {}
        self.given: dict[str, str] = {}
        self.language = ""
        self._example: Example | None = None
        self._asked = 0
        self._waiting: list[Callable[[], None]] = []

    def begin(self, rehearsal: Rehearsal) -> None:
        """Begin with a workbook; what was typed for the one before stays where it has the same fields."""
        names = {row.name for row in rehearsal.given()}
        kept = {name: value for name, value in self.given.items() if name in names}
        self.rehearsal, self._example = rehearsal, None
        if self.language not in rehearsal.languages:
            self.language = rehearsal.languages[0] if rehearsal.languages else ""
        self.answers, self.given, self.at = {}, kept, 0
        self._view.show_given(self.given)
        self._work_out()

    def on_patient(self, example: Example | None) -> None:
        """Walk as a sample patient of the workbook would; nobody: with the values as they are and no answers."""
        if self.rehearsal is None:
            return
        self._example = example
        names = {row.name for row in self.rehearsal.given()}
        if example is not None:
            self.given = {name: value for name, value in example.values.items() if name in names}
        values = example.values if example is not None else {}
        self.answers = {name: value for name, value in values.items() if name not in names}
        self.at = 0
        self._view.show_given(self.given)
        self._work_out()

    def on_begin_anew(self) -> None:
        """Answer nothing yet, with the same values."""
        self.answers, self.at = {}, 0
        self._work_out()

    def on_given(self, name: str, value: str) -> None:
        """A value that a call would bring was typed."""
        if self.given.get(name, "") != value.strip():
            self.given = {**self.given, name: value.strip()}
            self._work_out()

    def on_language(self, language: str) -> None:
        """Read it in another language; nothing that was answered changes."""
        if language != self.language:
            self.language = language
            self._work_out()

    def on_answered(self, line: str, value: str) -> None:
        """An answer was picked; the same answer again takes it back. Where several fit, each is switched by itself."""
        self._when_settled(lambda: self._answer(line, value))

    def on_typed(self, line: str, value: str) -> None:
        """An answer was typed."""
        if self.answers.get(line, "") != value:
            self.answers = {**self.answers, line: value}
            self._work_out()

    def on_moved(self, step: int) -> None:
        """To the next page or back."""
        self._when_settled(lambda: self._move(step))

    def save_findings(self, path: Path) -> None:
        """Write what was found into a file."""
        if self.rehearsal is not None:
            self._work.job(
                save_findings, done=self._view.show_saved, failed=self._view.show_refused, path=path,
                rehearsal=self.rehearsal,
            )  # fmt: skip

    def _answer(self, name: str, value: str) -> None:
        line = next((one for page in self.walked.pages for one in page.lines if one.name == name), None)
        taken = str(self.walked.taken.get(name, "")).split()
        if line is not None and line.kind == "select_multiple":
            picked = [one for one in taken if one != value] if value in taken else [*taken, value]
            self.answers = {**self.answers, name: picked}
        else:
            self.answers = {**self.answers, name: "" if taken == [value] else value}
        self._work_out()

    def _move(self, step: int) -> None:
        page = self.walked.pages[self.at] if self.at < len(self.walked.pages) else None
        if page is None:
            return
        if step > 0 and not page.done:
            faults = [line for line in page.lines if line.fault]
            line = page.missing[0] if page.missing else faults[0].name if faults else ""
            sentence = faults[0].fault if faults and not page.missing else "This question needs an answer first."
            self._view.say_missing(sentence, line)
            return
        to = self.at + step
        if 0 <= to < len(self.walked.pages):
            self.at = to
            self._view.show_walk(self.walked, self.at)

    def _when_settled(self, act: Callable[[], None]) -> None:
        if self._asked:
            self._waiting.append(act)
        else:
            act()

    def _work_out(self) -> None:
        if self.rehearsal is None:
            return
        self._asked += 1
        number = self._asked

        def done(walked: Walked) -> None:
            if number != self._asked:
                return
            self._asked = 0
            self.walked = walked
            self.at = min(self.at, max(0, len(walked.pages) - 1))
            self._view.show_walk(walked, self.at)
            waiting, self._waiting = self._waiting, []
            for act in waiting:
                self._when_settled(act)

        def failed(fault: Exception) -> None:
            if number == self._asked:
                self._asked, self._waiting = 0, []
                self._view.show_refused(fault)

        self._work.job(
            walk, done=done, failed=failed, rehearsal=self.rehearsal, answers=dict(self.answers),
            given=dict(self.given), language=self.language,
            now=WALKED_AT if self._example is not None else self._clock.now(),
        )  # fmt: skip
