"""The fault table of docs/faults.md: no row is missing, and every test it names exists."""

import re

import pytest

from tests.shape.test_tree import ROOT

TABLE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (F\d+) \| (.*)$", TABLE, flags=re.MULTILINE))


def test_every_fault_has_its_row() -> None:
    assert list(ROWS) == [f"F{number}" for number in range(1, 55)]


@pytest.mark.parametrize("fault", list(ROWS))
def test_each_row_names_tests_that_exist_or_says_why_there_are_none(fault: str) -> None:
    cells = [cell.strip() for cell in ROWS[fault].split("|")]
    named = re.findall(r"`(tests/[^`]+)::(test_\w+)`", cells[2])
    assert named or "not tested here because" in cells[3]
    for path, name in named:
        written = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^\s*def {name}\(", written, flags=re.MULTILINE), f"{path} has no {name}"
