"""What is read ahead of a push is a hint: taken where it still comes next, entry by entry, and else read anew."""

from collections.abc import Iterator
from dataclasses import replace
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


def first_batch(store: LocalStore) -> tuple[str, list[Entry], list[Entry]]:
    """Take the first three, and read ahead what comes after them."""
    batch, taken = sending.take_batch(store, most=3)
    assert [one.dseq for one in taken] == [1, 2, 3]
    ahead, unsent = sending.look_ahead(store, taken[-1].dseq, most=3)
    assert ([one.dseq for one in ahead], unsent) == ([4, 5, 6], Counted(4, 8))
    return batch, taken, ahead


def settled(store: LocalStore, batch: str, entries: list[Entry]) -> None:
    results = [PushResult(id=one.change_id, seq=one.dseq, verdict="applied", ver=1) for one in entries]
    sending.settle(store, batch, results, server_time="2026-03-03T10:00:00Z", of=3)


def sent(store: LocalStore) -> list[int]:
    return store.read(
        lambda view: list(
            view.outbox.exec_driver_sql("SELECT dseq FROM outbox WHERE state = 'SENT' ORDER BY dseq").scalars()
        )
    )


def test_what_still_comes_next_is_taken_as_it_was_read(store: LocalStore) -> None:
    recorded(store, 7)
    batch, taken, ahead = first_batch(store)
    settled(store, batch, taken)
    _, then = sending.take_batch(store, most=3, ahead=ahead)
    assert then == ahead
    assert sent(store) == [4, 5, 6]
    _, last = sending.take_batch(store, most=3, ahead=ahead)  # they went already: read anew
    assert [one.dseq for one in last] == [7]


def test_what_was_not_settled_comes_before_what_was_read_ahead(store: LocalStore) -> None:
    recorded(store, 7)
    batch, taken, ahead = first_batch(store)
    settled(store, batch, taken[:2])
    _, then = sending.take_batch(store, most=3, ahead=ahead)
    assert [one.dseq for one in then] == [3, 4, 5]
    assert sent(store) == [3, 4, 5]


def test_something_urgent_recorded_meanwhile_goes_first(store: LocalStore) -> None:
    recorded(store, 7)
    batch, taken, ahead = first_batch(store)
    settled(store, batch, taken)
    concern = ConcernRaised(case_id=rig.item(1).case_id, act_id="a", route="immediate", words="w", told=("999",))
    store.write(lambda unit: unit.record(concern))
    _, then = sending.take_batch(store, most=3, ahead=ahead)
    assert [one.dseq for one in then] == [8]
    _, after = sending.take_batch(store, most=3, ahead=ahead)
    assert after == ahead


@pytest.mark.expects_log("new device id")
def test_after_renumbering_everything_goes_from_the_first(store: LocalStore) -> None:
    recorded(store, 7)
    batch, taken, ahead = first_batch(store)
    settled(store, batch, taken)
    replay.take_device(store, new_id(), new_id(), "2026-03-03T10:00:00Z")
    _, then = sending.take_batch(store, most=3, ahead=ahead)
    assert [one.change_id for one in then] == [one.change_id for one in taken]


def test_where_a_number_has_become_another_change_s_nothing_of_it_is_taken(store: LocalStore) -> None:
    recorded(store, 7)
    batch, taken, ahead = first_batch(store)
    settled(store, batch, taken)
    wrong = [ahead[0], replace(ahead[1], change_id=new_id()), ahead[2]]
    again, then = sending.take_batch(store, most=3, ahead=wrong)
    assert then == ahead
    assert sent(store) == [4, 5, 6]
    with store.outbox.read() as connection:
        batches = connection.exec_driver_sql("SELECT DISTINCT batch_id FROM outbox WHERE state = 'SENT'").scalars()
        assert list(batches) == [again]


def test_more_than_may_go_on_this_line_is_read_anew(store: LocalStore) -> None:
    recorded(store, 7)
    batch, taken, ahead = first_batch(store)
    settled(store, batch, taken)
    _, then = sending.take_batch(store, most=2, ahead=ahead)
    assert [one.dseq for one in then] == [4, 5]


def test_what_was_counted_gains_what_was_recorded_since(store: LocalStore) -> None:
    recorded(store, 7)
    first_batch(store)
    recorded(store, 2)
    counted = sending.look_ahead(store, 3, most=3)[1]
    assert sending.look_ahead(store, 3, most=3, counted=Counted(4, 8))[1] == counted == Counted(6, 10)
