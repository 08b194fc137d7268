"""A workstation's day in a process of its own, for what happens beneath a program: power, full disks, failing syncs.

Not a test itself. It announces each thing it would tell a person, after the store has promised it: `saved ID`, `act ID
ID ID`, `draft CASE PAGE`, `ended CASE`, `durable N`; and `list CURSOR CASE:VERSION ...` before a page is taken in.
"""

import os
import random
import sys
from pathlib import Path

from caller_app.base.errors import Unavailable
from caller_app.domain.calls import CallDraft
from caller_app.protocol.messages import Gone, PushResult, Put
from caller_app.store import mirror, proof, removal, sending
from caller_app.store.local import LocalStore
from tests.store import rig
from tests.support.clock import StoppedClock

PEOPLE = 12


class Recorder:
    """The store and a file of promises."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.clock = StoppedClock()
        self.failed = 0
        self._said = os.open(folder / "announced", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.store: LocalStore = rig.opened(folder / "profile", self.clock)
        self.seq = 1
        self.vers = dict.fromkeys(range(1, PEOPLE + 1), 0)
        self.listed: dict[str, int] = {}
        self._resume((folder / "announced").read_text(encoding="ascii").splitlines())

    def _resume(self, said: list[str]) -> None:
        for line in said:
            if line.startswith("list "):
                self.seq = int(line.split()[1])
                self.listed = {name: int(ver) for name, ver in (one.rsplit(":", 1) for one in line.split()[2:])}
                for number in self.vers:
                    self.vers[number] = max(self.vers[number], self.listed.get(rig.item(number).case_id, 0))

    def announce(self, *words: object) -> None:
        os.write(self._said, (" ".join(map(str, words)) + "\n").encode())

    def attempt(self, work: str) -> None:
        """Do one thing; what fails is said to the person and may be done again."""
        try:
            getattr(self, work)()
        except Unavailable:
            self.failed += 1

    def page(self) -> None:
        """Some people change, one leaves, one who left comes back; all of them where the last page is not held."""
        lines: list[Put | Gone] = []
        if mirror.position(self.store).cursor != self.seq:
            self.seq += 1
            lines = [rig.put_project(self.seq), *(self.put(number) for number in self.vers)]
        else:
            for number in self.chance.sample(sorted(self.vers), 4):
                if self.chance.random() < 0.3:
                    self.seq += 1
                    lines.append(rig.gone(rig.item(number), self.seq))
                else:
                    lines.append(self.put(number))
        self.apply(lines)
        mirror.caught_up(self.store)

    def put(self, number: int) -> Put:
        self.seq += 1
        self.vers[number] += 1
        return rig.put(rig.item(number), self.seq, self.vers[number])

    def apply(self, lines: list[Put | Gone]) -> None:
        for line in lines:
            if isinstance(line, Put):
                self.listed[line.id] = line.v
            else:
                self.listed.pop(line.id, None)
        self.announce("list", self.seq, *(f"{name}:{ver}" for name, ver in sorted(self.listed.items())))
        mirror.apply_page(self.store, rig.page(lines, self.clock))

    def record(self) -> None:
        case = rig.item(self.chance.randint(1, PEOPLE))
        change_id = self.store.write(lambda unit: unit.record(rig.attempt(case)))
        self.announce("saved", change_id)

    def act(self) -> None:
        """One act of three changes, its draft ended with it: all of it or nothing."""
        case = rig.item(self.chance.randint(1, PEOPLE))

        def work(unit):  # type: ignore[no-untyped-def]
            unit.save_draft(CallDraft(call_id="c", case_id=case.case_id, opened_at=unit.now))
            ids = [unit.record(rig.attempt(case)), unit.record(rig.note(case, "x" * 3000)), unit.record(rig.note(case))]
            unit.drop_draft(case.case_id)
            return ids

        ids = self.store.write(work)
        self.announce("act", *ids)

    def draft(self) -> None:
        case, page = rig.item(self.chance.randint(1, PEOPLE)), self.chance.randint(1, 99)
        draft = CallDraft(call_id="c", case_id=case.case_id, opened_at=self.clock.now(), page=page)
        self.store.write(lambda unit: unit.save_draft(draft))
        self.announce("draft", case.case_id, page)
        self.store.write(lambda unit: unit.drop_draft(case.case_id))
        self.announce("ended", case.case_id)

    def push(self) -> None:
        batch, entries = sending.take_batch(self.store)
        results = [PushResult(id=one.change_id, seq=one.dseq, verdict="applied", ver=1) for one in entries]
        sending.settle(self.store, batch, results, server_time="2026-03-03T10:00:00Z")

    def grow_old(self) -> None:
        """The centre promises that nothing is lost any more; a day later it goes here."""
        with self.store.outbox.read() as connection:
            acked = sending.identity(connection).acked_hw
        self.announce("durable", acked)
        sending.durable_up_to(self.store, acked)
        self.clock.pass_by(hours=25)
        proof.erase(self.store, [name for name, _ in proof.wanted(self.store).due])
        removal.let_go(self.store)

    def fold(self) -> None:
        self.store.outbox.checkpoint()
        self.store.lists.checkpoint()

    def restart(self) -> None:
        self.store.close()
        self.store = rig.opened(self.folder / "profile", self.clock)


WORKS = ("record", "act", "act", "draft", "page", "page", "push", "push", "grow_old", "fold", "restart", "record")


def main() -> None:
    """Record for so many steps; prints how many of them failed."""
    folder, seed, steps = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    works = sys.argv[4].split(",") if len(sys.argv) > 4 else WORKS
    recorder = Recorder(folder, seed)
    recorder.attempt("page")
    for _ in range(steps):
        recorder.attempt(recorder.chance.choice(works))
    recorder.store.close()
    sys.stdout.write(f"{recorder.failed}\n")


if __name__ == "__main__":
    main()
