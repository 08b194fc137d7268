"""Whether every page and question can be reached and every path comes to an end: found by walking the script.

What a reader would get wrong: not to be found is not to be out of reach. Paths are drawn from a fixed seed; what none
of them reached is an error only where trying every combination of the answers that matter proves that it never comes.
"""

import itertools
import math
import random
from collections import ChainMap
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial

from caller_app.script.draft import Draft
from caller_app.script.expressions import tree
from caller_app.script.expressions.evaluate import Asked, compiled, truth
from caller_app.script.findings import Findings
from caller_app.script.lint.stuck import Stuck
from caller_app.script.lint.worth import Worth, worth
from caller_app.script.run import Runner, Shown, Standing
from caller_app.script.script import Script

EVERY = 3_000  # combinations that are still all tried
PATHS = 150
LEAST = 10  # paths that are walked however long the script is
WALKED = 150_000  # rows looked at in all by the paths, so that a very long script is checked in bounded time
WORK = 400_000  # and by one proof
AGAIN = 40  # times that answers of a page which cannot stand are drawn anew before a path counts as stuck there
PROVING = 1_500_000  # by all proofs together; what is not proved within it is not said
_NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def check(draft: Draft, script: Script, found: Findings) -> None:
    """Note pages and questions that cannot be reached, and ends without an outcome."""
    runner = Runner(script)
    answers_of = worth(script)
    ranges = answers_of.tried
    rows = max(1, len(script.rows()))
    chance = random.Random(script.sha256)  # noqa: S311 - the same script is always walked the same way
    reached: set[str] = set()
    open_ends: dict[str, Standing] = {}
    silent: dict[str, str] | None = None
    concluded = False
    limits = {
        row.name: tree.loaded(script.expressions[row.constraint])
        for row in script.rows()
        if row.constraint in script.expressions
    }
    stuck = Stuck(lambda row: answers_of.told_apart(row, limits.get(row.name)))
    hidden = [row for row in script.rows() if row.type == "hidden"]
    for _ in range(max(LEAST, min(PATHS, WALKED // rows))):
        given = {row.name: chance.choice(ranges[row.name]) for row in hidden}
        standing, answers = _walked(runner, ranges, chance, given)
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
    _unreached(draft, script, runner, answers_of, reached, found)
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
    decided = [f"{name} = {given[name]}" for name in _decided_by(script, row.name)[0] if given.get(name)]
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
    runner: Runner, ranges: Mapping[str, tuple[str, ...]], chance: random.Random, given: Mapping[str, str]
) -> tuple[Standing, dict[str, str]]:
    """Answer by chance, page after page, until the script ends or a page cannot be got past."""
    answers: dict[str, str] = {}
    again: dict[str, int] = {}

    def answer(shown: Shown) -> dict[str, str]:
        more = {row.name: chance.choice(ranges[row.name]) for row in shown.rows
                if row.type != "note" and row.name not in answers}  # fmt: skip
        again[shown.page.name] = again.get(shown.page.name, 0) + (not more)
        if not more and again[shown.page.name] <= AGAIN:
            odd = (*shown.missing, *(fault.row for fault in shown.faults))
            more = {name: chance.choice([one for one in ranges[name] if one] or [""]) for name in odd}
        answers.update(more)
        return more

    runner.through(given, _NOW, answer)
    return runner.stand(answers, given, _NOW), answers


def _unreached(
    draft: Draft,
    script: Script,
    runner: Runner,
    among: Worth,
    reached: set[str],
    found: Findings,
) -> None:
    budget = [PROVING]
    for page in script.pages:
        rows = [row for row in page.rows if row.visible]
        if not rows:
            continue
        if page.name not in reached:
            if _proved(script, runner, among, page.name, (page.relevant,), budget):
                found.error(
                    draft.cell(page.name, "relevant") if page.relevant else draft.cell(rows[0].name, "relevant"),
                    "page_unreachable", f"the page {page.name} is never shown, whatever is answered",
                    "correct its condition, or take the page out",
                )  # fmt: skip
            continue
        for row in rows:
            if not row.relevant or row.name in reached:
                continue
            if _proved(script, runner, among, row.name, (page.relevant, row.relevant), budget):
                found.error(
                    draft.cell(row.name, "relevant"), "required_never" if row.required else "row_unreachable",
                    f"{row.name} is never shown, whatever is answered", "correct its condition, or take it out",
                )  # fmt: skip


def _proved(
    script: Script, runner: Runner, among: Worth, name: str, conditions: tuple[str, ...], budget: list[int]
) -> bool:
    """Tell whether it is proved that a page or row is never shown; where that would take too long it is not."""
    trees = [tree.loaded(script.expressions[one]) for one in conditions if one]
    asked = sorted(set().union(*(tree.answers(one) for one in trees)))
    classes = _blank_on_the_page(among, name)
    runs = [compiled(one) for one in trees]
    if (
        trees
        and among.whole(asked, trees)
        and _few(asked, classes, len(trees), budget)
        and not any(all(truth(run, Asked(values, _NOW)) for run in runs) for values in _combinations(asked, classes))
    ):
        return True  # not even with every answer free
    budget[0] -= len(script.rows())
    inputs, looked_at = _decided_by(script, name) if budget[0] > 0 else ([], [])
    if budget[0] <= 0 or not among.whole(inputs, looked_at) or not _few(inputs, classes, len(script.rows()), budget):
        return False
    return not any(name in runner.shown(values, values, _NOW) for values in _combinations(inputs, classes))


def _blank_on_the_page(among: Worth, name: str) -> Mapping[str, tuple[str, ...]]:
    """What has to be answered is blank all the same for as long as its own page is shown."""
    return ChainMap({one: tuple(dict.fromkeys(("", *among.classes[one]))) for one in among.beside(name)}, among.classes)


def _few(names: list[str], ranges: Mapping[str, tuple[str, ...]], rows: int, budget: list[int]) -> bool:
    count = math.prod(len(ranges[one]) for one in names)
    if count > EVERY or count * rows > min(WORK, budget[0]):
        return False
    budget[0] -= count * rows
    return True


def _combinations(names: list[str], ranges: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, str]]:
    for combination in itertools.product(*(ranges[one] for one in names)):
        yield dict(zip(names, combination, strict=True))


def _decided_by(script: Script, name: str) -> tuple[list[str], list[tree.Node]]:
    """Name the answers that decide, straight or by way of others, whether something is shown; and how they do."""
    page_of = {row.name: page for page in script.pages for row in page.rows}
    rows = {row.name: row for row in script.rows()}
    needed: set[str] = set()
    looked_at: dict[str, tree.Node] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in needed:
            continue
        needed.add(one)
        page = page_of.get(one) or next((each for each in script.pages if each.name == one), None)
        written = [page.relevant] if page else []
        if one in rows:
            written += [rows[one].relevant, rows[one].calculation, rows[one].choice_filter]
        for text in written:
            if text in script.expressions:
                looked_at[text] = tree.loaded(script.expressions[text])
                waiting.extend(tree.answers(looked_at[text]))
    inputs = [row.name for row in script.rows() if row.name in needed and row.type not in ("note", "calculate")]
    return inputs, list(looked_at.values())
