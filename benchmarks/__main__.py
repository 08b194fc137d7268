"""`./run bench [--short] [NAME…]`: runs each benchmark in a process of its own; exits 1 where a limit does not hold.

`peers` runs only when it is named: it installs other products, some of which need Node, into a folder of their own.
"""

import subprocess
import sys
from pathlib import Path

NAMES = (
    "outcome", "first_pull", "big_pull", "push", "reassign", "scale", "start", "check_cohort", "crowd", "script_pages",
    "hostile_scripts", "seal",
)  # fmt: skip
NAMED_ONLY = ("peers",)


def main(argv: list[str]) -> int:
    short = [word for word in argv if word == "--short"]
    wanted = [word for word in argv if not word.startswith("--")] or list(NAMES)
    unknown = sorted(set(wanted) - {*NAMES, *NAMED_ONLY})
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join((*NAMES, *NAMED_ONLY))}", file=sys.stderr)
        return 2
    root = Path(__file__).resolve().parents[1]
    codes = [
        subprocess.run([sys.executable, "-m", f"benchmarks.{one}", *short], cwd=root, check=False).returncode
        for one in wanted
    ]
    print("\nall limits hold" if not any(codes) else "\nsome limits do not hold")
    return 1 if any(codes) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
