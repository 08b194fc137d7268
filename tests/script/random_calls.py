"""What has to hold of every script the check lets through, however it is answered; one chance makes script and call.

Long form: `python -m tests.script.random_calls --count 20000 [--first 0]`. A seed that fails is printed.
"""

import argparse
import random
import sys
import tempfile
import traceback
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from caller_app.script.call import stand_call
from caller_app.script.compile import Checked, check_script
from caller_app.script.fhir import questionnaire, response
from caller_app.script.led_by import led_by
from caller_app.script.record import as_record, read_record
from caller_app.script.run import Runner, Standing
from caller_app.script.script import Row, Script
from tests.script.made_scripts import Maker, some_answer
from tests.script.raw_books import pack, parts

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
Answers = dict[str, Any]


def made(chance: random.Random, folder: Path) -> Checked:
    """Make a script and check it."""
    path = folder / "made.xlsx"
    pack(path, parts(**Maker(chance).sheets()))
    return check_script(path)


def hold(chance: random.Random, folder: Path, *, exported: bool = True) -> str:
    """Make one script, ring with it, and hold it to everything; gives what the check said."""
    checked = made(chance, folder)
    if checked.walkable is None:
        assert checked.errors
        return checked.errors[0].code
    script = checked.walkable
    runner = Runner(script)
    given = {row.name: some_answer(chance, "text", ()) for row in script.rows() if row.type == "hidden"}
    answers = _call(runner, script, given, chance)
    straight = runner.stand(answers, given, NOW)
    _well_formed(script, straight)
    _resumed(script, answers, given, straight)
    _back_and_forth(runner, script, answers, given, straight, chance)
    _without_translations(script, answers, given, straight)
    _led_again(script, answers, straight)
    call = stand_call(None, script, answers, check={}, given=given, verified=True, now=NOW)
    assert call.outcome == straight.concluded.outcome
    if exported:
        questionnaire(script)
        response(script, straight, authored=NOW, finished=straight.finished, given=led_by(script, straight))
    end = _closed(runner, script, given, chance)
    # Whatever was answered, the call comes to an end, or the check has said where it might not.
    said = {found.code for found in checked.findings}
    assert end.finished or "page_stuck" in said or not _only_choices(end), "never reached the close"
    return "good" if checked.script is not None else checked.errors[0].code


def _answer(row: Row, chance: random.Random) -> Any:
    return some_answer(chance, row.type, tuple(one.value for one in row.choices))


def _call(runner: Runner, script: Script, given: Answers, chance: random.Random) -> Answers:
    """Answer what is shown, at times badly, at times going back."""
    answers: Answers = {}
    asked = [row for row in script.rows() if row.type not in ("note", "calculate", "hidden")]
    for _ in range(12):
        standing = runner.stand(answers, given, NOW)
        shown = [row for one in standing.path for row in one.rows if row.type != "note"]
        for row in shown[-3:] or asked[:1]:
            answers[row.name] = _answer(row, chance)
        if asked and chance.randrange(3) == 0:
            other = chance.choice(asked)
            answers[other.name] = _answer(other, chance)
    return answers


def _closed(runner: Runner, script: Script, given: Answers, chance: random.Random) -> Standing:
    answers: Answers = {}
    for _ in range(len(script.rows()) * 40):
        standing = runner.stand(answers, given, NOW)
        if standing.finished:
            return standing
        last = standing.path[-1]
        for row in last.rows:
            if row.name in last.missing or any(fault.row == row.name for fault in last.faults):
                answers[row.name] = _answer(row, chance)
            elif row.type != "note" and chance.randrange(6) == 0:
                answers[row.name] = "" if not row.required else _answer(row, chance)
    return runner.stand(answers, given, NOW)


def _only_choices(end: Standing) -> bool:
    """Tell whether the call stands still at choices only: that a number or words fulfil a constraint nobody guesses."""
    last = end.path[-1]
    bad = {*last.missing, *(fault.row for fault in last.faults)}
    return all(row.choices for row in last.rows if row.name in bad)


def _well_formed(script: Script, standing: Standing) -> None:
    order = [page.name for page in script.pages]
    places = [order.index(one.page.name) for one in standing.path]
    assert places == sorted(set(places)), "a page twice, or out of order"
    assert all(one.done for one in standing.path[:-1])
    assert standing.finished == (not standing.path or standing.path[-1].done)
    assert standing.ahead <= len(order) - len(places)
    assert set(standing.values) <= {row.name for row in script.rows()}
    shown = {row.name for one in standing.path for row in one.rows}
    assert standing.concluded.because in shown | {""}


def _resumed(script: Script, answers: Answers, given: Answers, straight: Standing) -> None:
    """After a crash another process reads script and answers from the disk, after any answer."""
    sent = read_record(as_record(script))
    assert sent == script
    kept = msgspec.json.decode(msgspec.json.encode(answers))
    remembering = Runner(sent)
    so_far: Answers = {}
    for name, value in kept.items():
        so_far[name] = value
        assert remembering.stand(so_far, given, NOW) == Runner(sent).stand(so_far, given, NOW)
    assert remembering.stand(kept, given, NOW) == straight


def _back_and_forth(
    runner: Runner, script: Script, answers: Answers, given: Answers, straight: Standing, chance: random.Random
) -> None:
    rows = {row.name: row for row in script.rows()}
    wandering: Answers = {}
    for name in chance.sample(sorted(answers), len(answers)):
        wandering[name] = _answer(rows[name], chance)
        runner.stand(wandering, given, LATER if chance.randrange(2) else NOW)
        wandering[name] = answers[name]
    assert runner.stand(wandering, given, NOW) == straight


def _led_again(script: Script, answers: Answers, straight: Standing) -> None:
    """The values of the record that a call keeps lead the same answers the same way, without the others."""
    again = Runner(script).stand(answers, led_by(script, straight), NOW)
    ways = [[(one.page.name, [row.name for row in one.rows], one.missing, one.faults) for one in both.path]
            for both in (again, straight)]  # fmt: skip
    assert ways[0] == ways[1]
    assert again.concluded == straight.concluded


def _without_translations(script: Script, answers: Answers, given: Answers, straight: Standing) -> None:
    """Whichever language it is read in, the same answers lead to the same end."""

    def spoken(row: Row) -> Row:
        choices = tuple(replace(one, labels={}) for one in row.choices)
        return replace(row, labels={}, hints={}, messages={}, choices=choices)

    pages = tuple(replace(page, titles={}, rows=tuple(map(spoken, page.rows))) for page in script.pages)
    other = Runner(replace(script, pages=pages, languages=())).stand(answers, given, NOW)
    assert other.concluded == straight.concluded
    assert other.values == straight.values
    assert [one.page.name for one in other.path] == [one.page.name for one in straight.path]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args(argv)
    said: Counter[str] = Counter()
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="caller-scripts-") as folder:
        for seed in range(options.first, options.first + options.count):
            try:
                said[hold(random.Random(seed), Path(folder), exported=seed % 10 == 0)] += 1
            except Exception:  # noqa: BLE001 - a fault of the program is what is looked for
                wrong += 1
                sys.stdout.write(f"seed {seed}:\n{traceback.format_exc(limit=-4)}")
                if wrong == 10:
                    break
    sys.stdout.write(f"{sum(said.values())} scripts held, {wrong} did not: {dict(said.most_common())}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
