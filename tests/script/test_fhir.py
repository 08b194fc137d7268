"""Scripts and answers as FHIR: valid, complete, and never simpler than what they mean."""

from datetime import UTC, datetime
from typing import Any

import pytest

from caller_app.script.compile import read_script
from caller_app.script.fhir import CONDITION, questionnaire, response
from caller_app.script.led_by import led_by
from caller_app.script.run import Runner
from tests.script.books import PACKS

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
PATHS = sorted(PACKS.glob("*.xlsx"))


def items(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {}
    waiting = list(made.get("item", []))
    while waiting:
        one = waiting.pop()
        found[one["linkId"]] = one
        waiting += one.get("item", [])
    return found


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_row_of_a_script_is_in_its_questionnaire(path: Any) -> None:
    script = read_script(path)
    made = items(questionnaire(script))
    assert {row.name for row in script.rows()} <= set(made)
    for row in script.rows():
        one = made[row.name]
        assert one.get("required", False) == row.required
        assert len(one.get("answerOption", [])) == len(row.choices)
        if row.relevant:
            conditions = [e for e in one.get("extension", []) if e["url"] == CONDITION]
            assert bool(one.get("enableWhen")) != bool(conditions)


def test_a_simple_condition_is_a_test_and_any_other_keeps_its_expression() -> None:
    made = items(questionnaire(read_script(PACKS / "talking_therapies.xlsx")))
    assert [(one["question"], one["operator"]) for one in made["objections"]["enableWhen"]] == [("interest", "=")] * 2
    assert made["objections"]["enableBehavior"] == "any"
    assert made["o_need"]["enableWhen"][0]["answerCoding"]["code"] == "no_need"
    assert made["interest2"]["enableWhen"] == [{"question": "why_not", "operator": "exists", "answerBoolean": True}]
    (kept,) = [one for one in made["follow"]["extension"] if one["url"] == CONDITION]
    assert kept["valueExpression"]["expression"] == "not(selected(${path}, 'none_now'))"


def test_a_response_holds_the_answers_on_the_path_and_no_others() -> None:
    script = read_script(PACKS / "winter_vaccination.xlsx")
    answers = {"had": ["flu"], "had_date": "2026-10-01", "plan": "never", "barrier": "needles"}
    standing = Runner(script).stand(answers, {"flu_due": "y", "covid_due": "y", "pt_first": "Ann"}, NOW)
    made = response(script, standing, authored=NOW, finished=False)
    given = items(made)
    assert given["had"]["answer"][0]["valueCoding"]["code"] == "flu"
    assert given["had_date"]["answer"] == [{"valueDate": "2026-10-01"}]
    assert "barrier" not in given
    assert made["status"] == "stopped"
    assert made["questionnaire"].endswith(f"|{script.version}")
    assert "Ann" not in str(made)


def test_a_call_with_no_answers_is_a_valid_response() -> None:
    script = read_script(PACKS / "core_call_flow.xlsx")
    made = response(script, Runner(script).stand({}, {}, NOW), authored=NOW, finished=False)
    assert "item" not in made


def test_what_led_the_call_stands_in_its_response_where_it_was_kept_and_nothing_else_of_the_record() -> None:
    script = read_script(PACKS / "diabetes_prevention.xlsx")
    given = {"hba1c": "44", "result_months": "3", "bmi_threshold": "30", "pt_first": "Ann", "max_months": "12"}
    standing = Runner(script).stand({}, given, NOW)
    led = led_by(script, standing)
    made = items(response(script, standing, authored=NOW, finished=False, given=led))
    assert made["hba1c"]["answer"] == [{"valueString": "44"}]
    assert {"hba1c"} == set(led) <= set(made), "no later page was come to"
    assert "pt_first" not in made
    assert "hba1c" not in items(response(script, standing, authored=NOW, finished=False))
