"""The runner of seeded schedules: the same seed is the same schedule, and what fails is told at its shortest."""

from pathlib import Path

import pytest

from tests.world import defects
from tests.world.ground import Ground
from tests.world.run import as_text, attempt, shorten
from tests.world.steps import STEPS, Step, draw
from tests.world.test_machine import expected_lines


def test_a_seed_gives_the_same_schedule_each_time_and_another_gives_another() -> None:
    assert draw(7, 40) == draw(7, 40)
    assert draw(7, 40) != draw(8, 40)
    assert {one.name for seed in range(60) for one in draw(seed, 60)} == set(STEPS)


def test_a_failing_schedule_is_shortened_to_the_steps_that_matter() -> None:
    schedule = [Step("wait", number) for number in range(40)]
    needed = {schedule[3], schedule[17], schedule[18]}
    shortest = shorten(schedule, lambda some: needed <= set(some), 400)
    assert shortest == [schedule[3], schedule[17], schedule[18]]
    assert as_text(shortest).splitlines()[0] == "  Step('wait', 3, 0, 0),"
    assert len(shorten(schedule, lambda some: needed <= set(some), 5)) > 3


@expected_lines
def test_a_breach_is_given_by_name_and_a_world_without_one_as_none(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = [Step("sync", 0), Step("record", 0, 0, 0), Step("fault", 0, 0, 1), Step("sync", 0)]
    assert attempt(ground, schedule) is None
    with monkeypatch.context() as patch:
        defects.deleted_on_send(patch)
        found = attempt(ground, schedule)
    assert found is not None
    assert found[0] == "I1"
