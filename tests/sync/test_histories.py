"""Either side goes back in time, is copied, or is forgotten: everything retained goes again, nothing counts twice."""

from datetime import timedelta

import pytest

from caller_app.base.errors import CentreUnreachable, Refused
from caller_app.base.ids import new_id
from caller_app.store import mirror, sending
from caller_app.store.lease import lease_of
from caller_app.sync.faults import NotServed
from tests.sync.world import Device, World


@pytest.fixture
def device(world: World) -> Device:
    anna = world.user("anna")
    world.rig.cases(world.project, 3, to=anna)
    device = world.device(anna)
    world.settle()
    return device


@pytest.mark.expects_log("the centre lost changes")
def test_a_centre_put_back_from_an_older_copy_gets_everything_again(world: World, device: Device) -> None:
    first, second, _third = sorted(device.cases())
    device.attempt(first)
    device.sync()
    copy = world.copy_centre()
    device.attempt(second)
    device.sync()
    assert device.unsent() == 0
    world.put_back(copy)
    assert world.rig.item(second).attempts == ()
    device.sign_in()
    world.settle()
    world.assert_converged()
    assert len(world.rig.item(first).attempts) == 1
    assert len(world.rig.item(second).attempts) == 1


@pytest.mark.expects_log("the centre lost changes")
def test_new_work_before_the_hole_is_noticed_does_not_hide_it(world: World, device: Device) -> None:
    first, second, third = sorted(device.cases())
    copy = world.copy_centre()
    device.attempt(first)
    device.attempt(second)
    device.sync()
    world.put_back(copy)
    device.sign_in()
    device.attempt(third)  # goes up first, under a number beyond the hole
    world.settle()
    world.assert_converged()
    assert [len(world.rig.item(case).attempts) for case in (first, second, third)] == [1, 1, 1]


@pytest.mark.expects_log("the centre lost changes")
def test_a_feed_that_was_put_back_removes_what_it_no_longer_gives(world: World, device: Device) -> None:
    copy = world.copy_centre()
    anna = device.user
    world.rig.cases(world.project, 2, to=anna)
    device.attempt(min(device.cases()))
    device.sync()
    assert len(device.cases()) == 5
    world.put_back(copy)
    device.sign_in()
    world.settle()
    world.assert_converged()
    assert len(device.cases()) == 3


@pytest.mark.expects_log("the centre lost changes")
def test_a_restore_that_the_head_tells_of_does_not_empty_the_list_though_its_token_is_still_known(
    world: World, device: Device
) -> None:
    copy = world.copy_centre()  # it knows the token of the last page, and not what is sent next
    device.attempt(min(device.cases()))
    device.line.plant("drop_request", "/v1/pull")
    with pytest.raises(CentreUnreachable):
        device.sync()
    assert device.unsent() == 0
    world.put_back(copy)
    device.sign_in()
    device.sync()
    assert len(device.cases()) == 3
    world.settle()
    world.assert_converged()


@pytest.mark.expects_log("the centre lost changes")
def test_a_new_epoch_brings_everything_retained_again(world: World, device: Device) -> None:
    case = min(device.cases())
    device.attempt(case)
    device.sync()
    with world.rig.engine.begin() as connection:
        from sqlalchemy import text

        connection.execute(text("UPDATE sync_epoch SET sysid = 1 WHERE active"))
    url = world.rig.url
    world.put_back(url)
    device.sign_in()
    before = device.identity().epoch
    world.settle()
    world.assert_converged()
    assert device.identity().epoch == world.rig.centre.standing.epoch != before
    assert len(world.rig.item(case).attempts) == 1


@pytest.mark.expects_log("new device id")
def test_two_copies_of_one_disk_become_two_devices_and_lose_nothing(world: World, device: Device) -> None:
    first, second, third = sorted(device.cases())
    twin = world.clone(device)
    device.attempt(first)
    twin.attempt(second)
    twin.attempt(third)
    world.settle()
    world.assert_converged()
    assert device.identity().device_id != twin.identity().device_id
    assert [len(world.rig.item(case).attempts) for case in (first, second, third)] == [1, 1, 1]
    assert world.rig.ask("SELECT count(*) FROM change")[0][0] == 3


@pytest.mark.expects_log("new device id")
def test_a_workstation_put_back_from_an_image_takes_a_new_id_and_swallows_nothing(world: World, device: Device) -> None:
    first, second, third = sorted(device.cases())
    device.attempt(first)
    device.sync()
    image = world.clone(device)  # what the image held
    device.attempt(second)
    device.sync()
    # The machine is put back to its image and goes on from there.
    image.attempt(third)
    image.sync()
    world.settle()
    world.assert_converged()
    assert [len(world.rig.item(case).attempts) for case in (first, second, third)] == [1, 1, 1]


@pytest.mark.expects_log("new device id")
def test_a_device_the_centre_forgot_registers_again(world: World, device: Device) -> None:
    from sqlalchemy import text

    case = min(device.cases())
    before = device.identity().device_id
    with world.rig.engine.begin() as connection:
        connection.execute(text("DELETE FROM device"))
    device.attempt(case)
    world.settle()
    world.assert_converged()
    assert device.identity().device_id != before
    assert len(world.rig.item(case).attempts) == 1


@pytest.mark.expects_log("new device id")
def test_renumbering_keeps_the_order_and_the_ids(world: World, device: Device) -> None:
    from caller_app.store import replay

    ids = [device.attempt(case) for case in sorted(device.cases())]
    replay.take_device(device.store, new_id(), new_id())
    assert [(row.dseq, row.change_id) for row in device.outbox()] == list(enumerate(ids, start=1))
    assert device.identity().next_dseq == 4


@pytest.mark.expects_log("destroyed by order")
def test_an_order_to_stop_serving_destroys_the_list_and_keeps_the_outbox(world: World, device: Device) -> None:
    from sqlalchemy import text

    device.attempt(min(device.cases()))
    with world.rig.engine.begin() as connection:
        connection.execute(text("UPDATE device SET status = 'revoked'"))
    with pytest.raises(NotServed):
        device.sync()
    assert device.cases() == set()
    assert len(device.outbox()) == 1
    assert device.unsent() == 0  # stored at the centre all the same
    assert device.outbox()[0].verdict == "quarantined"


@pytest.mark.expects_log("lease over")
def test_a_lease_that_ran_out_destroys_the_list_and_keeps_the_outbox(world: World, device: Device) -> None:
    case = min(device.cases())
    device.attempt(case)
    device.line.cut = True
    world.clock.pass_by(hours=73)
    device.restart()
    assert device.cases() == set()
    assert device.unsent() == 1
    device.line.cut = False
    device.sign_in()
    world.settle()
    assert len(device.cases()) == 3
    assert len(world.rig.item(case).attempts) == 1


@pytest.mark.expects_log("lease over")
def test_setting_the_clock_back_does_not_lengthen_the_lease(world: World, device: Device) -> None:
    from caller_app.store import lease

    world.clock.pass_by(hours=70)
    lease.note_time(device.store)
    world.clock.turn_wall(hours=-60)
    assert not lease.is_over(device.store)
    world.clock.pass_by(hours=3)
    assert lease.end_if_due(device.store)
    assert device.cases() == set()


def test_a_clock_set_back_by_years_costs_one_list_and_not_every_list_to_come(world: World) -> None:
    from tests.support.clock import StoppedClock

    anna = world.user("anna")
    world.rig.cases(world.project, 3, to=anna)
    device = world.device(anna, clock=StoppedClock())
    device.sync()
    device.clock.turn_wall(days=-3650)
    world.rig.cases(world.project, 1, to=anna)
    device.sync()  # this renewal is counted from the clock as it now stands
    assert len(device.cases()) == 4
    device.restart()
    assert len(device.cases()) == 4
    outcome = device.sync()
    assert (outcome.pulled, outcome.removed) == (0, 0)


def test_a_list_that_was_current_says_since_when(world: World, device: Device) -> None:
    world.clock.pass_by(minutes=3)
    device.sync()
    as_of = device.store.read(lambda view: view.list_as_of)
    assert as_of == world.clock.now()
    device.line.cut = True
    world.clock.pass_by(minutes=9)
    with pytest.raises(Exception, match="cannot be reached"):
        device.sync()
    assert device.store.read(lambda view: view.list_as_of) == as_of


def test_a_clock_two_hours_off_changes_nothing_but_the_warning(world: World) -> None:
    from tests.support.clock import StoppedClock

    anna = world.user("anna")
    case = world.rig.case(world.project, to=anna)
    wrong = StoppedClock()
    wrong.turn_wall(hours=2)
    device = world.device(anna, clock=wrong)
    device.sync()
    device.attempt(case)
    outcome = device.sync()
    assert outcome.pushed == 1
    assert round(outcome.clock_off.total_seconds() / 60) == 120
    assert len(world.rig.item(case).attempts) == 1
    kept = device.store.read(lambda view: view.my_changes(case))
    assert kept[0].occurred_at == wrong.now()


def test_what_is_durable_is_erased_after_a_day_and_stays_in_the_ledger(world: World, device: Device) -> None:
    case = min(device.cases())
    change_id = device.attempt(case)
    device.sync()
    world.call_durable()
    device.sync()
    assert [row.state for row in device.outbox()] == ["DURABLE"]
    device.sign_in_a_day_later().sync()
    assert device.outbox() == []
    ledger = device.store.read(lambda view: view.outbox.exec_driver_sql("SELECT change_id, state FROM ledger").all())
    assert [tuple(row) for row in ledger] == [(change_id, "erased")]


def test_nothing_is_erased_that_was_not_called_durable(world: World, device: Device) -> None:
    device.attempt(min(device.cases()))
    device.sync()
    world.clock.pass_by(days=30)
    sending.durable_up_to(device.store, 0)
    assert [row.state for row in device.outbox()] == ["ACKED"]


def test_a_supervisor_account_without_cases_syncs_an_empty_list(world: World) -> None:
    sue = world.user("sue", role="supervisor")
    device = world.device(sue)
    device.sync()
    assert device.cases() == set()
    assert mirror.position(device.store).mode == "delta"


def test_an_account_that_may_not_work_a_list_is_refused_in_words(world: World) -> None:
    ada = world.user("ada", role="administrator")
    device = world.device(ada)
    with pytest.raises(Refused, match=r"\w"):
        device.sync()


def test_the_lease_is_written_with_the_page(world: World, device: Device) -> None:
    held = device.store.read(lambda view: lease_of(view.outbox))
    assert held.until - world.clock.now() == timedelta(hours=72)


@pytest.mark.expects_log("the centre lost 1 changes")
@pytest.mark.expects_log("new device id")
def test_a_centre_older_than_it_promised_is_said_loudly_and_sync_goes_on(world: World, device: Device) -> None:
    first, second, _third = sorted(device.cases())
    copy = world.copy_centre()
    device.attempt(first)
    device.sync()
    world.call_durable()
    device.sync()
    device.sign_in_a_day_later().sync()  # erased here: the centre promised to keep it
    world.put_back(copy)
    device.sign_in()
    device.attempt(second)
    world.settle()
    world.assert_converged()
    alarm = device.store.read(lambda view: sending.counts(view.outbox)).alarm
    assert alarm is not None
    assert "1 changes" in alarm
    assert len(world.rig.item(second).attempts) == 1
