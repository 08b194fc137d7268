"""The table of the deliberate defects as text for docs/simulation.md: what was taken away, and what noticed."""

from dataclasses import dataclass

from tests.simulate.defects import DEFECTS
from tests.simulate.schedules import Maker, Step
from tests.simulate.sweep import outcome, shortest


@dataclass(frozen=True)
class Caught:
    """How a defect was caught: by which invariant, by which seed, after how many schedules, in how few steps."""

    name: str
    invariant: str
    seed: int
    schedules: int
    steps: list[Step]


def catch(name: str, most: int, steps: int, *, shrunk: bool = True) -> Caught | None:
    """Play schedules with one defect until the invariant meant for it breaks; None where `most` did not."""
    wanted, _ = DEFECTS[name]
    maker = Maker()
    for seed in range(most):
        schedule = maker.schedule(seed, steps)
        broken = outcome(schedule, name)
        if broken is not None and broken.name == wanted:
            found = shortest(schedule, wanted, name) if shrunk else schedule
            return Caught(name, wanted, seed, seed + 1, found)
    return None


def text(most: int, steps: int) -> str:
    """Write the table."""
    lines = [
        "| defect | what is taken away | caught by | seed | schedules | shortest, steps |",
        "|---|---|---|---|---|---|",
    ]
    for name, (wanted, words) in DEFECTS.items():
        caught = catch(name, most, steps)
        found = "**not caught**" if caught is None else f"{caught.seed} | {caught.schedules} | {len(caught.steps)}"
        lines.append(f"| `{name}` | {words} | {wanted} | {found} |")
    return "\n".join(lines)
