"""What a script asks of the record, on the day of the call."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from caller_app.domain.script_values import months_between, script_values
from tests.rules.cases import person, project

DAY = date(2026, 11, 22)


def values(
    campaign: str, *, dob: str = "1961-04-03", merge: dict[str, str] | None = None, **facts: Any
) -> dict[str, str]:
    made = replace(project(), campaign=campaign, merge=merge or {})
    return script_values(person(dob=dob, campaign=facts), made, DAY)


@pytest.mark.parametrize(
    ("earlier", "months"),
    [
        ("2026-11-22", 0),
        ("2026-10-23", 0),
        ("2026-10-22", 1),
        ("2025-11-22", 12),
        ("2025-11-23", 11),
        ("2024-02-29", 32),
    ],
)
def test_months_are_whole_months(earlier: str, months: int) -> None:
    assert months_between(date.fromisoformat(earlier), DAY) == months


def test_prevention_knows_result_date_and_threshold() -> None:
    made = values("diabetes_prevention", hba1c_mmol_mol=44.0, hba1c_date="2026-01-15", ethnic_code="J", has_htn=True)
    assert (made["hba1c"], made["result_months"], made["bmi_threshold"]) == ("44", "10", "27.5")
    assert (made["has_htn"], made["gdm_history"], made["fpg"]) == ("y", "", "")


@pytest.mark.parametrize(
    ("ethnic", "threshold"), [("A", "30"), ("Z", "30"), (None, "30"), ("D", "27.5"), ("S", "27.5")]
)
def test_the_lower_threshold_is_for_the_categories_it_was_found_for(ethnic: str | None, threshold: str) -> None:
    assert values("diabetes_prevention", ethnic_code=ethnic)["bmi_threshold"] == threshold


def test_a_result_of_the_future_has_no_age() -> None:
    assert values("diabetes_prevention", hba1c_mmol_mol=44.0, hba1c_date="2026-12-01")["result_months"] == ""


@pytest.mark.parametrize(
    ("dob", "facts", "flu", "covid"),
    [
        ("1962-03-31", {}, "y", "n"),  # 65 on the last day of March
        ("1962-04-01", {}, "n", "n"),  # a day too young
        ("1952-03-31", {}, "y", "y"),  # 75 by then
        ("1990-01-01", {"flu_risk_group": True}, "y", "n"),
        ("1990-01-01", {"pregnant": True}, "y", "n"),
        ("1990-01-01", {"care_home": True}, "y", "y"),
        ("1950-01-01", {"flu_given_date": "2026-09-01"}, "n", "y"),
        ("1950-01-01", {"flu_given_date": "2026-08-31"}, "y", "y"),  # last season's
        ("1950-01-01", {"flu_given_date": "2026-10-01", "covid_given_date": "2026-10-01"}, "n", "n"),
        ("unknown", {}, "n", "n"),
    ],
)
def test_vaccination_says_who_is_due_this_season(dob: str, facts: dict[str, Any], flu: str, covid: str) -> None:
    made = values("winter_vaccination", dob=dob, **facts)
    assert (made["flu_due"], made["covid_due"]) == (flu, covid)


def test_talking_therapies_takes_its_settings_from_the_project() -> None:
    assert values("talking_therapies")["use_screen"] == "n"
    assert values("talking_therapies", merge={"use_screen": "y", "tt_min_age": "16"}) == {
        "use_screen": "y",
        "tt_min_age": "16",
        "talk_sensitive": "y",
    }
