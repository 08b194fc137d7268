"""What each outcome does to a clean case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from caller_app.base.clock import london
from caller_app.domain.calling_rules import band_of
from caller_app.domain.items import Item, Number
from caller_app.domain.rebase import fold
from tests.rules.cases import FINALS, LANDLINE, MOBILE, MONDAY_10, STOPS, attempt, case, project, rules


def after(*changes: object, item: Item | None = None) -> Item:
    return fold(item or case(), changes, rules(), project())  # type: ignore[arg-type]


def number(item: Item, e164: str = MOBILE) -> Number:
    return next(one for one in item.numbers if one.e164 == e164)


@pytest.mark.parametrize("code", [*FINALS, *STOPS, "N02", "E02"])
def test_a_final_outcome_closes_the_case(code: str) -> None:
    item = after(attempt(code))
    assert item.status == "closed"
    assert item.not_before is None
    assert item.status_why


@pytest.mark.parametrize("code", ["C01", "C03", "C04", "T02"])
def test_no_contact_comes_back_on_another_day_in_another_band(code: str) -> None:
    item = after(attempt(code))
    assert item.status == "ready"
    assert item.not_before is not None
    assert item.not_before >= MONDAY_10 + timedelta(hours=24)
    assert band_of(item.not_before) != band_of(MONDAY_10)
    assert item.counted_attempts == 1


def test_engaged_comes_back_after_half_an_hour_once_a_day() -> None:
    first = after(attempt("C02"))
    assert first.not_before == MONDAY_10 + timedelta(minutes=30)
    second = after(attempt("C02", at=MONDAY_10 + timedelta(hours=1)), item=first)
    assert second.counted_attempts == 2
    assert second.not_before is not None
    assert london(second.not_before).date() > london(MONDAY_10).date()


def test_cut_off_may_be_rung_back_the_same_day() -> None:
    item = after(attempt("R04"))
    assert (item.status, item.not_before) == ("ready", MONDAY_10)


def test_a_line_fault_does_not_use_up_an_attempt_but_a_barred_call_does() -> None:
    assert after(attempt("C05", which="line_fault")).counted_attempts == 0
    assert after(attempt("C05", which="barred")).counted_attempts == 1


@pytest.mark.parametrize(("code", "state"), [("P01", "dead"), ("P02", "wrong"), ("P03", "wrong")])
def test_a_number_that_fails_is_blocked_and_the_next_one_may_be_rung_at_once(code: str, state: str) -> None:
    item = after(attempt(code))
    assert number(item).state == state
    assert not number(item).textable
    assert (item.status, item.not_before) == ("ready", None)
    assert number(item, LANDLINE).state == "untried"


@pytest.mark.parametrize("code", ["P01", "P02", "P03"])
def test_without_another_number_the_case_closes_to_the_letter_route(code: str) -> None:
    item = after(attempt(code), item=case(numbers=(Number(MOBILE, kind="mobile"),)))
    assert item.status == "closed"
    assert "letter" in item.status_why


def test_a_number_that_may_not_be_dialled_is_no_other_number() -> None:
    numbers = (Number(MOBILE), Number(LANDLINE, dialable=False), Number("+441632960777", state="barred"))
    assert after(attempt("P01"), item=case(numbers=numbers)).status == "closed"


def test_several_numbers_in_one_sitting_count_once() -> None:
    item = after(attempt("C01"), attempt("C01", at=MONDAY_10 + timedelta(minutes=3), number=LANDLINE))
    assert item.counted_attempts == 1
    assert [one.counted for one in item.attempts] == [True, False]
    assert number(item, LANDLINE).no_answers == 1


def test_the_third_counted_attempt_closes_with_the_systems_code() -> None:
    item = after(
        attempt("C01"),
        attempt("C04", at=MONDAY_10 + timedelta(days=1, hours=3)),
        attempt("C01", at=MONDAY_10 + timedelta(days=2, hours=8)),
    )
    assert item.counted_attempts == 3
    assert item.status == "closed"
    assert item.status_why == "attempts used up without reaching the person"


def test_another_number_of_the_last_sitting_may_still_reach_the_person() -> None:
    last = MONDAY_10 + timedelta(days=2)
    item = replace(case(), counted_attempts=2)
    item = after(attempt("C01", at=last), item=item)
    assert item.status == "closed"
    item = after(attempt("A02", at=last + timedelta(minutes=5), number=LANDLINE), item=item)
    assert item.status == "closed"
    assert item.status_why == "will refer or book themselves"
    assert not item.attempts[-1].late


def test_a_cut_off_last_attempt_goes_to_the_supervisor() -> None:
    assert after(attempt("R04"), item=replace(case(), counted_attempts=2)).status == "supervisor"


def test_a_third_party_who_will_not_connect_is_tried_once_more_and_then_for_the_supervisor() -> None:
    item = after(attempt("T02"))
    assert item.status == "ready"
    assert after(attempt("T02", at=MONDAY_10 + timedelta(days=1, hours=3)), item=item).status == "supervisor"


def test_a_better_time_given_by_somebody_else_is_when_we_ring() -> None:
    item = after(attempt("T01", date="2026-11-25", time="17:30-18:30"))
    assert item.status == "callback"
    assert item.not_before == datetime(2026, 11, 25, 17, 30, tzinfo=UTC)
    assert after(attempt("T01")).status == "ready"


def test_identity_not_confirmed_is_held_for_one_more_try_and_then_for_a_letter() -> None:
    item = after(attempt("R02"))
    assert item.status == "held"
    assert item.not_before is not None
    assert london(item.not_before).date() > london(MONDAY_10).date()
    item = after(attempt("R02", at=item.not_before), item=item)
    assert (item.status, item.not_before) == ("held", None)
    assert "letter" in item.status_why


def test_a_bad_time_in_life_sleeps_until_the_supervisor_decides() -> None:
    item = after(attempt("R05"))
    assert (item.status, item.not_before) == ("held", None)
    assert "3 March 2027" in item.status_why
    assert "hospital" not in item.status_why  # the reason is for the supervisor, not for the list


@pytest.mark.parametrize("code", ["R06", "E01"])
def test_what_a_caller_cannot_go_on_with_goes_to_the_supervisor(code: str) -> None:
    assert after(attempt(code)).status == "supervisor"


def test_a_clinical_query_may_hold_the_case_instead_of_closing_it() -> None:
    assert after(attempt("E02", afterwards="hold")).status == "held"


def test_wanting_to_think_may_be_called_back_once() -> None:
    assert after(attempt("A04")).status == "closed"
    item = after(attempt("A04", date="2026-11-27", time="10:00-11:00"))
    assert item.status == "callback"
    again = attempt("A04", at=MONDAY_10 + timedelta(days=4), date="2026-12-01", time="10:00-11:00")
    assert after(again, item=item).status == "closed"


def test_nobody_with_authority_is_held_once_and_then_closed() -> None:
    item = after(attempt("S03"))
    assert item.status == "held"
    assert after(attempt("S03", at=MONDAY_10 + timedelta(days=2)), item=item).status == "closed"


def test_a_case_that_was_only_opened_goes_back_as_it_was() -> None:
    waiting = replace(
        case(), status="callback", not_before=MONDAY_10 + timedelta(hours=5), status_why="callback agreed"
    )
    item = after(attempt("N01"), item=waiting)
    assert (item.status, item.not_before) == ("callback", waiting.not_before)
    assert item.counted_attempts == 0


@pytest.mark.parametrize("code", ["R01", "R04", "T01", "A02", "D01"])
def test_an_answered_number_is_known_to_work(code: str) -> None:
    assert number(after(attempt(code))).state == "ok"


def test_a_barred_number_stays_barred() -> None:
    numbers = (Number(MOBILE, state="barred"), Number(LANDLINE))
    assert number(after(attempt("C01"), item=case(numbers=numbers))).state == "barred"


@pytest.mark.parametrize("code", ["C01", "T01", "R04"])
def test_a_number_once_wrong_is_not_made_good_by_a_later_mistake(code: str) -> None:
    numbers = (Number(MOBILE, state="wrong"), Number(LANDLINE))
    assert number(after(attempt(code), item=case(numbers=numbers))).state == "wrong"
