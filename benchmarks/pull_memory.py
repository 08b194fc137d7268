"""One pass of sync in a process of its own, for big_pull.py: prints by how many megabytes it grew at its peak (Linux).

"Its start" is the process with everything loaded, its files open and the person signed in, before it asks for anything.
"""

import sys
from pathlib import Path

from benchmarks.push import workstation
from caller_app.domain.staff import User
from caller_app.sync.engine import run_once


def main(argv: list[str]) -> int:
    url, folder, number, name = argv
    user = User(user_id=int(number), name=name, shown_name=name.title(), role="caller")
    store, api = workstation(url, user, Path(folder))
    try:
        start = _mb("VmRSS")
        run_once(store, api, store.clock)
        print(f"{_mb('VmHWM') - start:.1f}")
    finally:
        api.close()
        store.close()
    return 0


def _mb(name: str) -> float:
    """Read this process's own figure: the one of `getrusage` begins with what the parent had."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"{name} is not told here")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
