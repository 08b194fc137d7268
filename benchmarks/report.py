"""How every benchmark speaks: a figure, what it is compared with in the same run, the ratio, limit and verdict.

A ratio to something measured seconds earlier on the same machine says more than milliseconds do; the milliseconds are
printed beside it.
"""

import resource
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a report: `ratio` is to `limit_of` measured in the same run; None where only reported."""

    name: str
    value: float
    unit: str
    against: str = ""
    base: float | None = None
    limit: float | None = None

    @property
    def ratio(self) -> float | None:
        return None if self.base is None else self.value / self.base

    @property
    def held(self) -> bool:
        if self.limit is None:
            return True
        return (self.ratio if self.ratio is not None else self.value) <= self.limit


def show(title: str, figures: Sequence[Figure]) -> int:
    """Print a table; give 0 where every limit holds, else 1."""
    print(f"\n{title}")
    print(f"{'figure':58} {'value':>12} {'compared with':38} {'ratio':>7} {'limit':>7}")
    for one in figures:
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        limit = "" if one.limit is None else f"{one.limit:g}"
        base = "" if one.base is None else f"{one.against} {one.base:.4g} {one.unit}"
        mark = "" if one.limit is None else ("  ok" if one.held else "  OVER")
        print(f"{one.name:58} {one.value:>8.4g} {one.unit:3} {base or one.against:38} {ratio:>7} {limit:>7}{mark}")
    return 0 if all(one.held for one in figures) else 1


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value below which a share (0 to 1) of the values lies, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """Give the middle value."""
    return statistics.median(values)


def peak_mb() -> float:
    """Give the peak resident memory of this process in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def timed(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """Give the seconds a piece of work takes."""
    start = clock()
    work()
    return clock() - start
