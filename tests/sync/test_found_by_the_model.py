"""What the pure model of the protocol found in the real parts (docs/simulation.md): each as its shortest story."""

from collections.abc import Callable
from contextlib import suppress

import msgspec
import pytest
import requests
from sqlalchemy import text

from caller_app.base.ids import new_id
from caller_app.domain.changes import AttemptSuperseded, ConcernRaised, NoteAdded
from caller_app.domain.items import KIND_NOTICE
from caller_app.protocol.limits import APPLY_SLICE
from caller_app.protocol.messages import Put
from caller_app.store import mirror, replay, sending
from caller_app.store.mirror import Page
from caller_app.store.unit import Unit
from caller_app.sync.faults import CentreFailed, NotServed, Rejected
from caller_app.sync.pull import ask_page
from tests.support.stopping import stopping_at
from tests.sync.world import Device, World

MANY = APPLY_SLICE + 1


@pytest.fixture
def device(world: World) -> Device:
    anna = world.user("anna")
    world.rig.cases(world.project, 2, to=anna)
    device = world.device(anna)
    world.settle()
    return device


def a_page(device: Device) -> Page:
    page = ask_page(device.api, mirror.position(device.store), [])
    assert isinstance(page, Page)
    return page


def take_but_the_end(device: Device, page: Page) -> None:
    """Take a page in on a machine that stops before its last slice is written: the slices before are."""
    assert len(page.lines) > APPLY_SLICE
    with stopping_at(page.lines[-1]):
        mirror.apply_page(device.store, page)


def test_a_reading_cut_between_slices_is_not_taken_up_in_another_history(world: World, device: Device) -> None:
    """A cold copy of the centre knows the token of before the page; its numbers mean something else since."""
    anna = device.user
    copy = world.copy_centre()
    world.rig.cases(world.project, MANY, to=anna)
    take_but_the_end(device, a_page(device))
    assert device.cursor() > 2
    world.put_back(copy)
    device.sign_in()
    world.rig.cases(world.project, MANY, to=anna)
    world.settle()
    world.assert_converged()


def test_a_reading_cut_between_slices_goes_on_where_it_stood(world: World, device: Device) -> None:
    world.rig.cases(world.project, MANY, to=device.user)
    take_but_the_end(device, a_page(device))
    outcome = device.sync()
    assert (outcome.resets, outcome.pulled) == (0, 1)
    world.assert_converged()


def test_a_later_verdict_is_heard_before_the_cursor_passes_it(world: World, device: Device) -> None:
    change_id = device.attempt(min(device.cases()))
    device.sync()
    world.rig.cases(world.project, MANY, to=device.user)
    page = a_page(device)
    said = {"change_id": change_id, "verdict": "applied_review", "reason": "late_outcome"}
    told = Put(k=KIND_NOTICE, s=page.lines[0].s, id=new_id(), v=1, b=msgspec.Raw(msgspec.json.encode(said)))
    take_but_the_end(device, Page(page.begin, [told, *page.lines[1:]]))
    assert device.cursor() > told.s
    assert [row.verdict for row in device.outbox()] == ["applied_review"]


def work_that_was_erased(world: World, device: Device) -> None:
    device.attempt(min(device.cases()))
    device.sync()
    world.call_durable()
    device.sync()
    device.sign_in_a_day_later().sync()
    assert device.outbox() == []


def alarm(device: Device) -> str | None:
    return device.store.read(lambda view: sending.counts(view.outbox)).alarm


@pytest.mark.expects_log("the centre lost 1 changes")
@pytest.mark.expects_log("new device id")
def test_a_centre_from_before_this_workstation_was_known_is_said_loudly(world: World) -> None:
    anna = world.user("anna")
    world.rig.case(world.project, to=anna)
    copy = world.copy_centre()
    device = world.device(anna)
    world.settle()
    work_that_was_erased(world, device)
    world.put_back(copy)
    device.sign_in()
    world.settle()
    world.assert_converged()
    assert "1 changes" in (alarm(device) or "")


@pytest.mark.expects_log("the centre lost 1 changes")
@pytest.mark.expects_log("new device id")
def test_a_replay_does_not_forget_what_was_promised_before_it(world: World, device: Device) -> None:
    copy = world.copy_centre()
    work_that_was_erased(world, device)
    replay.all_again(device.store, epoch=None, expected=True)  # as after any restore that kept the promise
    world.put_back(copy)
    device.sign_in()
    world.settle()
    world.assert_converged()
    assert "1 changes" in (alarm(device) or "")


@pytest.mark.expects_log("the centre lost changes")
def test_new_work_waits_for_the_older_work_that_a_restore_took(world: World, device: Device) -> None:
    """Judged at once, the undo would find nothing to undo, and the attempt that follows it would stand."""
    case = min(device.cases())
    copy = world.copy_centre()
    attempt = device.attempt(case)
    device.sync()
    world.put_back(copy)
    device.sign_in()
    device.record(AttemptSuperseded(case_id=case, act_id=new_id(), attempt_id=attempt, reason="wrong button"))
    world.settle()
    world.assert_converged()
    assert [one.superseded for one in world.rig.item(case).attempts] == [True]
    assert {row.verdict for row in device.outbox()} == {"applied"}


@pytest.mark.expects_log("the centre lost changes")
@pytest.mark.expects_log("the centre lost 1 changes")
@pytest.mark.expects_log("new device id")
def test_what_was_erased_above_what_is_retained_is_missed_and_not_waited_for_again_and_again(
    world: World, device: Device
) -> None:
    """A change without a verdict is kept, one after it was erased: that hole cannot be filled (seed 9198584)."""
    case = min(device.cases())
    kept = device.attempt(case)
    device.sync()
    copy = world.copy_centre()
    with device.store.outbox.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET verdict = 'received'")
    device.attempt(case)
    device.sync()
    world.call_durable()
    device.sync()
    device.sign_in_a_day_later().sync()
    assert [row.change_id for row in device.outbox()] == [kept]
    world.put_back(copy)
    device.sign_in()
    asked = len(device.line.paths)
    world.settle()
    world.assert_converged()
    assert device.line.paths[asked:].count("/v1/push") == 1  # under the new id
    assert "1 changes" in (alarm(device) or "")


def with_one_that_cannot_be_taken(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test with what the log says of such a change."""
    for said in ("sent as plain bytes", "not taken even as plain bytes", "cannot be read here"):
        test = pytest.mark.expects_log(said)(test)
    return test


def one_that_cannot_be_taken(device: Device, case: str) -> list[dict[str, object]]:
    """Record a change that the centre can neither read nor take as plain bytes, and let the workstation find out.

    Gives a list of what each push says from then on.
    """
    change_id = device.attempt(case)
    with device.store.outbox.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET payload = ? WHERE change_id = ?", (b"{not json", change_id))

    said: list[dict[str, object]] = []

    def spoil(request: requests.PreparedRequest) -> None:
        path = str(request.path_url).split("?")[0]
        if path == "/v1/push/opaque":
            request.body = b"neither"
        elif path == "/v1/push" and b"{not json" not in bytes(request.body or b""):
            said.append(msgspec.json.decode(request.body or b"{}"))

    device.line.before = spoil
    for _ in range(4):
        with suppress(CentreFailed, Rejected):
            device.sync()
    assert [row.state for row in device.outbox()] == ["SUSPECT"]
    said.clear()
    return said


@with_one_that_cannot_be_taken
def test_new_work_waits_for_what_a_restore_took_from_behind_a_change_that_cannot_be_sent(
    world: World, device: Device
) -> None:
    """The watermark stays before the first unsent change, whatever has its receipt behind it (seed 8058118)."""
    case = min(device.cases())
    one_that_cannot_be_taken(device, case)
    copy = world.copy_centre()
    attempt = device.attempt(case)
    device.sync()
    world.put_back(copy)
    device.sign_in()
    device.record(AttemptSuperseded(case_id=case, act_id=new_id(), attempt_id=attempt, reason="wrong button"))
    device.sync()
    device.sync()
    assert [one.superseded for one in world.rig.item(case).attempts] == [True]
    assert [row.verdict for row in device.outbox()] == [None, "applied", "applied"]


@with_one_that_cannot_be_taken
def test_what_has_its_receipt_behind_a_change_that_cannot_be_sent_is_named_in_spans(
    world: World, device: Device
) -> None:
    case = min(device.cases())
    said = one_that_cannot_be_taken(device, case)
    for _ in range(3):
        device.attempt(case)
        device.sync()
    assert [one["acked_hw"] for one in said] == [0, 0, 0]
    assert [one.get("acked_beyond") for one in said] == [None, [[2, 2]], [[2, 3]]]
    assert [row.verdict for row in device.outbox()] == [None, *["applied"] * 3]  # nobody waits for a hole nobody made
    with device.store.outbox.read() as connection:
        assert sending.receipts_beyond(connection, 2) == [(3, 4)]
        assert sending.receipts_beyond(connection, 4) == []


@with_one_that_cannot_be_taken
def test_a_receipt_that_is_still_being_written_down_is_named_too(world: World, device: Device) -> None:
    case = min(device.cases())
    said = one_that_cannot_be_taken(device, case)

    def many(unit: Unit) -> None:
        for _ in range(450):
            unit.record(NoteAdded(case_id=case, act_id=new_id(), words="w"))

    device.store.write(many)
    device.sync()
    assert [one.get("acked_beyond") for one in said] == [None, [[2, 201]], [[2, 401]]]


@pytest.mark.expects_log("the centre lost changes")
def test_a_concern_that_goes_first_again_does_not_pull_newer_work_before_older(world: World, device: Device) -> None:
    case = min(device.cases())
    copy = world.copy_centre()
    device.record(ConcernRaised(case_id=case, act_id=new_id(), route="immediate", words="was frightened"))
    attempt = device.attempt(case)
    device.sync()
    world.put_back(copy)
    device.sign_in()
    device.record(AttemptSuperseded(case_id=case, act_id=new_id(), attempt_id=attempt, reason="wrong button"))
    world.settle()
    world.assert_converged()
    assert [one.superseded for one in world.rig.item(case).attempts] == [True]


@pytest.mark.expects_log("destroyed by order")
def test_a_centre_put_back_gets_the_work_of_somebody_who_has_no_list_any_more(world: World, device: Device) -> None:
    """A person switched off only pushes: no page's token tells that their receipts are worth nothing now."""
    with world.rig.engine.begin() as connection:
        off = text("UPDATE account SET status = 'draining', status_since = :now")
        connection.execute(off, {"now": world.clock.now()})
    copy = world.copy_centre()
    device.sign_in()
    change_id = device.attempt(min(device.cases()))
    with pytest.raises(NotServed):
        device.sync()
    assert device.unsent() == 0
    world.put_back(copy)
    world.clock.pass_by(hours=2)
    device.sign_in()
    with pytest.raises(NotServed):
        device.sync()
    assert [str(row[0]) for row in world.rig.ask("SELECT change_id FROM change")] == [change_id]
    assert device.unsent() == 0


@pytest.mark.expects_log("new device id")
def test_a_feed_behind_the_copy_means_that_receipts_may_be_worth_nothing(world: World, device: Device) -> None:
    """The twin has filled the number since, so the watermark looks right; only the feed shows that time went back."""
    first, second = sorted(device.cases())
    twin = world.clone(device)
    copy = world.copy_centre()
    world.rig.cases(world.project, 2, to=device.user)
    device.attempt(first)
    device.sync()
    world.put_back(copy)
    device.sign_in()
    twin.sign_in()
    twin.attempt(second)
    twin.sync()
    world.settle()
    world.assert_converged()
    assert [len(world.rig.item(case).attempts) for case in (first, second)] == [1, 1]


@pytest.mark.expects_log("the centre lost changes")
@pytest.mark.expects_log("lease over")
@pytest.mark.expects_log("new device id")
def test_a_list_that_was_lost_took_its_token_along_so_receipts_are_asked_for_again(
    world: World, device: Device
) -> None:
    """A copy of this disk has sent all again after a restore: its verdicts are the ones that count now."""
    case = min(device.cases())
    copy = world.copy_centre()
    device.attempt(case)
    device.sync()
    world.put_back(copy)
    world.rig.reassign(device.user, world.user("ben"), [case])
    world.clock.pass_by(hours=80)
    twin = world.clone(device)
    device.sign_in().sync()
    twin.sync()
    world.settle()
    world.assert_converged()
    [(verdict,)] = world.rig.ask("SELECT verdict FROM change_state")
    assert verdict != "applied"
    assert [row.verdict for one in (device, twin) for row in one.outbox()] == [verdict, verdict]
