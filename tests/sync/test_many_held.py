"""Many calls in hand when the whole list is taken away: each one kept is named, and none counts as removed (F45)."""

import pytest

from caller_app.domain.calls import CallDraft
from caller_app.protocol.limits import HELD_NAMED
from caller_app.store import removal
from tests.sync.world import Device, World

COUNT = 150


@pytest.fixture
def device(world: World) -> Device:
    anna, ben = world.user("anna"), world.user("ben")
    cases = world.rig.cases(world.project, COUNT, to=anna)
    made = world.device(anna)
    world.settle()

    def open_all(unit) -> None:  # type: ignore[no-untyped-def]
        for case_id in cases:
            unit.save_draft(CallDraft(call_id=case_id, case_id=case_id, opened_at=unit.now, parked=True))

    made.store.write(open_all)
    world.rig.reassign(anna, ben)
    return made


def held_at_the_centre(world: World) -> int:
    rows = world.rig.ask("SELECT cardinality(held) FROM device ORDER BY registered_at LIMIT 1")
    return int(rows[0][0])


def test_each_of_many_held_cases_is_named_until_its_call_is_over(world: World, device: Device) -> None:
    device.sync()
    world.clock.pass_by(minutes=11)  # a pull is due, though nothing is new
    device.sync()
    assert len(device.cases()) == COUNT
    assert held_at_the_centre(world) == COUNT
    assert removal.held_ids(device.store) == sorted(device.cases())

    over = sorted(device.cases())[:100]
    device.store.write(lambda unit: [unit.drop_draft(case_id) for case_id in over])
    device.sync()
    assert device.cases().isdisjoint(over)
    assert held_at_the_centre(world) == COUNT - 100 == len(device.cases())

    world.clock.pass_by(minutes=20)
    device.sign_in().sync()
    assert device.cases() == set()
    assert held_at_the_centre(world) == 0


def test_no_more_are_kept_than_can_be_named_and_the_open_one_before_all(world: World, device: Device) -> None:
    wanted = [f"case {number}" for number in range(HELD_NAMED + 50)]
    device.store.on_screen = wanted[-1]
    with device.store.lists.write() as lists:
        stay = removal.may_stay(device.store, lists, wanted)
        assert (stay[0], len(stay)) == (wanted[-1], HELD_NAMED - 1)
        lists.exec_driver_sql("INSERT INTO held(case_id, why, seq, since) VALUES ('case 3', 'closed', 1, 'x')")
        assert set(removal.may_stay(device.store, lists, wanted)[:2]) == {"case 3", wanted[-1]}
        assert len(removal.may_stay(device.store, lists, wanted)) == HELD_NAMED - 1
