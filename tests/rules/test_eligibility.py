"""Who may be offered which pathway: half-open ranges, dated results, unknowns that say what to ask, and the hold."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caller_app.domain.eligibility import Offering, held_for_practice, months_between, offerings
from caller_app.domain.items import Item
from tests.rules.cases import case, person, project

TODAY = date(2026, 11, 23)


def somebody(dob: str = "1961-04-03", **campaign: Any) -> Item:
    return case(patient=person(dob=dob, campaign=campaign))


def offer(item: Item, code: str) -> Offering:
    return next(one for one in offerings(item, project(), TODAY) if one.pathway.code == code)


def test_a_result_in_range_and_in_date_is_eligible_and_says_why() -> None:
    found = offer(somebody(hba1c_mmol_mol=44.0, hba1c_date="2026-06-01", pregnant=False), "dpp_referral")
    assert found.ok is True
    assert "HbA1c 44 mmol/mol (6.2 %) on 1 June 2026" in found.because


@pytest.mark.parametrize(("value", "ok"), [(41.9, False), (42.0, True), (47.9, True)])
def test_the_range_is_half_open(value: float, ok: bool) -> None:
    item = somebody(hba1c_mmol_mol=value, hba1c_date="2026-06-01", fpg_mmol_l=5.0, gdm_history=False, pregnant=False)
    assert offer(item, "dpp_referral").ok is ok


@pytest.mark.parametrize("facts", [{"hba1c_mmol_mol": 48.0}, {"hba1c_mmol_mol": 44.0, "fpg_mmol_l": 7.0}])
def test_a_result_in_the_diabetic_range_holds_back_every_pathway_but_those_for_everybody(facts: dict[str, Any]) -> None:
    item = somebody(hba1c_date="2026-06-01", pregnant=False, **facts)
    found = offerings(item, project(), TODAY)
    assert [one.pathway.code for one in found if one.ok] == ["lifestyle_local"]
    assert all(one.held for one in found if not one.pathway.ignores_hold)
    reason = held_for_practice(item, project(), TODAY)
    assert "Clinical query to practice" in reason
    assert "48" not in reason
    assert "diabet" not in reason.lower()


def test_a_result_too_old_is_not_eligible() -> None:
    item = somebody(hba1c_mmol_mol=44.0, hba1c_date="2025-10-01", fpg_mmol_l=5.0, gdm_history=False, pregnant=False)
    found = offer(item, "dpp_referral")
    assert found.ok is False
    assert "12 months" in found.because


def test_a_result_dated_in_the_future_is_not_believed() -> None:
    item = somebody(hba1c_mmol_mol=44.0, hba1c_date="2027-01-01", fpg_mmol_l=5.0, gdm_history=False, pregnant=False)
    assert offer(item, "dpp_referral").ok is False


def test_a_missing_result_is_unknown_and_says_what_to_ask() -> None:
    found = offer(somebody(pregnant=False), "dpp_referral")
    assert found.ok is None
    assert "blood test" in found.because


def test_an_unasked_exclusion_leaves_the_answer_open() -> None:
    found = offer(somebody(hba1c_mmol_mol=44.0, hba1c_date="2026-06-01"), "dpp_referral")
    assert found.ok is None
    assert found.because.startswith("age 65; HbA1c 44 mmol/mol (6.2 %) on 1 June 2026. Still to ask: ")
    assert "pregnant" in found.because


def test_a_past_pregnancy_with_diabetes_is_a_way_in() -> None:
    item = somebody(dob="1990-01-01", gdm_history=True, hba1c_mmol_mol=38.0, hba1c_date="2026-06-01", pregnant=False)
    assert offer(item, "dpp_referral").ok is True


@pytest.mark.parametrize(
    ("dob", "ok"), [("2008-11-24", False), ("2008-11-23", True), ("1945-11-24", True), ("1945-11-23", False)]
)
def test_age_is_taken_on_the_day_of_the_call(dob: str, ok: bool) -> None:
    item = somebody(dob=dob, hba1c_mmol_mol=44.0, hba1c_date="2026-06-01", pregnant=False)
    assert (offer(item, "dpp_referral").ok is True) is ok


@pytest.mark.parametrize(
    ("bmi", "code", "ok"),
    [
        (29.9, "A", False),
        (30.0, "A", True),
        (27.5, "H", True),
        (27.4, "H", False),
        (28.0, "Z", False),
        (28.0, None, False),
    ],
)
def test_the_bmi_threshold_is_lower_for_some_ethnic_groups_and_never_guessed(
    bmi: float, code: str | None, ok: bool
) -> None:
    item = somebody(bmi=bmi, ethnic_code=code, has_htn=True)
    assert (offer(item, "dwmp_practice").ok is True) is ok


def test_an_offer_past_its_last_day_is_gone() -> None:
    old = replace(project(), pathways=(replace(project().pathways[5], until="2026-11-22"),))
    found = offerings(somebody(), old, TODAY)[0]
    assert found.ok is False
    assert found.because == "not offered after 22 November 2026"


@pytest.mark.parametrize("value", ["", None, "high", float("nan"), float("inf"), True])
def test_a_value_that_is_no_number_is_unknown(value: object) -> None:
    assert offer(somebody(hba1c_mmol_mol=value, pregnant=False), "dpp_referral").ok is None


@given(st.floats(0, 200, allow_nan=False), st.dates(date(2020, 1, 1), date(2027, 1, 1)))
def test_nobody_in_the_diabetic_range_is_ever_offered_prevention(value: float, taken: date) -> None:
    item = somebody(hba1c_mmol_mol=value, hba1c_date=taken.isoformat(), pregnant=False)
    if value >= 48:
        assert offer(item, "dpp_referral").ok is False
    assert offer(item, "dpp_referral").because


def test_whole_months() -> None:
    assert months_between(date(2025, 11, 24), TODAY) == 11
    assert months_between(date(2025, 11, 23), TODAY) == 12
