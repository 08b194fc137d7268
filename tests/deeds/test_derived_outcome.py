"""The answers derive the outcome: what contradicts them is refused, what protects the person never is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from caller_app.base.errors import Refused
from caller_app.commands.attempts import record_attempt, supersede_attempt
from caller_app.commands.calls import open_call, save_page
from caller_app.domain.changes import AttemptRecorded
from caller_app.domain.derived import ALWAYS, OVERRIDING, contradiction
from caller_app.queries.catalogue import outcome_form
from tests.deeds.rig import Rig, case, item, opened, project, rules
from tests.deeds.test_script_path import KEEN

AGREED: dict[str, Any] = KEEN | {"path": ["dpp_refer"], "consent_share": "y", "follow": "sms"}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with opened(tmp_path, item()) as made:
        made.call()
        made.verify()
        yield made


def answer(rig: Rig, answers: dict[str, Any]) -> None:
    rig.write(save_page, case_id=case(), page=0, answers=answers)


def record(rig: Rig, outcome: str, **facts: Any) -> Any:
    return rig.write(record_attempt, case_id=case(), outcome=outcome, facts=facts)


def test_an_outcome_that_contradicts_the_answers_is_refused_and_the_answer_is_named(rig: Rig) -> None:
    answer(rig, AGREED)
    with pytest.raises(Refused) as caught:
        record(rig, "D01", reason="time")
    assert caught.value.field == "outcome"
    assert rules().outcomes.get("A01").label in caught.value.sentence
    assert "change that answer" in caught.value.sentence
    assert rig.kinds() == []


def test_the_derived_outcome_is_recorded_with_the_answers_and_the_version(rig: Rig) -> None:
    answer(rig, AGREED)
    record(rig, "A01", pathway="dpp_referral", consent="yes")
    attempt = next(one.change for one in rig.changes() if isinstance(one.change, AttemptRecorded))
    assert attempt.answers["path"] == ["dpp_refer"]
    assert attempt.script == project().script_id


def test_a_call_that_broke_off_keeps_what_was_said(rig: Rig) -> None:
    answer(rig, AGREED)
    record(rig, "R04", point="questions")
    attempt = next(one.change for one in rig.changes() if isinstance(one.change, AttemptRecorded))
    assert attempt.answers["interest"] == "yes"


def test_an_unfinished_script_decides_nothing(rig: Rig) -> None:
    answer(rig, {"ready": "yes", "aware": "yes"})
    record(rig, "D01", reason="time")


def test_the_call_ends_on_the_version_it_began_with(rig: Rig) -> None:
    draft = rig.read(lambda s: s.draft(case()))
    assert draft.scripts == {"opening": project().opening_script_id, "project": project().script_id}
    assert rig.write(open_call, case_id=case()) == draft.call_id


def test_whatever_was_derived_the_persons_safety_can_be_recorded() -> None:
    codes = [one.code for one in rules().outcomes.all()]
    for derived in codes:
        for finished in (True, False):
            allowed = {code for code in codes if not contradiction(derived, code, finished=finished)}
            assert {derived, "E01"} <= allowed
            if derived not in OVERRIDING:
                assert allowed >= ALWAYS
                assert finished or allowed == set(codes)
    assert contradiction("D03", "D02", finished=False)
    assert not contradiction("D02", "D03", finished=True)
    assert not contradiction("", "C01", finished=True)


def test_both_scripts_and_the_language_are_cited_by_the_attempt(rig: Rig) -> None:
    rig.write(save_page, case_id=case(), page=2, answers=AGREED, language="Polish")
    record(rig, "A01", pathway="dpp_referral", consent="yes")
    attempt = next(one.change for one in rig.changes() if isinstance(one.change, AttemptRecorded))
    assert (attempt.opening, attempt.script) == (project().opening_script_id, project().script_id)
    assert attempt.language == "Polish"


def test_an_attempt_keeps_the_values_of_the_record_that_led_it_and_no_others(rig: Rig) -> None:
    answer(rig, AGREED)
    record(rig, "A01", pathway="dpp_referral", consent="yes")
    attempt = next(one.change for one in rig.changes() if isinstance(one.change, AttemptRecorded))
    assert attempt.given is not None
    assert attempt.given["hba1c"] == "44"
    assert {"result_months", "pt_age"} <= set(attempt.given)
    assert not {"pt_first", "practice_name", "team_phone"} & set(attempt.given)


def test_a_call_that_never_came_to_the_projects_script_keeps_nothing_of_the_record(tmp_path: Path) -> None:
    with opened(tmp_path, item()) as rig:
        rig.call()
        rig.write(save_page, case_id=case(), page=0, answers={"connect": "noanswer"})
        record(rig, "C01")
        attempt = next(one.change for one in rig.changes() if isinstance(one.change, AttemptRecorded))
        assert attempt.given == {}


def test_an_agreement_to_which_the_person_said_no_is_refused(rig: Rig) -> None:
    answer(rig, AGREED | {"consent_share": "n"})
    with pytest.raises(Refused) as caught:
        record(rig, "A01", pathway="dpp_referral", consent="yes")
    assert caught.value.field == "consent"
    assert rig.kinds() == []


def test_the_form_holds_what_the_script_answered_and_asks_for_agreement_anew(rig: Rig) -> None:
    answer(rig, AGREED)
    form = rig.read(outcome_form, case_id=case(), code="A01")
    assert dict(form.filled) == {"pathway": "dpp_referral", "send_status": "queued"}
    hints = {one.name: one.hint for one in form.fields}
    assert hints["consent"].startswith("In the script they answered: Yes")
    assert "script" in hints["pathway"]


def test_a_reason_given_in_the_script_is_not_asked_twice(rig: Rig) -> None:
    answer(rig, {"ready": "yes", "aware": "yes", "interest": "no", "why_not": "travel", "interest2": "no",
                 "decline_kind": "not_now"})  # fmt: skip
    assert dict(rig.read(outcome_form, case_id=case(), code="D01").filled)["reason"] == "travel"
    answer(rig, {"interest": "yes"})  # the question why is not on the path any more
    assert "reason" not in dict(rig.read(outcome_form, case_id=case(), code="D01").filled)


def test_taking_back_gives_the_call_back_with_its_scripts(rig: Rig) -> None:
    rig.write(save_page, case_id=case(), page=2, answers=AGREED, language="Polish")
    act = record(rig, "A01", pathway="dpp_referral", consent="yes")
    rig.write(supersede_attempt, attempt_id=act.attempt_id)
    draft = rig.read(lambda s: s.draft(case()))
    assert draft.scripts == {"opening": project().opening_script_id, "project": project().script_id}
    assert draft.language == "Polish"
