"""How long an answer takes to the next page of a script, and how long a script takes to compile.

A script of 500 (and 5,000) rows with conditions, constraints, calculations and choices is walked page by page with
answers; each step is one `Runner.stand`. Compared with the bare walk: the same pages and rows looked up in
dictionaries, with nothing evaluated. Compiling is reading, parsing and freezing the largest pack; the checks before
publishing are reported beside it. `--short`: fewer steps.
"""

import sys
import time
from datetime import UTC, datetime

from benchmarks.report import Figure, median, percentile, show
from caller_app.base.paths import resource_path
from caller_app.script.compile import check_script, read_expressions
from caller_app.script.draft import Draft, read_draft
from caller_app.script.expressions.grammar import parse
from caller_app.script.findings import Findings
from caller_app.script.run import Runner
from caller_app.script.script import Choice, Page, Row, Script, frozen
from caller_app.script.sheets import read_sheets

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
PAGE_MS, LONG_PAGE_MS, COMPILE_MS = 5.0, 16.0, 150.0
PACK = "diabetes_prevention"


def made(rows: int) -> Script:
    """Make a script of so many rows: pages of ten, half of the rows under a condition on what stands above."""
    choices = (Choice(value="y", label="Yes"), Choice(value="n", label="No"))
    pages = []
    for start in range(0, rows, 10):
        one = []
        for nr in range(start, min(start + 10, rows)):
            before = f"${{q{nr - 1}}} = 'y' or ${{q{nr - 1}}} = ''" if nr % 2 and nr > start else ""
            kind = ("select_one", "integer", "note", "calculate", "select_multiple")[nr % 5]
            one.append(
                Row(
                    type=kind,
                    name=f"q{nr}",
                    label=f"Question {nr}?",
                    relevant=before,
                    required=kind == "select_one",
                    constraint=". >= 0 and . < 200" if kind == "integer" else "",
                    calculation=f"if(${{q{nr - 2}}} > 5 and ${{q{nr - 3}}} = 'y', 'y', 'n')"
                    if kind == "calculate"
                    else "",
                    choices=choices if kind.startswith("select") else (),
                )
            )
        pages.append(
            Page(
                name=f"p{start}",
                title=f"Page {start}",
                relevant=f"${{q{start - 10}}} != 'z'" if start else "",
                rows=tuple(one),
            )
        )
    script = frozen("bench", "Bench", "1", tuple(pages))
    draft = Draft(pages=script.pages)
    trees = read_expressions(draft, Findings())
    return frozen("bench", "Bench", "1", tuple(pages), expressions={text: list(tree) for text, tree in trees.items()})


def steps(script: Script, count: int) -> tuple[list[float], list[float]]:
    """Give the milliseconds of each step from an answer to the pages, and of the bare walk beside it."""
    runner = Runner(script)
    asked = [row for row in script.rows() if row.type in ("select_one", "integer", "select_multiple")]
    answers: dict[str, str] = {}
    runner.stand({}, {}, NOW)  # the card opens: every page is worked out once
    ours, bare = [], []
    every = max(1, len(asked) // count)
    for nr, row in enumerate(asked):
        answers[row.name] = "12" if row.type == "integer" else "y"
        if nr % every:
            continue
        began = time.perf_counter()
        runner.stand(answers, {}, NOW)
        ours.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        _bare(script, answers)
        bare.append((time.perf_counter() - began) * 1000)
    return ours, bare


def _bare(script: Script, answers: dict[str, str]) -> list[tuple[str, list[str]]]:
    return [(page.name, [row.name for row in page.rows if answers.get(row.name, "") != "z"]) for page in script.pages]


def main(argv: list[str]) -> int:
    count = 40 if "--short" in argv else 200
    path = resource_path(f"packs/{PACK}.xlsx")
    parse("1 + 1")  # the grammar is built once a process
    check_script(path)
    compiled, checked = [], []
    for _ in range(5 if "--short" in argv else 15):
        began = time.perf_counter()
        found = Findings()
        draft = read_draft(read_sheets(path, found), found)
        read_expressions(draft, found)
        compiled.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        check_script(path)
        checked.append((time.perf_counter() - began) * 1000)
    figures = [Figure(f"compile of {PACK}", median(compiled), "ms", limit=COMPILE_MS)]
    figures.append(Figure("the same with every check before publishing (reported)", median(checked), "ms"))
    for rows, limit in ((500, PAGE_MS), (5_000, LONG_PAGE_MS)):
        ours, bare = steps(made(rows), count)
        figures.append(Figure(f"answer to next page, p99, {rows:,} rows", percentile(ours, 0.99), "ms", limit=limit))
        figures.append(
            Figure(
                f"the same, median, {rows:,} rows (reported)",
                median(ours),
                "ms",
                "a bare dictionary walk",
                median(bare),
            )
        )
    return show("Scripts", figures)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
