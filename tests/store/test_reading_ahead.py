"""What is taken ahead of its turn is marked on disk, goes where it still comes next, and else is put back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from caller_app.base.ids import new_id
from caller_app.domain.changes import ConcernRaised
from caller_app.protocol.messages import PushResult
from caller_app.store import mirror, replay, sending
from caller_app.store.local import LocalStore
from caller_app.store.sending import Counted, Entry
from caller_app.store.unit import Unit
from tests.store import rig
from tests.support.clock import StoppedClock


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    clock = StoppedClock()
    store = rig.opened(tmp_path, clock)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(rig.item(1), 2)], clock))
    yield store
    store.close()


def recorded(store: LocalStore, count: int) -> None:
    def some(unit: Unit) -> None:
        for _ in range(count):
            unit.record(rig.note(rig.item(1)))

    store.write(some)


def first_batch(store: LocalStore) -> tuple[str, list[Entry], str, list[Entry]]:
    """Take the first three, and ahead of its turn what comes after them."""
    batch, taken = sending.take_batch(store, most=3)
    assert [one.dseq for one in taken] == [1, 2, 3]
    next_batch, ahead, unsent = sending.take_ahead(store, taken[-1].dseq, most=3)
    assert ([one.dseq for one in ahead], unsent) == ([4, 5, 6], Counted(4, 8))
    assert marked(store) == {batch: [1, 2, 3], next_batch: [4, 5, 6]}
    return batch, taken, next_batch, ahead


def settled(store: LocalStore, batch: str, entries: list[Entry]) -> None:
    results = [PushResult(id=one.change_id, seq=one.dseq, verdict="applied", ver=1) for one in entries]
    sending.settle(store, batch, results, server_time="2026-03-03T10:00:00Z", of=3)


def marked(store: LocalStore) -> dict[str, list[int]]:
    """Give what is marked as sent, by its batch."""
    found: dict[str, list[int]] = {}
    with store.outbox.read() as connection:
        asked = "SELECT batch_id, dseq FROM outbox WHERE state = 'SENT' ORDER BY dseq"
        for batch, dseq in connection.exec_driver_sql(asked):
            found.setdefault(batch, []).append(dseq)
    return found


def test_what_was_taken_ahead_comes_next(store: LocalStore) -> None:
    recorded(store, 7)
    batch, taken, then, ahead = first_batch(store)
    assert sending.comes_next(store, then, ahead, most=3)  # whether the receipt before it is written down or not
    settled(store, batch, taken)
    assert sending.comes_next(store, then, ahead, most=3)
    assert marked(store) == {then: [4, 5, 6]}
    _, last = sending.take_batch(store, most=3)
    assert [one.dseq for one in last] == [7]


def test_what_was_not_settled_comes_before_what_was_taken_ahead(store: LocalStore) -> None:
    recorded(store, 7)
    batch, taken, then, ahead = first_batch(store)
    settled(store, batch, taken[:2])
    assert not sending.comes_next(store, then, ahead, most=3)
    sending.not_sent(store, then)
    _, again = sending.take_batch(store, most=3)
    assert [one.dseq for one in again] == [3, 4, 5]


def test_something_urgent_recorded_meanwhile_goes_first(store: LocalStore) -> None:
    recorded(store, 7)
    batch, taken, then, ahead = first_batch(store)
    settled(store, batch, taken)
    concern = ConcernRaised(case_id=rig.item(1).case_id, act_id="a", route="immediate", words="w", told=("999",))
    store.write(lambda unit: unit.record(concern))
    assert not sending.comes_next(store, then, ahead, most=3)
    sending.not_sent(store, then)
    urgent_batch, urgent = sending.take_batch(store, most=3)
    assert [one.dseq for one in urgent] == [8]
    again, after = sending.take_batch(store, most=3)
    assert after == ahead
    assert marked(store) == {urgent_batch: [8], again: [4, 5, 6]}


def test_something_urgent_is_never_taken_ahead_of_its_turn_with_the_rest(store: LocalStore) -> None:
    recorded(store, 4)
    batch, taken = sending.take_batch(store, most=3)
    concern = ConcernRaised(case_id=rig.item(1).case_id, act_id="a", route="immediate", words="w", told=("999",))
    store.write(lambda unit: unit.record(concern))
    then, ahead, unsent = sending.take_ahead(store, 3, most=3)
    assert ([one.dseq for one in ahead], unsent) == ([4], Counted(2, 6))
    settled(store, batch, taken)
    assert not sending.comes_next(store, then, ahead, most=3)
    sending.not_sent(store, then)
    assert [one.dseq for one in sending.take_batch(store, most=3)[1]] == [5]


@pytest.mark.expects_log("new device id")
def test_after_renumbering_everything_goes_from_the_first(store: LocalStore) -> None:
    recorded(store, 7)
    batch, taken, then, ahead = first_batch(store)
    settled(store, batch, taken)
    replay.take_device(store, new_id(), new_id(), "2026-03-03T10:00:00Z")
    assert not sending.comes_next(store, then, ahead, most=3)
    _, again = sending.take_batch(store, most=3)
    assert [one.change_id for one in again] == [one.change_id for one in taken]


@pytest.mark.expects_log("the centre lost changes")
def test_a_replay_takes_back_what_was_taken_ahead(store: LocalStore) -> None:
    recorded(store, 7)
    batch, taken, then, ahead = first_batch(store)
    settled(store, batch, taken)
    replay.all_again(store, epoch=None)
    assert not sending.comes_next(store, then, ahead, most=3)
    assert marked(store) == {}


def test_more_than_may_go_on_this_line_is_taken_anew(store: LocalStore) -> None:
    recorded(store, 7)
    batch, taken, then, ahead = first_batch(store)
    settled(store, batch, taken)
    assert not sending.comes_next(store, then, ahead, most=2)


def test_an_end_of_the_queue_is_taken_ahead_as_nothing(store: LocalStore) -> None:
    recorded(store, 3)
    sending.take_batch(store, most=3)
    assert sending.take_ahead(store, 3, most=3) == ("", [], Counted(0, 4))


def test_what_is_urgent_is_marked_without_what_lies_before_it(store: LocalStore) -> None:
    recorded(store, 3)
    concern = ConcernRaised(case_id=rig.item(1).case_id, act_id="a", route="immediate", words="w", told=("999",))
    store.write(lambda unit: unit.record(concern))
    urgent, entries = sending.take_batch(store, most=3)
    assert (marked(store), [one.dseq for one in entries]) == ({urgent: [4]}, [4])
    batch, entries = sending.take_batch(store, most=2)
    assert (marked(store), [one.dseq for one in entries]) == ({urgent: [4], batch: [1, 2]}, [1, 2])


def test_what_was_counted_gains_what_was_recorded_since(store: LocalStore) -> None:
    recorded(store, 7)
    first_batch(store)
    recorded(store, 2)
    assert sending.take_ahead(store, 6, most=3, counted=Counted(4, 8))[2] == Counted(6, 10)
