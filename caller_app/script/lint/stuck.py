"""Pages a call cannot get past: a question that has to be answered, and no answer of it can stand.

What a reader would get wrong: only for questions with few answers is that proved, by trying them all. A number is tried
at the values its conditions turn on, which deserves a look; words are not tried, for a pattern of words is not guessed.
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from caller_app.script.draft import Draft
from caller_app.script.findings import Findings
from caller_app.script.run import Standing
from caller_app.script.script import Row

ALL_OF = 8  # answers of which every selection is tried
Stand = Callable[[Mapping[str, str]], Standing]


@dataclass(slots=True)
class Stuck:
    """Pages that were got past, and for each that was not, the question at which one call stood still."""

    told_apart: Callable[[Row], bool]  # whether the values tried are all its constraint can tell apart
    past: set[str] = field(default_factory=set)
    at: dict[str, tuple[Row, bool]] = field(default_factory=dict)  # page -> question, whether it is proved

    def note(
        self, standing: Standing, answers: Mapping[str, str], stand: Stand, ranges: Mapping[str, tuple[str, ...]]
    ) -> None:
        """Take in how far one call came; where it stood still, try what could have been answered."""
        self.past.update(one.page.name for one in standing.path if one.done)
        if standing.finished or not standing.path or standing.path[-1].page.name in self.at:
            return
        page = standing.path[-1].page.name
        tried = dict(answers)
        for _ in standing.path[-1].rows:
            last = stand(tried).page(page)
            if last is None or last.done:
                return
            name = (*last.missing, *(fault.row for fault in last.faults))[0]
            row = next(one for one in last.rows if one.name == name)
            value = next(
                (one for one in _worth(row, ranges[name]) if _stands(stand({**tried, name: one}), page, name)), None
            )
            if value is None:
                if row.type != "text" and self.told_apart(row):
                    self.at[page] = (row, _every(row))
                return
            tried[name] = value

    def say(self, draft: Draft, found: Findings) -> None:
        """Note the pages nobody got past as errors where that is proved, all others as worth a look."""
        for page, (row, proved) in self.at.items():
            never = proved and page not in self.past
            note = found.error if never else found.warning
            sometimes = "" if never or page not in self.past else "sometimes "
            note(
                draft.cell(row.name, _column(row)),
                "page_stuck", f"a call {sometimes}cannot go on past the page {page}: no answer of {row.name} can stand",
                "correct its constraint or filter, or do not require it",
            )  # fmt: skip


def _column(row: Row) -> str:
    return "constraint" if row.constraint else "choice_filter" if row.choice_filter else "name"


def _stands(standing: Standing, page: str, name: str) -> bool:
    shown = standing.page(page)
    return shown is None or (name not in shown.missing and all(fault.row != name for fault in shown.faults))


def _every(row: Row) -> bool:
    return row.type == "select_one" or (row.type == "select_multiple" and len(row.choices) <= ALL_OF)


def _worth(row: Row, among: tuple[str, ...]) -> tuple[str, ...]:
    values = [one.value for one in row.choices]
    if row.type == "select_multiple" and _every(row):
        sizes = range(1, len(values) + 1)
        several = tuple(" ".join(some) for size in sizes for some in itertools.combinations(values, size))
    else:
        several = tuple(values) or tuple(one for one in among if one)
    return several if row.required else ("", *several)
