"""What a person was told, held against what the files of a workstation hold after something went wrong beneath it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from caller_app.store import health, mirror
from caller_app.store.local import LocalStore
from tests.store import rig
from tests.support.clock import StoppedClock


@dataclass
class Promises:
    """The announcements of tests/faults/recorder.py: those made by then, and all that were ever made."""

    made: Sequence[str]
    ever: Sequence[str]
    lists: dict[int, dict[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for line in self.ever:
            word, *rest = line.split()
            if word == "list":
                held = dict(one.rsplit(":", 1) for one in rest[1:])
                self.lists[int(rest[0])] = {name: int(ver) for name, ver in held.items()}

    def ids(self, lines: Sequence[str]) -> list[list[str]]:
        """Give the ids of each act."""
        return [line.split()[1:] for line in lines if line.startswith(("saved ", "act "))]

    def durable(self) -> int:
        """Give the number up to which the centre may have promised that nothing is lost."""
        said = [int(line.split()[1]) for line in self.ever if line.startswith("durable ")]
        return max(said, default=0)


def check(folder: Path, promises: Promises) -> str:
    """Open what is left, hold it against what was promised, and give how the list fared: kept or read again.

    Where `made` is `ever` the program was not cut off: then nothing may be there that was said to have failed.
    """
    store = rig.opened(folder, StoppedClock())
    try:
        assert not list(folder.glob("outbox.damaged-*")) or not promises.made, "the outbox was not what it was"
        assert health.is_sound(store.outbox)
        assert health.is_sound(store.lists)
        _changes(store, promises)
        _open_calls(store, promises)
        return _list(store, promises)
    finally:
        store.close()


def _changes(store: LocalStore, promises: Promises) -> None:
    with store.outbox.read() as connection:
        rows = connection.exec_driver_sql("SELECT dseq, change_id FROM outbox ORDER BY dseq").all()
        erased = connection.exec_driver_sql("SELECT dseq, change_id FROM ledger WHERE state = 'erased'").all()
    held = {row.change_id for row in rows}
    kept = held | {row.change_id for row in erased}
    assert [one for ids in promises.ids(promises.made) for one in ids if one not in kept] == []
    for ids in promises.ids(promises.ever):
        assert len(kept.intersection(ids)) in (0, len(ids)), "half an act"
    known = {one for ids in promises.ids(promises.ever) for one in ids}
    if promises.made is promises.ever:
        assert kept <= known, "there is what a person was told had failed"
    assert all(row.dseq <= promises.durable() for row in erased if row.change_id not in held)
    numbers = [row.dseq for row in rows] + [row.dseq for row in erased if row.change_id not in held]
    assert sorted(numbers) == list(range(1, len(numbers) + 1)), "a number was skipped or used twice"


def _open_calls(store: LocalStore, promises: Promises) -> None:
    said: dict[str, list[str | None]] = {}
    made: dict[str, int] = {}
    for number, line in enumerate(promises.ever):
        word, *rest = line.split()
        if word in ("draft", "ended"):
            said.setdefault(rest[0], [None]).append(rest[1] if word == "draft" else None)
            if number < len(promises.made):
                made[rest[0]] = len(said[rest[0]]) - 1
    with store.outbox.read() as connection:
        rows = connection.exec_driver_sql("SELECT rec_id, form_state FROM draft").all()
    now = {row.rec_id: str(json.loads(row.form_state).get("page", "")) for row in rows}
    for case_id, states in said.items():
        at = made.get(case_id, 0)
        assert now.get(case_id) in states[at : at + 2], "an open call is neither as announced nor as just after"
    assert set(now) <= set(said)


def _list(store: LocalStore, promises: Promises) -> str:
    at = mirror.position(store)
    with store.lists.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, ver FROM record").all()
        shown = set(connection.exec_driver_sql("SELECT case_id FROM shown").scalars())
    held = {row.id: row.ver for row in rows}
    if at.cursor == 0:
        assert held == {} and at.token is None
        return "read again"
    assert held == promises.lists[at.cursor], "the rows are not those of the cursor"
    assert shown == set(held) - {rig.PROJECT_ID}
    return "kept"
