"""Undo: the fact stays, the effects go, what others did since stays too, and safety is never undone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from caller_app.domain.changes import CallbackPromised, CorrectionProposed, ReferralRequested
from caller_app.domain.effects import AttemptWithdrawn, CorrectionWithdrawn, PromiseSettled, ReferralWithdrawn
from caller_app.domain.items import Item, Number
from caller_app.domain.rebase import fold, judge
from tests.rules.cases import (
    LANDLINE,
    MOBILE,
    MONDAY_10,
    OTHER,
    attempt,
    case,
    mine,
    project,
    reassigned,
    recorded,
    rules,
    undo,
)

REVERSIBLE = [one.code for one in rules().outcomes.on_pad() if one.stop is None and one.code != "E01"]
DAY = timedelta(days=1)


def laid(item: Item, *changes: object) -> Item:
    return fold(item, changes, rules(), project())  # type: ignore[arg-type]


def visible(item: Item) -> Item:
    """Give the case without its history of what was taken back."""
    return replace(item, attempts=tuple(one for one in item.attempts if not one.superseded))


@pytest.mark.parametrize("code", REVERSIBLE)
def test_taking_back_an_attempt_gives_the_case_back_as_it_was(code: str) -> None:
    one = attempt(code)
    item = laid(case(), one, undo(one))
    assert visible(item) == case()
    assert item.attempts[0].superseded


@pytest.mark.parametrize("code", REVERSIBLE)
def test_taking_back_the_second_attempt_goes_back_to_the_first(code: str) -> None:
    first = attempt("C01", number=LANDLINE)
    second = attempt(code, at=MONDAY_10 + DAY)
    before = laid(case(), first)
    assert visible(laid(before, second, undo(second))) == before


def test_the_right_outcome_after_an_undo_is_the_only_ending() -> None:
    wrong, right = attempt("D01"), attempt("A02")
    item = laid(case(), wrong, undo(wrong), right)
    assert item.status == "closed"
    assert item.status_why == "will refer or book themselves"
    assert item.counted_attempts == 1


@pytest.mark.parametrize("code", ["D02", "D03", "S01", "E01"])
def test_safety_is_not_undone_from_a_workstation(code: str) -> None:
    one = attempt(code)
    before = laid(case(), one)
    found = judge(before, undo(one), mine(before), rules(), project())
    assert found.item == before
    assert (found.verdict, found.review_class) == ("applied_review", "undo_of_safety")


def test_a_supervisor_may_lift_it() -> None:
    one = attempt("S01")
    before = laid(case(), one)
    found = judge(before, undo(one, by=OTHER), mine(before, author_may_lift=True), rules(), project())
    assert found.item.status == "ready"


def test_nobody_takes_back_anothers_attempt() -> None:
    one = attempt("A02", by=OTHER)
    before = laid(case(), one)
    found = judge(before, undo(one), mine(before), rules(), project())
    assert found.item == before
    assert found.review_class == "undo_of_anothers"


def test_an_undo_of_something_unknown_is_reviewed_not_lost() -> None:
    found = judge(case(), undo(attempt("C01")), mine(case()), rules(), project())
    assert (found.item, found.verdict, found.review_class) == (case(), "applied_review", "undo_of_unknown")


def test_an_undo_twice_is_an_undo_once() -> None:
    one = attempt("C01")
    back = undo(one)
    item = laid(case(), one, back)
    assert laid(item, back) == item
    assert laid(item, undo(one)) == item


def test_what_another_caller_did_since_stays() -> None:
    one = attempt("C01")
    item = laid(case(), one)
    later = attempt("A02", by=OTHER, at=MONDAY_10 + DAY, gen=2)
    item = judge(item, later, reassigned(MONDAY_10 + timedelta(hours=1)), rules(), project()).item
    found = judge(item, undo(one), reassigned(MONDAY_10, taker_has_called=True), rules(), project())
    assert found.item.status == "closed"
    assert found.review_class == "late_outcome"


def test_taking_back_one_of_two_contradictory_endings_settles_it() -> None:
    first = attempt("D01", by=OTHER)
    item = laid(case(), first)
    second = attempt("A02")
    item = judge(item, second, mine(item), rules(), project()).item
    assert item.status == "needs_review"
    assert laid(item, undo(second)).status == "closed"


def test_a_status_set_elsewhere_is_not_undone() -> None:
    one = attempt("C01")
    item = replace(laid(case(), one), status="closed", status_why="asked us not to be in touch")
    assert laid(item, undo(one)).status == "closed"


def test_a_stopped_person_stays_stopped() -> None:
    one = attempt("A02")
    item = laid(case(), one)
    found = judge(item, undo(one), mine(item, stopped_at=MONDAY_10 + DAY), rules(), project())
    assert found.item.status == "closed"


def test_a_wrong_number_taken_back_frees_the_number_and_its_correction() -> None:
    one = attempt("P02", act="act-1")
    claim = CorrectionProposed(
        case_id="case-1",
        act_id="act-1",
        type="PHONE_WRONG",
        field=f"phone:{MOBILE}",
        old=MOBILE,
        new=None,
        values={"number_on_record": MOBILE},
        source="third_party",
        evidence="household_said",
    )
    item = laid(case(), one, recorded(claim, change_id="claim-1"))
    found = judge(item, undo(one), mine(item), rules(), project())
    assert found.item.numbers == case().numbers
    assert found.item.corrections[0].state == "withdrawn"
    assert {type(one) for one in found.effects} == {AttemptWithdrawn, CorrectionWithdrawn}


def test_a_correction_the_person_made_in_the_same_call_is_not_taken_back() -> None:
    one = attempt("A02", act="act-1")
    claim = CorrectionProposed(
        case_id="case-1",
        act_id="act-1",
        type="LANGUAGE",
        field="language",
        old=None,
        new="ur",
        values={"language": "ur"},
        source="patient",
        evidence="patient_confirmed",
    )
    item = laid(case(), recorded(claim), one, undo(one))
    assert item.patient.language == "ur"
    assert item.corrections[0].state == "new"


def test_a_promise_and_a_referral_go_with_their_attempt() -> None:
    callback = attempt("R01", act="act-1")
    promise = CallbackPromised(
        case_id="case-1", act_id="act-1", from_at=MONDAY_10 + DAY, to_at=MONDAY_10 + DAY + timedelta(hours=1)
    )
    item = laid(case(), callback, recorded(promise, change_id="promise-1"))
    found = judge(item, undo(callback), mine(item), rules(), project())
    assert found.item.status == "ready"
    assert PromiseSettled("promise-1", "cancelled") in found.effects

    referred = attempt("A01", act="act-2")
    request = ReferralRequested(
        case_id="case-1", act_id="act-2", pathway="dpp_referral", route="supported_referral", consent="yes"
    )
    item = laid(case(), referred, recorded(request, change_id="referral-1"))
    found = judge(item, undo(referred), mine(item), rules(), project())
    assert ReferralWithdrawn("referral-1") in found.effects
    assert found.item.referrals[0].state == "withdrawn"


@pytest.mark.parametrize("code", ["C01", "A02", "R04"])
def test_a_promise_is_open_again_when_the_call_that_kept_it_is_taken_back(code: str) -> None:
    promise = CallbackPromised(
        case_id="case-1", act_id="act-1", from_at=MONDAY_10 + DAY, to_at=MONDAY_10 + DAY + timedelta(hours=1)
    )
    before = laid(case(), recorded(promise, change_id="promise-1"))
    one = attempt(code, at=MONDAY_10 + DAY)
    item = laid(before, one, undo(one))
    assert item.promises[0].state == "open"
    assert (item.status, item.not_before) == ("callback", MONDAY_10 + DAY)
    assert item.counted_attempts == 0


def test_the_other_number_of_the_sitting_carries_the_count_on() -> None:
    one = attempt("C01")
    other = attempt("C01", at=MONDAY_10 + timedelta(minutes=3), number=LANDLINE)
    item = laid(case(), one, other, undo(one, at=MONDAY_10 + timedelta(minutes=4)))
    assert item.counted_attempts == 1
    assert [one.counted for one in item.attempts if not one.superseded] == [True]


def test_the_no_answers_of_a_number_are_counted_again() -> None:
    one = attempt("C01")
    two = attempt("C01", at=MONDAY_10 + DAY)
    item = laid(case(), one, two, undo(two))
    assert item.numbers[0] == Number(MOBILE, kind="mobile", textable=True, state="no_answer", no_answers=1)


def test_a_person_who_wants_no_texts_gets_none_after_an_undo_either() -> None:
    quiet = replace(case(), patient=replace(case().patient, text_opt_out=True))
    one = attempt("P02")
    assert not laid(quiet, one, undo(one)).numbers[0].textable
