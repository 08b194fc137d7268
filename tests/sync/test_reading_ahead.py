"""A queue of several batches: each is read while the one before it is under way, and each change arrives once."""

from caller_app.base.ids import new_id
from caller_app.domain.changes import ConcernRaised, NoteAdded
from caller_app.store.unit import Unit
from tests.sync.world import Device, World

MANY = 450


def queued(device: Device, case: str) -> list[str]:
    def some(unit: Unit) -> list[str]:
        return [unit.record(NoteAdded(case_id=case, act_id=new_id(), words="w")) for _ in range(MANY)]

    return device.store.write(some)


def test_a_long_queue_arrives_whole_once_and_in_its_order(world: World, device: Device) -> None:
    ids = queued(device, min(device.cases()))
    device.sync()
    stored = world.rig.ask("SELECT change_id::text FROM device_seq ORDER BY dseq")
    assert [row[0] for row in stored] == ids
    assert {(row.state, row.verdict) for row in device.outbox()} == {("ACKED", "applied")}


def test_a_concern_recorded_while_a_batch_is_under_way_goes_before_the_one_read_ahead(
    world: World, device: Device
) -> None:
    case = min(device.cases())
    queued(device, case)
    said: list[str] = []

    def meanwhile(request: object, response: object) -> object:
        if not said and "/v1/push" in str(getattr(request, "path_url", "")):
            concern = ConcernRaised(case_id=case, act_id=new_id(), route="immediate", words="w", told=("999",))
            said.append(device.store.write(lambda unit: unit.record(concern)))
        return response

    device.line.after = meanwhile  # type: ignore[assignment]
    device.sync()
    order = world.rig.ask("SELECT change_id::text FROM change ORDER BY received_at, xid")
    place = [row[0] for row in order].index(said[0])
    assert place == 200  # after the batch that was under way, before the 250 that waited
    assert device.unsent() == 0
