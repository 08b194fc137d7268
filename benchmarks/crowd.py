"""Five hundred workstations and one centre on two cores: waiting, nine o'clock, and everybody's return from an outage.

The centre is the real program in a process of its own on a real PostgreSQL; the crowd is another process. Both share
this machine, so what the centre is said to need is its own processor time. `--short`: as many wait, but a fifth of them
comes at nine and back from the outage, in a fifth of the time.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.crowd_people import Seat, seated
from benchmarks.pull_parts import ROOT, centre_with
from benchmarks.report import Figure, median, percentile, show
from tests.support.centre import Rig

CROWD = 500
LIST = 112
RECORDED = 20  # what a caller records in an hour without the centre
CORE_SHARE = 0.10
REACH_SECONDS = 2.0
PEAK = 3.0
PUSH_SECONDS = 5.0


def waiting(rig: Rig, url: str, *, short: bool) -> list[Figure]:
    """Measure a crowd that waits, and how soon a change reaches whom it concerns."""
    changes = 60 if short else 200
    seats = seated(rig, CROWD, 2, moved_each=1)
    (supervisor,) = seated(rig, 1, 0, role="supervisor")
    found = crowd("waiting", url, seats, pid=_pid_of(url), quiet_seconds=26 if short else 75, changes=changes,
                  spacing=0.1, supervisor=asdict(supervisor))  # fmt: skip
    assert not found["faults"] and not found["never_arrived"], found
    print(f"{found['answers']} waits ended in the quiet time; {found['threads']} threads, {found['memory_mb']:.0f} MB")
    return [
        Figure(f"{CROWD} wait: the centre's own share of one core", found["share_of_a_core"], "", limit=CORE_SHARE),
        Figure("a change reaches the other caller's list, p95", percentile(found["reach"], 0.95), "s",
               limit=REACH_SECONDS),
        Figure("the same, median", median(found["reach"]), "s"),
        Figure("a change stands on the board, p95", percentile(found["board"], 0.95), "s", limit=REACH_SECONDS),
    ]  # fmt: skip


def nine(rig: Rig, url: str, *, short: bool) -> list[Figure]:
    """Measure everybody's first pull at once, against the same bytes from memory."""
    seats = seated(rig, CROWD // 5 if short else CROWD, LIST)
    found = crowd("nine", url, seats, receipts=True)
    assert found["fewest"] >= LIST, found
    with from_memory(url, seats) as port:
        floor = crowd("nine", f"http://127.0.0.1:{port}", seats, receipts=False)
    what = f"{len(seats)} pull {LIST} cases each at once"
    print(f"{found['asked_again']} times the centre asked for patience, and was given it")
    return [
        Figure(f"{what}: all done", found["seconds"], "s", "the same bytes from memory", floor["seconds"]),
        Figure(f"{what}: half of them done", median(found["each"]), "s"),
        Figure(f"{what}: errors", 0.0, "", limit=0),
    ]


def back(rig: Rig, url: str, *, short: bool) -> list[Figure]:
    """Measure the return of everybody after an outage."""
    seats = seated(rig, CROWD // 5 if short else CROWD, RECORDED)
    found = crowd("back", url, seats, span=12 if short else 60, recorded=RECORDED)
    print(f"{found['asked_again']} times the centre asked for patience, and was given it")
    return [
        Figure(f"{len(seats)} return: the fullest second", found["peak"], "", "devices a second on average",
               found["mean"], PEAK),
        Figure(f"{len(seats)} return with {RECORDED} changes each: push, p99", percentile(found["pushes"], 0.99), "s",
               limit=PUSH_SECONDS),
    ]  # fmt: skip


def crowd(what: str, url: str, seats: list[Seat], **orders: Any) -> dict[str, Any]:
    """Let a crowd do one thing and give what it measured."""
    given = {"port": int(url.rsplit(":", 1)[1]), "seats": [asdict(one) for one in seats], **orders}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.crowd_load", what], cwd=ROOT, input=json.dumps(given) + "\n",
        stdout=subprocess.PIPE, text=True, check=True, timeout=600,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@contextmanager
def from_memory(url: str, seats: list[Seat]) -> Iterator[int]:
    """Serve the same pages from the memory of a process that does nothing else; gives its port."""
    given = {"port": int(url.rsplit(":", 1)[1]), "seats": [asdict(one) for one in seats]}
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.crowd_load", "memory"], cwd=ROOT, text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(json.dumps(given) + "\n")
        process.stdin.flush()
        yield json.loads(process.stdout.readline())["port"]
    finally:
        process.communicate(timeout=30)


def _pid_of(url: str) -> int:
    import psutil

    port = int(url.rsplit(":", 1)[1])
    return next(
        one.pid
        for one in psutil.net_connections("tcp")
        if one.status == "LISTEN" and one.laddr.port == port and one.pid
    )


PARTS = {"waiting": waiting, "nine": nine, "back": back}


def main(argv: list[str]) -> int:
    """Run the parts that are named, or all."""
    short = "--short" in argv
    wanted = [one for one in argv if one in PARTS] or list(PARTS)
    figures: list[Figure] = []
    with (
        tempfile.TemporaryDirectory(prefix="caller-bench-") as name,
        centre_with(Path(name) / "centre", {}) as (rig, url, _users),
    ):
        for one in wanted:
            figures += PARTS[one](rig, url, short=short)
    return show("A crowd", figures)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
