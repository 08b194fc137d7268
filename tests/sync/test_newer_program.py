"""An older program on the files of a newer one: all that waits is sent, nothing is recorded, erased or lost (F47)."""

import hashlib
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from caller_app.base.errors import Refused
from caller_app.store import sending
from caller_app.store.local import LIST, STAND_IN
from caller_app.sync.faults import NotServed
from tests.store import newer_file, rig
from tests.sync.world import Device, World


@pytest.fixture
def device(world: World) -> Device:
    anna = world.user("anna")
    world.rig.cases(world.project, 3, to=anna)
    made = world.device(anna)
    made.sync()
    return made


def content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def verdicts(world: World) -> dict[str, tuple[str, str | None]]:
    rows = world.rig.ask("SELECT change_id, verdict, reason FROM change_state")
    return {str(row.change_id): (row.verdict, row.reason) for row in rows}


def envelope(world: World, change_id: str) -> dict[str, object]:
    [(held,)] = world.rig.ask("SELECT envelope FROM change WHERE change_id = CAST(:c AS uuid)", c=change_id)
    found: dict[str, object] = msgspec.json.decode(bytes(held))
    return found


@pytest.mark.expects_log("push only")
@pytest.mark.expects_log("sent as plain bytes")
def test_an_older_program_sends_all_that_waits_in_a_newer_ones_file(world: World, device: Device) -> None:
    first, second, third = sorted(device.cases())
    called = device.attempt(first)
    device.close()
    newer_file.migrate(device.folder)
    wished = newer_file.add(device.folder, second)
    seen = newer_file.add(device.folder, second, witness="a neighbour")
    odd = newer_file.add(device.folder, third, payload=b"\x81\xa4wish", kind="wish_packed")
    held = content(device.folder / LIST)

    device.open()
    assert device.store.push_only
    assert device.cases() == set(), "nothing is shown: what was recorded cannot be laid over it"
    with pytest.raises(Refused, match="newer version"):
        device.record(rig.note(rig.item(1)))
    for _ in range(3):  # bytes go one at a time
        device.sync()
    assert device.unsent() == 0
    assert len(world.rig.item(first).attempts) == 1
    assert verdicts(world) == {
        called: ("applied", None),
        wished: ("quarantined", "unknown_schema"),
        seen: ("quarantined", "opaque"),
        odd: ("quarantined", "opaque"),
    }
    assert envelope(world, wished)["data"] == {"wish": "a visit"}
    assert envelope(world, seen)["more"] == {"witness": "a neighbour", "weight": 3}
    assert (envelope(world, seen)["kind"], envelope(world, seen)["data"]) == ("wish_recorded", {"wish": "a visit"})
    assert envelope(world, odd)["data"] == {"base64": "gaR3aXNo"}

    world.clock.pass_by(hours=30)
    sending.durable_up_to(device.store, 4)
    device.sign_in().sync()
    assert len(device.outbox()) == 4, "nothing is erased: it may hold more than this program knows of"
    assert content(device.folder / LIST) == held
    device.close()
    assert not (device.folder / STAND_IN).exists()

    newer_file.as_before(device.folder)  # the newer program again
    device.open()
    assert not device.store.push_only
    assert device.cases() == {first, second, third}, "its list is where it was"
    device.sync()
    device.attempt(first)
    device.sync()
    assert device.unsent() == 0


@pytest.mark.expects_log("push only")
@pytest.mark.expects_log("lease over")
def test_the_lease_ends_a_newer_programs_list_too(world: World, device: Device) -> None:
    device.attempt(min(device.cases()))
    device.close()
    newer_file.migrate(device.folder)
    device.open()
    world.clock.pass_by(hours=71)
    device.restart()
    assert (device.folder / LIST).exists()
    world.clock.pass_by(hours=2)
    device.restart()
    assert not (device.folder / LIST).exists()
    with device.store.outbox.read() as connection:
        assert connection.exec_driver_sql("SELECT list_key FROM identity").scalar() is None
    device.sign_in().sync()
    assert device.unsent() == 0


@pytest.mark.expects_log("push only")
@pytest.mark.expects_log("destroyed by order")
def test_an_order_to_destroy_the_list_reaches_a_newer_programs_list(world: World, device: Device) -> None:
    device.attempt(min(device.cases()))
    device.close()
    newer_file.migrate(device.folder)
    device.open()
    with world.rig.engine.begin() as connection:
        connection.execute(text("UPDATE device SET status = 'revoked'"))
    with pytest.raises(NotServed):
        device.sync()
    assert not (device.folder / LIST).exists()
    assert device.unsent() == 0


@pytest.mark.expects_log("push only")
def test_a_change_only_a_newer_program_can_read_is_sent_before_anybody_is_shown_again(
    world: World, device: Device
) -> None:
    first, second, third = sorted(device.cases())
    device.close()
    wished = newer_file.add(device.folder, second)
    device.open()
    assert device.store.push_only, "the tables are the same, but who wished for what is not known here"
    device.sync()
    assert verdicts(world)[wished] == ("quarantined", "unknown_schema")
    with device.store.outbox.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET verdict = 'applied', result_ver = 99")
    device.restart()
    assert not device.store.push_only
    assert device.cases() == set(), "the list is from before it was judged: it is read anew"
    device.sync()
    assert device.cases() == {first, second, third}


@pytest.mark.expects_log("push only")
@pytest.mark.expects_log("new device id")
def test_a_copy_that_only_sends_takes_a_device_id_of_its_own_where_it_has_to(world: World, device: Device) -> None:
    case = min(device.cases())
    device.attempt(case)
    device.close()
    newer_file.migrate(device.folder)
    device.open()
    with world.rig.engine.begin() as connection:
        connection.execute(text("DELETE FROM device"))
    device.sync()
    assert device.unsent() == 0
    assert len(world.rig.item(case).attempts) == 1


@pytest.mark.expects_log("a new one was begun")
def test_a_damaged_file_of_a_newer_program_is_left_to_that_program(world: World, device: Device) -> None:
    for number in range(40):
        device.record(rig.note(device.item(min(device.cases())), f"note {number} " + "x" * 900))
    device.close()
    newer_file.migrate(device.folder)
    path = device.folder / "outbox.db"
    body = bytearray(path.read_bytes())
    body[-3000] ^= 0xFF
    path.write_bytes(body)
    before = content(path)
    with pytest.raises(Refused, match="left untouched"):
        device.open()
    assert content(path) == before
    assert not list(device.folder.glob("outbox.damaged-*"))
    path.unlink()
    device.open()
