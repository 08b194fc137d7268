"""Scripts made by chance, rung by chance: what the check lets through always runs, resumes and comes to its close."""

import random
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.script.random_calls import hold


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.randoms(use_true_random=False))
def test_whatever_the_check_lets_through_runs(chance: random.Random) -> None:
    with tempfile.TemporaryDirectory(prefix="caller-scripts-") as folder:
        hold(chance, Path(folder), exported=False)


def test_a_hundred_scripts_of_known_seeds_hold_and_many_are_let_through(tmp_path: Path) -> None:
    ends = [hold(random.Random(seed), tmp_path, exported=seed % 5 == 0) for seed in range(100)]
    assert ends.count("good") > 20
