"""Push of 5,000 recorded calls, each with its verdict and receipt, durable at both ends, against push_parts.Floor.

Real centre in its own process, real PostgreSQL, HTTP over loopback, real SQLCipher files; every call is about another
person. Measured from the first batch taken out of the outbox to the last receipt written down. `--short`: 1,000.
"""

import shutil
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.pull_parts import centre_with, opened
from benchmarks.push_parts import Floor
from benchmarks.report import Figure, median, show
from caller_app.base.ids import new_id
from caller_app.base.notices import Board
from caller_app.domain.changes import AttemptRecorded
from caller_app.domain.staff import User
from caller_app.store import sending
from caller_app.store.local import LocalStore
from caller_app.store.unit import Unit
from caller_app.sync.api import Api
from caller_app.sync.credentials import Credentials
from caller_app.sync.engine import run_once
from caller_app.sync.push import Beside, push_next
from tests.support.centre import PASSWORD

LIMIT = 2.0


def main(argv: list[str]) -> int:
    changes = 1_000 if "--short" in argv else 5_000
    rounds = 3
    pushes, floors = [], []
    with tempfile.TemporaryDirectory(prefix="caller-bench-") as name:
        folder = Path(name)
        people = {f"pusher{number}": changes for number in range(rounds)}
        with centre_with(folder / "centre", people) as (rig, url, users):
            floor = Floor(rig.url)
            try:
                for person, user in users.items():
                    here, before = folder / person, folder / f"{person}-before"
                    prepare(url, user, here, changes)
                    shutil.copytree(here, before)
                    pushes.append(push(url, user, here))
                    written = floor.written(here, user.user_id)
                    floors.append(floor.run(written, before / "outbox.db"))
            finally:
                floor.close()
    return show("Push", [
        Figure(f"push of {changes:,} changes", median(pushes), "s", "the same rows, no HTTP", median(floors), LIMIT),
        Figure("changes a second (reported)", changes / median(pushes), "/s", "floor", changes / median(floors)),
    ])  # fmt: skip


def prepare(url: str, user: User, folder: Path, changes: int) -> None:
    """Pull a person's list and record one unanswered call for each case."""
    store, api = workstation(url, user, folder)
    try:
        run_once(store, api, store.clock)
        with store.lists.read() as lists:
            cases = list(lists.exec_driver_sql("SELECT case_id FROM shown ORDER BY nr").scalars())
        assert len(cases) == changes
        for at in range(0, changes, 200):
            store.write(_record, cases=cases[at : at + 200])
        store.outbox.checkpoint()
    finally:
        api.close()
        store.close()


def push(url: str, user: User, folder: Path) -> float:
    """Give the seconds until everything recorded has its receipt on disk."""
    store, api = workstation(url, user, folder)
    try:
        with store.outbox.read() as connection:
            api.device_id = sending.identity(connection).device_id
        start = time.perf_counter()
        with closing(Beside(store)) as beside:
            while push_next(store, api, beside=beside) is not None:
                pass
        seconds = time.perf_counter() - start
        with store.outbox.read() as connection:
            assert sending.counts(connection).unsent == 0
        return seconds
    finally:
        api.close()
        store.close()


def _record(unit: Unit, *, cases: list[str]) -> None:
    for case_id in cases:
        unit.record(AttemptRecorded(case_id=case_id, act_id=new_id(), outcome="C01", number="+447700900123"))


def workstation(url: str, user: User, folder: Path, line: str | None = None) -> tuple[LocalStore, Api]:
    """Open a person's files and sign them in; with a line, everything after the sign-in goes over that address."""
    store = opened(folder, user, url, Board())
    credentials = Credentials()
    front = Api(url, credentials=credentials, server_id=store.server_id)
    credentials.take(front.sign_in(user.name, PASSWORD))
    front.close()
    return store, Api(line or url, credentials=credentials, server_id=store.server_id, before_request=store.assert_free)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
