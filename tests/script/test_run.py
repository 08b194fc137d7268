"""A script in use: what is shown, what is missing, what it concludes; resumed anywhere it stands the same."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caller_app.script.compile import read_script
from caller_app.script.run import Runner, Standing
from caller_app.script.script import Row, Script
from tests.script.books import PACKS

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SCRIPTS = {path.stem: read_script(path) for path in sorted(PACKS.glob("*.xlsx"))}
RUNNERS = {name: Runner(script) for name, script in SCRIPTS.items()}
TALKING = {"pt_first": "Ann", "pt_age": "40", "practice_name": "Demo Surgery", "use_screen": "n", "tt_min_age": "18"}


def stand(name: str, answers: dict[str, Any], known: dict[str, Any] | None = None) -> Standing:
    return RUNNERS[name].stand(answers, known or {}, NOW)


def names(standing: Standing) -> list[str]:
    return [one.page.name for one in standing.path]


def test_the_path_stops_at_the_first_page_that_is_not_done() -> None:
    first = stand("talking_therapies", {}, TALKING)
    assert names(first) == ["why"]
    assert first.path[0].missing == ("interest",)
    assert not first.finished
    assert names(stand("talking_therapies", {"interest": "yes"}, TALKING)) == ["why", "mood"]


def test_a_whole_call_concludes_what_was_agreed() -> None:
    answers = {
        "interest": "yes", "risk": "none", "notfor": ["none"], "path": ["self_phone", "supported_referral"],
        "consent_share": "y", "follow": "sms",
    }  # fmt: skip
    standing = stand("talking_therapies", answers, TALKING)
    assert standing.finished, standing.path[-1]
    assert standing.concluded.outcome == "A01"
    assert "tt_supported_referral" in standing.concluded.pathways


@pytest.mark.parametrize(
    ("name", "known", "answers", "outcome", "instead"),
    [
        ("diabetes_prevention", {"hba1c": "44", "result_months": "3", "max_months": "12", "pt_age": "50"},
         {"aware": "no", "interest": "yes", "excl": ["none"], "light": "y", "path": ["dpp_refer"]}, "A01", "self"),
        ("talking_therapies", TALKING,
         {"interest": "yes", "risk": "none", "notfor": ["none"], "path": ["supported_referral"]}, "A01", "phone"),
        ("winter_vaccination", {"flu_due": "y", "covid_due": "n"},
         {"had": ["neither"], "plan": "yes", "path": ["practice_book"]}, "A03", "phone"),
        ("winter_vaccination", {"flu_due": "y", "covid_due": "n"},
         {"had": ["neither"], "plan": "yes", "path": ["clinical_callback"]}, "E02", "online"),
    ],
)  # fmt: skip
def test_nothing_is_passed_on_where_the_person_said_no(
    name: str, known: dict[str, str], answers: dict[str, Any], outcome: str, instead: str
) -> None:
    agreed = stand(name, {**answers, "consent_share": "y", "follow": "sms"}, known)
    assert (agreed.finished, agreed.concluded.outcome) == (True, outcome)
    refused = stand(name, {**answers, "consent_share": "n", "follow": "sms"}, known)
    assert (refused.path[-1].missing, refused.concluded.outcome, refused.concluded.pathways) == (("instead",), "", ())
    ended = stand(name, {**answers, "consent_share": "n", "instead": instead, "follow": "sms"}, known)
    assert (ended.finished, ended.concluded.outcome) == (True, "A02")
    assert not set(ended.concluded.pathways) & set(agreed.concluded.pathways)


def test_a_danger_overrides_whatever_else_was_agreed() -> None:
    standing = stand("talking_therapies", {"interest": "already", "risk": "now"}, TALKING)
    assert standing.concluded.outcome == "E01"
    assert standing.concluded.raises == ("IMMEDIATE_RISK",)


def test_an_answer_that_is_no_longer_asked_sets_nothing_and_comes_back_with_its_question() -> None:
    declined = {
        "interest": "no",
        "why_not": "time",
        "interest2": "no",
        "risk": "none",
        "decline_kind": "not_about_this",
    }
    assert stand("talking_therapies", declined, TALKING).concluded.outcome == "D02"
    turned = {**declined, "interest": "yes"}
    after = stand("talking_therapies", turned, TALKING)
    assert after.values["decline_kind"] == ""
    assert after.concluded.outcome != "D02"
    assert stand("talking_therapies", {**turned, "interest": "no"}, TALKING) == stand(
        "talking_therapies", declined, TALKING
    )


def test_a_constraint_holds_the_page_with_its_words() -> None:
    standing = stand("winter_vaccination", {"had": ["neither", "flu"]}, {"flu_due": "y", "covid_due": "n"})
    assert [(one.row, one.why) for one in standing.path[0].faults] == [("had", "Neither cannot be combined")]
    assert not standing.finished


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("had", "elephant"),
        ("had", "flu flu"),
        ("had_date", "yesterday"),
        ("had_date", "2026-02-30"),
        ("had_where", "flu"),
    ],
)
def test_what_cannot_be_an_answer_holds_the_page_and_counts_as_nothing(name: str, answer: str) -> None:
    answers = {"had": "flu"} | {name: answer}
    standing = stand("winter_vaccination", answers, {"flu_due": "y", "covid_due": "n"})
    assert [one.row for one in standing.path[0].faults] == [name]
    assert standing.values[name] == ""


def test_a_result_for_the_practice_stops_the_script_before_it_begins() -> None:
    standing = stand("diabetes_prevention", {}, {"hba1c": "52", "has_dm": "n"})
    assert [row.name for one in standing.path for row in one.rows] == ["stop_dm"]
    assert (standing.finished, standing.concluded.outcome) == (True, "E02")


def test_somebody_on_the_register_already_is_told_nothing_and_the_call_has_its_outcome() -> None:
    standing = stand("diabetes_prevention", {}, {"hba1c": "52", "has_dm": "y"})
    assert [row.name for one in standing.path for row in one.rows] == ["known_dm"]
    assert (standing.finished, standing.concluded.outcome) == (True, "A06")


def test_the_day_of_the_question_is_the_day_in_london() -> None:
    answers = {"had": "flu", "had_date": "2026-06-15"}
    late = datetime(2026, 6, 14, 23, 30, tzinfo=UTC)  # half past midnight in London
    early = datetime(2026, 6, 14, 22, 30, tzinfo=UTC)
    runner = RUNNERS["winter_vaccination"]
    assert runner.stand(answers, {"flu_due": "y"}, late).path[0].faults == ()
    assert [one.why for one in runner.stand(answers, {"flu_due": "y"}, early).path[0].faults] == [
        "The date cannot be in the future"
    ]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_from_the_wire_runs_like_the_one_that_was_read(name: str) -> None:
    sent = msgspec.json.decode(msgspec.json.encode(SCRIPTS[name]), type=Script)
    assert Runner(sent).stand({}, {}, NOW) == RUNNERS[name].stand({}, {}, NOW)


def some_answer(row: Row) -> st.SearchStrategy[Any]:
    odd = st.sampled_from(["", "no such answer", "0", "-1", "2026-11-22", None, [], "x" * 50])
    values = [one.value for one in row.choices]
    if row.type == "select_one":
        return st.sampled_from(values) | odd
    if row.type == "select_multiple":
        return st.lists(st.sampled_from(values), max_size=3, unique=True) | odd
    if row.type == "date":
        return st.dates().map(str) | odd
    return st.integers(-5, 400).map(str) | st.text(max_size=8) | odd


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, Any]]:
    name = draw(st.sampled_from(sorted(SCRIPTS)))
    rows = [row for row in SCRIPTS[name].rows() if row.type not in ("note", "calculate")]
    known = {
        row.name: draw(st.sampled_from(["y", "n", "", "18", "45", "50", "3"])) for row in rows if row.type == "hidden"
    }
    answers = {row.name: draw(some_answer(row)) for row in rows if row.type != "hidden" and draw(st.booleans())}
    return name, answers, known


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(calls())
def test_no_answers_make_a_script_raise_or_show_two_ways(call: tuple[str, dict[str, Any], dict[str, Any]]) -> None:
    name, answers, known = call
    standing = stand(name, answers, known)
    assert standing == stand(name, dict(reversed(answers.items())), known)
    assert all(one.done for one in standing.path[:-1])
    assert standing.finished == (not standing.path or standing.path[-1].done)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.sampled_from(sorted(SCRIPTS)), st.randoms(use_true_random=False))
def test_every_call_reaches_the_close_however_it_is_answered(name: str, chance: Any) -> None:
    script = SCRIPTS[name]
    known = {row.name: chance.choice(["y", "n", "", "18", "45", "3"]) for row in script.rows() if row.type == "hidden"}
    answers: dict[str, Any] = {}
    for _ in range(200):
        standing = stand(name, answers, known)
        if standing.finished:
            break
        last = standing.path[-1]
        for row in last.rows:
            if row.name in last.missing or any(fault.row == row.name for fault in last.faults):
                answers[row.name] = [chance.choice(row.choices).value] if row.choices else chance.choice(["40", "170"])
    assert standing.finished


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(calls(), st.data())
def test_going_back_and_forth_is_the_same_as_going_straight(
    call: tuple[str, dict[str, Any], dict[str, Any]], data: st.DataObject
) -> None:
    name, answers, known = call
    straight = stand(name, answers, known)
    wandering: dict[str, Any] = {}
    for one in data.draw(st.permutations(sorted(answers))):
        wandering[one] = data.draw(some_answer(next(row for row in SCRIPTS[name].rows() if row.name == one)))
        stand(name, wandering, known)
        wandering[one] = answers[one]
    assert stand(name, wandering, known) == straight


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(calls(), calls(), st.data())
def test_what_a_runner_remembers_changes_nothing(
    one: tuple[str, dict[str, Any], dict[str, Any]],
    other: tuple[str, dict[str, Any], dict[str, Any]],
    data: st.DataObject,
) -> None:
    name, answers, known = one
    runner = Runner(SCRIPTS[name])
    for asked, given_, at in (
        (answers, known, NOW),
        ({**answers, **other[1]}, known, NOW),
        ({}, other[2], NOW),
        (answers, known, NOW.replace(year=data.draw(st.sampled_from([2026, 2020])))),
        (answers, known, NOW),
    ):
        assert runner.stand(asked, given_, at) == Runner(SCRIPTS[name]).stand(asked, given_, at)
        assert runner.shown(asked, given_, at) == Runner(SCRIPTS[name]).shown(asked, given_, at)


def test_a_list_that_was_altered_in_place_is_another_answer() -> None:
    picked = ["neither"]
    runner = Runner(SCRIPTS["winter_vaccination"])
    assert runner.stand({"had": picked}, {"flu_due": "y"}, NOW).path[0].faults == ()
    picked.append("flu")
    assert runner.stand({"had": picked}, {"flu_due": "y"}, NOW).path[0].faults != ()


def test_a_script_whose_expression_was_never_read_is_refused_at_once() -> None:
    from dataclasses import replace

    from caller_app.script.expressions.tree import Malformed

    with pytest.raises(Malformed):
        Runner(replace(SCRIPTS["core_call_flow"], expressions={}))


def test_no_way_leads_from_an_expression_to_python(tmp_path: Path) -> None:
    from caller_app.script.expressions.evaluate import Asked, compiled
    from caller_app.script.expressions.functions import KNOWN, BadCall
    from caller_app.script.expressions.grammar import CannotRead, parse

    for hostile in (
        "__import__('os')",
        "open('x')",
        "eval('1')",
        "${a}.__class__",
        "().__class__",
        "lambda: 1",
        "[1]",
        "{1}",
    ):
        with pytest.raises((CannotRead, BadCall)):
            compiled(parse(hostile))(Asked({"a": "1"}, NOW))
    assert all("_" not in name for name in KNOWN)
