"""The big pull under strain: on a line that is cut every second, and what memory it takes.

56,243 documents from a real centre in its own process. "Work" is the time until the list is whole and the bytes that
crossed the line, each against the same pull on the same line uncut; every cut falls into a transfer. Memory is that of
a process of its own that does what `caller-sync once` does, from before its first request. `--short`: 10,000
documents, cut every quarter of a second.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.pull_parts import ROOT, centre_with
from benchmarks.push import workstation
from benchmarks.report import Figure, median, show
from caller_app.base.errors import CentreUnreachable
from caller_app.domain.staff import User
from caller_app.sync.engine import run_once

LIMIT = 1.3
MEMORY_MB = 100.0
MOST_PASSES = 60  # by then it is not a matter of speed


def main(argv: list[str]) -> int:
    short = "--short" in argv
    documents, every, rounds = (10_000, 0.25, 2) if short else (56_243, 1.0, 3)
    whole, cut, grown = [], [], []
    with tempfile.TemporaryDirectory(prefix="caller-bench-") as name:
        folder = Path(name)
        with centre_with(folder / "centre", {"stress": documents}) as (_rig, url, users):
            user = users["stress"]
            for number in range(rounds):
                whole.append(pull_over(url, user, folder / f"whole-{number}", 0))
                cut.append(pull_over(url, user, folder / f"cut-{number}", every))
                grown.append(memory_of_pull(url, user, folder / f"memory-{number}"))
    cuts = median([one[2] for one in cut])
    what = f"{documents:,} documents, cut every {every:g} s ({cuts:.0f} times)"
    seconds, brought = ([median([one[part] for one in runs]) for runs in (cut, whole)] for part in (0, 1))
    return show("The big pull under strain", [
        Figure(f"{what}: time", seconds[0], "s", "uncut", seconds[1], LIMIT),
        Figure("the same: bytes brought", brought[0] / 1e6, "MB", "uncut", brought[1] / 1e6, LIMIT),
        Figure("memory of one pass over its start", median(grown), "MB", limit=MEMORY_MB),
    ])  # fmt: skip


def pull_over(url: str, user: User, folder: Path, every: float) -> tuple[float, int, int]:
    """Give the seconds until the list is whole over a line cut every so many seconds, the bytes, and how often."""
    with _line(url, every) as (near, told):
        store, api = workstation(url, user, folder, near)
        try:
            start, passes = time.perf_counter(), 1
            while True:
                try:
                    run_once(store, api, store.clock)
                    break
                except CentreUnreachable:
                    passes += 1
                    if passes > MOST_PASSES:
                        raise
            seconds = time.perf_counter() - start
        finally:
            api.close()
            store.close()
        brought, cuts = told()
        return seconds, brought, cuts


def memory_of_pull(url: str, user: User, folder: Path) -> float:
    """Give by how many megabytes a process grows at its peak while it pulls."""
    command = [sys.executable, "-m", "benchmarks.pull_memory", url, str(folder), str(user.user_id), user.name]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


@contextmanager
def _line(url: str, every: float) -> Iterator[tuple[str, Callable[[], tuple[int, int]]]]:
    command = [sys.executable, "-m", "benchmarks.cutting_line", str(urlsplit(url).port), str(every)]
    line = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert line.stdout is not None
    near = f"http://127.0.0.1:{int(line.stdout.readline())}"

    def told() -> tuple[int, int]:
        brought, cuts = line.communicate()[0].split()
        return int(brought), int(cuts)

    try:
        yield near, told
    finally:
        line.kill()
        line.wait()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
