"""The words of a schedule: a step is a name and three small numbers, read modulo whatever there is to choose from."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.world.play import Play


class Step(NamedTuple):
    """One thing that happens."""

    name: str
    a: int = 0
    b: int = 0
    c: int = 0


Deed = Callable[["Play", int, int, int], None]
STEPS: dict[str, Deed] = {}
WEIGHTS: dict[str, int] = {}


def step(weight: int) -> Callable[[Deed], Deed]:
    """Register a step under the name of its function, with how often it is drawn."""

    def register(deed: Deed) -> Deed:
        STEPS[deed.__name__], WEIGHTS[deed.__name__] = deed, weight
        return deed

    return register


def draw(seed: int, steps: int) -> list[Step]:
    """Draw a schedule: the same one for the same seed."""
    import tests.world.happenings  # noqa: F401 - registers the steps

    chance = random.Random(seed)
    names, weights = list(WEIGHTS), list(WEIGHTS.values())
    return [
        Step(name, chance.randrange(60), chance.randrange(60), chance.randrange(4_000))
        for name in chance.choices(names, weights, k=steps)
    ]
