"""The real centre in process and real workstations on their own files, for tests of the talk between them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from caller_app.central.embedded import Embedded
from tests.support.centre import Rig, centre, database_server, empty_database
from tests.sync.world import Device, World

__all__ = ["centre", "database_server", "device", "empty_database", "world"]


@pytest.fixture
def world(centre: Rig, database_server: Embedded, tmp_path: Path) -> Iterator[World]:
    """A centre with one project, and workstations made as a test needs them."""
    world = World(centre, tmp_path, database_server)
    yield world
    world.close()


@pytest.fixture
def device(world: World) -> Device:
    """Anna's workstation with her list of three."""
    anna = world.user("anna")
    world.rig.cases(world.project, 3, to=anna)
    device = world.device(anna)
    device.sync()
    return device
