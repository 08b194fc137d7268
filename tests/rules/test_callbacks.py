"""Promised times: inside open hours, said in words, due and overdue."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caller_app.base.errors import Refused
from caller_app.domain.callbacks import check_slot, fits, may_keep, quick_slots, slot_in, standing_of
from caller_app.domain.items import Promise
from tests.rules.cases import FACTS, MONDAY_10, project, rules

HOUR = timedelta(hours=1)


def labels(now: datetime) -> list[str]:
    return [one.label for one in quick_slots(now, project(), rules().holidays)]


def test_the_quick_choices_of_a_monday_morning() -> None:
    slots = quick_slots(MONDAY_10, project(), rules().holidays)
    assert [(one.label, one.words) for one in slots] == [
        ("Later today", "Monday 23 November, 12:00 to 13:00"),
        ("Tomorrow morning", "Tuesday 24 November, 09:00 to 12:00"),
        ("This evening", "Monday 23 November, 17:00 to 19:00"),
    ]


def test_late_in_the_day_there_is_no_later_today() -> None:
    assert labels(datetime(2026, 11, 23, 17, 30, tzinfo=UTC)) == ["Tomorrow morning", "Tomorrow evening"]


def test_on_a_saturday_tomorrow_is_monday() -> None:
    assert labels(datetime(2026, 11, 28, 12, tzinfo=UTC)) == ["Monday morning", "Monday evening"]


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001
def test_every_quick_choice_lies_ahead_and_in_open_hours(moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    for slot in quick_slots(now, project(), rules().holidays):
        check_slot(slot.from_at, slot.to_at, now, project(), rules().holidays)
        assert slot.from_at > now


@pytest.mark.parametrize(
    ("from_at", "to_at", "field"),
    [
        (datetime(2026, 11, 24, 8, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC), "time"),
        (datetime(2026, 11, 24, 18, tzinfo=UTC), datetime(2026, 11, 24, 20, tzinfo=UTC), "time"),
        (datetime(2026, 11, 29, 10, tzinfo=UTC), datetime(2026, 11, 29, 11, tzinfo=UTC), "date"),
        (datetime(2026, 12, 25, 10, tzinfo=UTC), datetime(2026, 12, 25, 11, tzinfo=UTC), "date"),
        (datetime(2026, 11, 20, 10, tzinfo=UTC), datetime(2026, 11, 20, 11, tzinfo=UTC), "time"),
        (datetime(2027, 11, 22, 10, tzinfo=UTC), datetime(2027, 11, 22, 11, tzinfo=UTC), "date"),
        (datetime(2026, 11, 24, 12, tzinfo=UTC), datetime(2026, 11, 24, 11, tzinfo=UTC), "time"),
    ],
)
def test_a_time_that_may_not_be_promised_is_refused_with_its_reason(
    from_at: datetime, to_at: datetime, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        check_slot(from_at, to_at, MONDAY_10, project(), rules().holidays)
    assert refused.value.field == field


def test_an_outcome_says_what_it_promises() -> None:
    slot = slot_in("R01", FACTS["R01"], project())
    assert slot is not None
    assert (slot.from_at, slot.to_at) == (
        datetime(2026, 11, 24, 14, tzinfo=UTC),
        datetime(2026, 11, 24, 15, tzinfo=UTC),
    )
    whole_day = slot_in("R03", FACTS["R03"], project())
    assert whole_day is not None
    assert whole_day.words == "Thursday 26 November, 09:00 to 19:00"
    assert slot_in("A04", FACTS["A04"], project()) is None
    assert slot_in("T01", FACTS["R01"], project()) is None  # what a third party says is no promise to the person


def test_a_summer_promise_is_wall_time() -> None:
    slot = slot_in("R01", FACTS["R01"] | {"date": "2027-06-01"}, project())
    assert slot is not None
    assert slot.from_at == datetime(2027, 6, 1, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "expected"), [(-6, "early"), (-5, "due"), (0, "due"), (15, "due"), (60, "due"), (61, "overdue")]
)
def test_a_promise_is_due_from_five_minutes_before_until_its_end(minutes: int, expected: str) -> None:
    now = MONDAY_10 + timedelta(minutes=minutes)
    assert standing_of(MONDAY_10, MONDAY_10 + HOUR, now) == expected


def test_a_promise_for_one_instant_has_a_quarter_of_an_hour() -> None:
    assert standing_of(MONDAY_10, MONDAY_10, MONDAY_10 + timedelta(minutes=15)) == "due"
    assert standing_of(MONDAY_10, MONDAY_10, MONDAY_10 + timedelta(minutes=16)) == "overdue"


def test_only_the_maker_may_keep_a_promise_the_person_asked_of_them() -> None:
    promise = Promise("p", MONDAY_10, MONDAY_10, "Ada", 1, anyone=False)
    assert may_keep(promise, 1)
    assert not may_keep(promise, 2)


def test_a_slot_over_closing_time_does_not_fit() -> None:
    closing = datetime(2026, 11, 23, 19, tzinfo=UTC)
    assert fits(closing - HOUR, closing, project())
    assert not fits(closing - HOUR, closing + HOUR, project())
    assert not fits(closing, closing, project())
