"""First pull of 112 cases (a caller's list) and of 56,243 (the stress case), against the floor of pull_parts.py.

Real centre in its own process, real PostgreSQL, HTTP over loopback, real SQLCipher files. Rounds alternate between
floor and pull, so that a slow minute of the machine falls on both; medians are compared. The list is pulled many times:
it takes milliseconds, and a few of them swing. `--short`: 5,000 for 56,243.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.pull_parts import bodies, centre_with, floor, mean_size, pull
from benchmarks.report import Figure, median, show

LIMITS = {"list": 2.0, "stress": 1.3}  # of a caller's list; of many documents, where the journey may cost little
A_WAIT = 0.15  # seconds from asking for a caller's list until it is on the screen


def main(argv: list[str]) -> int:
    big = 5_000 if "--short" in argv else 56_243
    rounds = 3 if "--short" in argv else 5
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="caller-bench-") as name:
        folder = Path(name)
        with centre_with(folder / "centre", {"list": 112, "stress": big}) as (rig, url, users):
            print(f"documents of {mean_size(rig):.0f} bytes on average")
            for person, times in (("list", rounds * 10), ("stress", rounds)):
                documents = bodies(rig, users[person])
                floors, bare, pulls = [], [], []
                for number in range(times):
                    floors.append(floor(documents, folder / f"{person}-floor-{number}", users[person]))
                    bare.append(floor(documents, folder / f"{person}-bare-{number}", users[person], searchable=False))
                    pulls.append(pull(url, users[person], folder / f"{person}-pull-{number}"))
                what = f"first pull of {len(documents):,} cases"
                figures += [
                    Figure(what, median(pulls), "s", "decode + columns + index", median(floors), LIMITS[person]),
                    Figure(f"{what} (reported)", median(pulls), "s", "the same without search index", median(bare)),
                ]
                if person == "list":
                    figures.append(Figure(f"{what}, as a wait", median(pulls), "s", limit=A_WAIT))
    return show("First pull", figures)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
