"""10,000 cases move from one caller to another while 50 workstations push: no deadlock, no feed locked over 200 ms.

Real centre in its own process over HTTP. Two probes beside it take the feed lock of giver and taker again and again:
the longest they wait is the longest that anybody's call waited for the move. `--short`: 1,000 cases, 10 workstations.
"""

import itertools
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psycopg
import requests

from benchmarks.pull_parts import centre_with
from benchmarks.report import Figure, percentile, show
from caller_app.central.db import writing
from caller_app.central.rules import accounts, assign
from caller_app.domain.staff import User
from tests.support.centre import Rig
from tests.support.station import Station, attempt

LOCK_SECONDS = 0.2


class Elsewhere(requests.Session):
    """Sends what is meant for the centre of the tests to the running one."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.trust_env = False
        self._url = url

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        path = str(url).split("/", 3)[3]
        return super().request(method, f"{self._url}/{path}", *args, **options)


def main(argv: list[str]) -> int:
    moved, pushers = (1_000, 10) if "--short" in argv else (10_000, 50)
    with tempfile.TemporaryDirectory(prefix="caller-bench-") as name:
        people = {"giver": moved, "taker": 10, **{f"pusher{number}": 10 for number in range(pushers)}}
        with centre_with(Path(name) / "centre", people) as (rig, url, users):
            waits, pushed, faults, seconds = _run(rig, url, users)
            deadlocks = rig.ask("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")[0][0]
    return show("Many cases move while many push", [
        Figure(f"longest wait for a feed while {moved:,} move", max(waits), "s", limit=LOCK_SECONDS),
        Figure("deadlocks", float(deadlocks), "", limit=0),
        Figure("pushes that failed", float(len(faults)), "", limit=0),
        Figure(f"push meanwhile, 95 of 100 ({len(pushed)} pushes)", percentile(pushed, 0.95), "s"),
        Figure("the whole move", seconds, "s"),
    ])  # fmt: skip


def _run(rig: Rig, url: str, users: dict[str, User]) -> tuple[list[float], list[float], list[str], float]:
    over = threading.Event()
    waits: list[float] = []
    pushed: list[float] = []
    faults: list[str] = []
    threads = [
        threading.Thread(target=_probe, args=(rig.url, users[name].user_id, over, waits)) for name in ("giver", "taker")
    ]
    for name, user in users.items():
        cases = [row[0] for row in rig.ask("SELECT id FROM rec_ver WHERE assignee = :u LIMIT 10", u=user.user_id)]
        station = _signed_in(rig, url, user, name)
        threads.append(threading.Thread(target=_push, args=(station, cases, over, pushed, faults)))
    for one in threads:
        one.start()
    start = time.perf_counter()
    try:
        assign.reassign(
            rig.engine, from_user=users["giver"].user_id, to_user=users["taker"].user_id, why="holiday", case_ids=None,
            now=rig.clock.now(), by_user=None,
        )  # fmt: skip
        return waits, pushed, faults, time.perf_counter() - start
    finally:
        over.set()
        for one in threads:
            one.join()


def _signed_in(rig: Rig, url: str, user: User, name: str) -> Station:
    """Open a session by the centre's own rules: the price of a password is not the matter here."""
    from caller_app.base.clock import SystemClock

    station = Station(rig, name, session=Elsewhere(url))
    made = writing(rig.engine, lambda conn: accounts.open_session(conn, user, SystemClock().now()))
    station.token = made.access_token
    reply = station.post("/v1/register", {"app": "bench", "proto_min": 1, "proto_max": 1}).json()
    station.device, station.epoch = reply["device_id"], reply["epoch"]
    return station


def _push(station: Station, cases: list[str], over: threading.Event, pushed: list[float], faults: list[str]) -> None:
    for case_id in itertools.cycle(cases):
        if over.is_set():
            return
        start = time.perf_counter()
        reply = station.push(attempt(case_id))
        pushed.append(time.perf_counter() - start)
        if reply.status_code != 200:
            faults.append(f"{reply.status_code}")
        over.wait(0.1)


def _probe(database: str, user_id: int, over: threading.Event, waits: list[float]) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        while not over.is_set():
            start = time.perf_counter()
            connection.execute("SELECT 1 FROM feed_head WHERE user_id = %s FOR UPDATE", (user_id,))
            waits.append(time.perf_counter() - start)
            over.wait(0.01)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
