"""Wrong clocks (I18): a schedule is played with its clock steps and with the clocks right, and has to end alike.

What a reader would get wrong: a clock may decide when a list is read again and how a late attempt is hinted at for
review. It may not decide whether anything arrives, counts, or counts twice.
"""

from tests.simulate.parts import Broken
from tests.simulate.schedules import Step
from tests.simulate.sweep import play
from tests.simulate.world import World


def ends_alike(schedule: list[Step]) -> bool:
    """Tell whether a schedule ends alike whatever the clocks show.

    Without a lease that ends early nothing of what is recorded depends on a clock; so spans that could end one are
    left out, and steps that depend on how many requests a pass makes.
    """
    plain = [
        step
        for step in schedule
        if step[0] in ("record", "cycle", "assign", "assign_all", "worker", "collect", "backup_begin", "backup_end",
                       "post", "crash", "upgrade", "tidy", "begin_move", "end_move", "shift")
        and not (step[0] == "shift" and abs(step[2] % 6 - 3) > 1)
    ]  # fmt: skip
    return _end(plain) == _end([step for step in plain if step[0] != "shift"])


def _end(schedule: list[Step]) -> object:
    world = World()
    try:
        play(world, schedule)
    except Broken as broken:
        return broken.name
    centre = world.centre
    lists = [sorted(record for record in station.list if record < 1000) for station in world.stations]
    return sorted(centre.change), sorted(centre.judged), [case.effects for case in centre.cases], lists
