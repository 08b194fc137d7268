"""The outcome catalogue: all codes, what each asks, and what a wrong answer is told."""

import csv
from datetime import date

import pytest

from caller_app.base.errors import Refused
from caller_app.domain.facts import parse_range
from caller_app.domain.outcomes import check_facts, read_outcomes
from tests.rules.cases import FACTS, LANDLINE, MOBILE, project, resource, rules

TODAY = date(2026, 11, 23)
ON_PAD = [one.code for one in rules().outcomes.on_pad()]


def test_the_catalogue_holds_34_codes_in_nine_groups() -> None:
    outcomes = rules().outcomes.all()
    assert len(outcomes) == 34
    assert len({one.group for one in outcomes}) == 9


def test_only_the_system_may_set_maximum_attempts() -> None:
    assert [one.code for one in rules().outcomes.all() if not one.on_pad] == ["C06"]
    with pytest.raises(Refused, match="set by the system"):
        check_facts(rules().outcomes.get("C06"), {})


def test_every_piece_of_required_data_of_the_catalogue_is_asked() -> None:
    for row in csv.DictReader(resource("outcomes.csv").splitlines()):
        if row["required_data"] == "(system)":
            continue
        pieces = [piece for piece in row["required_data"].split(";") if piece.strip()]
        assert len(rules().outcomes.get(row["code"]).fields) >= len(pieces), row["code"]


@pytest.mark.parametrize("code", ON_PAD)
def test_a_full_set_of_facts_is_accepted(code: str) -> None:
    cleaned = check_facts(
        rules().outcomes.get(code), FACTS[code], numbers={MOBILE, LANDLINE}, project=project(), today=TODAY
    )
    assert {name: cleaned[name] for name in FACTS[code]} == FACTS[code]


@pytest.mark.parametrize(
    ("code", "name"),
    [(one.code, field.name) for one in rules().outcomes.on_pad() for field in one.fields if field.required],
)
def test_a_missing_fact_is_named(code: str, name: str) -> None:
    outcome = rules().outcomes.get(code)
    field = next(one for one in outcome.fields if one.name == name)
    facts = {key: value for key, value in FACTS[code].items() if key != name}
    if field.default:
        assert check_facts(outcome, facts, project=project(), today=TODAY)[name] == field.default
        return
    if field.filled_from:
        assert check_facts(outcome, facts, project=project(), today=TODAY)[name]
        return
    with pytest.raises(Refused) as refused:
        check_facts(outcome, facts, project=project(), today=TODAY)
    assert refused.value.field == name
    assert field.label in refused.value.sentence or name == "consent"


@pytest.mark.parametrize("code", ON_PAD)
def test_a_fact_that_is_not_asked_for_is_refused(code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_facts(rules().outcomes.get(code), FACTS[code] | {"spoken_dob": "1961-04-03"}, project=project())
    assert "1961" not in refused.value.sentence


def test_the_number_that_was_rung_fills_the_number_asked_for() -> None:
    assert check_facts(rules().outcomes.get("C01"), {}, number=MOBILE) == {"number_used": MOBILE}


def test_a_number_of_somebody_else_is_refused() -> None:
    with pytest.raises(Refused, match="not one of the person's numbers"):
        check_facts(rules().outcomes.get("C01"), {"number_used": "+447700900999"}, numbers={MOBILE})


@pytest.mark.parametrize("code", ["A01", "A03"])
def test_nothing_is_sent_without_agreement(code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_facts(rules().outcomes.get(code), FACTS[code] | {"consent": "no"}, project=project(), today=TODAY)
    assert refused.value.field == "consent"


@pytest.mark.parametrize("consent", ["no", "not_needed"])
def test_another_service_that_needs_data_needs_agreement_too(consent: str) -> None:
    facts = {"pathway": "dpp_referral", "consent": consent}
    with pytest.raises(Refused, match="nothing may be sent"):
        check_facts(rules().outcomes.get("A07"), facts, project=project(), today=TODAY)


def test_the_wording_that_was_read_is_kept_with_its_version() -> None:
    cleaned = check_facts(rules().outcomes.get("A01"), FACTS["A01"], project=project(), today=TODAY)
    assert cleaned["consent_wording"].endswith("[dpp_referral/2026-1]")
    assert cleaned["referral_fields"].startswith("name, date of birth")
    assert (
        check_facts(rules().outcomes.get("A03"), FACTS["A03"], project=project(), today=TODAY)["due_date"]
        == "2026-12-14"
    )


def test_a_pathway_must_be_of_the_project_and_fit_the_code() -> None:
    for pathway in ("tt_self_online", "dpp_self"):
        with pytest.raises(Refused) as refused:
            check_facts(
                rules().outcomes.get("A01"), {"pathway": pathway, "consent": "yes"}, project=project(), today=TODAY
            )
        assert refused.value.field == "pathway"


def test_an_interpreter_needs_a_language() -> None:
    outcome = rules().outcomes.get("R03")
    with pytest.raises(Refused) as refused:
        check_facts(outcome, {"need_codes": ["slower", "interpreter"], "date": "2026-11-26"}, today=TODAY)
    assert refused.value.field == "language"
    assert check_facts(outcome, {"need_codes": ["slower"], "date": "2026-11-26"}, today=TODAY)


def test_a_same_day_query_needs_the_name_of_who_took_it() -> None:
    facts = {"urgency": "same_day", "summary": "words", "how_sent": "phone"}
    with pytest.raises(Refused) as refused:
        check_facts(rules().outcomes.get("E02"), facts)
    assert refused.value.field == "taken_by"
    assert check_facts(rules().outcomes.get("E02"), facts | {"urgency": "routine"})["afterwards"] == "close"


@pytest.mark.parametrize(("code", "name", "day"), [("R05", "review_date", "2026-11-22"), ("S01", "date", "2026-11-24")])
def test_a_day_on_the_wrong_side_of_today_is_refused(code: str, name: str, day: str) -> None:
    with pytest.raises(Refused) as refused:
        check_facts(rules().outcomes.get(code), FACTS[code] | {name: day}, today=TODAY)
    assert refused.value.field == name


def test_a_booked_appointment_may_lie_ahead() -> None:
    facts = {"what": "booked", "where": "pharmacy", "date": "2026-12-01"}
    assert check_facts(rules().outcomes.get("A05"), facts, today=TODAY) == facts
    with pytest.raises(Refused):
        check_facts(rules().outcomes.get("A05"), facts | {"what": "vaccinated"}, today=TODAY)


def test_identity_not_confirmed_needs_a_check_that_did_not_match() -> None:
    every = {"check_full_name": "matches", "check_dob": "matches", "check_address": "matches"}
    with pytest.raises(Refused, match="must have failed"):
        check_facts(rules().outcomes.get("R02"), every)


@pytest.mark.parametrize("value", ["14:00", "15:00-14:00", "14:00-14:00", "24:00-25:00", "2pm-3pm", "", None, 14])
def test_a_time_range_is_two_wall_times_in_order(value: object) -> None:
    assert parse_range(value) is None


def test_who_must_be_verified_follows_the_contact_level() -> None:
    verified = {one.code for one in rules().outcomes.all() if one.needs_verified}
    assert verified == {"A01", "A02", "A03", "A04", "A05", "A06", "A07", "D01", "E02"}


def test_prompts_name_correction_types_and_flags_only() -> None:
    outcomes = rules().outcomes
    assert outcomes.get("P03").prompts == ("PHONE_WRONG", "ADDRESS_GONE_AWAY")
    assert outcomes.get("R02").prompts == ("IDENTITY_MISMATCH",)
    assert outcomes.get("N02").prompts == ()


def test_catalogue_and_fields_must_name_the_same_codes() -> None:
    text = resource("outcome_fields.toml").replace("[C06]", "[C07]")
    with pytest.raises(ValueError, match="C06"):
        read_outcomes(resource("outcomes.csv"), text)


def test_an_unknown_code_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="not known here"):
        rules().outcomes.get("Z99")
