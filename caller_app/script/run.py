"""A script in use: from the answers so far to the page to show, what is missing, and what it would conclude.

What a reader would get wrong: nothing is remembered here. The same script, answers and given values always stand the
same way, so a call resumes after a crash, and going back and forth is the same as going straight. Every answer is kept,
but only questions on the path count: an answer whose question is no longer asked is blank to every condition and sets
nothing. One pass in the order of the sheet is enough, because no condition may look at a later question.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from caller_app.script.derive import Concluded, Said, conclude
from caller_app.script.draft import fits
from caller_app.script.expressions import tree
from caller_app.script.expressions.evaluate import Asked, Run, compiled, truth, words
from caller_app.script.script import Page, Row, Script

Answers = Mapping[str, Any]  # by row name: text, or a list of the values picked


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that cannot stand, and why in words."""

    row: str
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A page on the path: the rows shown on it now, what is missing and what cannot stand."""

    page: Page
    rows: tuple[Row, ...]
    missing: tuple[str, ...]
    faults: tuple[Fault, ...]

    @property
    def done(self) -> bool:
        """Tell whether the call may go on past this page."""
        return not self.missing and not self.faults


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a call stands in its script."""

    path: tuple[Shown, ...]  # up to the first page that is not done
    ahead: int  # pages that would follow as things are
    values: Mapping[str, str] = field(repr=False)  # what every name is worth, blank where it is not asked
    concluded: Concluded

    @property
    def finished(self) -> bool:
        """Tell whether every page on the path is done."""
        return all(one.done for one in self.path)

    def page(self, name: str) -> Shown | None:
        """Give a page on the path."""
        return next((one for one in self.path if one.page.name == name), None)


@dataclass(frozen=True, slots=True)
class _Step:
    """One row with its closures."""

    row: Row
    relevant: Run | None
    constraint: Run | None
    calculation: Run | None
    choice_filter: Run | None
    kept: frozenset[str]


class Runner:
    """One script made ready to be asked; raises BadCall or Malformed (expressions) for a script that is none."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._trees = script.expressions
        self._runs: dict[str, Run] = {}
        self._pages = tuple(
            (page, self._run(page.relevant), tuple(self._step(row) for row in page.rows)) for page in script.pages
        )
        self._labels = {row.name: row for row in script.rows() if row.choices}

    def _step(self, row: Row) -> _Step:
        return _Step(
            row,
            self._run(row.relevant),
            self._run(row.constraint),
            self._run(row.calculation),
            self._run(row.choice_filter),
            frozenset(one.value for one in row.choices),
        )

    def _run(self, written: str) -> Run | None:
        if not written:
            return None
        if written not in self._runs:
            if written not in self._trees:
                raise tree.Malformed("an expression of the script was never read")
            self._runs[written] = compiled(tree.loaded(self._trees[written]))
        return self._runs[written]

    def stand(self, answers: Answers, given: Answers, now: datetime) -> Standing:
        """Say where a call stands; `given` holds the values of hidden rows, `now` the time the script may ask for."""
        values: dict[str, str] = {}
        shown: list[Shown] = []
        said: list[Said] = []
        ahead = 0
        open_page = False

        for page, relevant, steps in self._pages:
            here = relevant is None or truth(relevant, Asked(values, now, labels=self._label))
            on_page = _Page(values, given, answers, now, self._label)
            for step in steps:
                on_page.take(step, asked=here)
            if not on_page.rows:
                continue
            if open_page:
                ahead += 1
                continue
            shown.append(Shown(page, tuple(on_page.rows), tuple(on_page.missing), tuple(on_page.faults)))
            said += on_page.said
            open_page = not shown[-1].done
        return Standing(tuple(shown), ahead, values, conclude(said))

    def shown(self, answers: Answers, given: Answers, now: datetime) -> frozenset[str]:
        """Name every page and row that would be shown, whatever is still missing: for checking, not for a call."""
        values: dict[str, str] = {}
        names: set[str] = set()
        for page, relevant, steps in self._pages:
            here = relevant is None or truth(relevant, Asked(values, now, labels=self._label))
            on_page = _Page(values, given, answers, now, self._label)
            for step in steps:
                on_page.take(step, asked=here)
            if on_page.rows:
                names.update((page.name, *(row.name for row in on_page.rows)))
        return frozenset(names)

    def _label(self, question: str, value: str) -> str:
        row = self._labels.get(question)
        return next((one.label for one in row.choices if one.value == value), "") if row else ""

    def choices(self, row: Row, standing: Standing, now: datetime) -> tuple[str, ...]:
        """Give the values a question offers now (its choice filter applied)."""
        return _offered(row, self._run(row.choice_filter), standing.values, now)


@dataclass(slots=True)
class _Page:
    """One page while it is worked out."""

    values: dict[str, str]
    given: Answers
    answers: Answers
    now: datetime
    label: Callable[[str, str], str]
    rows: list[Row] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    def take(self, step: _Step, *, asked: bool) -> None:
        row = step.row
        if row.type == "hidden":
            self.values[row.name] = as_words(self.given.get(row.name, "")) or row.default
            return
        if asked and step.relevant is not None:
            asked = truth(step.relevant, Asked(self.values, self.now, labels=self.label))
        if row.type == "calculate":
            self.values[row.name] = self._calculated(step) if asked else ""
            return
        if not asked:
            self.values[row.name] = ""
            return
        self.rows.append(row)
        value = self._answer(step) if row.type != "note" else ""
        self.values[row.name] = value
        picked = tuple(one for one in row.choices if one.value in value.split()) if row.choices and value else ()
        if row.sets_outcome or row.pathway or row.raises or picked:
            self.said.append(Said(row, picked))

    def _calculated(self, step: _Step) -> str:
        if step.calculation is None:
            return ""
        here = self.values.get(step.row.name, "")
        return words(step.calculation, Asked(self.values, self.now, here=here, labels=self.label))

    def _answer(self, step: _Step) -> str:
        row = step.row
        value = as_words(self.answers.get(row.name, row.default if row.name not in self.answers else ""))
        if not value:
            if row.required:
                self.missing.append(row.name)
            return ""
        offered = step.kept
        if step.choice_filter is not None:
            offered = frozenset(_offered(row, step.choice_filter, self.values, self.now))
        if not fits(row.type, value, tuple(offered)):
            self.faults.append(Fault(row.name, _NOT_AN_ANSWER.get(row.type, "This cannot be an answer here.")))
            return ""
        if step.constraint is not None and not truth(
            step.constraint, Asked(self.values, self.now, here=value, labels=self.label)
        ):
            self.faults.append(Fault(row.name, row.constraint_message or "This answer cannot stand here."))
        return value


_NOT_AN_ANSWER = {
    "integer": "Enter a whole number.",
    "decimal": "Enter a number.",
    "date": "Enter a day, as 2026-11-22.",
    "select_one": "Choose one of the answers.",
    "select_multiple": "Choose among the answers.",
}


def as_words(value: Any) -> str:
    """Give an answer as the text an expression sees: what was picked with spaces between."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "y" if value else "n"
    if isinstance(value, list | tuple):
        return " ".join(str(one) for one in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _offered(row: Row, choice_filter: Run | None, values: Mapping[str, str], now: datetime) -> tuple[str, ...]:
    if choice_filter is None:
        return tuple(one.value for one in row.choices)
    return tuple(
        one.value
        for one in row.choices
        if truth(choice_filter, Asked(values, now, columns={"name": one.value, "label": one.label, **one.columns}))
    )
