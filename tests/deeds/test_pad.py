"""The pad shows what fits the moment; a form asks what its code needs and is filled with all but consent."""

from dataclasses import replace
from pathlib import Path

import pytest

from caller_app.base.errors import Refused
from caller_app.commands.calls import open_call, reveal_check_panel, take_incoming, tick_identity
from caller_app.commands.concerns import raise_concern
from caller_app.queries.catalogue import outcome_form, outcome_pad
from caller_app.queries.rows import OutcomeForm, PadOutcome
from tests.deeds.rig import HOME, MOBILE, Rig, case, item, opened, rules


def pad(rig: Rig) -> dict[str, PadOutcome]:
    groups = rig.read(outcome_pad, case_id=case())
    return {one.code: one for group in groups for one in group.outcomes}


def possible(rig: Rig) -> set[str]:
    return {code for code, one in pad(rig).items() if one.possible}


def form(rig: Rig, code: str) -> OutcomeForm:
    shown = rig.read(outcome_form, case_id=case(), code=code)
    assert isinstance(shown, OutcomeForm)
    return shown


@pytest.mark.parametrize(("code", "needed"), [("A01", True), ("A03", True), ("A07", False)])
def test_where_agreement_is_asked_for_so_is_who_gave_it_and_whether_somebody_interpreted(
    rig: Rig, code: str, needed: bool
) -> None:
    rig.call()
    rig.verify()
    asked = form(rig, code)
    given_by, interpreter = asked.referral
    assert [value for value, _ in given_by.choices] == ["patient"], "no authority to speak for somebody is recorded"
    assert [value for value, _ in interpreter.choices] == ["no", "booked", "family"]
    assert interpreter.hint == "On the record: interpreter, Urdu."
    for one in asked.referral:
        assert one.required is needed
        assert one.required_when == ("" if needed else "consent=yes")
        assert one.default == "" and one.name not in dict(asked.filled), "never answered for anybody"


def test_a_result_without_agreement_does_not_ask_who_agreed(rig: Rig) -> None:
    rig.call()
    rig.verify()
    assert [form(rig, code).referral for code in ("A02", "A04", "D01", "R04")] == [(), (), (), ()]


def test_all_codes_but_the_systems_own_are_on_the_pad_in_their_nine_groups(rig: Rig) -> None:
    groups = rig.read(outcome_pad, case_id=case())
    codes = [one.code for group in groups for one in group.outcomes]
    assert len(codes) == len(set(codes)) == 33 and "C06" not in codes
    assert [group.name for group in groups] == list(dict.fromkeys(one.group for one in rules().outcomes.on_pad()))


def test_nothing_is_possible_before_the_card_is_open_and_little_before_dialling(rig: Rig) -> None:
    assert possible(rig) == set()
    rig.write(open_call, case_id=case())
    assert possible(rig) == {"N01", "N02"}
    assert pad(rig)["C01"].why_not == "Dial first: Enter."


def test_after_dialling_everything_that_needs_no_check_is_possible(rig: Rig) -> None:
    rig.call()
    now = possible(rig)
    assert {"C01", "C02", "C03", "C04", "C05", "P01", "P02", "P03", "T01", "T02", "R01", "R02", "D03", "S01"} <= now
    assert not {"A01", "A02", "D01", "E02", "N01"} & now
    assert pad(rig)["D01"].why_not == "Needs the identity check of this call."
    assert pad(rig)["E01"].why_not == "Record the concern first: F12."


def test_after_the_check_nobody_is_a_wrong_number_any_more(rig: Rig) -> None:
    rig.call()
    rig.verify()
    now = possible(rig)
    assert {"A01", "A02", "A03", "D01", "D02", "D03", "R01", "E02", "S02"} <= now
    assert not {"C01", "P01", "P02", "T01", "R02", "S01"} & now


def test_a_concern_makes_stopping_for_risk_possible_without_any_dial(rig: Rig) -> None:
    rig.write(open_call, case_id=case())
    rig.write(raise_concern, case_id=case(), route="immediate")
    assert pad(rig)["E01"].possible


def test_somebody_who_rang_us_did_not_fail_to_answer(rig: Rig) -> None:
    rig.write(take_incoming, case_id=case())
    assert not {"C01", "P01", "P02"} & possible(rig)
    assert {"R01", "D03", "T01"} <= possible(rig)


def test_no_answer_asks_nothing_once_a_number_was_dialled(rig: Rig) -> None:
    rig.call()
    outcomes = pad(rig)
    assert not outcomes["C01"].asks and not outcomes["P02"].asks
    assert outcomes["R01"].asks and outcomes["C05"].asks
    assert dict(form(rig, "C01").filled) == {"number_used": MOBILE}


def test_the_callback_form_brings_times_that_may_be_promised(rig: Rig) -> None:
    rig.call()
    shown = form(rig, "R01")
    assert [one.label for one in shown.quick_times] == ["Later today", "Tomorrow morning", "This evening"]
    assert dict(shown.filled) == {"callback_number": MOBILE, "anyone": "anyone"}
    numbers = next(one for one in shown.fields if one.name == "callback_number")
    assert [value for value, _ in numbers.choices] == [MOBILE, HOME]


def test_pathways_appear_after_the_check_and_consent_is_never_filled_in(rig: Rig) -> None:
    rig.call()
    before = next(one for one in form(rig, "A01").fields if one.name == "pathway")
    assert before.choices == ()
    rig.verify()
    shown = form(rig, "A01")
    after = next(one for one in shown.fields if one.name == "pathway")
    assert [value for value, _ in after.choices] == ["dpp_referral"]
    assert "consent" not in dict(shown.filled)
    assert "consent_wording" not in [one.name for one in shown.fields], "taken from the pathway, not typed"


def test_a_pathway_the_person_may_not_have_is_not_a_choice(tmp_path: Path) -> None:
    one = item()
    dm = replace(one, patient=replace(one.patient, campaign={**one.patient.campaign, "has_dm": True}))
    with opened(tmp_path / "dm", dm) as rig:
        rig.call()
        rig.verify()
        fields = form(rig, "A01").fields
        assert next(field for field in fields if field.name == "pathway").choices == ()


def test_the_ticks_the_concern_and_who_objects_are_filled_in(rig: Rig) -> None:
    rig.call()
    rig.write(reveal_check_panel, case_id=case())
    rig.write(tick_identity, case_id=case(), ticks={"dob": "declined"})
    assert dict(form(rig, "R02").filled) == {"check_dob": "declined"}
    assert dict(form(rig, "D03").filled) == {"scope": "unconfirmed"}
    concern = rig.write(raise_concern, case_id=case(), route="safeguarding")
    shown = form(rig, "E01")
    assert dict(shown.filled) == {"concern": concern}
    assert shown.fields[0].choices[0][0] == concern


def test_a_form_for_the_systems_own_code_is_refused(rig: Rig) -> None:
    rig.call()
    for code in ("C06", "Z99", ""):
        with pytest.raises(Refused):
            form(rig, code)
