"""Taking pages in: slices with their cursor, first readings in whole pages, sweeping, and what the rows look like."""

import dataclasses
from datetime import timedelta

import msgspec
import pytest

from caller_app.domain.calls import CallDraft
from caller_app.domain.changes import ConcernRaised
from caller_app.domain.items import KIND_ITEM, KIND_NOTICE, PastAttempt, Promise
from caller_app.protocol.codec import encode
from caller_app.protocol.messages import PushResult, Put
from caller_app.protocol.notices import NoticeBody
from caller_app.store import bodies, mirror, removal, sending
from caller_app.store.engine import at_once, conflict_error
from caller_app.store.local import LocalStore
from tests.store import rig
from tests.support.clock import StoppedClock
from tests.support.stopping import stopping_at

AT = "2026-03-03T10:00:00.000000Z"


def test_between_slices_the_cursor_stands_at_its_rows_and_the_token_is_the_pages_own(
    store: LocalStore, clock: StoppedClock
) -> None:
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(rig.item(1), 2)], clock))
    lines = [rig.put(rig.item(number), 10 + number) for number in range(2, 452)]
    page = rig.page(lines, clock)
    with stopping_at(lines[200]):  # in the second slice
        mirror.apply_page(store, page)
    between = mirror.position(store)
    assert between.cursor == lines[199].s
    assert (between.token, between.epoch) == (page.begin.token, page.begin.epoch)
    assert len(rig.names(store)) == 201


def test_a_person_who_changed_while_the_first_reading_ran_is_there_once(store: LocalStore, clock: StoppedClock) -> None:
    people = [rig.item(number) for number in range(1, 6)]
    first = [rig.put_project(1), *(rig.put(p, n + 2) for n, p in enumerate(people))]
    mirror.apply_page(store, rig.page(first, clock, more=True))
    again = rig.item(2, status="held")
    mirror.apply_page(store, rig.page([rig.put(again, 20, ver=2), rig.put(rig.item(9), 21)], clock))
    assert len(rig.names(store)) == 6
    assert store.read(lambda view: view.item(again.case_id)) == again
    assert len(rig.found(store, "testwell2") or []) == 1


def test_a_new_reading_from_zero_sweeps_what_was_not_in_it(store: LocalStore, clock: StoppedClock) -> None:
    people = [rig.item(number) for number in range(1, 6)]
    mirror.apply_page(store, rig.page([rig.put_project(1), *(rig.put(p, n + 2) for n, p in enumerate(people))], clock))
    mirror.start_over(store, "test")
    assert len(rig.names(store)) == 5  # what is shown stays until the new reading is whole
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(people[0], 2)], clock, more=True))
    assert len(rig.names(store)) == 5
    mirror.apply_page(store, rig.page([rig.put(people[1], 9)], clock))
    assert set(rig.names(store)) == {people[0].case_id, people[1].case_id}
    assert rig.found(store, "testwell4") == []
    assert mirror.position(store).mode == "delta"


def test_a_new_name_is_found_and_the_old_one_is_not(store: LocalStore, clock: StoppedClock) -> None:
    one = rig.item(1)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(one, 2)], clock))
    other = dataclasses.replace(one, patient=dataclasses.replace(one.patient, family_name="Newname"))
    mirror.apply_page(store, rig.page([rig.put(other, 5, ver=2)], clock))
    assert len(rig.found(store, "newname") or []) == 1
    assert rig.found(store, "testwell1") == []


ODD = [
    "a\x00b",
    "\ufeff x",
    "\U0001f642",
    '"\\/\x1f\u2028',
    "",
    "'; DROP TABLE shown --",
    '{"a":1}',
    "[1]",
    "null",
    "1e5",
    " 7",
]


def test_what_is_written_at_once_is_what_was_given(store: LocalStore) -> None:
    rows = [(number, text, None if number % 2 else 2**63 - number) for number, text in enumerate(ODD, 1)]
    with store.lists.write() as lists:
        lists.exec_driver_sql("CREATE TABLE trial (nr INTEGER PRIMARY KEY, words TEXT, number INTEGER)")
        at_once(lists, "INSERT INTO trial", "nr, words, number", rows)
        assert [tuple(row) for row in lists.exec_driver_sql("SELECT nr, words, number FROM trial ORDER BY nr")] == rows
        with pytest.raises(conflict_error()):
            at_once(lists, "INSERT INTO trial", "nr, words, number", [(90, "new", 1), rows[0]])
        assert lists.exec_driver_sql("SELECT count(*) FROM trial WHERE nr = 90").scalar_one() == 0
        at_once(lists, "INSERT OR REPLACE INTO trial", "nr, words, number", [(1, "other", 5)])
        assert tuple(lists.exec_driver_sql("SELECT words, number FROM trial WHERE nr = 1").one()) == ("other", 5)
        lists.exec_driver_sql("DROP TABLE trial")


def test_unknown_fields_of_a_newer_centre_are_kept_as_received(store: LocalStore, clock: StoppedClock) -> None:
    one = rig.item(1)
    body = rig.put(one, 2).b
    more = bytes(body)[:-1] + b',"invented_later":{"a":1}}'
    mirror.apply_page(store, rig.page([Put(k=KIND_ITEM, s=2, id=one.case_id, v=1, b=msgspec.Raw(more))], clock))
    kept = store.read(lambda view: view.lists.exec_driver_sql("SELECT body FROM record").scalar_one())
    assert bodies.unpack(kept) == more
    assert store.read(lambda view: view.item(one.case_id)) == one


def test_unknown_kinds_of_records_are_kept_and_shown_nowhere(store: LocalStore, clock: StoppedClock) -> None:
    mirror.apply_page(store, rig.page([Put(k=99, s=1, id="new", v=1, b=msgspec.Raw(b"{}"))], clock))
    assert rig.names(store) == {}
    assert mirror.position(store).cursor == 1


def test_the_shown_row_carries_what_lists_sort_by(store: LocalStore, clock: StoppedClock) -> None:
    now = clock.now()
    one = rig.item(
        1,
        status="callback",
        attempts=(
            PastAttempt(attempt_id="a", at=now - timedelta(days=2), outcome="C01"),
            PastAttempt(attempt_id="b", at=now - timedelta(days=1), outcome="C02", superseded=True),
        ),
        promises=(
            Promise(promise_id="late", from_at=now + timedelta(hours=5), to_at=now + timedelta(hours=6), made_by="Ann",
                    made_by_id=7),
            Promise(promise_id="soon", from_at=now + timedelta(hours=1), to_at=now + timedelta(hours=2), made_by="Ann",
                    made_by_id=7, anyone=False),
            Promise(promise_id="kept", from_at=now - timedelta(hours=1), to_at=now, made_by="Ann", made_by_id=7,
                    state="kept"),
        ),
        counted_attempts=1,
        priority=3,
    )  # fmt: skip
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(one, 2)], clock))
    row = store.read(lambda view: view.lists.exec_driver_sql("SELECT * FROM shown").one())
    assert (row.promise_id, row.promise_mine, row.last_outcome, row.counted, row.priority) == ("soon", 1, "C01", 1, 3)
    assert row.body is None
    assert row.pending == 0


def test_my_change_stays_shown_until_the_centre_s_row_holds_it(store: LocalStore, clock: StoppedClock) -> None:
    one = rig.item(1)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(one, 2)], clock))
    change_id = store.write(lambda unit: unit.record(rig.attempt(one)))

    def counted() -> int:
        item = store.read(lambda view: view.item(one.case_id))
        assert item is not None
        return item.counted_attempts

    assert counted() == 1
    mirror.apply_page(store, rig.page([rig.put(rig.item(1, priority=5), 3, ver=2)], clock))
    assert counted() == 1  # laid over the newer row too
    batch, rows = sending.take_batch(store)
    result = PushResult(id=change_id, seq=rows[0].dseq, verdict="applied", ver=3)
    sending.settle(store, batch, [result], server_time=AT)
    assert counted() == 1  # judged into a version that has not come yet
    judged = rig.item(
        1, attempts=(PastAttempt(attempt_id=change_id, at=clock.now(), outcome="C01"),), counted_attempts=1
    )
    mirror.apply_page(store, rig.page([rig.put(judged, 4, ver=3)], clock))
    assert counted() == 1
    pending = store.read(lambda view: view.lists.exec_driver_sql("SELECT pending FROM shown").scalar_one())
    assert pending == 0


def test_a_verdict_that_comes_later_as_a_notice_settles_the_entry(store: LocalStore, clock: StoppedClock) -> None:
    one = rig.item(1)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(one, 2)], clock))
    change_id = store.write(lambda unit: unit.record(rig.attempt(one)))
    batch, rows = sending.take_batch(store)
    received = PushResult(id=change_id, seq=rows[0].dseq, verdict="received")
    sending.settle(store, batch, [received], server_time=AT)
    body = NoticeBody(notice_id="n", at=AT, change_id=change_id, verdict="quarantined",
                      reason="unknown_schema", review_id="r")  # fmt: skip
    line = Put(k=KIND_NOTICE, s=3, id="n", v=1, b=msgspec.Raw(encode(body)))
    mirror.apply_page(store, rig.page([line], clock))
    row = store.read(lambda view: view.outbox.exec_driver_sql("SELECT verdict, reason, review_id FROM outbox").one())
    assert tuple(row) == ("quarantined", "unknown_schema", "r")


def test_a_receipt_for_something_else_settles_nothing(store: LocalStore, clock: StoppedClock) -> None:
    one = rig.item(1)
    change_id = store.write(lambda unit: unit.record(rig.note(one)))
    batch, rows = sending.take_batch(store)
    wrong = [
        PushResult(id="another", seq=rows[0].dseq, verdict="applied"),
        PushResult(id=change_id, seq=77, verdict="applied"),
    ]
    assert sending.settle(store, batch, wrong, server_time=AT) == 0
    assert sending.settle(store, "another batch", [PushResult(id=change_id, seq=1, verdict="applied")],
                          server_time=AT) == 0  # fmt: skip
    assert store.read(lambda view: sending.counts(view.outbox)).unsent == 1


def test_the_watermark_is_contiguous(store: LocalStore) -> None:
    one = rig.item(1)
    store.write(lambda unit: unit.record(rig.note(one)))
    store.write(lambda unit: unit.record(ConcernRaised(case_id=one.case_id, act_id="a", route="distress", words="w")))
    batch, rows = sending.take_batch(store)
    assert [row.dseq for row in rows] == [2]
    sending.settle(
        store, batch, [PushResult(id=rows[0].change_id, seq=2, verdict="applied")],
        server_time=AT,
    )  # fmt: skip
    assert store.read(lambda view: sending.identity(view.outbox)).acked_hw == 0
    batch, rows = sending.take_batch(store)
    sending.settle(
        store, batch, [PushResult(id=rows[0].change_id, seq=1, verdict="applied")],
        server_time=AT,
    )  # fmt: skip
    assert store.read(lambda view: sending.identity(view.outbox)).acked_hw == 2


def test_a_parked_call_outlives_a_sweep_until_it_is_finished(store: LocalStore, clock: StoppedClock) -> None:
    one, two = rig.item(1), rig.item(2)
    mirror.apply_page(store, rig.page([rig.put_project(1), rig.put(one, 2), rig.put(two, 3)], clock))
    draft = CallDraft(call_id="c", case_id=one.case_id, opened_at=clock.now(), parked=True)
    store.write(lambda unit: unit.save_draft(draft))
    mirror.start_over(store, "test")
    mirror.apply_page(store, rig.page([rig.put_project(1)], clock))
    assert set(rig.names(store)) == {one.case_id}
    assert store.read(lambda view: view.taken_away(one.case_id)) is not None
    assert removal.let_go(store) is False
    store.write(lambda unit: unit.drop_draft(one.case_id))
    assert removal.let_go(store) is True
    assert rig.names(store) == {}
    logged = store.read(lambda view: view.outbox.exec_driver_sql("SELECT why FROM purge_log").scalars().all())
    assert logged == ["swept"]
