"""Fixtures of the deeds: a store with one person on the list."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deeds import rig as made
from tests.deeds.rig import Rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with made.opened(tmp_path / "profile", made.item()) as one:
        yield one
