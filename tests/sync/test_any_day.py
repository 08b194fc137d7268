"""Days made by chance: records, moves, cut lines, lost replies, restarts, in any order; in the end all sides agree."""

import random
from collections import Counter

import pytest
import requests

from caller_app.base.errors import Unavailable
from caller_app.base.ids import new_id
from caller_app.domain.changes import NoteAdded
from tests.sync.world import Device, World

STEPS = 60


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_whatever_happens_nothing_is_lost_or_counted_twice(world: World, seed: int) -> None:
    chance = random.Random(seed)
    people = [world.user("anna"), world.user("ben")]
    cases = world.rig.cases(world.project, 6, to=people[0]) + world.rig.cases(world.project, 6, to=people[1])
    devices = [world.device(people[0]), world.device(people[1]), world.device(people[1])]
    recorded: Counter[str] = Counter()

    def lossy(_request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        if chance.random() < 0.25:
            raise requests.ConnectionError("reply lost")
        return response

    def record(device: Device) -> None:
        mine = sorted(device.cases())
        if mine:
            case = chance.choice(mine)
            words = f"word {sum(recorded.values())}"
            device.record(NoteAdded(case_id=case, act_id=new_id(), words=words))
            recorded[words] += 1

    def sync(device: Device) -> None:
        try:
            device.sync()
        except Unavailable:
            return

    for _ in range(STEPS):
        device = chance.choice(devices)
        device.line.after = lossy
        step = chance.random()
        if step < 0.45:
            record(device)
        elif step < 0.75:
            sync(device)
        elif step < 0.82:
            device.line.cut = not device.line.cut
        elif step < 0.88:
            device.restart()
        else:
            giver, taker = chance.sample(people, 2)
            world.rig.reassign(giver, taker, chance.sample(cases, 3))
        world.clock.pass_by(seconds=chance.randint(1, 20))
    for device in devices:
        device.line.cut = False
        device.line.after = None
    world.settle()
    world.assert_converged()
    stored = world.rig.ask("SELECT count(*) FROM change")[0][0]
    assert stored == sum(recorded.values())
    held = Counter(note.words for case in cases for note in world.rig.item(case).notes)
    assert held == recorded
