"""Kill -9, again and again: a real client process that records and syncs, and now and then the centre it talks to.

After every kill the files are opened and held against what was announced (I13, I1, I4); at the end all is settled and
audited (I2, I3, I5, I7). `python -m tests.faults.crash --rounds 500` is the long form; a short one runs in the tests.
"""

import argparse
import contextlib
import multiprocessing
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from caller_app.base.clock import SystemClock
from caller_app.base.failpoints import VARIABLE
from caller_app.base.notices import Board
from caller_app.central.rules.apply import judge_waiting
from caller_app.store import health, mirror
from caller_app.store.local import LocalStore
from caller_app.store.opening import open_store
from caller_app.sync.api import Api
from tests.faults.crash_child import KEY, begin
from tests.store.rig import rules
from tests.support.centre import PASSWORD, Rig, _execute, make_rig, running_database
from tests.wire.audit import converged, once_each
from tests.wire.programs import CentreProcess, Workstation

PEOPLE = 30
TOKEN_SECONDS = 240
PATIENCE = 60
REACHED_SECONDS = 3
AT_CLIENT = (
    "recorded_before_shown", "batch_marked_before_sent", "reply_before_settled", "settled_before_shown",
    "rows_before_token", "between_slices", "removal_logged_before_removed",
)  # fmt: skip
AT_CENTRE = (
    "stored_before_commit", "after_store_before_judge", "judged_before_commit", "after_store_before_reply",
    "page_noted_before_reply",
)  # fmt: skip


@dataclass
class Tally:
    """What the rounds came to."""

    rounds: int = 0
    announced: int = 0
    ends: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        ends = ", ".join(f"{name} {count}" for name, count in sorted(self.ends.items()))
        return f"{self.rounds} rounds, {self.announced} announced changes, 0 lost; ended by: {ends}"


class Child:
    """The client's process, begun quickly: a copy of one that has everything imported."""

    def __init__(self, about: dict[str, Any], settings: dict[str, str]) -> None:
        processes = multiprocessing.get_context("forkserver")
        processes.set_forkserver_preload(["tests.faults.crash", "tests.faults.crash_child"])
        self._saved, theirs = processes.Pipe(duplex=False)
        self.process = processes.Process(target=begin, args=(about, settings, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self._heard: list[list[str]] = []

    def hear(self) -> None:
        """Wait for the next promise."""
        if self._saved.poll(PATIENCE):
            self._take()

    def kill(self) -> list[list[str]]:
        """Kill it as it stands and give all that it promised."""
        self.process.kill()
        self.process.join(PATIENCE)
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._take()
        self._saved.close()
        self.process.close()
        return self._heard

    def _take(self) -> None:
        ids = self._saved.recv()
        assert ids[0] != "bug", ids[1]
        self._heard.append(ids)


class Crash:
    """One workstation, one centre in a process of its own, and a supervisor who moves people meanwhile."""

    def __init__(self, url: str, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.rig: Rig = make_rig(url, SystemClock())  # type: ignore[arg-type]
        self.user, self.other = self.rig.user("anna"), self.rig.user("ben")
        project = self.rig.project()
        self.rig.cases(project, PEOPLE, to=self.user)
        self.rig.cases(project, 5, to=self.other)
        self.folder = folder
        self.centre = CentreProcess(url)
        self._ends_at, self._starts = "", 0
        self.announced: list[list[str]] = []
        self.kept: set[str] = set()
        self.tally = Tally()
        self._token, self._token_at = "", 0.0

    def round(self, number: int) -> None:
        """Let it work, end it, and look at what is left."""
        self._centre_up()
        if number % 5 == 4:
            self._move()
        kinds: list[Callable[[], str]] = [self._after_saves, self._at_client, self._after_time]
        self.tally.ends[kinds[number % len(kinds)]()] += 1
        self.tally.rounds += 1
        self._look()

    def _centre_up(self) -> None:
        """Where the centre has ended at its place, start it anew, to end at another place some time later."""
        process = self.centre.process
        if process is None or process.poll() is not None:
            if process is not None:
                self.tally.ends[f"centre {self._ends_at}"] += 1
            self.centre.close()
            self._ends_at = AT_CENTRE[self._starts % len(AT_CENTRE)]
            self._starts += 1
            self.centre.start(**{VARIABLE: f"{self._ends_at}:{self.chance.randint(2, 30)}"})

    def _after_saves(self) -> str:
        with self._child() as child:
            for _ in range(self.chance.randint(1, 12)):
                child.hear()
            return "kill after a save"

    def _after_time(self) -> str:
        with self._child() as child:
            child.hear()
            child.process.join(self.chance.random() * 0.4)
            return "kill at any moment"

    def _at_client(self) -> str:
        name = self.chance.choice(AT_CLIENT)
        with self._child(**{VARIABLE: f"{name}:{self.chance.randint(1, 3)}"}) as child:
            child.process.join(REACHED_SECONDS)
            return f"kill, {name} not reached" if child.process.is_alive() else name

    @contextlib.contextmanager
    def _child(self, **settings: str) -> Iterator["Child"]:
        about = {
            "url": self.centre.url, "server_id": self.rig.centre.standing.server_id, "folder": str(self.folder),
            "me": self.user, "access": self._access(), "seed": self.chance.randrange(2**31),
        }  # fmt: skip
        child = Child(about, settings)
        try:
            yield child
        finally:
            self.announced += child.kill()

    def _access(self) -> str:
        if not self._token or time.monotonic() - self._token_at > TOKEN_SECONDS:
            api = Api(self.centre.url, server_id=self.rig.centre.standing.server_id)
            self._token, self._token_at = api.sign_in(self.user.name, PASSWORD).access_token, time.monotonic()
            api.close()
        return self._token

    def _move(self) -> None:
        mine = [row.id for row in self.rig.ask(
            "SELECT id::text AS id FROM rec_ver WHERE assignee = :u AND status <> 'closed' ORDER BY id",
            u=self.user.user_id,
        )]  # fmt: skip
        if len(mine) > PEOPLE // 2:
            self.rig.reassign(self.user, self.other, self.chance.sample(mine, 3))
        else:
            self.rig.reassign(self.other, self.user)

    def _look(self) -> None:
        store = self._open()
        try:
            assert not list(self.folder.glob("*.damaged-*"))
            assert health.is_sound(store.outbox) and health.is_sound(store.lists)
            with store.outbox.read() as outbox:
                rows = outbox.exec_driver_sql("SELECT dseq, change_id, state FROM outbox ORDER BY dseq").all()
                device = outbox.exec_driver_sql("SELECT device_id FROM identity").scalar_one()
            with store.lists.read() as lists:
                highest = lists.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM record").scalar_one()
            cursor = mirror.position(store).cursor
        finally:
            store.close()
        self.kept = {row.change_id for row in rows}
        lost = [ids for ids in self.announced if not self.kept.issuperset(ids)]
        assert lost == [], f"announced and lost: {lost}"
        assert [row.dseq for row in rows] == list(range(1, len(rows) + 1)), "a number skipped or used twice"
        assert highest <= cursor, "rows beyond the cursor"
        held = {row.change_id: row.dseq for row in self.rig.ask(
            "SELECT s.change_id::text AS change_id, s.dseq FROM device_seq s WHERE s.device_id = CAST(:d AS uuid)",
            d=device,
        )} if device else {}  # fmt: skip
        acked = {row.change_id for row in rows if row.state in ("ACKED", "DURABLE")}
        assert acked <= set(held), "acknowledged, but not at the centre"
        numbers = {row.change_id: row.dseq for row in rows}
        assert {one: held[one] for one in held if one in numbers} == {one: numbers[one] for one in held}
        self.tally.announced = sum(map(len, self.announced))

    def audit(self) -> None:
        """Settle everything, then ask both sides: each change there once, judged, in effect once; the list equal."""
        self.centre.close()
        self.centre.start()
        self._wrap_up()
        now = SystemClock().now()
        while judge_waiting(self.rig.centre, older_than=now, now=now):
            pass
        with contextlib.closing(
            Workstation(self.centre.url, self.user, self.rig.centre.standing.server_id, self.folder)
        ) as station:
            station.recorded = sorted(self.kept)
            station.sign_in()
            station.settle()
            once_each(self.rig, station)
            converged(self.rig, station)
        self.centre.close()
        self.centre.process = None

    def _wrap_up(self) -> None:
        """End the calls that were open when it was killed: while one is, its record may stay."""
        store = self._open()
        try:
            for draft in store.read(lambda view: view.drafts()):
                store.write(lambda unit, one=draft: unit.drop_draft(one.case_id))
        finally:
            store.close()

    def _open(self) -> LocalStore:
        return open_store(
            self.folder, KEY, me=self.user, server_id=self.rig.centre.standing.server_id, rules=rules(),
            clock=SystemClock(), board=Board(), test_mode=True,
        )  # fmt: skip

    def close(self) -> None:
        """End every process."""
        self.centre.close()
        self.rig.close()


def run(url: str, folder: Path, rounds: int, seed: int, said: Callable[[str], Any] = lambda _line: None) -> Tally:
    """Run so many rounds on an empty, migrated database; raises AssertionError at the first broken promise."""
    crash = Crash(url, folder, seed)
    try:
        for number in range(rounds):
            try:
                crash.round(number)
            except AssertionError as fault:
                raise AssertionError(f"round {number} of seed {seed}: {fault}") from fault
            if number % 25 == 24:
                crash.audit()
                said(f"after round {number + 1}: {crash.tally}")
        crash.audit()
    finally:
        crash.close()
    return crash.tally


def say(line: str) -> None:
    """Show how far it is."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """The long form."""
    parser = argparse.ArgumentParser(prog="crash", description="Kill a client that records and syncs, and look.")
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.modules["__main__"].__spec__ = None  # so that a copy of this process does not import this module a second time
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended, however this is
    with running_database() as server, tempfile.TemporaryDirectory() as folder:
        _execute(server, "CREATE DATABASE crash TEMPLATE caller")
        url = server.server.get_uri(database="crash")
        tally = run(url, Path(folder) / "profile", given.rounds, given.seed, say)
    say(str(tally))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
