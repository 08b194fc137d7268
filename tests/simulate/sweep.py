"""Running schedules by the thousand, and saying what they reached and what they found."""

from collections import Counter
from dataclasses import dataclass, field

from tests.simulate import steps
from tests.simulate.parts import Broken
from tests.simulate.schedules import Maker, Step
from tests.simulate.settle import settle
from tests.simulate.shrink import shrink
from tests.simulate.world import World


@dataclass
class Report:
    """What a sweep did: `failures` are (seed, name of the invariant, what was seen, shortest schedule)."""

    schedules: int = 0
    steps: int = 0
    faults: Counter = field(default_factory=Counter)
    reached: Counter = field(default_factory=Counter)
    failures: list[tuple[int, str, str, list[Step]]] = field(default_factory=list)


def play(world: World, schedule: list[Step]) -> None:
    """Play a schedule to its end and bring the world to rest; raises Broken."""
    run, check = steps.run, world.check
    for step in schedule:
        run(world, step)
        check()
    settle(world)


def outcome(schedule: list[Step], bad: str = "") -> Broken | None:
    """Play a schedule in a new world; gives what broke."""
    world = World(bad)
    try:
        play(world, schedule)
    except Broken as broken:
        return broken
    return None


def shortest(schedule: list[Step], name: str, bad: str = "", *, tries: int = 4000) -> list[Step]:
    """Shrink a schedule that breaks an invariant of that name."""

    def fails(part: list[Step]) -> bool:
        broken = outcome(part, bad)
        return broken is not None and broken.name == name

    return shrink(schedule, fails, tries=tries)


def sweep(
    seeds: int, length: int, *, first_seed: int = 0, bad: str = "", most_failures: int = 5, report: Report | None = None
) -> Report:
    """Play `seeds` schedules of `length` steps; failing ones are shrunk."""
    report = report or Report()
    maker = Maker()
    for seed in range(first_seed, first_seed + seeds):
        schedule = maker.schedule(seed, length)
        world = World(bad)
        try:
            play(world, schedule)
        except Broken as broken:
            short = shortest(schedule, broken.name, bad)
            words = (outcome(short, bad) or broken).words
            report.failures.append((seed, broken.name, words, short))
        report.schedules += 1
        report.steps += len(schedule)
        report.faults.update(world.faults)
        report.reached.update(world.hits)
        if len(report.failures) >= most_failures:
            break
    return report


def written(schedule: list[Step]) -> str:
    """Write a schedule so that it can be read and pasted."""
    return "\n".join(f"    {step!r}," for step in schedule)
