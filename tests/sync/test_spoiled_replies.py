"""Replies with a part spoiled: whatever a centre gone wrong says, a pass ends as one that had no answer, or goes on.

A fault of any other family would be one of ours. What was recorded arrives once the centre answers rightly again.
"""

import hashlib
import json
import random
from contextlib import suppress

import pytest
import requests

from caller_app.base.errors import Refused, Unavailable
from caller_app.base.ids import new_id
from caller_app.domain.changes import NoteAdded
from caller_app.protocol.codec import Malformed
from tests.support.spoiling import spoiled
from tests.sync.test_bad_lines import answered, on_path
from tests.sync.world import Device, World

ROUNDS = 40


def of_the_page(body: bytes, chance: random.Random) -> bytes:
    """Spoil one line of a page, and close the page again with the hash it has now."""
    lines = body.splitlines()
    place = chance.randrange(len(lines))
    lines[place] = spoiled(json.loads(lines[place]), chance).replace(b"\n", b" ")
    if place < len(lines) - 1:
        said = b"".join(line + b"\n" for line in lines[:-1])
        end = json.loads(lines[-1])
        lines[-1] = json.dumps({**end, "sha256": hashlib.sha256(said).hexdigest()}).encode()
    return b"".join(line + b"\n" for line in lines)


def spoil_next(device: Device, path: str, chance: random.Random) -> list[bytes]:
    """Spoil the next reply on a path; gives what was said instead, once it was."""
    said: list[bytes] = []

    def after(_request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        whole = response.content
        paged = path == "/v1/pull" and whole.count(b"\n") > 1
        said.append(of_the_page(whole, chance) if paged else spoiled(json.loads(whole), chance))
        return answered(response, said[0])

    device.line.after = on_path(path, after)
    return said


@pytest.mark.parametrize("path", ["/v1/push", "/v1/pull", "/v1/head", "/v1/held", "/v1/register"])
@pytest.mark.expects_log("")
def test_a_spoiled_reply_is_no_fault_of_ours_and_nothing_recorded_is_lost(
    world: World, device: Device, path: str
) -> None:
    chance = random.Random(path)
    case_id = min(device.cases())
    noted: set[str] = set()
    met = 0
    for number in range(ROUNDS):
        made = NoteAdded(case_id=case_id, act_id=new_id(), words=f"note {number}")
        with suppress(Malformed):  # its record came spoiled: nobody can open it now
            noted.add(device.store.write(lambda unit, made=made: unit.record(made)))
        happens_before(world, device, path)
        said = spoil_next(device, path, chance)
        try:
            device.sync()
        except (Unavailable, Refused):
            pass
        except Exception as fault:
            raise AssertionError(f"{path}, round {number}: {said[0][:400]!r}" if said else f"round {number}") from fault
        device.line.after = None
        met += bool(said)
    assert met > ROUNDS / 2
    device.sign_in_a_day_later()
    world.settle()
    stored = {row[0] for row in world.rig.ask("SELECT change_id::text FROM change")}
    assert noted <= stored
    assert device.unsent() == 0


def happens_before(world: World, device: Device, path: str) -> None:
    """Let there be something to say on a path."""
    if path == "/v1/pull":
        world.rig.case(world.project, to=device.user)
    if path in ("/v1/head", "/v1/held"):  # it is asked where there is nothing to send
        with suppress(Unavailable, Refused):
            device.sync()
        device.memory = device.learnt_nothing()
    if path == "/v1/held":  # what is durable is erased on another day, once it is shown to be held
        world.call_durable()
        with suppress(Unavailable, Refused):
            device.sync()
        device.sign_in_a_day_later()
        device.memory = device.learnt_nothing()
    if path == "/v1/register":
        with device.store.outbox.write() as connection:
            connection.exec_driver_sql("UPDATE identity SET device_id = NULL")
