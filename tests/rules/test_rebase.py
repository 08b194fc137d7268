"""The conflict table, row by row: clean, reassigned, another outcome meanwhile, stopped or closed meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from caller_app.domain.changes import CHANGES, Change
from caller_app.domain.effects import CloseCase, NoticeTo, PromiseSettled, StopPerson
from caller_app.domain.items import Item
from caller_app.domain.rebase import CaseStanding, Judgement, fold, judge
from tests.rules.cases import (
    FINALS,
    LANDLINE,
    ME,
    MOBILE,
    MONDAY_10,
    OTHER,
    STOPS,
    attempt,
    case,
    mine,
    project,
    reassigned,
    recorded,
    rules,
)

HOUR = timedelta(hours=1)


def decide(item: Item, one: object, standing: CaseStanding | None = None) -> Judgement:
    return judge(item, one, standing or mine(item), rules(), project())  # type: ignore[arg-type]


def effect(found: Judgement, kind: type) -> list[object]:
    return [one for one in found.effects if isinstance(one, kind)]


def test_a_clean_attempt_is_applied_with_history_and_status() -> None:
    one = attempt("A02")
    found = decide(case(), one)
    assert (found.verdict, found.item.status) == ("applied", "closed")
    assert found.item.attempts[0].attempt_id == one.change_id
    assert found.item.attempts[0].caller == "Ada"
    assert effect(found, CloseCase) == [CloseCase("A02", "will refer or book themselves")]


def test_the_system_outcome_stands_in_the_effect_of_a_used_up_case() -> None:
    found = decide(replace(case(), counted_attempts=2), attempt("C01"))
    assert [one.outcome for one in effect(found, CloseCase)] == ["C06"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", [one.code for one in rules().outcomes.on_pad()])
def test_a_workstation_shows_what_the_centre_decides(code: str) -> None:
    one = attempt(code)
    assert fold(case(), [one], rules(), project()) == decide(case(), one).item


def test_the_same_change_twice_has_one_effect() -> None:
    one = attempt("C01")
    first = decide(case(), one)
    again = decide(first.item, one)
    assert again.item == first.item
    assert again.effects == ()
    assert again.verdict == "applied"


# --- reassigned meanwhile ---


def test_an_attempt_made_before_the_reassignment_still_sets_the_status_and_is_reviewed() -> None:
    found = decide(case(), attempt("A02"), reassigned(MONDAY_10 + HOUR))
    assert found.item.status == "closed"
    assert found.item.attempts[0].late
    assert (found.verdict, found.review_class) == ("applied_review", "late_outcome")


@pytest.mark.parametrize(
    "standing",
    [reassigned(MONDAY_10 - HOUR), reassigned(MONDAY_10 + HOUR, taker_has_called=True)],
    ids=["made after it", "the new caller has called"],
)
def test_otherwise_the_status_stays_and_history_names_the_author(standing: CaseStanding) -> None:
    found = decide(case(), attempt("A02"), standing)
    assert found.item.status == "ready"
    assert found.item.attempts[0].late
    assert found.item.attempts[0].caller == "Ada"
    assert found.review_class == "late_outcome"


def test_given_back_after_another_had_it_is_not_clean() -> None:
    standing = CaseStanding(assignee_id=ME, assign_gen=3, reassigned_at=MONDAY_10 + HOUR)
    assert decide(case(), attempt("C01", gen=1), standing).review_class == "late_outcome"


def test_a_wrong_number_is_blocked_even_by_a_late_attempt() -> None:
    found = decide(case(), attempt("P02"), reassigned(MONDAY_10 - HOUR))
    assert found.item.numbers[0].state == "wrong"
    assert not found.item.numbers[0].textable


@pytest.mark.parametrize("code", STOPS)
def test_a_stop_is_immediate_whoever_sends_it(code: str) -> None:
    found = decide(case(), attempt(code), reassigned(MONDAY_10 - HOUR, taker_has_called=True))
    assert found.item.status == "closed"
    assert [one.kind for one in effect(found, StopPerson)] == [rules().outcomes.get(code).stop]  # type: ignore[attr-defined]


def test_a_stop_for_risk_locks_whoever_sends_it() -> None:
    found = decide(case(), attempt("E01"), reassigned(MONDAY_10 - HOUR, taker_has_called=True))
    assert found.item.status == "supervisor"


# --- another outcome meanwhile ---


def test_equal_endings_are_one_status_and_a_noted_duplicate() -> None:
    first = decide(case(), attempt("D01", by=OTHER), CaseStanding(assignee_id=OTHER, assign_gen=1)).item
    found = decide(first, attempt("D01"))
    assert found.item.status == "closed"
    assert len(found.item.attempts) == 2
    assert (found.verdict, found.reason) == ("applied", "duplicate_contact")


def test_contradictory_endings_are_taken_out_of_dialling_for_review() -> None:
    first = decide(case(), attempt("D01", by=OTHER), CaseStanding(assignee_id=OTHER, assign_gen=1)).item
    found = decide(first, attempt("A02"))
    assert found.item.status == "needs_review"
    assert [one.outcome for one in found.item.attempts] == ["D01", "A02"]
    assert (found.verdict, found.review_class) == ("applied_review", "contradictory_outcomes")


def test_a_no_answer_after_the_end_is_history_only() -> None:
    first = decide(case(), attempt("A02", by=OTHER), CaseStanding(assignee_id=OTHER, assign_gen=1)).item
    found = decide(first, attempt("C01"))
    assert found.item.status == "closed"
    assert found.item.attempts[-1].late
    assert found.review_class == "late_outcome"


def test_more_changes_of_the_closing_act_are_no_conflict() -> None:
    item = decide(case(), attempt("D02", act="act-x")).item
    found = decide(item, attempt("C01", act="act-x"), mine(item, stopped_at=MONDAY_10))
    assert found.review_class != "contact_after_optout"


def test_a_case_under_review_stays_there() -> None:
    item = case(status="needs_review")
    found = decide(item, attempt("A02"))
    assert found.item.status == "needs_review"
    assert found.verdict == "applied_review"


# --- stopped meanwhile ---


def test_a_contact_after_the_opt_out_is_an_incident() -> None:
    item = case(status="closed")
    found = decide(item, attempt("A02"), mine(item, stopped_at=MONDAY_10 - HOUR))
    assert found.item.status == "closed"
    assert found.review_class == "contact_after_optout"
    assert found.item.attempts[0].late


def test_a_contact_before_the_opt_out_is_plain_late() -> None:
    item = case(status="closed")
    found = decide(item, attempt("A02"), mine(item, stopped_at=MONDAY_10 + HOUR))
    assert found.review_class == "late_outcome"


def test_a_case_that_was_only_looked_at_after_the_opt_out_is_no_incident() -> None:
    item = case(status="closed")
    assert decide(item, attempt("N01"), mine(item, stopped_at=MONDAY_10 - HOUR)).review_class == "late_outcome"


def test_the_opt_out_of_history_counts_where_the_centre_says_nothing() -> None:
    item = decide(case(), attempt("D03", by=OTHER), CaseStanding(assignee_id=OTHER, assign_gen=1)).item
    found = decide(item, attempt("A02", at=MONDAY_10 + HOUR))
    assert found.review_class == "contact_after_optout"
    assert found.item.status == "closed"


@pytest.mark.parametrize("code", FINALS)
def test_nothing_clears_a_stop(code: str) -> None:
    item = decide(case(), attempt("S01")).item
    found = decide(item, attempt(code, by=OTHER), reassigned(MONDAY_10))
    assert found.item.status == "closed"
    assert found.item.status_why == "reported as died"
    assert found.verdict == "applied_review"


def test_a_stop_wins_over_any_earlier_ending() -> None:
    item = decide(case(), attempt("A02")).item
    found = decide(item, attempt("D03", at=MONDAY_10 + HOUR, by=OTHER), CaseStanding(assignee_id=OTHER, assign_gen=1))
    assert found.item.status == "closed"
    assert effect(found, StopPerson)
    assert found.item.status_why == "do not contact me at all"


def test_a_second_stop_changes_nothing_and_is_still_passed_on() -> None:
    item = decide(case(), attempt("D02")).item
    found = decide(item, attempt("D03", by=OTHER), CaseStanding(assignee_id=OTHER, assign_gen=1))
    assert [one.kind for one in effect(found, StopPerson)] == ["contact_objection"]  # type: ignore[attr-defined]
    assert not effect(found, CloseCase)


@pytest.mark.parametrize(
    ("code", "facts"), [("S01", {"who": "would_not_say"}), ("D03", {"scope": "unconfirmed"})], ids=["died", "objection"]
)
def test_a_doubtful_stop_stands_and_a_supervisor_looks(code: str, facts: dict[str, str]) -> None:
    found = decide(case(), attempt(code, **facts))
    assert found.item.status == "closed"
    assert found.review_class == "unconfirmed_stop"
    assert effect(found, StopPerson)[0].doubtful  # type: ignore[attr-defined]


# --- who sent it ---


def test_a_person_never_assigned_changes_nothing() -> None:
    found = decide(case(), attempt("A02"), CaseStanding(ever_assigned=False))
    assert (found.verdict, found.reason, found.effects) == ("quarantined", "never_in_scope", ())
    assert found.item == case()


def test_a_revoked_device_changes_nothing_but_a_stop_is_looked_at_first() -> None:
    found = decide(case(), attempt("D03"), mine(case(), author_state="revoked"))
    assert (found.verdict, found.reason, found.review_class) == (
        "quarantined",
        "revoked_device",
        "revoked_device_safety",
    )
    assert effect(found, NoticeTo)
    assert found.item == case()


def test_a_disabled_author_is_taken_in_and_reviewed() -> None:
    found = decide(case(), attempt("A02"), mine(case(), author_state="draining"))
    assert (found.verdict, found.reason, found.item.status) == ("applied_review", "author_disabled", "closed")


def test_withdrawn_before_dialling_is_for_the_supervisors_list() -> None:
    assert decide(case(), attempt("N02")).review_class == "withdrawn_before_dialling"


def test_an_outcome_of_a_newer_version_is_kept_aside() -> None:
    one = attempt("C01")
    newer = replace(one, change=replace(one.change, outcome="Z42"))  # type: ignore[call-arg]
    assert decide(case(), newer).verdict == "quarantined"


def test_the_systems_own_outcome_is_not_taken_from_a_workstation() -> None:
    one = attempt("C01")
    assert decide(case(), replace(one, change=replace(one.change, outcome="C06"))).verdict == "quarantined"  # type: ignore[call-arg]


def test_every_kind_of_change_has_its_row() -> None:
    import inspect

    from caller_app.domain import rebase

    handled = inspect.getsource(rebase._handled)
    assert [kind.__name__ for kind in CHANGES.values() if f"case {kind.__name__}()" not in handled] == []


def test_a_kind_without_a_row_is_kept_aside() -> None:
    assert decide(case(), recorded(Change(case_id="case-1", act_id="a"))).reason == "unknown_schema"


# --- promises and attempts ---


def promised(item: Item, hours: int = 24) -> Item:
    from caller_app.domain.changes import CallbackPromised

    at = MONDAY_10 + timedelta(hours=hours)
    change = CallbackPromised(case_id="case-1", act_id="act-p", from_at=at, to_at=at + HOUR)
    return decide(item, recorded(change, change_id="promise-1")).item


def test_a_promise_kept_on_time_does_not_use_up_an_attempt_when_the_person_is_there() -> None:
    item = promised(case())
    found = decide(item, attempt("R04", at=MONDAY_10 + timedelta(hours=24)))
    assert effect(found, PromiseSettled) == [PromiseSettled("promise-1", "kept")]
    assert found.item.counted_attempts == 0


def test_a_promise_missed_by_the_person_uses_one_up() -> None:
    found = decide(promised(case()), attempt("C01", at=MONDAY_10 + timedelta(hours=24)))
    assert found.item.promises[0].state == "kept"
    assert found.item.counted_attempts == 1
    assert found.item.status == "ready"


def test_a_promise_missed_by_us_uses_none_up_and_is_told() -> None:
    found = decide(promised(case()), attempt("C01", at=MONDAY_10 + timedelta(hours=28)))
    assert found.item.promises[0].state == "missed"
    assert found.item.counted_attempts == 0
    assert effect(found, NoticeTo)


def test_a_dead_number_at_the_promised_time_keeps_the_promise_open_for_the_other_number() -> None:
    found = decide(promised(case()), attempt("P01", at=MONDAY_10 + timedelta(hours=24)))
    assert found.item.promises[0].state == "open"
    assert found.item.status == "callback"


def test_a_no_answer_before_its_time_drops_no_promise() -> None:
    found = decide(promised(case()), attempt("C01"))
    assert found.item.status == "callback"
    assert found.item.not_before == MONDAY_10 + timedelta(hours=24)


def test_an_ending_cancels_what_was_promised_and_tells_who_promised() -> None:
    item = promised(case())
    item = replace(item, promises=tuple(replace(one, made_by_id=OTHER) for one in item.promises))
    found = decide(item, attempt("A02"))
    assert found.item.promises[0].state == "cancelled"
    assert [one.user_id for one in effect(found, NoticeTo)] == [OTHER]  # type: ignore[attr-defined]


def test_the_other_number_is_left_as_it_was() -> None:
    found = decide(case(), attempt("P02"))
    assert {one.e164: one.state for one in found.item.numbers} == {MOBILE: "wrong", LANDLINE: "untried"}
