"""`python -m tests.simulate --seeds N --steps M [--first S] [--real] [--defect NAME] [--table]`.

Plays N schedules of M steps through the model (with --real: through the real parts) and prints what was played, the
faults by kind and how often each situation was reached. Exit code 1 where an invariant broke: with the seed and the
shortest schedule that still breaks it.
"""

import argparse
import sys
import time

from tests.simulate import table
from tests.simulate.defects import DEFECTS, HARMLESS, RARE
from tests.simulate.sweep import Report, sweep, written
from tests.simulate.wanted import never_reached


def main(arguments: list[str]) -> int:
    """Play, print, and say by the exit code whether anything broke."""
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=2000)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--real", action="store_true", help="play the real parts instead of the model")
    parser.add_argument(
        "--defect", choices=sorted(DEFECTS | HARMLESS | RARE), default="", help="with one safety taken away"
    )
    parser.add_argument("--table", action="store_true", help="write the table of the defects and stop")
    said = parser.parse_args(arguments)
    if said.table:
        _say(table.text(said.seeds, said.steps))
        return 0
    if said.real:
        return _real(said.seeds, said.steps, said.first)
    began = time.perf_counter()
    report = sweep(said.seeds, said.steps, first_seed=said.first, bad=said.defect)
    took = time.perf_counter() - began
    _say(f"{report.schedules} schedules, {report.steps} steps in {took:.0f} s ({report.schedules / took * 60:.0f}/min)")
    _print(report)
    return 1 if report.failures else 0


def _print(report: Report) -> None:
    _say("\nFaults, by kind:")
    for name, count in sorted(report.faults.items(), key=lambda one: -one[1]):
        _say(f"  {count:9}  {name}")
    _say("\nSchedules in which this was reached:")
    for name, count in sorted(report.reached.items(), key=lambda one: -one[1]):
        _say(f"  {count:9}  {name}")
    missing = never_reached(report.reached)
    if missing and not report.failures:
        _say("\nNEVER REACHED, so nothing is shown about: " + "; ".join(missing))
    for seed, name, words, schedule in report.failures:
        _say(f"\nBROKEN {name}, seed {seed}: {words}\n  the shortest schedule that breaks it:\n{written(schedule)}")


def _real(seeds: int, steps: int, first: int) -> int:
    try:
        from tests.world.run import run
    except ImportError as fault:
        _say(f"The world of real parts is not here: {fault}")
        return 2
    began = time.perf_counter()
    report = run(seeds, steps, first)
    took = time.perf_counter() - began
    _say(f"{report.schedules} schedules, {report.steps} steps of the real parts in {took:.0f} s\n\nFaults, by kind:")
    for name, count in sorted(report.faults.items(), key=lambda one: -one[1]):
        _say(f"  {count:9}  {name}")
    for failure in report.failures:
        _say("\nBROKEN " + ", ".join(str(one) for one in failure))
    return 1 if report.failures else 0


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
