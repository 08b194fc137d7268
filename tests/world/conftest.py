"""The real centre in process, and the ground that every schedule of the world starts from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from caller_app.central.embedded import Embedded
from tests.support.centre import Rig, centre, database_server, empty_database
from tests.world.ground import Ground, ground_of
from tests.world.play import Play
from tests.world.world import World

__all__ = ["centre", "database_server", "empty_database", "ground", "play", "world"]


@pytest.fixture
def world(centre: Rig, database_server: Embedded, tmp_path: Path) -> Iterator[World]:
    """A centre with one project, and workstations made as a test needs them."""
    world = World(centre, tmp_path, database_server)
    yield world
    world.close()


@pytest.fixture
def ground(database_server: Embedded) -> Ground:
    """People, projects and cases in a database that is copied for each schedule."""
    return ground_of(database_server)


@pytest.fixture
def play(ground: Ground, tmp_path: Path) -> Iterator[Play]:
    """A world on the ground: four workstations of three callers, nothing recorded yet."""
    play = Play(ground, tmp_path)
    yield play
    play.close()
