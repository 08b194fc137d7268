"""Hypothesis acts on a world of real parts: any step in any order, faults on every line; the invariants are named.

Real stores (both SQLCipher files), the real sync and the real centre on PostgreSQL, in one process. What is expected
comes from the book that the test keeps of what people recorded. Derandomized and bounded here; `run.py` runs the same
steps from seeds for as long as one likes.
"""

import itertools
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.world.faults import KINDS
from tests.world.ground import Ground
from tests.world.happenings import FAULTS, MINUTES, SHIFTS
from tests.world.play import Play
from tests.world.steps import STEPS, Step

LINES = (
    "the centre lost", "new device id", "destroyed by order", "lease over", "sent as plain bytes", "list.db",
    "not taken even as plain bytes", "derived again", "answered for a device", "clock",
)  # fmt: skip
NAMED = frozenset(("record", "sync", "fault", "wait", "turn_clock", "reassign"))
any_number = st.integers(0, 3_999)
machine = st.integers(0, 5)


class Days(RuleBasedStateMachine):
    """One world; each rule is a step, each check an invariant of docs/sync.md."""

    ground: Ground
    folders: Path
    numbers = itertools.count(1)

    def __init__(self) -> None:
        super().__init__()
        self.folder = self.folders / f"world-{next(self.numbers)}"
        self.play = Play(self.ground, self.folder)
        self.failed = False

    @rule(who=machine, case=any_number, kind=any_number)
    def record(self, who: int, case: int, kind: int) -> None:
        self._step("record", who, case, kind)

    @rule(who=machine)
    def sync(self, who: int) -> None:
        self._step("sync", who)

    @rule(who=machine, kind=st.sampled_from(FAULTS), place=any_number)
    def fault(self, who: int, kind: str, place: int) -> None:
        self._step("fault", who, FAULTS.index(kind), place)

    @rule(pause=st.sampled_from(MINUTES))
    def wait(self, pause: float) -> None:
        self._step("wait", 1, MINUTES.index(pause))

    @rule(who=machine, shift=st.integers(0, len(SHIFTS) - 1))
    def turn_clock(self, who: int, shift: int) -> None:
        self._step("turn_clock", who, shift)

    @rule(giver=st.integers(0, 2), taker=st.integers(0, 1), which=any_number)
    def reassign(self, giver: int, taker: int, which: int) -> None:
        self._step("reassign", giver, taker, which)

    @rule(name=st.sampled_from(sorted(STEPS.keys() - NAMED)), a=any_number, b=any_number, c=any_number)
    def anything_else(self, name: str, a: int, b: int, c: int) -> None:
        self._step(name, a, b, c)

    @invariant()
    def nothing_lost_doubled_or_shown_to_others(self) -> None:
        self._try(self.play.watch.look)

    def teardown(self) -> None:
        try:
            if not self.failed:
                self.play.rest()
        finally:
            self.play.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _step(self, name: str, a: int = 0, b: int = 0, c: int = 0) -> None:
        self._try(lambda: self.play.carry_out(Step(name, a, b, c)))

    def _try(self, work: object) -> None:
        try:
            work()  # type: ignore[operator]
        except BaseException:
            self.failed = True
            raise


def expected_lines(test: object) -> object:
    """Mark the warnings that a world of faults is meant to write."""
    for line in LINES:
        test = pytest.mark.expects_log(line)(test)  # type: ignore[arg-type]
    return test


@expected_lines
def test_whatever_happens_the_invariants_hold(ground: Ground, tmp_path: Path) -> None:
    days = type("DaysHere", (Days,), {"ground": ground, "folders": tmp_path})
    run_state_machine_as_test(
        days,
        settings=settings(
            max_examples=18, stateful_step_count=30, derandomize=True, deadline=None, print_blob=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_every_fault_a_line_can_have_is_drawn(ground: Ground) -> None:
    assert set(FAULTS) == set(KINDS)
    assert len(FAULTS) >= 30
