"""Rules of pathways are typed and unit-checked when a project is read; what answers say are facts like any other."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from caller_app.base.errors import Refused
from caller_app.base.paths import resource_path
from caller_app.domain.cohort.fields import CAMPAIGNS, campaign_fields
from caller_app.domain.eligibility import Offering, offerings, ranked, whom_words
from caller_app.domain.items import Item
from caller_app.domain.pathway_rules import AnswerFact, Condition, Rule
from caller_app.domain.projects import Pathway, Project, conversions, read_project
from caller_app.domain.rule_facts import facts_for
from caller_app.script.answer_facts import unfit_answers
from caller_app.script.compile import read_script
from tests.rules.cases import case, person, project, resource

TODAY = date(2026, 11, 23)
TOML = resource("demo/project.toml")
IN_RANGE = '{ fact = "hba1c_mmol_mol", unit = "mmol/mol", at_least = 42.0, below = 48.0, dated_by = "hba1c_date", '


def refused(old: str, new: str) -> Refused:
    assert old in TOML, old
    with pytest.raises(Refused) as found:
        read_project(TOML.replace(old, new, 1))
    return found.value


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('fact = "bmi", at_least = 30.0', 'fact = "bim", at_least = 30.0', "Did you mean bmi?"),
        ('fact = "pregnant", equals', 'fact = "pregnnat", equals', "Did you mean pregnant?"),
        (IN_RANGE, IN_RANGE.replace('unit = "mmol/mol", ', ""), "must be mmol/mol or %"),
        (IN_RANGE, IN_RANGE.replace("mmol/mol", "mg/dl"), "must be mmol/mol or %"),
        (IN_RANGE, IN_RANGE.replace('"mmol/mol"', '"%"'), "is it in another unit?"),
        (IN_RANGE, IN_RANGE.replace("42.0, below = 48.0", "6.0, below = 6.5"), "is it in another unit?"),
        (IN_RANGE, IN_RANGE.replace("below = 48.0", "below = 42.0"), "must lie above at_least"),
        (IN_RANGE, IN_RANGE.replace("hba1c_date", "hba1c_day"), "Did you mean hba1c_date?"),
        (IN_RANGE, IN_RANGE.replace("hba1c_date", "bmi"), "no date"),
        ('fact = "has_dm", equals = true', 'fact = "has_dm", at_least = 1.0', "yes or no"),
        ('fact = "has_dm", equals = true', 'fact = "has_dm", equals = "yes"', "yes or no"),
        ('fact = "age", at_least = 18.0, below', 'fact = "age", equals = true, below', "cannot stand beside a range"),
        ('fact = "age", at_least = 18.0, below', 'fact = "age", above = 18.0, below', "not a key that is known"),
        ("at_least_low = 27.5", "at_least_low = 31.0", "must lie below at_least"),
        ('low_for = ["D", "E"', 'low_for = ["D", "Q"', "ethnic codes"),
        ('question = "excl", choice = "pregnant"', 'choice = "pregnant"', "names the question"),
        ('weight_kg = "weight_kg", height_cm', 'weight_kg = "", height_cm', "both together"),
        ('text = "NHS: as discussed', 'text = "NHS: as discussed, diabetes', "first line"),
        ('text = "NHS: as discussed', 'text = "NHS bit.ly/x', "shortened link"),
        ("places_a_week = 40", "places_a_week = 0", "whole number from 1"),
    ],
)
def test_a_rule_that_means_nothing_is_refused_with_its_place(old: str, new: str, says: str) -> None:
    fault = refused(old, new)
    assert says in fault.sentence
    assert fault.field and fault.field.startswith(("pathways[", "answers"))


def test_a_threshold_in_per_cent_is_converted_as_results_are_and_said() -> None:
    read = read_project(TOML.replace('unit = "mmol/mol", at_least = 42.0, below = 48.0', 'unit = "%", at_least = 6.0, '
                                     "below = 6.5"))  # fmt: skip
    condition = read.pathways[0].include[1].any[0]
    assert (condition.at_least, condition.below) == (42.0, 48.0)
    assert conversions(read) == (
        "HbA1c 6 % is taken as 42 mmol/mol (10.929 x (6 - 2.15), rounded)",
        "HbA1c 6.5 % is taken as 48 mmol/mol (10.929 x (6.5 - 2.15), rounded)",
    )
    assert conversions(project()) == ()


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_every_field_a_cohort_brings_may_be_named_in_a_rule(campaign: str) -> None:
    brought = set(campaign_fields(campaign)) - {"hba1c_percent"}  # held in mmol/mol
    assert brought <= set(facts_for(campaign))


def test_the_demo_project_asks_its_script_what_it_wants_to_know() -> None:
    script = read_script(resource_path("packs/diabetes_prevention.xlsx"))
    assert unfit_answers(project(), script) == ()
    wrong = replace(
        project(),
        answers=(
            AnswerFact(fact="pregnant", question="exl", choice="pregnant"),
            AnswerFact(fact="frail", question="excl", choice="frial"),
            AnswerFact(fact="bmi", weight_kg="interest", height_cm="height_cm"),
        ),
    )
    faults = unfit_answers(wrong, script)
    assert "Did you mean excl?" in faults[0] and "Did you mean frail?" in faults[1]
    assert "not asked as a number" in faults[2] and len(faults) == 3


# --- what answers say ---


def told(item: Item, code: str, **answers: Any) -> Offering:
    return next(one for one in offerings(item, project(), TODAY, answers) if one.pathway.code == code)


def somebody(**campaign: Any) -> Item:
    return case(patient=person(campaign={"hba1c_mmol_mol": 44.0, "hba1c_date": "2026-06-01", **campaign}))


@pytest.mark.parametrize(
    ("picked", "ok"), [(["none"], True), (["pregnant"], False), (["frail", "ed_past"], False), ("none", True),
                       ("bariatric none", False), ([], None), (None, None)],
)  # fmt: skip
def test_what_was_picked_of_several_is_a_fact_each(picked: Any, ok: bool | None) -> None:
    assert told(somebody(), "dpp_referral", excl=picked, light="y").ok is ok


def test_an_answer_never_overrides_the_record() -> None:
    assert told(somebody(bmi=31.0, has_htn=True), "dwmp_practice", weight_kg="60", height_cm="180").ok is True


@pytest.mark.parametrize(("height", "ok"), [("180", True), ("0", None), ("tall", None), ("200", False)])
def test_a_body_mass_index_is_worked_out_from_weight_and_height(height: str, ok: bool | None) -> None:
    found = told(somebody(has_htn=True, bmi=None), "dwmp_practice", weight_kg="100", height_cm=height)
    assert found.ok is ok
    assert height != "180" or "BMI 30.9 kg/m2, as said in this call" in found.because


def test_an_answer_in_per_cent_is_taken_in_the_unit_of_the_fact() -> None:
    says = (
        AnswerFact(fact="hba1c_mmol_mol", question="result", unit="%"),
        AnswerFact(fact="hba1c_date", question="when"),
    )
    asks = replace(project(), answers=says)
    item = case(patient=person(campaign={"pregnant": False}))
    found = offerings(item, asks, TODAY, {"result": "6.1", "when": "2026-05-01"})[0]
    assert "HbA1c 43 mmol/mol (6.1 %), as said in this call" in found.because, "6.1 % is 43.2, rounded as results are"
    assert offerings(item, asks, TODAY, {"result": "6.1"})[0].ok is None, "a result of nobody knows when counts not"


# --- in words, in order ---


def test_not_says_because_of_what_and_of_when() -> None:
    old = somebody(hba1c_date="2025-10-01", fpg_mmol_l=5.0, gdm_history=False, pregnant=False)
    assert told(old, "dpp_referral").because == (
        "no blood result of the last 12 months lies in the range for the programme (HbA1c 44 mmol/mol (6.2 %) on "
        "1 October 2025; fasting glucose 5 mmol/l on 1 October 2025; not diabetes in a past pregnancy)"
    )


def test_while_a_result_is_held_no_reason_names_a_value() -> None:
    held = somebody(hba1c_mmol_mol=52.0, imd_quintile=1)
    for one in offerings(held, project(), TODAY):
        assert "52" not in one.because and "HbA1c" not in one.because


def test_offers_come_in_the_order_of_need_with_what_can_be_offered_first() -> None:
    found = ranked(offerings(somebody(hba1c_mmol_mol=46.0, pregnant=False, imd_quintile=1), project(), TODAY))
    codes = [one.pathway.code for one in found]
    assert codes[0] == "dpp_referral" and "upper end" in found[0].needed
    assert codes.index("lifestyle_local") < codes.index("dpp_self"), "the most deprived fifth"
    assert [one.ok for one in found] == sorted((one.ok for one in found), key=[True, None, False].index)


def test_whom_a_pathway_fits_is_said_in_words() -> None:
    words = whom_words(project().pathways[0])
    assert words[0] == "age 18 or more and below 81"
    assert words[1].startswith("HbA1c 42 or more and below 48 mmol/mol, not older than 12 months or fasting glucose")
    assert words[2] == "not: pregnant"


def full(until: str) -> Project:
    return replace(project(), full={"lifestyle_local": until})


@pytest.mark.parametrize(
    ("until", "ok", "words"),
    [
        ("2026-11-30", False, "full until 30 November 2026"),
        ("2026-11-23", True, "open to everybody of this project"),
        ("", False, "full: all its places are taken"),
    ],
)
def test_a_full_pathway_says_until_when(until: str, ok: bool, words: str) -> None:
    found = next(one for one in offerings(somebody(), full(until), TODAY) if one.pathway.code == "lifestyle_local")
    assert (found.ok, found.because, found.full) == (ok, words, not ok)


def test_a_code_is_compared_and_a_list_of_codes_is_looked_through() -> None:
    rule = Rule(any=(Condition(fact="sex", equals="female"),), because="for women")
    women = replace(project(), pathways=(
        Pathway(code="W", title="W", route="signpost", how="Say.", outcomes=("A07",), include=(rule,)),
    ))  # fmt: skip
    assert offerings(somebody(), women, TODAY)[0].ok is True
    assert offerings(case(patient=person(sex="male")), women, TODAY)[0].because == "for women (sex male)"
    assert offerings(case(patient=person(sex="unknown")), women, TODAY)[0].ok is None
