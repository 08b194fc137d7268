"""Example patients of a script: who they are, what they answer, where the call has to end, and where it does end.

What a reader would get wrong: the sheet `examples` is part of the workbook. A row is a sample patient: its name, the
values and answers by column, and the outcome (and pathways, if given) the call has to end in. Blank: none. They are
walked at one fixed moment, so that a script that asks for today ends alike on every day.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from caller_app.script.run import Runner
from caller_app.script.sheets import COLUMNS, Sheet

WALKED_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Example:
    """One sample patient; the cells are where the name and what is expected stand."""

    name: str
    values: dict[str, str] = field(repr=False)
    outcome: str = ""
    pathways: tuple[str, ...] = ()
    cell: str = ""
    outcome_cell: str = ""
    pathways_cell: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """Where an example ended; `stopped` says where and why it could not go on, `differs` what is not as expected."""

    example: Example
    outcome: str
    pathways: tuple[str, ...]
    stopped: str = ""

    @property
    def outcome_differs(self) -> bool:
        """Tell whether the call ends in another outcome than expected."""
        return not self.stopped and self.outcome != self.example.outcome

    @property
    def pathways_differ(self) -> bool:
        """Tell whether it leads to other pathways, where any are expected."""
        wanted = self.example.pathways
        return not self.stopped and bool(wanted) and set(wanted) != set(self.pathways)

    @property
    def as_expected(self) -> bool:
        """Tell whether the example ends where its row says."""
        return not (self.stopped or self.outcome_differs or self.pathways_differ)


def examples_of(sheet: Sheet) -> tuple[Example, ...]:
    """Give the sample patients of the sheet `examples`."""
    return tuple(
        Example(
            name=line.text("example") or f"row {line.nr}",
            values={column: line.text(column) for column in line.cells if column not in COLUMNS["examples"]},
            outcome=line.text("outcome"),
            pathways=tuple(line.text("pathways").split()),
            cell=line.place("example"),
            outcome_cell=line.place("outcome"),
            pathways_cell=line.place("pathways"),
        )
        for line in sheet.lines
    )


def ending(runner: Runner, example: Example) -> Ending:
    """Walk one example."""
    standing = runner.stand(example.values, example.values, WALKED_AT)
    end = standing.concluded
    if standing.finished:
        return Ending(example, end.outcome, end.pathways)
    last = standing.path[-1]
    why = f"{last.missing[0]} is not answered" if last.missing else f"{last.faults[0].row}: {last.faults[0].why}"
    return Ending(example, end.outcome, end.pathways, f"stops on the page {last.page.name}: {why}")
