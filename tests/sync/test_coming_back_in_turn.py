"""After a restore 500 workstations do not come back as one; a copy that pulls beside us is found out."""

import pytest
from sqlalchemy import text

from caller_app.sync.engine import run_once
from caller_app.sync.memory import Memory, my_moment
from tests.sync.world import Device, World

SECOND = 1_000_000_000


def test_moments_are_spread_over_the_span_and_stay_the_same() -> None:
    moments = sorted(my_moment("epoch", f"device {n}", 600) for n in range(500))
    assert moments[0] >= 0 and moments[-1] < 600 * SECOND
    busiest = max(
        sum(1 for one in moments if at <= one < at + 60 * SECOND) for at in range(0, 600 * SECOND, 10 * SECOND)
    )
    assert busiest < 100  # of 50 on average
    assert my_moment("epoch", "device 7", 600) == my_moment("epoch", "device 7", 600)


def test_one_waits_for_its_moment_and_only_where_turns_are_taken() -> None:
    memory = Memory(takes_turns=True)
    moment = my_moment("new", "me", 600)
    assert memory.must_wait("new", "me", 600, 5 * SECOND)
    assert memory.must_wait("new", "me", 600, 5 * SECOND + moment - 1)
    assert not memory.must_wait("new", "me", 600, 5 * SECOND + moment)
    assert not memory.must_wait("newer", "me", 0, 0)
    assert not Memory().must_wait("new", "me", 600, 0)


@pytest.mark.expects_log("go again")
def test_until_its_moment_a_workstation_sends_what_is_new_and_reads_nothing_anew(world: World, device: Device) -> None:
    case = min(device.cases())
    device.attempt(case)
    memory = Memory(takes_turns=True)
    run_once(device.store, device.api, device.clock, memory=memory)
    with world.rig.engine.begin() as conn:
        conn.execute(
            text("INSERT INTO device(device_id, user_id) SELECT gen_random_uuid(), 1 FROM generate_series(1, 99)")
        )
        conn.execute(text("UPDATE sync_epoch SET timeline = timeline + 7 WHERE active"))
    assert world.rig.centre.look_at_history()
    device.attempt(case)
    cursor = device.cursor()
    run_once(device.store, device.api, device.clock, memory=memory)
    assert device.unsent() == 0  # what is new goes at once
    assert device.cursor() == cursor
    assert [row.state for row in device.outbox()] == ["ACKED", "ACKED"]
    world.clock.pass_by(seconds=101)
    outcome = run_once(device.store, device.api, device.clock, memory=memory)
    assert outcome.resets or outcome.pulled
    world.settle()
    world.assert_converged()


@pytest.mark.expects_log("new device id")
def test_two_copies_that_pull_in_turns_part_after_the_second_lost_place(world: World, device: Device) -> None:
    device.attempt(min(device.cases()))
    device.sync()
    twin = world.clone(device)
    for _ in range(4):
        for one in (device, twin):
            world.rig.case(world.project, to=device.user)
            one.sync()
    names = {device.identity().device_id, twin.identity().device_id}
    assert len(names) == 2
    world.settle()
    world.assert_converged()
    assert world.rig.ask("SELECT count(*) FROM change") == [(1,)]
