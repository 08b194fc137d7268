"""From a failing schedule to the shortest one that fails in the same way.

What a reader would get wrong: the shortest schedule must fail by the same name, not just fail. Steps are left out in
halves, quarters and so on down to single ones, over and over, until none can be spared; then numbers are made small.
"""

from collections.abc import Callable

from tests.simulate.schedules import Step


def shrink(schedule: list[Step], fails: Callable[[list[Step]], bool], *, tries: int = 4000) -> list[Step]:
    """Give a schedule that still fails and of which no single step can be left out."""
    best, left = list(schedule), tries
    size = max(1, len(best) // 2)
    while left > 0:
        shorter = False
        at = 0
        while at < len(best) and left > 0:
            left -= 1
            part = best[:at] + best[at + size :]
            if fails(part):
                best, shorter = part, True
            else:
                at += size
        if size == 1 and not shorter:
            break
        size = max(1, size // 2)
    return _plainer(best, fails, left)


def _plainer(best: list[Step], fails: Callable[[list[Step]], bool], left: int) -> list[Step]:
    for place in range(len(best)):
        for which in (1, 2, 3):
            step = list(best[place])
            if left <= 0 or not step[which] or (which == 3 and step[0] in ("record", "faulty")):
                continue
            left -= 1
            step[which] = 0
            part = [*best[:place], tuple(step), *best[place + 1 :]]
            if fails(part):
                best = part
    return best
