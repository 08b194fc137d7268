"""The doorway and the client against the real centre in process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.house import House
from tests.support.centre import Rig, centre, database_server, empty_database

__all__ = ["centre", "database_server", "empty_database", "house"]


@pytest.fixture
def house(centre: Rig, tmp_path: Path) -> Iterator[House]:
    """A centre with anna and ben, and one computer."""
    house = House(centre, tmp_path / "home")
    yield house
    house.close()
