"""The ground every schedule starts from: a database with people, projects and cases, made once and copied each time.

Making it costs seconds (password hashes, migrations), a copy a tenth of one.
"""

import functools
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from caller_app.central.embedded import Embedded
from caller_app.domain.projects import Project
from caller_app.domain.staff import User
from tests.support.centre import TEMPLATE, WORKER, _execute, make_rig, nhs_number
from tests.world.world import World

_names = itertools.count(1)
LOCK_MS = 40  # how long the centre waits for a row that another transaction holds, before it judges later


@dataclass(frozen=True, slots=True)
class Ground:
    """A template database, and what stands in it."""

    server: Embedded
    database: str
    people: tuple[User, ...]
    projects: tuple[Project, ...]
    cases: tuple[str, ...]

    def world(self, folder: Path) -> tuple[World, Callable[[], None]]:
        """Give a world of its own on a copy of the ground, and how to take it down."""
        name = f"world{WORKER}_{next(_names)}"
        _execute(self.server, f'CREATE DATABASE "{name}" TEMPLATE "{self.database}"')
        rig = make_rig(self.server.server.get_uri(database=name), lock_ms=LOCK_MS)
        world = World(rig, folder, self.server, project=self.projects[0])

        def take_down() -> None:
            world.close()
            world.rig.close()
            rig.close()
            _execute(self.server, f'DROP DATABASE "{name}" WITH (FORCE)')

        return world, take_down


@functools.cache
def ground_of(server: Embedded) -> Ground:
    """Make the ground on a server, once."""
    name = f"ground{WORKER}"
    _execute(server, f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')
    rig = make_rig(server.server.get_uri(database=name))
    try:
        people = tuple(rig.user(name) for name in ("anna", "ben", "cara"))
        projects = (rig.project(), rig.project("Winter vaccination", campaign="vaccination"))
        same = {"nhs_number": nhs_number(400_777), "person_id": "77777777-0000-4000-8000-000000000777"}
        cases = [
            *rig.cases(projects[0], 3, to=people[0]),
            *rig.cases(projects[0], 1, to=people[0], **same),
            *rig.cases(projects[1], 1, to=people[1], **same),
            *rig.cases(projects[0], 2, to=people[1]),
            *rig.cases(projects[1], 1, to=people[2]),
        ]
    finally:
        rig.close()
    return Ground(server, name, people, projects, tuple(cases))
