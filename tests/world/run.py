"""Many schedules on the real parts, one after the other, each from a seed; one that fails is told at its shortest.

`python -m tests.world.run --seeds 100 --steps 60` runs it by itself; `./run simulate --real` calls `run`.
"""

import argparse
import logging
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from caller_app.base.errors import Unavailable
from caller_app.central.logs import setup_logs
from tests.support.centre import running_database
from tests.world.breach import Breach
from tests.world.ground import Ground, ground_of
from tests.world.play import Play
from tests.world.steps import Step, draw

SHRINKS = 150  # runs of a failing schedule at most


@dataclass(slots=True)
class Report:
    """What was run and what was found: `failures` holds (seed, the shortest schedule that fails as text)."""

    schedules: int = 0
    steps: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    failures: list[tuple[int, str]] = field(default_factory=list)
    reached: dict[str, int] = field(default_factory=dict)  # how often each situation came about


def run(
    seeds: int, steps: int, first_seed: int = 0, *, told: Callable[[str], None] | None = None, shrinks: int = SHRINKS
) -> Report:
    """Run schedules of some length from seeds in a row."""
    setup_logs("critical")
    logging.disable(logging.ERROR)
    report, struck, reached = Report(), Counter[str](), Counter[str]()
    try:
        with running_database() as server:
            ground = ground_of(server)
            for seed in range(first_seed, first_seed + seeds):
                schedule = draw(seed, steps)
                fault = attempt(ground, schedule, struck, reached)
                report.schedules += 1
                report.steps += len(schedule)
                if told is not None and report.schedules % 25 == 0:
                    told(f"{report.schedules} schedules, {report.steps} steps, {len(report.failures)} failed")
                if fault is not None:
                    shortest = shorten(schedule, fails_as(ground, fault[0]), shrinks)
                    report.failures.append((seed, f"{fault[0]}: {fault[1]}\n" + as_text(shortest)))
                    if told is not None:
                        told(f"seed {seed} fails: {report.failures[-1][1]}")
    finally:
        logging.disable(logging.NOTSET)
    report.faults, report.reached = dict(struck), dict(reached)
    return report


def attempt(
    ground: Ground, schedule: list[Step], struck: Counter[str] | None = None, reached: Counter[str] | None = None
) -> tuple[str, str] | None:
    """Run one schedule on a world of its own; gives the name and words of what failed."""
    with tempfile.TemporaryDirectory(prefix="caller-world-") as folder:
        play = Play(ground, Path(folder))
        try:
            play.run(schedule)
        except Breach as breach:
            return breach.name, str(breach)
        except Exception as fault:  # noqa: BLE001 - anything that escapes a step is a find, whatever it is
            place = traceback.extract_tb(fault.__traceback__)[-1]
            return type(fault).__name__, f"{str(fault)[:300]} at {Path(place.filename).name}:{place.lineno}"
        finally:
            if struck is not None:
                struck.update(play.world.struck)
            if reached is not None:
                reached.update(play.reached)
            play.close()
    return None


def fails_as(ground: Ground, name: str) -> Callable[[list[Step]], bool]:
    """Give the question whether a schedule still fails by the same name."""

    def fails(schedule: list[Step]) -> bool:
        found = attempt(ground, schedule)
        return found is not None and found[0] == name

    return fails


def shorten(schedule: list[Step], fails: Callable[[list[Step]], bool], most: int) -> list[Step]:
    """Leave out steps, in ever smaller pieces, as long as the same thing still fails; asks at most so often."""
    left, size = most, max(len(schedule) // 2, 1)
    while True:
        start, smaller = 0, False
        while start < len(schedule) and left > 0:
            shorter = schedule[:start] + schedule[start + size :]
            left -= 1
            if fails(shorter):
                schedule, smaller = shorter, True
            else:
                start += size
        if left <= 0 or (size == 1 and not smaller):
            return schedule
        size = max(size // 2, 1)


def as_text(schedule: list[Step]) -> str:
    """Write a schedule so that it can be put into a test."""
    return "\n".join(f"  Step({one.name!r}, {one.a}, {one.b}, {one.c})," for one in schedule)


def say(words: str) -> None:
    """Write a line to the screen."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="schedules of faults on the real parts")
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--shrinks", type=int, default=SHRINKS)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))  # so that the database server is taken down
    began = time.monotonic()
    try:
        report = run(
            options.seeds, options.steps, options.first,
            told=say, shrinks=options.shrinks,
        )  # fmt: skip
    except Unavailable as fault:
        say(str(fault))
        return 2
    say(
        f"{report.schedules} schedules, {report.steps} steps, {len(report.failures)} failed, "
        f"{time.monotonic() - began:.0f} s"
    )
    say("reached: " + ", ".join(f"{name} {count}" for name, count in sorted(report.reached.items())))
    say("faults: " + ", ".join(f"{name} {count}" for name, count in sorted(report.faults.items())))
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
