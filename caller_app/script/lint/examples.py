"""The example patients of a script: each is walked, and has to end where its row says.

What a reader would get wrong: the sheet `examples` is part of the script. A row is a sample patient: its name, the
values and answers by column, and the outcome (and pathways, if given) the call has to end in. Blank: none.
"""

from datetime import UTC, datetime

from caller_app.script.draft import Draft
from caller_app.script.findings import Findings
from caller_app.script.run import Runner, Standing
from caller_app.script.script import Script
from caller_app.script.sheets import COLUMNS, Line

_NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def check(draft: Draft, script: Script, found: Findings) -> None:
    """Walk every example and note those that do not end as they should."""
    known = {row.name for row in script.rows() if row.type not in ("note", "calculate")}
    for column, place in draft.examples.extra:
        if column not in known:
            found.error(
                place, "column_unknown", f"{column} is not a question or a field of this script",
                "name a question or a row of type hidden",
            )  # fmt: skip
    runner = Runner(script)
    for line in draft.examples.lines:
        values = {column: line.text(column) for column in line.cells if column not in COLUMNS["examples"]}
        _one(line, runner.stand(values, values, _NOW), found)


def _one(line: Line, standing: Standing, found: Findings) -> None:
    name = line.text("example") or f"row {line.nr}"
    if not standing.finished:
        last = standing.path[-1]
        what = f"{last.missing[0]} is not answered" if last.missing else f"{last.faults[0].row}: {last.faults[0].why}"
        where = f"the example {name[:40]} stops on the page {last.page.name}: {what}"
        found.error(line.place("example"), "example_unfinished", where, "give every answer its path asks for")
        return
    end = standing.concluded
    wanted, remedy = line.text("outcome"), "correct the script, or what is expected"
    if end.outcome != wanted:
        what = f"the example {name[:40]} ends with {end.outcome or 'no outcome'}, not {wanted or 'no outcome'}"
        found.error(line.place("outcome"), "example_failed", what, remedy)
    pathways = line.text("pathways").split()
    if pathways and set(pathways) != set(end.pathways):
        what = f"the example {name[:40]} leads to {' '.join(end.pathways) or 'no pathway'}"
        found.error(line.place("pathways"), "example_failed", what, remedy)
