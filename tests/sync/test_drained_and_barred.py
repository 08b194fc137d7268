"""People who leave and computers that are lost: what they recorded still arrives, the list does not stay with them."""

import pytest

from caller_app.base.errors import SignInNeeded
from caller_app.central.db import writing
from caller_app.central.rules import accounts, devices
from caller_app.sync.faults import NotServed
from tests.sync.world import Device, World

pytestmark = pytest.mark.expects_log("destroyed by order")


def drain(world: World, name: str) -> None:
    writing(world.rig.engine, lambda conn: accounts.drain(conn, name=name, now=world.clock.now()))


def bar(world: World, device: Device) -> None:
    device_id = device.identity().device_id or ""
    writing(world.rig.engine, lambda conn: devices.revoke(conn, device_id, now=world.clock.now()))


def removals(world: World) -> list[str]:
    return [row[0] for row in world.rig.ask("SELECT device_id::text FROM audit WHERE what = 'list_removed'")]


def key_of(device: Device) -> bytes:
    with device.store.outbox.read() as connection:
        return bytes(connection.exec_driver_sql("SELECT list_key FROM identity").scalar_one())


def test_a_person_who_was_switched_off_hands_in_what_they_recorded_and_keeps_no_list(
    world: World, device: Device
) -> None:
    case = min(device.cases())
    device.attempt(case)
    key = key_of(device)
    drain(world, "anna")
    with pytest.raises(NotServed):
        device.sync()
    assert device.unsent() == 0
    assert [(row.verdict, row.reason) for row in device.outbox()] == [("applied_review", "author_disabled")]
    assert len(world.rig.item(case).attempts) == 1
    assert world.rig.ask("SELECT class, state FROM review_case") == [("author_disabled", "open")]
    assert device.cases() == set()
    assert key_of(device) != key  # what was on the disk is unreadable for good
    assert removals(world) == []
    with pytest.raises(NotServed):
        device.sync()
    assert removals(world) == [device.identity().device_id]  # the next pass says that the order was carried out


@pytest.mark.expects_log("lease over")
def test_what_was_recorded_offline_is_taken_for_thirty_days_after_a_new_sign_in(world: World, device: Device) -> None:
    device.attempt(min(device.cases()))
    drain(world, "anna")
    world.clock.pass_by(days=29)
    device.credentials.spend()
    device.sign_in()
    with pytest.raises(NotServed):
        device.sync()
    assert device.unsent() == 0
    world.clock.pass_by(days=2)
    with pytest.raises(NotServed):
        device.sign_in()


def test_a_lost_computer_is_told_to_remove_its_list_and_what_it_sends_has_no_effect(
    world: World, device: Device
) -> None:
    case = min(device.cases())
    device.attempt(case)
    key = key_of(device)
    bar(world, device)
    with pytest.raises(NotServed):
        device.sync()
    assert device.cases() == set()
    assert key_of(device) != key
    assert [(row.state, row.verdict, row.reason) for row in device.outbox()] == [
        ("ACKED", "quarantined", "revoked_device")
    ]
    assert world.rig.item(case).attempts == ()
    assert world.rig.ask("SELECT class, state FROM review_case") == [("revoked_device", "open")]
    with pytest.raises(NotServed):
        device.sync()
    assert removals(world) == [device.identity().device_id]


def test_whoever_has_a_lost_computer_cannot_register_it_as_another_without_the_password(
    world: World, device: Device
) -> None:
    bar(world, device)
    thief = world.device(device.user, signed_in=False)
    thief.credentials = device.credentials
    thief.close()
    thief.open()
    with pytest.raises(SignInNeeded):
        thief.sync()
    assert thief.cases() == set()
    owner = world.device(device.user)  # the password is given: it is the person
    owner.sync()
    assert len(owner.cases()) == 3


def test_two_people_on_one_computer_send_only_their_own(world: World, device: Device) -> None:
    device.attempt(min(device.cases()))
    ben = world.user("ben")
    world.rig.case(world.project, to=ben)
    other = world.device(ben)
    other.sync()
    other.sync()
    assert device.unsent() == 1
    assert world.rig.ask("SELECT count(*) FROM change") == [(0,)]
    device.sync()
    assert world.rig.ask("SELECT user_id FROM change") == [(device.user.user_id,)]
