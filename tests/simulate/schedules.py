"""Making schedules: a seeded generator of its own, which mixes single steps with the stories faults come in.

What a reader would get wrong: the mix is drawn per schedule, so that some schedules are all restores and others all
reassignments. An even mix of forty steps would almost never hold the three that matter in a row.
"""

from collections.abc import Callable
from random import Random

from tests.simulate.steps import FAULTS

Step = tuple[str, int, int, int]

# Kind of change times 8 plus its argument; attempts, promises and notes most often.
_KIND_WEIGHTS = (8, 2, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1)

_SINGLE = (
    ("record", 26), ("cycle", 18), ("faulty", 16), ("go", 3), ("arrive", 4), ("back", 3), ("exchange", 4),
    ("stray", 3), ("crash", 2), ("assign", 7), ("assign_all", 2), ("begin_move", 3), ("end_move", 4), ("tidy", 1),
    ("collect", 3), ("retire", 1), ("worker", 3), ("upgrade", 1), ("post", 2), ("backup_begin", 2), ("backup_end", 2),
    ("mark", 2), ("restore", 2), ("rollback", 2), ("restore_older", 1), ("image", 2), ("clone", 1), ("wait", 6),
    ("shift", 2), ("reboot", 1), ("look", 2), ("open_call", 3), ("close_call", 2), ("revoke", 1), ("disable", 1),
    ("enable", 2), ("forget", 1), ("sign_in_other", 1), ("forge", 1),
)  # fmt: skip
_OF_A_STATION = {"record", "cycle", "faulty", "shift", "look", "image", "open_call", "close_call", "clone"}
_NAMES = [name for name, _ in _SINGLE]
_WEIGHTS = [weight for _, weight in _SINGLE]

# Stories: steps that belong together. ME is one workstation of the story, TWIN the newest one, a number itself, and
# None whatever is drawn. A step with a plain name is (name, ME, None, None).
ME, TWIN = "me", "twin"
_A_FINAL, _STOP, _UNDO = 1, 8, 56
_BACKUP = (("backup_begin", 0, 0, 0), ("backup_end", 0, 0, 0))


def _fault(name: str, at: int | None = None, extra: int = 0) -> tuple:
    return "faulty", ME, at, FAULTS.index(name) * 8 + extra


_STORIES: tuple[tuple, ...] = (
    (*_BACKUP, "record", "cycle", "record", "cycle", "restore", "record", "cycle", "cycle"),
    (*_BACKUP, "record", "cycle", "record", "cycle", "rollback", "record", "cycle"),
    (*_BACKUP, "cycle", "assign", "assign", "cycle", "rollback", "assign", "assign", "cycle"),
    (
        ("cycle", 0, 0, 0), *_BACKUP, ("assign", 1, 0, 0), ("assign", 3, 0, 0),
        ("faulty", 0, 1, FAULTS.index("workstation dies") * 8 + 1), ("rollback", 0, 0, 0), ("assign", 0, 1, 0),
        ("assign", 3, 0, 0), ("cycle", 0, 0, 0),
    ),
    (("clone", ME, 0, 0), "record", ("record", TWIN, None, None), "cycle", ("cycle", TWIN, 0, 0), "cycle"),
    (
        "cycle", ("clone", ME, 0, 0), *_BACKUP, "record", "cycle", "rollback", ("record", TWIN, None, None),
        ("cycle", TWIN, 0, 0), "cycle",
    ),
    (
        ("cycle", 0, 0, 0), ("clone", 0, 0, 0), *_BACKUP, ("record", 0, 0, 40), ("cycle", 0, 0, 0),
        ("rollback", 0, 0, 0), ("record", TWIN, 0, 40), ("cycle", TWIN, 0, 0), *_BACKUP, ("cycle", 0, 0, 0),
        ("wait", 5, 0, 0), ("cycle", 0, 0, 0),
    ),
    ("image", "record", "cycle", "record", "cycle", "image", "record", "cycle"),
    ("cycle", ("begin_move", None, None, 0), "assign", "assign", "cycle", "cycle", ("end_move", 0, 1, 0), "cycle"),
    ("cycle", "assign", "cycle", "cycle", "collect", "assign", "cycle", "cycle", "collect", "cycle"),
    ("cycle", "assign_all", "cycle", "cycle", ("collect", ME, 0, 0), ("forget", ME, 0, 0), "cycle", "cycle"),
    ("assign_all", "cycle", "collect", "retire", "collect", "assign_all", "cycle", "cycle"),
    (
        ("cycle", 0, 0, 0), ("open_call", 0, 0, 1), ("assign", 0, 1, 0), ("cycle", 0, 0, 0), ("wait", 3, 0, 0),
        ("cycle", 0, 0, 0), ("close_call", 0, 0, 0), ("cycle", 0, 0, 0),
    ),
    ("record", "assign", "record", "cycle", "cycle", "worker"),
    ("record", "cycle", *_BACKUP, "cycle", ("wait", 5, 0, 0), "cycle", "restore_older", "cycle"),
    ("record", "cycle", *_BACKUP, *_BACKUP, "cycle", "restore_older", "cycle", ("wait", 5, 0, 0), *_BACKUP, "cycle"),
    (("backup_begin", 0, 0, 0), "record", "cycle", ("backup_end", 0, 0, 0), "cycle", ("wait", 5, 0, 0), "cycle",
     "restore", "cycle"),
    ("cycle", "record", "cycle", *_BACKUP, "cycle", ("wait", 5, 0, 0), "cycle", "record", ("forget", ME, 0, 0), "cycle",
     "cycle"),
    ("record", "record", "wait", "shift", "look", "cycle"),
    ("cycle", "shift", "wait", "look", "look"),
    ("record", "faulty", "worker", "cycle", "faulty"),
    ("cycle", "record", _fault("judging fails", 0), ("worker", 0, 0, 0), _fault("workstation dies", 1, 2), "cycle"),
    ("record", _fault("centre dies between"), "record", "cycle"),
    ("record", _fault("reply late", 0), "cycle", "record", _fault("reply from long ago", 0), "cycle"),
    ("cycle", ("record", ME, 0, _A_FINAL), ("record", ME, 0, _STOP), ("record", ME, 0, _UNDO), "cycle"),
    (*_BACKUP, "cycle", "record", "cycle", *_BACKUP, "cycle", "cycle", "restore_older", "cycle"),
    (*_BACKUP, "cycle", "record", "cycle", *_BACKUP, "cycle", ("wait", 5, 0, 0), "cycle", "cycle", "restore_older",
     "cycle"),
    (("cycle", 0, 0, 0), ("record", 0, 0, 40), ("shift", 0, 0, 0), ("record", 0, 0, 40), ("cycle", 0, 0, 0)),
    (
        ("cycle", 0, 0, 0), ("clone", 0, 0, 0), *_BACKUP, ("assign", 1, 0, 0), ("record", 0, 0, 40), ("cycle", 0, 0, 0),
        ("rollback", 0, 0, 0), ("record", TWIN, 0, 40), ("cycle", TWIN, 0, 0), ("cycle", 0, 0, 0),
        ("record", 0, 0, 40), ("cycle", 0, 0, 0),
    ),
    (
        ("cycle", 0, 0, 0), ("clone", 0, 0, 0), *_BACKUP, ("record", 0, 0, 40), ("cycle", 0, 0, 0), ("wait", 2, 0, 0),
        ("rollback", 0, 0, 0), ("record", TWIN, 0, 40), ("cycle", TWIN, 0, 0), ("cycle", 0, 0, 0),
    ),
    ("cycle", ("record", ME, None, 0), _fault("judging fails", 0), ("record", ME, None, 0), "cycle"),
    ("wait", "retire", "collect", "cycle"),
    (
        ("cycle", 0, 0, 0), *_BACKUP, ("record", 0, 0, 8), ("cycle", 0, 0, 0), ("rollback", 0, 0, 0),
        ("assign_all", 0, 1, 0), ("wait", 7, 0, 0), ("clone", 0, 0, 0), ("record", TWIN, 2, 40), ("cycle", 0, 0, 0),
        ("cycle", TWIN, 0, 0), ("cycle", 0, 0, 0), ("cycle", TWIN, 0, 0),
    ),
    (
        ("cycle", 0, 0, 0), ("clone", 0, 0, 0), *_BACKUP, ("record", 0, 0, 40), ("cycle", 0, 0, 0), *_BACKUP,
        ("cycle", 0, 0, 0), ("wait", 5, 0, 0), ("cycle", 0, 0, 0), ("restore_older", 0, 0, 0), ("record", TWIN, 0, 40),
        ("cycle", TWIN, 0, 0), ("cycle", 0, 0, 0),
    ),
    ("cycle", *_BACKUP, ("record", ME, None, 0), "cycle", "restore", ("record", ME, None, 8 * 5),
     _fault("reply lost", 0), ("record", ME, None, 8 * 6), "cycle"),
    ("cycle", "assign_all", ("wait", 7, 0, 0), ("retire", 0, 0, 0), ("cycle", 0, 0, 0), ("cycle", 1, 0, 0),
     ("cycle", 0, 0, 0), ("cycle", 1, 0, 0), ("collect", 0, 0, 0), ("collect", 1, 0, 0), ("cycle", 2, 0, 0)),
    ("cycle", *_BACKUP, ("record", ME, 0, 0), "cycle", "restore", ("record", ME, 0, _UNDO),
     _fault("workstation dies", 0, 1), ("wait", 2, 0, 0), ("worker", 0, 0, 0), "cycle"),
    (("record", ME, None, 32), ("record", ME, None, 36), "cycle", ("post", 0, 0, 0), ("post", 1, 0, 0)),
    ("cycle", ("record", ME, None, 64), "record", "cycle", ("upgrade", 0, 0, 0), ("worker", 0, 0, 0), "cycle"),
    ("cycle", ("record", 0, 0, 17), ("record", 2, 0, 18), ("cycle", 0, 0, 0), ("cycle", 2, 0, 0)),
    ("cycle", *_BACKUP, ("assign", 1, 0, 0), ("assign", 3, 0, 0), "cycle", "rollback", "cycle"),
    ("cycle", *_BACKUP, "record", "cycle", *_BACKUP, "cycle", ("wait", 5, 0, 0), "cycle", "cycle", "restore", "cycle",
     "restore_older", "cycle"),
    ("cycle", ("clone", ME, 0, 0), ("revoke", ME, 0, 0), *_BACKUP, ("record", TWIN, None, None), ("cycle", TWIN, 0, 0),
     "restore", ("cycle", TWIN, 0, 0)),
)  # fmt: skip


class Maker:
    """Gives the schedule of a seed."""

    def __init__(self) -> None:
        self._kinds = [kind for kind, weight in enumerate(_KIND_WEIGHTS) for _ in range(weight)]

    def schedule(self, seed: int, steps: int) -> list[Step]:
        """Make the schedule of one seed: about as many steps as asked for."""
        chance = Random(seed)
        draw = chance.random
        weights = [weight * (0.05 + draw() * draw() * 3) for weight in _WEIGHTS]
        stories = 0.6 * draw() if draw() < 0.5 else 0.03
        made: list[Step] = []
        while len(made) < steps:
            if draw() < stories:
                me = int(draw() * 4)
                story = _STORIES[int(draw() * len(_STORIES))]
                made.extend([self._told(item, draw, me) for item in story])
            else:
                made.extend([self._drawn(name, draw) for name in chance.choices(_NAMES, weights, k=6)])
        return made[:steps]

    def _told(self, item: str | tuple, draw: Callable[[], float], me: int) -> Step:
        if isinstance(item, str):
            step = self._drawn(item, draw)
            return (step[0], me, *step[2:]) if item in _OF_A_STATION else step
        name, *given = item
        drawn = self._drawn(name, draw)
        numbers = [
            drawn[place] if one is None else me if one == ME else -1 if one == TWIN else one
            for place, one in enumerate(given, start=1)
        ]
        return name, numbers[0], numbers[1], numbers[2]

    def _drawn(self, name: str, draw: Callable[[], float]) -> Step:
        a, b = int(draw() * 12), int(draw() * 12)
        if name == "record":
            return name, a, b, self._kinds[int(draw() * len(self._kinds))] * 8 + int(draw() * 8)
        if name == "faulty":
            return name, a, int(draw() * 4), int(draw() * len(FAULTS)) * 8 + int(draw() * 8)
        return name, a, b, int(draw() * 8)
