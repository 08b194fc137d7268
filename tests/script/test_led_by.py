"""What a call keeps of the record: the values its path turned on, and not one more."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from caller_app.script.compile import read_script
from caller_app.script.led_by import could_lead, led_by
from caller_app.script.run import Runner
from caller_app.script.script import Script
from tests.script.books import PACKS, book

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
GIVEN = {
    "pt_first": "Ann", "team_phone": "01632960100", "age": "52", "result": "44", "worth": "", "limit": "47",
    "late": "y", "only_said": "x", "region": "north",
}  # fmt: skip
SURVEY: list[list[Any]] = [
    ["type", "name", "label", "relevant", "required", "calculation", "constraint", "choice_filter", "sets_outcome"],
    *(["hidden", name] for name in GIVEN),
    ["begin_group", "one", "One", "${age} >= 18"],
    ["note", "hello", "Hello ${pt_first}, ring ${team_phone}"],
    ["calculate", "said", None, None, None, "concat(${only_said}, '!')"],
    ["calculate", "high", None, None, None, "if(${result} >= ${limit}, 'y', 'n')"],
    ["calculate", "higher", None, None, None, "${high}"],
    ["note", "told", "It is ${said}", "${higher} = 'y' or ${worth} = 'y'"],
    ["select_one yn", "keen", "Keen?", None, "yes", None, None, "of = ${region} or of = ''"],
    ["end_group", "one"],
    ["begin_group", "two", "Two"],
    ["note", "bye", "Goodbye", "${late} = 'y'", None, None, None, None, "D01"],
    ["end_group", "two"],
]
CHOICES = [["list_name", "name", "label", "of"], ["yn", "y", "Yes", None], ["yn", "n", "No", "north"]]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    return read_script(book(tmp_path / "s.xlsx", survey=SURVEY, choices=CHOICES))


def kept(script: Script, answers: dict[str, str], given: dict[str, str] = GIVEN) -> dict[str, str]:
    return led_by(script, Runner(script).stand(answers, given, NOW))


def test_what_only_stands_in_words_is_not_kept_and_what_decides_is(script: Script) -> None:
    assert kept(script, {"keen": "y"}) == {"age": "52", "result": "44", "limit": "47", "late": "y", "region": "north"}


def test_values_of_pages_the_call_never_came_to_are_not_kept(script: Script) -> None:
    assert "late" not in kept(script, {})


def test_a_page_that_was_passed_over_was_decided_as_well(script: Script) -> None:
    found = kept(script, {}, {**GIVEN, "age": "17"})
    assert found["age"] == "17"
    assert "late" in found


def test_every_value_that_could_lead_has_a_column_of_its_own(script: Script) -> None:
    assert [row.name for row in could_lead(script)] == ["age", "result", "worth", "limit", "late", "region"]


@pytest.mark.parametrize("name", ["diabetes_prevention", "talking_therapies", "winter_vaccination"])
def test_no_pack_keeps_a_name_or_a_telephone_number(name: str) -> None:
    names = {row.name for row in could_lead(read_script(PACKS / f"{name}.xlsx"))}
    assert names
    assert not names & {"pt_first", "pt_last", "caller_first", "practice_name", "practice_phone", "team_phone"}
