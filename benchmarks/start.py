"""Start of the client to a usable list (warm file cache) against a PySide6 window that shows an empty table.

Both are whole processes, started in turn in the same run; the client opens a real profile with a synced list of 112
people, offline, so no network is in the figure. The figure is what a person waits: from the start to sign-in, and from
Enter to the list. The seconds in which they type, while the client loads behind sign-in, and the password check
(argon2id, about a quarter of a second on purpose) are measured inside the same start and taken off.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Figure, median, show
from benchmarks.workstation import PASSWORD, Workstation

LIMIT = 2.0
PEOPLE = 112
TYPING = 3.0  # seconds a person needs for a password
ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120.0


def main(argv: list[str]) -> int:
    rounds = 3 if "--short" in argv else 9
    with tempfile.TemporaryDirectory(prefix="caller-bench-") as name:
        station = Workstation(Path(name) / "home")
        station.fill(PEOPLE)
        environment = {
            "QT_QPA_PLATFORM": "offscreen",
            **os.environ,
            **station.environment,
            # Compiled modules are part of a warm cache, wherever this run may have been told not to write them.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(Path(name) / "bytecode"),
        }
        bare: list[float] = []
        waited: list[float] = []
        at_once: list[float] = []
        checks: list[float] = []
        for number in range(rounds + 1):
            empty, _, _ = _start(environment, "bare")
            full, typing, check = _start(environment, "client", PASSWORD, str(TYPING))
            quick, no_typing, quick_check = _start(environment, "client", PASSWORD, "0")
            if number:  # the first round only warms the file cache and compiles
                bare.append(empty)
                waited.append(full - typing - check)
                at_once.append(quick - no_typing - quick_check)
                checks.append(check)
    against, base = "a window with an empty table", median(bare)
    figures = [
        Figure(f"start to sign-in, Enter to {PEOPLE} people painted", median(waited), "s", against, base, LIMIT),
        Figure("the same where typing takes no time (reported)", median(at_once), "s", against, base),
        Figure("password check, argon2id, in neither (reported)", median(checks), "s"),
    ]
    return show(f"Start, medians of {rounds} starts each", figures)


def _start(environment: dict[str, str], *words: str) -> tuple[float, float, float]:
    """Give the seconds from making a process until it says that it has painted; in them typing and password check."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.started", *words],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        took = time.perf_counter() - began
        assert line.startswith("painted "), f"{words[0]} did not come up: {line!r}"
        process.communicate(timeout=PATIENCE)
        _, typing, check = line.split()
        return took, float(typing), float(check)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
