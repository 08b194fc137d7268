"""A script in use: from the answers so far to the page to show, what is missing, and what it would conclude.

What a reader would get wrong: nothing is remembered here. The same script, answers and given values always stand the
same way, so a call resumes after a crash, and going back and forth is the same as going straight. Every answer is kept,
but only questions on the path count: an answer whose question is no longer asked is blank to every condition and sets
nothing. One pass in the order of the sheet is enough, because no condition may look at a later question.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from caller_app.script.derive import Concluded, Ends, conclude, ends_of
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
    values: tuple[str, ...]


class Runner:
    """One script made ready to be asked; raises BadCall or Malformed (expressions) for a script that is none.

    It remembers the last call it was asked about, so that after an answer only the pages that answer bears on are
    worked out again; what it says never depends on that (tests compare it with a runner that remembers nothing).
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self._trees = {written: tree.loaded(data) for written, data in script.expressions.items()}
        self._runs: dict[str, Run] = {}
        self._labels = {row.name: row for row in script.rows() if row.choices}
        self._pages = tuple(self._page(page) for page in script.pages)
        self._last: _Asking | None = None

    def _page(self, page: Page) -> "_PageSteps":
        written = [page.relevant]
        for row in page.rows:
            written += [row.relevant, row.constraint, row.calculation, row.choice_filter]
        trees = [self._trees[one] for one in written if one in self._trees]
        needs = {row.name for row in page.rows}.union(*(tree.answers(one) for one in trees))
        timed = any(part[0] == tree.CALL and part[1] in ("today", "now") for one in trees for part in tree.parts(one))
        return _PageSteps(
            page, self._run(page.relevant), tuple(self._step(row) for row in page.rows), frozenset(needs), timed
        )

    def _step(self, row: Row) -> _Step:
        return _Step(
            row,
            self._run(row.relevant),
            self._run(row.constraint),
            self._run(row.calculation),
            self._run(row.choice_filter),
            tuple(one.value for one in row.choices),
        )

    def _run(self, written: str) -> Run | None:
        if not written:
            return None
        if written not in self._runs:
            if written not in self._trees:
                raise tree.Malformed("an expression of the script was never read")
            self._runs[written] = compiled(self._trees[written])
        return self._runs[written]

    def stand(self, answers: Answers, given: Answers, now: datetime) -> Standing:
        """Say where a call stands; `given` holds the values of hidden rows, `now` the time the script may ask for."""
        asking = self._worked_out(answers, given, now)
        shown: list[Shown] = []
        ended: list[Ends] = []
        ahead = 0
        for one in asking.pages:
            if not one.shown.rows:
                continue
            if shown and not shown[-1].done:
                ahead += 1
                continue
            shown.append(one.shown)
            if one.ends:
                ended += one.ends
        return Standing(tuple(shown), ahead, asking.values, conclude(ended))

    def shown(self, answers: Answers, given: Answers, now: datetime) -> frozenset[str]:
        """Name every page and row that would be shown, whatever is still missing: for checking, not for a call."""
        asking = self._worked_out(answers, given, now)
        pages = [one.shown for one in asking.pages if one.shown.rows]
        return frozenset([one.page.name for one in pages] + [row.name for one in pages for row in one.rows])

    def through(self, given: Answers, now: datetime, answer: Callable[[Shown], Answers]) -> None:
        """Go through the script once: each page is asked about until `answer` gives nothing more, then the next.

        For checking: a page looks at earlier ones only, so that a whole call costs little more than one asking. It ends
        before a page that is not done.
        """
        values: dict[str, str] = {}
        answers: dict[str, Any] = {}
        known = _kept(given)
        for steps in self._pages:
            shown = self._work(steps, values, answers, known, now).shown
            while shown.rows and (more := answer(shown)):
                answers.update(more)
                shown = self._work(steps, values, answers, known, now).shown
            if not shown.done:
                return

    def _worked_out(self, answers: Answers, given: Answers, now: datetime) -> "_Asking":
        """Work out every page, again only where something it looks at has changed since the last time."""
        said, known = _kept(answers), _kept(given)
        last = self._last
        if last is None:
            changed: set[str] | None = None
            values: dict[str, str] = {}
        else:
            changed = _differing(said, last.answers) | _differing(known, last.given)
            values = dict(last.values)
        pages: list[_Worked] = []
        for nr, steps in enumerate(self._pages):
            late = steps.timed and last is not None and now != last.now
            if changed is not None and last is not None and not late and steps.needs.isdisjoint(changed):
                pages.append(last.pages[nr])
                continue
            before = {step.row.name: values.get(step.row.name) for step in steps.steps}
            pages.append(self._work(steps, values, said, known, now))
            if changed is not None:
                changed.update(name for name, value in before.items() if values[name] != value)
        self._last = asking = _Asking(said, known, now, values, tuple(pages))
        return asking

    def _work(
        self, steps: "_PageSteps", values: dict[str, str], answers: Answers, given: Answers, now: datetime
    ) -> "_Worked":
        asked = Asked(values, now, labels=self.label)
        here = steps.relevant is None or truth(steps.relevant, asked)
        on_page = _Page(values, given, answers, asked)
        for step in steps.steps:
            on_page.take(step, asked=here)
        shown = Shown(steps.page, tuple(on_page.rows), tuple(on_page.missing), tuple(on_page.faults))
        return _Worked(shown, tuple(on_page.ends))

    def label(self, question: str, value: str) -> str:
        """Give the words of an answer of a question, blank where there is no such answer."""
        row = self._labels.get(question)
        return next((one.label for one in row.choices if one.value == value), "") if row else ""

    def choices(self, row: Row, standing: Standing, now: datetime) -> tuple[str, ...]:
        """Give the values a question offers now (its choice filter applied)."""
        return _offered(row, self._run(row.choice_filter), Asked(standing.values, now, labels=self.label))


@dataclass(frozen=True, slots=True)
class _PageSteps:
    """One page with its closures, the names it looks at, and whether it asks for the time."""

    page: Page
    relevant: Run | None
    steps: tuple[_Step, ...]
    needs: frozenset[str]
    timed: bool


@dataclass(frozen=True, slots=True)
class _Worked:
    """One page as it was worked out, and what it sets."""

    shown: Shown
    ends: tuple[Ends, ...]


@dataclass(frozen=True, slots=True)
class _Asking:
    """One asking and what came of it; never altered, so that two threads may ask at once."""

    answers: Answers
    given: Answers
    now: datetime
    values: dict[str, str]
    pages: tuple[_Worked, ...]


def _kept(answers: Answers) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in answers.items()}


def _differing(one: Answers, other: Answers) -> set[str]:
    missing = object()
    return {name for name in one.keys() | other.keys() if one.get(name, missing) != other.get(name, missing)}


@dataclass(slots=True)
class _Page:
    """One page while it is worked out."""

    values: dict[str, str]
    given: Answers
    answers: Answers
    asked: Asked
    rows: list[Row] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ends: list[Ends] = field(default_factory=list)

    def take(self, step: _Step, *, asked: bool) -> None:
        row = step.row
        if row.type == "hidden":
            self.values[row.name] = as_words(self.given.get(row.name, "")) or row.default
            return
        if asked and step.relevant is not None:
            asked = truth(step.relevant, self.asked)
        if row.type == "calculate":
            calculated = step.calculation if asked else None
            self.values[row.name] = words(calculated, self.asked) if calculated is not None else ""
            return
        if not asked:
            self.values[row.name] = ""
            return
        self.rows.append(row)
        value = self._answer(step) if row.type != "note" else ""
        self.values[row.name] = value
        picked = [one for one in row.choices if one.value in value.split()] if row.choices and value else []
        end = ends_of(row, picked)
        if end is not None:
            self.ends.append(end)

    def _answer(self, step: _Step) -> str:
        row = step.row
        value = as_words(self.answers.get(row.name, row.default if row.name not in self.answers else ""))
        if not value:
            if row.required:
                self.missing.append(row.name)
            return ""
        offered = step.values
        if step.choice_filter is not None:
            offered = _offered(row, step.choice_filter, self.asked)
        if not fits(row.type, value, offered):
            self.faults.append(Fault(row.name, _NOT_AN_ANSWER.get(row.type, "This cannot be an answer here.")))
            return ""
        if step.constraint is not None and not truth(step.constraint, replace(self.asked, here=value)):
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


def _offered(row: Row, choice_filter: Run | None, asked: Asked) -> tuple[str, ...]:
    if choice_filter is None:
        return tuple(one.value for one in row.choices)
    return tuple(
        one.value
        for one in row.choices
        if truth(choice_filter, replace(asked, columns={"name": one.value, "label": one.label, **one.columns}))
    )
