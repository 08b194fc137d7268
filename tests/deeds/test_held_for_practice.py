"""A result the practice must look at first holds back every agreement, and no sentence ever tells the result (H10)."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from caller_app.base.errors import Refused
from caller_app.commands.attempts import record_attempt
from caller_app.commands.calls import save_page
from caller_app.domain.items import Item
from caller_app.queries.catalogue import outcome_form
from tests.deeds.rig import Rig, case, item, opened

HIGH = {"hba1c_mmol_mol": 53.0, "hba1c_date": "2026-01-15", "has_dm": False}
AGREED: dict[str, dict[str, Any]] = {
    "A01": {"pathway": "dpp_referral", "consent": "yes"},
    "A02": {"pathway": "dpp_self", "channel": "letter"},
    "A07": {"pathway": "dpp_self", "consent": "not_needed"},
}
QUERY = {"urgency": "routine", "summary": "asks about the letter", "how_sent": "task"}
TELLING = ("53", "HbA1c", "glucose", "diabet", "result", "blood", "range")


def checked(rig: Rig) -> None:
    rig.call()
    rig.verify()


def with_campaign(**facts: Any) -> Item:
    known = item()
    return replace(known, patient=replace(known.patient, campaign=facts))


@pytest.mark.parametrize("code", sorted(AGREED))
def test_nothing_is_agreed_that_the_practice_must_look_at_first(tmp_path: Path, code: str) -> None:
    with opened(tmp_path / "p", with_campaign(**HIGH)) as rig:
        checked(rig)
        before = rig.kinds()
        with pytest.raises(Refused) as refusal:
            rig.write(record_attempt, case_id=case(), outcome=code, facts=AGREED[code])
        assert refusal.value.field == "pathway"
        assert "Clinical query to practice" in refusal.value.sentence
        assert [word for word in TELLING if word.lower() in refusal.value.sentence.lower()] == []
        assert rig.kinds() == before
        assert rig.read(lambda s: s.draft(case())) is not None, "the call goes on"
        act = rig.write(record_attempt, case_id=case(), outcome="E02", facts=QUERY)
        assert rig.item().attempts[-1].attempt_id == act.attempt_id


@pytest.mark.parametrize("code", sorted(AGREED))
def test_the_same_is_agreed_where_nothing_is_held(rig: Rig, code: str) -> None:
    checked(rig)
    act = rig.write(record_attempt, case_id=case(), outcome=code, facts=AGREED[code])
    assert rig.item().attempts[-1].attempt_id == act.attempt_id


def test_what_needs_no_result_may_still_be_agreed(tmp_path: Path) -> None:
    with opened(tmp_path / "p", with_campaign(**HIGH)) as rig:
        checked(rig)
        local = {"pathway": "lifestyle_local", "consent": "not_needed"}
        act = rig.write(record_attempt, case_id=case(), outcome="A07", facts=local)
        assert rig.item().attempts[-1].attempt_id == act.attempt_id


def test_a_result_said_in_the_call_holds_back_as_one_on_record_does(tmp_path: Path) -> None:
    with opened(tmp_path / "p", with_campaign(has_dm=False)) as rig:
        checked(rig)
        rig.write(save_page, case_id=case(), page=0, answers={"hba1c_mmol_mol": "53"})
        with pytest.raises(Refused, match="looks at this first"):
            rig.write(record_attempt, case_id=case(), outcome="A02", facts=AGREED["A02"])


def test_the_form_leaves_out_what_an_answer_of_this_call_rules_out(rig: Rig) -> None:
    checked(rig)

    def pathways() -> set[str]:
        form = rig.read(outcome_form, case_id=case(), code="A01")
        return {value for field in form.fields if field.name == "pathway" for value, _ in field.choices}

    assert "dpp_referral" in pathways()
    rig.write(save_page, case_id=case(), page=0, answers={"pregnant": "y"})
    assert "dpp_referral" not in pathways()
