"""A version of a case that this program cannot read: who is off the list, who may be dialled, and what goes on."""

import dataclasses

import msgspec
import pytest

from caller_app.base.errors import Refused
from caller_app.domain.calls import CallDraft
from caller_app.domain.items import KIND_ITEM
from caller_app.protocol.messages import Gone, Put
from caller_app.queries.lists import next_case
from caller_app.queries.masking import look
from caller_app.queries.standing import standing
from caller_app.store import mirror, removal, sending
from caller_app.store.local import LocalStore
from tests.store import rig
from tests.support.clock import StoppedClock


@pytest.mark.expects_log("a record cannot be read")
def test_a_record_that_is_no_text_does_not_hold_up_the_list(store: LocalStore, clock: StoppedClock) -> None:
    one, other = rig.item(1), rig.item(2)
    other = dataclasses.replace(other, patient=dataclasses.replace(other.patient, given_name="Zoë 🙂"))
    odd = Put(k=KIND_ITEM, s=3, id="odd", v=1, b=msgspec.Raw(b'{"case_id":"\xff\xfe"}'))
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(one, 2), odd, rig.put(other, 4)], clock))
    assert list(rig.names(store)) == [one.case_id, other.case_id]
    assert mirror.position(store).cursor == 4
    assert store.read(lambda view: view.item(one.case_id)) == one
    assert store.read(lambda view: view.item(other.case_id)) == other
    store.show_again()
    assert list(rig.names(store)) == [one.case_id, other.case_id]


@pytest.mark.expects_log("a record cannot be read")
def test_one_unreadable_record_does_not_hold_up_the_list(store: LocalStore, clock: StoppedClock) -> None:
    odd = Put(k=KIND_ITEM, s=2, id="odd", v=1, b=msgspec.Raw(b'{"case_id": 5}'))
    mirror.apply_page(store, rig.page([rig.put_project(1), odd, rig.put(rig.item(1), 3)], clock))
    assert len(rig.names(store)) == 1
    assert mirror.position(store).cursor == 3
    store.show_again()
    assert len(rig.names(store)) == 1


@pytest.mark.expects_log("a record cannot be read")
@pytest.mark.parametrize("how", ["parked", "on the screen"])
def test_a_call_in_hand_ends_on_the_version_it_has_when_a_newer_one_cannot_be_read(
    store: LocalStore, clock: StoppedClock, how: str
) -> None:
    one, other = rig.item(1), rig.item(2)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(one, 2), rig.put(other, 3)], clock))
    if how == "parked":
        draft = CallDraft(call_id="c", case_id=one.case_id, opened_at=clock.now(), parked=True)
        store.write(lambda unit: unit.save_draft(draft))
    else:
        store.on_screen = one.case_id
    odd = [
        Put(k=KIND_ITEM, s=seq, id=case.case_id, v=2, b=msgspec.Raw(b'{"case_id": 5}'))
        for seq, case in ((4, one), (5, other))
    ]
    mirror.apply_page(store, rig.page(odd, clock))
    store.write(lambda unit: unit.record(rig.attempt(one)))
    assert store.read(lambda view: sending.counts(view.outbox)).unsent == 1
    assert store.read(lambda view: view.item(one.case_id)) is not None
    assert set(rig.names(store)) == {one.case_id}  # the other is in nobody's hand
    assert store.read(lambda view: view.item(other.case_id)) is None
    seqs = store.read(lambda view: view.lists.exec_driver_sql("SELECT seq, ver FROM record WHERE kind = 1").all())
    assert sorted(tuple(row) for row in seqs) == [(4, 1), (5, 2)]
    assert "cannot read" in (store.read(lambda view: view.taken_away(one.case_id)) or "")  # and is dialled no more
    assert removal.held_ids(store) == [one.case_id]
    mirror.apply_page(store, rig.page([rig.put(one, 6, ver=3)], clock))
    assert store.read(lambda view: view.item(one.case_id)) is not None
    assert store.read(lambda view: view.taken_away(one.case_id)) is None


@pytest.mark.expects_log("a record cannot be read")
def test_a_call_given_up_over_a_version_that_cannot_be_read_leaves_nobody_to_ring_by_the_old_one(
    store: LocalStore, clock: StoppedClock
) -> None:
    one, other = rig.item(1), rig.item(2)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(one, 2), rig.put(other, 3)], clock))
    store.write(lambda unit: unit.save_draft(CallDraft(call_id="c", case_id=one.case_id, opened_at=clock.now())))
    odd = Put(k=KIND_ITEM, s=4, id=one.case_id, v=2, b=msgspec.Raw(b'{"case_id": 5}'))
    mirror.apply_page(store, rig.page([odd], clock))
    clock.pass_by(minutes=31)
    assert removal.let_go(store) is False  # no removal waits for it: what is being written may be finished
    assert set(rig.names(store)) == {one.case_id, other.case_id}
    store.write(lambda unit: unit.drop_draft(one.case_id))
    assert removal.let_go(store) is True
    assert set(rig.names(store)) == {other.case_id}
    assert (mirror.position(store).mode, mirror.position(store).cursor) == ("snapshot", 0)
    again = msgspec.structs.replace(odd, s=2)
    mirror.apply_page(store, rig.page([rig.put_project(1), again, rig.put(other, 3)], clock))
    assert set(rig.names(store)) == {other.case_id}
    assert store.read(standing).unreadable == 1


@pytest.mark.expects_log("a record cannot be read")
def test_the_half_hour_of_a_removal_does_not_begin_with_a_version_that_could_not_be_read(
    store: LocalStore, clock: StoppedClock
) -> None:
    one = rig.item(1)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(one, 2)], clock))
    store.write(lambda unit: unit.save_draft(CallDraft(call_id="c", case_id=one.case_id, opened_at=clock.now())))
    odd = Put(k=KIND_ITEM, s=3, id=one.case_id, v=2, b=msgspec.Raw(b'{"case_id": 5}'))
    mirror.apply_page(store, rig.page([odd], clock))
    clock.pass_by(minutes=31)
    mirror.apply_page(store, rig.page([Gone(k=KIND_ITEM, s=4, id=one.case_id, why="reassigned")], clock))
    assert store.read(lambda view: view.taken_away(one.case_id)) == "passed to a colleague"
    assert removal.let_go(store) is False
    clock.pass_by(minutes=29)
    mirror.apply_page(store, rig.page([Gone(k=KIND_ITEM, s=5, id=one.case_id, why="opted_out")], clock))
    clock.pass_by(minutes=2)
    assert removal.let_go(store) is True
    assert rig.names(store) == {}


@pytest.mark.expects_log("a record cannot be read")
def test_a_draft_whose_record_is_gone_does_not_keep_an_unreadable_one_from_being_counted(
    store: LocalStore, clock: StoppedClock
) -> None:
    store.write(lambda unit: unit.save_draft(CallDraft(call_id="c", case_id="odd", opened_at=clock.now(), parked=True)))
    odd = Put(k=KIND_ITEM, s=2, id="odd", v=2, b=msgspec.Raw(b'{"case_id": 5}'))
    mirror.apply_page(store, rig.page([rig.put_project(1), odd], clock))
    assert removal.held_ids(store) == []
    assert store.read(standing).unreadable == 1


@pytest.mark.expects_log("a record cannot be read")
@pytest.mark.parametrize("whole_list", [False, True])
def test_a_newer_version_that_cannot_be_read_takes_the_case_off_the_list_until_one_comes_that_can(
    store: LocalStore, clock: StoppedClock, whole_list: bool
) -> None:
    one, other = rig.item(1), rig.item(2)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(one, 2), rig.put(other, 3)], clock))
    body = bytes(rig.put(one, 4).b).replace(b'"status":"ready"', b'"status":"invented_later"')
    mirror.apply_page(store, rig.page([Put(k=KIND_ITEM, s=4, id=one.case_id, v=2, b=msgspec.Raw(body))], clock))
    if whole_list:
        store.show_again()
    assert set(rig.names(store)) == {other.case_id}
    assert not rig.found(store, one.patient.family_name)
    assert store.read(next_case) == other.case_id
    now = store.read(standing)
    assert now.unreadable == 1
    assert "1 person's record is not on your list" in now.sentence
    with pytest.raises(Refused, match="cannot be read"):
        store.read(lambda view: look(view, one.case_id))
    with pytest.raises(Refused, match="no longer on your list"):
        store.read(lambda view: look(view, "left long ago"))
    with pytest.raises(Refused, match="cannot be read"):
        store.write(lambda unit: unit.item(one.case_id))
    store.write(lambda unit: unit.record(rig.attempt(one)))  # what was done is recorded all the same
    assert store.read(lambda view: sending.counts(view.outbox)).unsent == 1
    mirror.apply_page(store, rig.page([rig.put(one, 6, ver=3)], clock))
    assert set(rig.names(store)) == {one.case_id, other.case_id}
    assert store.read(standing).unreadable == 0
    assert rig.found(store, one.patient.family_name)
