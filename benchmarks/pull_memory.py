"""One pass of sync in a process of its own, for big_pull.py: prints by how many megabytes it grew at its peak.

"Its start" is the process with everything loaded, its files open and the person signed in, before it asks for anything.
"""

import sys
from pathlib import Path

from benchmarks.push import workstation
from benchmarks.report import peak_mb
from caller_app.domain.staff import User
from caller_app.sync.engine import run_once


def main(argv: list[str]) -> int:
    url, folder, number, name = argv
    user = User(user_id=int(number), name=name, shown_name=name.title(), role="caller")
    store, api = workstation(url, user, Path(folder))
    try:
        start = peak_mb()
        run_once(store, api, store.clock)
        print(f"{peak_mb() - start:.1f}")
    finally:
        api.close()
        store.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
