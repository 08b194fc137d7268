"""Nothing is erased on the word of a number: the centre names it first, and what was erased where time went back."""

import pytest
import requests

from caller_app.base.ids import new_id
from caller_app.domain.changes import NoteAdded
from caller_app.protocol.limits import ASKED_CHANGES
from caller_app.store import sending
from tests.sync.test_poisoned_batches import said
from tests.sync.world import Device, World


@pytest.fixture
def device(world: World) -> Device:
    anna = world.user("anna")
    world.rig.cases(world.project, 2, to=anna)
    device = world.device(anna)
    world.settle()
    return device


def alarm(device: Device) -> str | None:
    return device.store.read(lambda view: sending.counts(view.outbox)).alarm


def ledger(device: Device) -> list[str]:
    rows = device.store.read(lambda view: view.outbox.exec_driver_sql("SELECT state FROM ledger ORDER BY at").all())
    return [row.state for row in rows]


def asked(device: Device) -> list[str]:
    """Note every request from now on."""
    sent: list[str] = []
    device.line.before = lambda request: sent.append((request.path_url or "").split("?")[0])
    return sent


@pytest.mark.expects_log("new device id")
def test_a_number_that_another_copy_of_the_disk_filled_erases_nothing(world: World, device: Device) -> None:
    """A cloned disk, the centre put back cold, the twin under the same number, a backup: all numbers look right."""
    first, second = sorted(device.cases())
    twin = world.clone(device)
    copy = world.copy_centre()
    device.attempt(first)
    device.sync()
    world.put_back(copy)
    device.sign_in()
    twin.sign_in()
    twin.attempt(second)
    twin.sync()
    world.call_durable()
    device.sync()
    assert [row.state for row in device.outbox()] == ["DURABLE"]  # by its number, and wrongly
    assert world.rig.item(first).attempts == ()
    before = device.identity().device_id
    device.sign_in_a_day_later().sync()
    assert device.identity().device_id != before
    twin.sign_in()
    world.settle()
    world.assert_converged()
    assert [len(world.rig.item(case).attempts) for case in (first, second)] == [1, 1]


def test_what_the_centre_names_is_erased_and_nothing_is_asked_twice(world: World, device: Device) -> None:
    device.attempt(min(device.cases()))
    device.sync()
    world.call_durable()
    device.sync()
    sent = asked(device)
    device.sync()
    assert "/v1/held" not in sent  # its day is not over
    device.sign_in_a_day_later().sync()
    assert sent.count("/v1/held") == 1
    assert device.outbox() == []
    device.sync()
    assert sent.count("/v1/held") == 1


def test_more_than_one_question_holds_is_asked_in_several(world: World, device: Device) -> None:
    case = min(device.cases())
    many = ASKED_CHANGES // 2 + 3
    notes = [NoteAdded(case_id=case, act_id=new_id(), words=f"word {nr}") for nr in range(many)]
    device.store.write(lambda unit: [unit.record(one) for one in notes])
    device.sync()
    world.call_durable()
    device.sync()
    sent = asked(device)
    device.sign_in_a_day_later().sync()
    assert sent.count("/v1/held") == 2
    assert device.outbox() == []
    assert ledger(device) == ["erased"] * many


@pytest.mark.expects_log("cannot tell what it holds")
def test_a_centre_that_does_not_know_the_question_goes_on_as_before_and_nothing_is_erased(
    world: World, device: Device
) -> None:
    device.attempt(min(device.cases()))
    device.sync()
    world.call_durable()
    device.sync()
    device.line.after = _older_centre
    new = world.rig.case(world.project, to=device.user)
    device.sign_in_a_day_later().sync()
    assert [row.state for row in device.outbox()] == ["DURABLE"]
    assert new in device.cases()
    sent = asked(device)
    device.sync()
    assert "/v1/held" not in sent
    device.line.after = None  # it is updated
    world.clock.pass_by(minutes=61)
    device.sync()
    assert device.outbox() == []


@pytest.mark.expects_log("cannot tell what it holds")
def test_a_fault_of_the_centre_in_telling_keeps_nothing_from_the_list(world: World, device: Device) -> None:
    device.attempt(min(device.cases()))
    device.sync()
    world.call_durable()
    device.sync()
    device.line.after = lambda request, response: (
        said(request, response, 500, "bug") if "/v1/held" in (request.path_url or "") else response
    )
    new = world.rig.case(world.project, to=device.user)
    device.sign_in_a_day_later().sync()
    assert new in device.cases()
    assert [row.state for row in device.outbox()] == ["DURABLE"]


@pytest.mark.expects_log("the centre lost 1 changes")
@pytest.mark.expects_log("the centre lost changes")
@pytest.mark.expects_log("new device id")
@pytest.mark.expects_log("cannot tell what it holds")
def test_a_centre_that_cannot_tell_is_still_believed_to_have_lost_what_its_watermark_is_below(
    world: World, device: Device
) -> None:
    copy = world.copy_centre()
    device.attempt(min(device.cases()))
    device.sync()
    world.call_durable()
    device.sync()
    device.sign_in_a_day_later().sync()
    assert ledger(device) == ["erased"]
    world.put_back(copy)
    device.line.after = _older_centre
    device.sign_in()
    world.settle()
    assert "1 changes" in (alarm(device) or "")
    assert ledger(device) == ["lost"]


@pytest.mark.expects_log("the centre lost 1 changes")
@pytest.mark.expects_log("the centre may have lost")
@pytest.mark.expects_log("the centre lost changes")
@pytest.mark.expects_log("new device id")
def test_what_was_erased_is_missed_though_another_copy_has_filled_its_number(world: World, device: Device) -> None:
    """A cloned disk and a centre older than promised: only the ids tell that something erased is gone (F28)."""
    first, second = sorted(device.cases())
    twin = world.clone(device)
    copy = world.copy_centre()
    device.attempt(first)
    device.sync()
    world.call_durable()
    device.sync()
    device.sign_in_a_day_later().sync()
    assert device.outbox() == []
    world.put_back(copy)
    twin.sign_in()
    twin.attempt(second)
    twin.sync()
    device.sign_in()
    world.clock.pass_by(minutes=11)
    world.settle()
    world.assert_converged()
    assert "1 changes" in (alarm(device) or "")
    assert ledger(device) == ["lost"]
    assert alarm(twin) is None


@pytest.mark.expects_log("new device id")
def test_what_the_centre_still_has_is_not_mourned(world: World, device: Device) -> None:
    """A copy of the disk makes the numbers useless, and everything that was erased is there: no alarm."""
    first, second = sorted(device.cases())
    device.attempt(first)
    device.sync()
    world.call_durable()
    device.sync()
    device.sign_in_a_day_later().sync()
    twin = world.clone(device)
    for number, one in enumerate((device, twin)):
        one.attempt((first, second)[number])
        one.sync()
    world.settle()
    world.assert_converged()
    assert (alarm(device), alarm(twin)) == (None, None)
    assert ledger(device)[0] == ledger(twin)[0] == "erased"


def _older_centre(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
    """A centre of before this question: nothing is at that address."""
    return said(request, response, 404, "not_found") if "/v1/held" in (request.path_url or "") else response
