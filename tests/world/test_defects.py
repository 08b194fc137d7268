"""The checks bite: each defect planted in the real code is caught by name; without it the same schedule ends well."""

import pytest

from tests.world.breach import Breach
from tests.world.defects import DEFECTS
from tests.world.play import Play
from tests.world.test_machine import expected_lines

SCHEDULES = {one.schedule.__name__: one.schedule for one in DEFECTS.values()}


@expected_lines
@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_the_code_as_it_is_comes_through(play: Play, name: str) -> None:
    SCHEDULES[name](play)


@expected_lines
@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_the_defect_is_caught_by_name(play: Play, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    defect = DEFECTS[name]
    with monkeypatch.context() as patch:
        defect.plant(patch)
        with pytest.raises(Breach) as caught:
            defect.schedule(play)
    assert caught.value.name == defect.caught, str(caught.value)


def test_every_defect_that_was_asked_for_is_here() -> None:
    assert len(DEFECTS) >= 24
