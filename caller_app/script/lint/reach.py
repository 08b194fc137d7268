"""Whether every page and question can be reached and every path comes to an end: found by walking the script.

What a reader would get wrong: not to be found is not to be out of reach. Paths are drawn from a fixed seed; what none
of them reached is an error only where trying every combination of the answers that matter proves that it never comes.
"""

import itertools
import math
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial

from caller_app.script.draft import Draft
from caller_app.script.expressions import tree
from caller_app.script.expressions.evaluate import Asked, compiled, truth
from caller_app.script.expressions.values import number_text
from caller_app.script.findings import Findings
from caller_app.script.lint.stuck import Stuck
from caller_app.script.run import Runner, Standing
from caller_app.script.script import Row, Script

EVERY = 3_000  # combinations that are still all tried
PATHS = 150
LEAST = 10  # paths that are walked however long the script is
WALKED = 150_000  # rows looked at in all by the paths, so that a very long script is checked in bounded time
WORK = 400_000  # and by one proof
ASKED = 1_000_000  # pages asked for in all by the paths: one where each page hangs on the last is asked page by page
AGAIN = 40  # times that answers which cannot stand are drawn anew before a path counts as stuck
PROVING = 1_500_000  # by all proofs together; what is not proved within it is not said
_NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def check(draft: Draft, script: Script, found: Findings) -> None:
    """Note pages and questions that cannot be reached, and ends without an outcome."""
    runner = Runner(script)
    ranges = _ranges(script)
    rows = max(1, len(script.rows()))
    chance = random.Random(script.sha256)  # noqa: S311 - the same script is always walked the same way
    reached: set[str] = set()
    open_ends: dict[str, Standing] = {}
    silent: dict[str, str] | None = None
    concluded = False
    stuck = Stuck()
    hidden = [row for row in script.rows() if row.type == "hidden"]
    budget = [ASKED]
    for nr in range(max(LEAST, min(PATHS, WALKED // rows))):
        if nr >= LEAST and budget[0] <= 0:
            break
        given = {row.name: chance.choice(ranges[row.name]) for row in hidden}
        standing, answers = _walked(runner, ranges, chance, given, budget)
        stuck.note(standing, answers, partial(_stood, runner, given), ranges)
        for one in standing.path:
            reached.add(one.page.name)
            reached.update(row.name for row in one.rows)
        concluded = concluded or bool(standing.concluded.outcome)
        if not standing.path and silent is None:
            silent = given
        elif standing.finished and standing.path and not standing.concluded.outcome:
            open_ends.setdefault(standing.path[-1].page.name, standing)
    stuck.say(draft, found)
    _unreached(draft, script, runner, ranges, reached, found)
    if script.rows() and not concluded and any(row.visible for row in script.rows()):
        found.warning(
            "survey", "outcome_never", "no path of this script leads to an outcome",
            "set sets_outcome on a row or an answer",
        )  # fmt: skip
    elif concluded:
        if silent is not None:
            _silent(draft, script, silent, found)
        for name, standing in open_ends.items():
            last = standing.path[-1].page
            found.warning(
                draft.cell(name, "label") if last.title else draft.cell(last.rows[0].name, "name"), "dead_end",
                f"a call can end after the page {name} with no outcome set ({_example(standing)})",
                "set an outcome there, or the caller is asked for one",
            )  # fmt: skip


def _silent(draft: Draft, script: Script, given: Mapping[str, str], found: Findings) -> None:
    first = next(page for page in script.pages if any(row.visible for row in page.rows))
    row = next(row for row in first.rows if row.visible)
    decided = [f"{name} = {given[name]}" for name in _inputs(script, row.name) if given.get(name)]
    found.warning(
        draft.cell(first.name if first.relevant else row.name, "relevant"), "shows_nothing",
        f"a call can show no page at all, for example with {', '.join(decided[:3]) or 'nothing known'}",
        "add a page for it that sets an outcome, or the caller is asked for one",
    )  # fmt: skip


def _example(standing: Standing) -> str:
    rows = [row for one in standing.path for row in one.rows if row.choices and standing.values.get(row.name)]
    said = ", ".join(f"{row.name} = {standing.values[row.name]}" for row in rows[-3:])
    return f"for example {said}" if said else "whatever is answered"


def _stood(runner: Runner, given: Mapping[str, str], answers: Mapping[str, str]) -> Standing:
    return runner.stand(answers, given, _NOW)


def _walked(
    runner: Runner,
    ranges: Mapping[str, tuple[str, ...]],
    chance: random.Random,
    given: Mapping[str, str],
    budget: list[int],
) -> tuple[Standing, dict[str, str]]:
    """Answer by chance until nothing more is asked, every page at once: one by one would take pages squared."""
    answers: dict[str, str] = {}
    count = len(runner.script.pages)
    again = 0
    for _ in range(count * 4 + 4):
        pages = runner.every_page(answers, given, _NOW)
        budget[0] -= count
        fresh = [row for one in pages for row in one.rows if row.type != "note" and row.name not in answers]
        for row in fresh:
            answers[row.name] = chance.choice(ranges[row.name])
        if fresh:
            continue
        odd = [name for one in pages for name in (*one.missing, *(fault.row for fault in one.faults))]
        if not odd or again == AGAIN:
            break
        again += 1
        for name in odd:
            answers[name] = chance.choice([one for one in ranges[name] if one] or [""])
    return runner.stand(answers, given, _NOW), answers


def _unreached(
    draft: Draft,
    script: Script,
    runner: Runner,
    ranges: Mapping[str, tuple[str, ...]],
    reached: set[str],
    found: Findings,
) -> None:
    budget = [PROVING]
    for page in script.pages:
        rows = [row for row in page.rows if row.visible]
        if not rows:
            continue
        if page.name not in reached:
            if _proved(script, runner, ranges, page.name, (page.relevant,), budget):
                found.error(
                    draft.cell(page.name, "relevant") if page.relevant else draft.cell(rows[0].name, "relevant"),
                    "page_unreachable", f"the page {page.name} is never shown, whatever is answered",
                    "correct its condition, or take the page out",
                )  # fmt: skip
            continue
        for row in rows:
            if not row.relevant or row.name in reached:
                continue
            if _proved(script, runner, ranges, row.name, (page.relevant, row.relevant), budget):
                found.error(
                    draft.cell(row.name, "relevant"), "required_never" if row.required else "row_unreachable",
                    f"{row.name} is never shown, whatever is answered", "correct its condition, or take it out",
                )  # fmt: skip


def _proved(
    script: Script,
    runner: Runner,
    ranges: Mapping[str, tuple[str, ...]],
    name: str,
    conditions: tuple[str, ...],
    budget: list[int],
) -> bool:
    """Tell whether it is proved that a page or row is never shown; where that would take too long it is not."""
    trees = [tree.loaded(script.expressions[one]) for one in conditions if one]
    asked = sorted(set().union(*(tree.answers(one) for one in trees)))
    runs = [compiled(one) for one in trees]
    if (
        trees
        and _few(asked, ranges, len(trees), budget)
        and not any(all(truth(run, Asked(values, _NOW)) for run in runs) for values in _combinations(asked, ranges))
    ):
        return True  # not even with every answer free
    budget[0] -= len(script.rows())
    inputs = _inputs(script, name) if budget[0] > 0 else []
    if budget[0] <= 0 or not _few(inputs, ranges, len(script.rows()), budget):
        return False
    return not any(name in runner.shown(values, values, _NOW) for values in _combinations(inputs, ranges))


def _few(names: list[str], ranges: Mapping[str, tuple[str, ...]], rows: int, budget: list[int]) -> bool:
    count = math.prod(len(ranges[one]) for one in names)
    if count > EVERY or count * rows > min(WORK, budget[0]):
        return False
    budget[0] -= count * rows
    return True


def _combinations(names: list[str], ranges: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, str]]:
    for combination in itertools.product(*(ranges[one] for one in names)):
        yield dict(zip(names, combination, strict=True))


def _inputs(script: Script, name: str) -> list[str]:
    """Name the answers that decide, straight or by way of others, whether a page or row is shown."""
    page_of = {row.name: page for page in script.pages for row in page.rows}
    rows = {row.name: row for row in script.rows()}
    needed: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in needed:
            continue
        needed.add(one)
        page = page_of.get(one) or next((each for each in script.pages if each.name == one), None)
        written = [page.relevant] if page else []
        if one in rows:
            written += [rows[one].relevant, rows[one].calculation]
        for text in written:
            if text in script.expressions:
                waiting.extend(tree.answers(tree.loaded(script.expressions[text])))
    return [row.name for row in script.rows() if row.name in needed and row.type not in ("note", "calculate")]


def _ranges(script: Script) -> dict[str, tuple[str, ...]]:
    """Give answers worth trying for every row: its choices, and the values its conditions turn on."""
    turning: dict[str, set[str]] = {}
    for data in script.expressions.values():
        for name, value in _turning_points(tree.loaded(data)):
            turning.setdefault(name, set()).update(value)
    for row in script.rows():
        if row.constraint in script.expressions:
            for one in _about_itself(tree.loaded(script.expressions[row.constraint])):
                turning.setdefault(row.name, set()).update(one)
    return {row.name: _range(row, sorted(turning.get(row.name, ()))) for row in script.rows()}


def _about_itself(node: tree.Node) -> Iterator[tuple[str, ...]]:
    """Give the values a constraint compares its own answer with, and what lies around them."""
    for one in tree.parts(node):
        if one[0] == tree.INFIX and tree.HERE in (one[2][0], one[3][0]):
            other = one[3] if one[2][0] == tree.HERE else one[2]
            if other[0] == tree.NUMBER:
                yield tuple(number_text(each) for each in (other[1] - 1, other[1], other[1] + 1))
            elif other[0] == tree.TEXT:
                yield (other[1],)


def _range(row: Row, turning: list[str]) -> tuple[str, ...]:
    if row.type == "select_one":
        return (
            ("", *(one.value for one in row.choices)) if not row.required else tuple(one.value for one in row.choices)
        )
    if row.type == "select_multiple":
        single = [one.value for one in row.choices]
        pairs = [f"{one} {other}" for one, other in itertools.pairwise(single)]
        return (*([] if row.required else [""]), *single, *pairs[:3])
    if row.type == "integer":
        whole = [one for one in turning if one.lstrip("-").isdigit()]
        return ("", *(whole or ["1"])) if not row.required else tuple(whole or ["1"])
    if row.type == "decimal":
        return ("", *(turning or ["1", "50", "150"]))
    if row.type == "date":
        return (
            "",
            "2026-11-01",
            "1990-01-31",
            "2027-06-15",
            *(one for one in turning if len(one) == 10 and one[4:5] == "-"),
        )
    return tuple(dict.fromkeys(["", *turning[:8], "0", "1", "50", "y", "n"]))


def _turning_points(node: tree.Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in tree.parts(node):
        if one[0] == tree.INFIX and len(one) == 4:
            for left, right in ((one[2], one[3]), (one[3], one[2])):
                if left[0] == tree.ANSWER and right[0] == tree.TEXT:
                    yield left[1], (right[1],)
                elif left[0] == tree.ANSWER and right[0] == tree.NUMBER:
                    value = right[1]
                    yield left[1], tuple(number_text(each) for each in (value - 1, value, value + 1))
