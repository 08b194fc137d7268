"""Hostile workbooks of scripts: how long each takes to end in its report, and how much memory, beside a plain pack.

Each is checked in a process of its own, so that neither time nor memory of one counts for the other; the plain pack is
checked in the same way in the same run, and the ratio is to that. `--short` takes the six that are worst.

    python -m benchmarks.hostile_scripts [--short] [NAME…]
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Figure, median, peak_mb, show

ROOT = Path(__file__).resolve().parents[1]
PLAIN = "plain"
PACK = "diabetes_prevention"
TIMES = 20.0  # of the plain pack, each
MEMORY_MB = 150
WORST = (
    "a_hundred_thousand_rows", "a_thousand_answers_to_every_question", "one_long_text_in_every_cell",
    "nothing_that_can_be_proved", "ten_megabytes_shared", "patterns_that_would_take_for_ever",
)  # fmt: skip


def one(name: str) -> None:
    """Check one workbook and print the figures as JSON; making it is not timed, and its memory is over before."""
    from caller_app.base.errors import Refused
    from caller_app.base.paths import resource_path
    from caller_app.script.compile import check_script

    with tempfile.TemporaryDirectory(prefix="caller-bench-") as folder:
        path = Path(folder) / "made.xlsx"
        if name == PLAIN:
            path = resource_path(f"packs/{PACK}.xlsx")
        else:
            # In another process: what making it takes must not count.
            make_it = [sys.executable, "-m", "benchmarks.hostile_scripts", "--make", name, str(path)]
            subprocess.run(make_it, cwd=ROOT, check=True)
        began = time.perf_counter()
        try:
            checked = check_script(path)
            said = f"{len(checked.findings)} findings"
        except Refused:
            said = "refused"
        print(json.dumps({"ms": (time.perf_counter() - began) * 1000, "mb": peak_mb(), "said": said}))


def measured(name: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.hostile_scripts", "--one", name], cwd=ROOT, check=True, capture_output=True
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main(argv: list[str]) -> int:
    if argv[:1] == ["--one"]:
        one(argv[1])
        return 0
    from tests.script.hostile_long import ALL

    if argv[:1] == ["--make"]:
        next(each for each in ALL if each.name == argv[1]).make(Path(argv[2]))
        return 0
    named = [word for word in argv if not word.startswith("--")]
    names = named or list(WORST if "--short" in argv else (each.name for each in ALL))
    plain = [measured(PLAIN) for _ in range(3)]
    base, memory = median([run["ms"] for run in plain]), median([run["mb"] for run in plain])
    figures = [Figure(f"{PACK}, every check (reported)", base, "ms"), Figure("its memory (reported)", memory, "MB")]
    for name in names:
        run = measured(name)
        figures.append(Figure(f"{name}: {run['said']}", run["ms"], "ms", "the plain pack", base, TIMES))
        figures.append(Figure("  memory at the peak", run["mb"], "MB", limit=MEMORY_MB))
    return show("Hostile workbooks of scripts", figures)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
