"""Recording: one commit to the outbox is the recording; the shown rows follow and can always be made again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from caller_app.base.errors import Refused
from caller_app.base.notices import Notice
from caller_app.domain.calls import CallDraft
from caller_app.domain.changes import AttemptSuperseded, ConcernRaised
from caller_app.protocol.limits import ENVELOPE_BYTES
from caller_app.protocol.messages import PushResult
from caller_app.store import mirror, proof, sending
from caller_app.store.local import LocalStore
from caller_app.store.snapshot import Snapshot
from caller_app.store.unit import Unit
from tests.store import rig
from tests.support.clock import StoppedClock


@pytest.fixture
def store(tmp_path: Path, clock: StoppedClock) -> Iterator[LocalStore]:
    store = rig.opened(tmp_path, clock)
    people = [rig.item(number) for number in (1, 2, 3)]
    mirror.apply_page(
        store, rig.page([rig.put_project(1), *(rig.put(one, 2 + at) for at, one in enumerate(people))], clock)
    )
    yield store
    store.close()


def counted(view: Snapshot, case_id: str) -> int:
    one = view.item(case_id)
    assert one is not None
    return one.counted_attempts


def test_a_recorded_outcome_is_in_the_outbox_and_shown_at_once(store: LocalStore) -> None:
    case = rig.item(1)
    heard: list[Notice] = []
    store.board.subscribe(heard.append)
    change_id = store.write(lambda unit: unit.record(rig.attempt(case)))
    assert store.read(counted, case.case_id) == 1
    kept = store.read(lambda view: view.my_changes(case.case_id))
    assert [one.change_id for one in kept] == [change_id]
    assert kept[0].author == rig.ME.shown_name
    assert kept[0].base_ver == 1
    assert heard and case.case_id in heard[-1].ids and "outbox" in heard[-1].kinds


def test_a_command_that_fails_leaves_nothing(store: LocalStore) -> None:
    case = rig.item(1)

    def half(unit: Unit) -> None:
        unit.record(rig.attempt(case))
        unit.record(rig.note(case))
        raise Refused("no")

    with pytest.raises(Refused):
        store.write(half)
    assert store.read(lambda view: view.my_changes(case.case_id)) == []
    assert store.read(counted, case.case_id) == 0
    # The numbers it would have taken are free again: the sequence has no hole.
    store.write(lambda unit: unit.record(rig.note(case)))
    batch, rows = sending.take_batch(store)
    assert batch
    assert [one.dseq for one in rows] == [1]


def test_an_undone_outcome_is_history_and_counts_no_more(store: LocalStore) -> None:
    case = rig.item(1)
    attempt = rig.attempt(case)
    change_id = store.write(lambda unit: unit.record(attempt))
    store.write(
        lambda unit: unit.record(
            AttemptSuperseded(case_id=case.case_id, act_id=attempt.act_id, attempt_id=change_id, reason="undone")
        )
    )
    shown = store.read(lambda view: view.item(case.case_id))
    assert shown is not None
    assert shown.counted_attempts == 0
    assert len(store.read(lambda view: view.my_changes(case.case_id))) == 2


def test_a_unit_sees_what_it_has_recorded_itself(store: LocalStore) -> None:
    case = rig.item(1)

    def command(unit: Unit) -> int:
        unit.record(rig.attempt(case))
        return unit.item(case.case_id).counted_attempts

    assert store.write(command) == 1


def test_a_person_who_left_the_list_is_refused_in_words(store: LocalStore) -> None:
    with pytest.raises(Refused, match="no longer on your list"):
        store.write(lambda unit: unit.item("not-there"))


def test_a_text_too_long_to_be_sent_is_refused_before_it_is_recorded(store: LocalStore) -> None:
    with pytest.raises(Refused, match="too long"):
        store.write(lambda unit: unit.record(rig.note(rig.item(1), "x" * ENVELOPE_BYTES)))
    assert store.read(lambda view: sending.counts(view.outbox)).unsent == 0


def test_recorded_work_and_open_calls_survive_a_restart(tmp_path: Path, clock: StoppedClock) -> None:
    store = rig.opened(tmp_path, clock)
    case = rig.item(1)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(case, 2)], clock))
    store.write(lambda unit: unit.record(rig.attempt(case)))
    store.write(
        lambda unit: unit.save_draft(CallDraft(call_id="c", case_id=case.case_id, opened_at=unit.now, parked=True))
    )
    store.close()
    again = rig.opened(tmp_path, clock)
    try:
        assert again.read(counted, case.case_id) == 1
        draft = again.read(lambda view: view.draft(case.case_id))
        assert draft is not None and draft.parked
        assert again.read(lambda view: sending.counts(view.outbox)).unsent == 1
        parked = again.read(lambda view: view.lists.exec_driver_sql("SELECT parked FROM shown").scalar_one())
        assert parked == 1
        again.write(lambda unit: unit.drop_draft(case.case_id))
        assert again.read(lambda view: view.drafts()) == []
        assert again.read(lambda view: view.lists.exec_driver_sql("SELECT parked FROM shown").scalar_one()) == 0
    finally:
        again.close()


def test_a_crash_between_recording_and_showing_heals_at_the_next_start(tmp_path: Path, clock: StoppedClock) -> None:
    store = rig.opened(tmp_path, clock)
    case = rig.item(1)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(case, 2)], clock))
    # The commit to the outbox without what follows it is what a crash right after the commit leaves behind.
    with store.outbox.alone() as alone, store.lists.read() as lists:
        unit = Unit(
            now=clock.now(),
            mono_ns=1,
            me=rig.ME,
            rules=rig.rules(),
            test_mode=True,
            outbox_db=alone.connection,
            lists=lists,
        )
        unit.record(rig.attempt(case))
        alone.commit(unit.statements())
    assert store.read(counted, case.case_id) == 0
    store.close()
    again = rig.opened(tmp_path, clock)
    try:
        assert again.read(counted, case.case_id) == 1
    finally:
        again.close()


def test_a_concern_is_sent_first_and_alone(store: LocalStore) -> None:
    case = rig.item(1)
    for _ in range(3):
        store.write(lambda unit: unit.record(rig.note(case)))
    store.write(
        lambda unit: unit.record(
            ConcernRaised(case_id=case.case_id, act_id="a", route="immediate", words="w", told=("999",))
        )
    )
    _batch, first = sending.take_batch(store)
    assert [one.dseq for one in first] == [4]
    _batch, then = sending.take_batch(store)
    assert [one.dseq for one in then] == [1, 2, 3]


def test_neither_file_nor_repr_shows_key_or_patient(store: LocalStore) -> None:
    store.write(lambda unit: unit.record(rig.note(rig.item(1), "a word nobody may read")))
    store.outbox.checkpoint()
    store.lists.checkpoint()
    for name in ("outbox.db", "list.db", "outbox.db-wal", "list.db-wal"):
        raw = (store.folder / name).read_bytes() if (store.folder / name).exists() else b""
        assert b"Testwell" not in raw
        assert b"a word nobody may read" not in raw
        assert b"SQLite format" not in raw
    assert rig.KEY.hex() not in repr(store) + repr(store.outbox) + repr(store.outbox._writer) + repr(vars(store.outbox))


def test_the_files_are_kept_as_safely_as_they_are_meant_to_be(store: LocalStore) -> None:
    for file in (store.outbox, store.lists):
        with file.write() as connection:
            said = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "auto_vacuum")
            }
        assert said == {
            "journal_mode": "wal",
            "synchronous": 2,
            "secure_delete": 1,
            "foreign_keys": 1,
            "auto_vacuum": 2,
        }
        with file.read() as connection, pytest.raises(Exception, match="readonly"):
            connection.exec_driver_sql("CREATE TABLE no (a)")


def test_a_number_is_never_given_twice_though_everything_was_erased(tmp_path: Path, clock: StoppedClock) -> None:
    store = rig.opened(tmp_path, clock)
    given: list[int] = []
    for _day in range(3):
        for _ in range(2):
            store.write(lambda unit: unit.record(rig.note(rig.item(1))))
        batch, entries = sending.take_batch(store)
        given += [one.dseq for one in entries]
        results = [PushResult(id=one.change_id, seq=one.dseq, verdict="applied", ver=1) for one in entries]
        sending.settle(store, batch, results, server_time="2026-03-03T10:00:00Z")
        sending.durable_up_to(store, given[-1])
        clock.pass_by(hours=25)
        proof.erase(store, [name for name, _ in proof.wanted(store).due])
        assert store.read(lambda view: view.outbox.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one()) == 0
        store.close()
        store = rig.opened(tmp_path, clock)
    assert store.read(lambda view: sending.identity(view.outbox)).next_dseq == 7
    store.close()
    assert given == [1, 2, 3, 4, 5, 6]


def test_one_recording_writes_four_pages_and_no_more(store: LocalStore) -> None:
    # Each page of the log is enciphered, written and waited for: what a recording costs is counted here.
    case = rig.item(1)
    for _ in range(3):
        store.write(lambda unit: unit.record(rig.note(case)))
    draft = CallDraft(call_id="c", case_id=case.case_id, opened_at=store.clock.now())
    store.write(lambda unit: unit.save_draft(draft))
    store.outbox.checkpoint()

    def command(unit: Unit) -> None:
        unit.record(rig.attempt(case))
        unit.drop_draft(case.case_id)

    store.write(command)
    log = store.folder / "outbox.db-wal"
    assert (log.stat().st_size - 32) // (4096 + 24) == 4
