"""What most tests of a workstation's files begin with: a clock that stands still, and two empty files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from caller_app.store.local import LocalStore
from tests.store import rig
from tests.support.clock import StoppedClock


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def store(tmp_path: Path, clock: StoppedClock) -> Iterator[LocalStore]:
    store = rig.opened(tmp_path, clock)
    yield store
    store.close()
