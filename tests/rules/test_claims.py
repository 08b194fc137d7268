"""Corrections: 22 types, each checked as the catalogue says."""

from datetime import date
from typing import Any

import pytest

from caller_app.base.errors import Refused
from caller_app.domain.claims import Claim, check_correction
from caller_app.domain.corrections import EVIDENCE, MASKED, report_texts, who_told
from caller_app.domain.details import LABELS, current_value
from caller_app.domain.items import Item, PastAttempt
from tests.rules.cases import LANDLINE, MOBILE, MONDAY_10, case, person, rules

TODAY = date(2026, 11, 23)
GOOD: dict[str, dict[str, Any]] = {
    "PHONE_WRONG": {"number_on_record": MOBILE},
    "PHONE_NOT_IN_SERVICE": {"number_on_record": LANDLINE, "tries": 2},
    "PHONE_ADDED": {"new_number": "07700 900456", "type": "mobile", "preferred": True},
    "PHONE_SHARED": {"number": LANDLINE, "whose": "child"},
    "ADDRESS_CHANGED": {"line1": "2 Other Road", "line4": "Sampleton", "postcode": "nr22bb"},
    "ADDRESS_GONE_AWAY": {"who_said": "neighbour"},
    "NAME_CHANGED": {"family": "O'Connor-Näsström", "reason": "marriage"},
    "DOB_WRONG": {"dob_stated": "1961-03-04"},
    "SEX_GENDER": {"stated": "not_stated"},
    "GP_PRACTICE": {"practice": "d82002"},
    "DECEASED_REPORTED": {"reported_by": "partner", "approx_date": "2026-11-01"},
    "LANGUAGE": {"language": "Urdu", "interpreter": True},
    "COMMUNICATION_NEED": {"category": "format", "code": "large_print"},
    "REASONABLE_ADJUSTMENT": {"adjustment": "needs a quiet room", "consent": "yes"},
    "CONTACT_PREFERENCE": {"method": "phone", "time": "17:00-19:00", "no_voicemail": True},
    "SAFE_CONTACT": {"unsafe": ["text", "voicemail"], "safe_way": "ring on Tuesday mornings"},
    "EMAIL": {"email": "Aoife.OBrien@Example.ORG", "again": "aoife.obrien@example.org"},
    "ETHNICITY": {"code": "B"},
    "CARER": {"which": "has_carer", "who": "daughter", "consent": "yes"},
    "RECORD_UPDATE": {"what": "test", "date": "2026-10-01", "where": "hospital"},
    "NHS_NUMBER": {"doubt": "stated", "stated": "999 024 6904"},
    "OTHER": {"field": "title", "old": "Mrs", "new": "Ms", "note": "said so herself"},
}


def check(code: str, values: dict[str, Any], item: Item | None = None, **how: Any) -> Claim:
    kind = rules().corrections.get(code)
    known: dict[str, Any] = {"source": kind.sources[0], "test_mode": True, "verified": True, "on": TODAY}
    return check_correction(kind, values, item or case(), **(known | how))


def refused(code: str, values: dict[str, Any], item: Item | None = None, **how: Any) -> str | None:
    with pytest.raises(Refused) as caught:
        check(code, values, item, **how)
    return caught.value.field


def test_the_catalogue_holds_22_types_and_each_is_tried_here() -> None:
    assert {one.code for one in rules().corrections.all()} == set(GOOD)
    assert len(GOOD) == 22


@pytest.mark.parametrize("code", GOOD)
def test_a_good_claim_shows_old_beside_new(code: str) -> None:
    claim = check(code, GOOD[code])
    assert claim.field.partition(":")[0] in LABELS
    if code not in ("OTHER", "PHONE_ADDED"):
        assert claim.old == current_value(case(), claim.field)
    assert claim.new is not None or code in ("PHONE_WRONG", "PHONE_NOT_IN_SERVICE")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (one.code, field.name)
        for one in rules().corrections.all()
        for field in one.fields
        if field.required and not field.default
    ],
)
def test_a_missing_value_is_named(code: str, name: str) -> None:
    assert refused(code, {key: value for key, value in GOOD[code].items() if key != name}) == name


@pytest.mark.parametrize("code", [one.code for one in rules().corrections.all() if one.needs_verified])
def test_what_only_the_person_may_say_needs_the_identity_check(code: str) -> None:
    assert refused(code, GOOD[code], verified=False) == "source"


def test_a_wrong_number_needs_nobodys_identity() -> None:
    assert check("PHONE_WRONG", GOOD["PHONE_WRONG"], verified=False).field == f"phone:{MOBILE}"


@pytest.mark.parametrize("code", GOOD)
def test_a_source_that_cannot_know_is_refused(code: str) -> None:
    for source in {"patient", "proxy", "third_party", "network", "post"} - set(rules().corrections.get(code).sources):
        assert refused(code, GOOD[code], source=source) == "source"


@pytest.mark.parametrize(
    "number",
    [
        "070 1234 5678",
        "07640 123456",
        "0909 879 0123",
        "118118",
        "999",
        "07700 90012",
        "07400I23456",
        MOBILE,
        "01632 960456",
        "01632 960999",
        "hello",
    ],
)
def test_a_number_that_may_not_be_added(number: str) -> None:
    assert refused("PHONE_ADDED", {"new_number": number, "type": "mobile"}) == "new_number"


def test_a_drama_number_is_added_in_test_mode_only() -> None:
    values = {"new_number": "07700 900456 ext 12", "type": "mobile"}
    claim = check("PHONE_ADDED", values)
    assert (claim.field, claim.old, claim.new) == ("phone", None, "+447700900456")
    assert (claim.values["kind"], claim.values["extension"]) == ("mobile", "12")
    assert refused("PHONE_ADDED", values, test_mode=False) == "new_number"


def test_texts_need_a_number_that_takes_them() -> None:
    assert refused("PHONE_ADDED", {"new_number": "01632 960777", "type": "home", "ok_to_text": True}) == "ok_to_text"


@pytest.mark.parametrize("postcode", ["NRI 1AA", "NR1", "ZZ99 3VZ", "NR1 1AAX"])
def test_an_address_needs_a_real_form_of_postcode(postcode: str) -> None:
    assert refused("ADDRESS_CHANGED", GOOD["ADDRESS_CHANGED"] | {"postcode": postcode}) == "postcode"


def test_an_address_is_written_in_its_normal_form() -> None:
    assert check("ADDRESS_CHANGED", GOOD["ADDRESS_CHANGED"]).new == "2 Other Road, Sampleton, NR2 2BB"
    same = {"line1": "1 sample  street", "line2": "Sampleton", "postcode": "nr1 1aa"}
    assert refused("ADDRESS_CHANGED", same) == "line1"


@pytest.mark.parametrize("name", ["R2D2", "=cmd()", "Ann<br>", "-", "Ann_Lee"])
def test_a_name_is_letters(name: str) -> None:
    assert refused("NAME_CHANGED", {"given": name, "reason": "spelling"}) == "given"


@pytest.mark.parametrize("name", ["Zoë", "D’Arcy", "Mary Ann", "Nguyễn", "محمد", "Šárka-Žofie"])
def test_names_of_the_world_are_names(name: str) -> None:
    assert name in str(check("NAME_CHANGED", {"given": name, "reason": "spelling"}).new)


@pytest.mark.parametrize("day", ["2026-11-24", "1900-01-01", "1961-02-30", "04/03/1961", "1961-04-03"])
def test_a_date_of_birth_is_real_possible_and_different(day: str) -> None:
    assert refused("DOB_WRONG", {"dob_stated": day}) == "dob_stated"


def test_nobody_died_before_we_spoke_to_them() -> None:
    spoken = case(attempts=(PastAttempt("a", MONDAY_10, "R04"),))
    assert refused("DECEASED_REPORTED", GOOD["DECEASED_REPORTED"], spoken) == "approx_date"
    rung = case(attempts=(PastAttempt("a", MONDAY_10, "C01"),))
    assert check("DECEASED_REPORTED", GOOD["DECEASED_REPORTED"], rung)


def test_languages_by_name_and_code() -> None:
    assert check("LANGUAGE", {"language": "British Sign Language"}).values["language"] == "q4"
    assert check("LANGUAGE", {"language": "pl"}).new == "pl"
    assert refused("LANGUAGE", {"language": "Klingon"}) == "language"


@pytest.mark.parametrize(
    "email", ["no-at.example.org", "a b@example.org", "a@b", "a@@example.org", "a@example..org", "a@-x.org"]
)
def test_an_email_has_its_form(email: str) -> None:
    assert refused("EMAIL", {"email": email, "again": email}) == "email"


def test_an_email_is_given_twice_and_its_domain_lowered() -> None:
    assert check("EMAIL", GOOD["EMAIL"]).new == "Aoife.OBrien@example.org"
    assert refused("EMAIL", {"email": "a@example.org", "again": "b@example.org"}) == "again"


def test_texts_cannot_be_the_best_way_for_somebody_who_wants_none() -> None:
    item = case(patient=person(text_opt_out=True))
    assert refused("CONTACT_PREFERENCE", {"method": "text"}, item) == "method"
    assert refused("CONTACT_PREFERENCE", {}) == "method"


@pytest.mark.parametrize("number", ["9990123455", "1111111111", "12345", "9990123454"])
def test_an_nhs_number_as_stated_is_checked(number: str) -> None:
    assert refused("NHS_NUMBER", {"doubt": "stated", "stated": number}) in ("stated", "doubt")


def test_a_practice_by_name_or_by_a_code_of_the_right_form() -> None:
    assert check("GP_PRACTICE", {"practice": "d82002"}).new == "D82002"
    assert check("GP_PRACTICE", {"practice": "The Other Surgery"}).new == "The Other Surgery"
    assert refused("GP_PRACTICE", {"practice": "D8200"}) == "practice"


def test_urgency_follows_the_catalogue() -> None:
    urgent = {one.code: one.urgency for one in rules().corrections.all() if one.urgency != "weekly"}
    assert urgent == {
        "DOB_WRONG": "two_days",
        "NHS_NUMBER": "two_days",
        "DECEASED_REPORTED": "same_day",
        "SAFE_CONTACT": "same_day",
    }
    assert {one.code for one in rules().corrections.all() if one.at_once} >= {"PHONE_WRONG", "SAFE_CONTACT"}


def test_a_safe_contact_note_is_masked_in_reports_and_nothing_else_is() -> None:
    for kind in rules().corrections.all():
        texts = report_texts(kind, "old", "new")
        assert texts == ((MASKED, MASKED) if kind.code == "SAFE_CONTACT" else ("old", "new"))
    assert report_texts(rules().corrections.get("PHONE_ADDED"), None, "x") == ("", "x")


def test_every_type_asks_something_of_the_practice_and_fits_a_detail() -> None:
    for kind in rules().corrections.all():
        assert kind.asked_of_practice
        assert all(detail in LABELS or detail in DETAIL_PARTS for detail in kind.details)


DETAIL_PARTS = {"postcode", "interpreter", "communication_note", "text_opt_out", "voicemail_opt_out"}


def test_a_number_offers_the_types_about_numbers() -> None:
    types = [one.code for one in rules().corrections.fitting(f"phone:{MOBILE}")]
    assert types == ["PHONE_WRONG", "PHONE_NOT_IN_SERVICE", "PHONE_ADDED", "PHONE_SHARED", "OTHER"]


def test_the_four_kinds_of_evidence_stand_in_the_order_of_the_keys() -> None:
    assert [one[0] for one in EVIDENCE] == ["patient_confirmed", "household_said", "dead_line", "post_returned"]
    assert who_told("patient") == "patient (identity checked)"
