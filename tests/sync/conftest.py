"""The real centre in process and real workstations on their own files, for tests of the talk between them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from caller_app.central.embedded import Embedded
from tests.support.centre import Rig, centre, database_server, empty_database
from tests.sync.world import World

__all__ = ["centre", "database_server", "empty_database", "world"]


@pytest.fixture
def world(centre: Rig, database_server: Embedded, tmp_path: Path) -> Iterator[World]:
    """A centre with one project, and workstations made as a test needs them."""
    world = World(centre, tmp_path, database_server)
    yield world
    world.close()
