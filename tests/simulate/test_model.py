"""The model keeps every invariant over seeded schedules, and each deliberate defect in it is caught by name.

The long form is `python -m tests.simulate --seeds 100000`; docs/simulation.md says what it found.
"""

from pathlib import Path

import pytest

from tests.simulate.checks import NAMES
from tests.simulate.defects import DEFECTS, HARMLESS, RARE
from tests.simulate.schedules import Maker
from tests.simulate.sweep import outcome, shortest, sweep, written
from tests.simulate.table import catch
from tests.simulate.wanted import never_reached

MOST = 2500  # schedules within which a defect has to be caught; the table says how few most of them need


def test_the_undamaged_model_keeps_every_invariant_and_reaches_what_it_is_for() -> None:
    report = sweep(2000, 40)
    sweep(400, 90, first_seed=50_000, report=report)
    told = "\n".join(f"{name}, seed {seed}: {words}\n{written(steps)}" for seed, name, words, steps in report.failures)
    assert not report.failures, told
    assert never_reached(report.reached) == []


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_caught_by_the_invariant_meant_for_it(defect: str) -> None:
    caught = catch(defect, MOST, 40, shrunk=False)
    assert caught is not None, f"{defect} was not caught by {DEFECTS[defect][0]} in {MOST} schedules"
    assert outcome(caught.steps) is None, "the same schedule breaks without the defect"


@pytest.mark.parametrize("safety", HARMLESS)
def test_what_is_said_to_be_harmless_to_take_away_breaks_nothing(safety: str) -> None:
    assert sweep(600, 40, bad=safety).failures == []


@pytest.mark.parametrize(
    ("seed", "defect"),
    [
        (8011007, "receipts_named_by_the_watermark_alone"),
        (8058118, "receipts_named_by_the_watermark_alone"),
        (9198584, "hole_sought_below_what_is_retained"),
    ],
)
def test_what_is_met_once_in_a_hundred_thousand_schedules_is_caught_by_its_seed(seed: int, defect: str) -> None:
    """Too rare for the table; docs/simulation.md tells each story."""
    schedule = Maker().schedule(seed, 40)
    broken = outcome(schedule, defect)
    assert broken is not None
    assert broken.name == RARE[defect][0]
    assert outcome(schedule) is None


def test_a_failing_schedule_shrinks_to_one_of_which_nothing_can_be_left_out() -> None:
    caught = catch("delete_on_send", MOST, 40, shrunk=False)
    assert caught is not None
    short = shortest(caught.steps, "I1", "delete_on_send")
    assert len(short) < len(caught.steps)
    for place in range(len(short)):
        broken = outcome(short[:place] + short[place + 1 :], "delete_on_send")
        assert broken is None or broken.name != "I1"


def test_the_same_seed_gives_the_same_history() -> None:
    first, again = Maker().schedule(7, 40), Maker().schedule(7, 40)
    assert first == again
    assert Maker().schedule(8, 40) != first


def test_clocks_that_are_wrong_by_years_change_nothing_at_the_end() -> None:
    """I18: the same schedules with and without their clock steps end with the same changes judged and sent."""
    from tests.simulate.clocks import ends_alike

    assert [seed for seed in range(400) if not ends_alike(Maker().schedule(seed, 40))] == []


def test_every_invariant_named_by_a_defect_is_explained() -> None:
    assert {invariant for invariant, _ in DEFECTS.values()} <= NAMES.keys()
    assert len(DEFECTS) >= 28


def test_the_document_says_of_every_defect_what_catches_it() -> None:
    told = (Path(__file__).resolve().parents[2] / "docs" / "simulation.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")] for line in told.splitlines() if line.startswith("| `")]
    assert {row[1].strip("`"): (row[3], row[2]) for row in rows} == DEFECTS
