"""The checks bite: each defect planted in the real code is caught by name; without it the same schedule ends well."""

import re
from pathlib import Path

import pytest

from tests.support.centre import root_of
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


def test_every_defect_stands_in_the_table_with_the_name_that_caught_it() -> None:
    table = (root_of(Path(__file__)) / "docs" / "faults.md").read_text(encoding="utf-8")
    written = re.findall(r"^\| ([^|]+) \| [^|]+ \| (\w+) \|$", table, flags=re.MULTILINE)
    assert written == [(name, one.caught) for name, one in DEFECTS.items()]
    assert len(DEFECTS) >= 24
