"""A queue of several batches: each is read while the one before it is under way, and each change arrives once."""

import itertools
import json
from contextlib import suppress
from typing import Any

import pytest
import requests

from caller_app.base.errors import Unavailable
from caller_app.base.ids import new_id
from caller_app.domain.changes import ConcernRaised, NoteAdded
from caller_app.store.unit import Unit
from tests.sync.test_bad_lines import answered
from tests.sync.test_no_room_for_a_receipt import ROOM, bounded
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


def receipts_asked(device: Device) -> list[int]:
    """Note what each push says it has receipts up to."""
    asked: list[int] = []

    def noted(request: requests.PreparedRequest) -> None:
        if str(request.path_url).startswith("/v1/push"):
            asked.append(json.loads(request.body or b"{}")["acked_hw"])

    device.line.before = noted
    return asked


def arrived_once(world: World, device: Device, ids: list[str]) -> None:
    stored = world.rig.ask("SELECT change_id::text FROM device_seq ORDER BY dseq")
    assert [row[0] for row in stored] == ids
    assert {(row.state, row.verdict) for row in device.outbox()} == {("ACKED", "applied")}
    notes = world.rig.ask("SELECT note_id::text FROM note")
    assert sorted(row[0] for row in notes) == sorted(ids)
    assert device.unsent() == 0


def test_a_batch_goes_with_the_receipt_that_is_still_being_written_down(world: World, device: Device) -> None:
    ids = queued(device, min(device.cases()))
    asked = receipts_asked(device)
    device.sync()
    assert asked == [0, 200, 400]
    arrived_once(world, device, ids)


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_whichever_reply_is_lost_the_receipts_before_it_are_kept_and_each_change_is_there_once(
    world: World, device: Device, lost: int
) -> None:
    ids = queued(device, min(device.cases()))
    answered = itertools.count(1)

    def lose(request: requests.PreparedRequest, response: Any) -> Any:
        if str(request.path_url).startswith("/v1/push") and next(answered) == lost:
            raise requests.ConnectionError("the reply is lost")
        return response

    device.line.after = lose
    with pytest.raises(Unavailable):
        device.sync()
    states = [row.state for row in device.outbox()]
    assert states == ["ACKED"] * 200 * (lost - 1) + ["PENDING"] * (MANY - 200 * (lost - 1))
    device.line.after = None
    device.sync()
    arrived_once(world, device, ids)


def test_a_receipt_for_which_there_is_no_room_ends_the_pass_and_the_next_one_sends_again(
    world: World, device: Device
) -> None:
    ids = queued(device, min(device.cases()))
    answered = itertools.count(1)

    def fill(request: requests.PreparedRequest, response: Any) -> Any:
        if str(request.path_url).startswith("/v1/push") and next(answered) == 1:
            bounded(device, None)
        return response

    device.line.after = fill
    with pytest.raises(Unavailable, match="disk"):
        device.sync()
    assert next(answered) <= 3  # no third batch went where the first could not be written down
    assert "ACKED" not in {row.state for row in device.outbox()}
    device.line.after = None
    bounded(device, ROOM)
    device.sync()
    arrived_once(world, device, ids)


@pytest.mark.expects_log("the centre lost changes")
def test_a_centre_put_back_between_two_batches_gets_all_of_it_in_its_order(world: World, device: Device) -> None:
    before = world.back_up()
    ids = queued(device, min(device.cases()))
    answered = itertools.count(1)

    def put_back(request: requests.PreparedRequest) -> None:
        if str(request.path_url).startswith("/v1/push") and next(answered) == 2:
            world.restore(before)

    device.line.before = put_back
    for _ in range(4):
        with suppress(Unavailable):
            device.sync()
    device.line.before = None
    world.settle()
    arrived_once(world, device, ids)


def test_what_a_receipt_leaves_out_goes_before_the_batch_that_was_taken_ahead(world: World, device: Device) -> None:
    ids = queued(device, min(device.cases()))
    sent: list[list[int]] = []

    def noted(request: requests.PreparedRequest) -> None:
        if str(request.path_url).startswith("/v1/push"):
            sent.append([one["seq"] for one in json.loads(request.body or b"{}")["changes"]])

    def leaves_one_out(request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        if not str(request.path_url).startswith("/v1/push") or len(sent) > 1:
            return response
        said = response.json()
        del said["results"][6]
        return answered(response, json.dumps(said).encode())

    device.line.before, device.line.after = noted, leaves_one_out
    device.sync()
    assert sent[0] == list(range(1, 201))
    assert sent[1][:2] == [7, 201]
    arrived_once(world, device, ids)
