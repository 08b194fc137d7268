"""The example patients of a script: each is walked, and has to end where its row says."""

from caller_app.script.draft import Draft
from caller_app.script.examples import Ending, ending, examples_of
from caller_app.script.findings import Findings
from caller_app.script.run import Runner
from caller_app.script.script import Script

MOST = 300  # each is a whole call, walked whenever the script is checked


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
    listed = examples_of(draft.examples)
    if len(listed) > MOST:
        found.error(
            listed[MOST].cell, "examples_many", f"there are more than {MOST} examples", "keep those that differ"
        )
    for one in listed[:MOST]:
        _note(ending(runner, one), found)


def _note(end: Ending, found: Findings) -> None:
    one, remedy = end.example, "correct the script, or what is expected"
    name = one.name[:40]
    if end.stopped:
        found.error(
            one.cell, "example_unfinished", f"the example {name} {end.stopped}", "give every answer its path asks for"
        )
    if end.outcome_differs:
        what = f"the example {name} ends with {end.outcome or 'no outcome'}, not {one.outcome or 'no outcome'}"
        found.error(one.outcome_cell, "example_failed", what, remedy)
    if end.pathways_differ:
        what = f"the example {name} leads to {' '.join(end.pathways) or 'no pathway'}"
        found.error(one.pathways_cell, "example_failed", what, remedy)
