"""When a person may be rung: hours, bank holidays, clock changes, bands, limits, and the check before dialling."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caller_app.base.clock import london
from caller_app.domain.calling_rules import (
    age_on,
    at_wall,
    band_of,
    is_open,
    may_dial,
    next_allowed,
    next_band,
    opening,
    when,
)
from caller_app.domain.items import Item, Number, PastAttempt, Promise
from caller_app.domain.projects import Hours
from tests.rules.cases import LANDLINE, MOBILE, MONDAY_10, case, person, project, rules

FRESH = timedelta(minutes=5)
HOURS = project().hours


def past(*whens: datetime, outcome: str = "C01") -> tuple[PastAttempt, ...]:
    return tuple(PastAttempt(f"a{nr}", at, outcome, MOBILE) for nr, at in enumerate(whens))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (utc(2026, 11, 23, 8, 59), False),
        (utc(2026, 11, 23, 9, 0), True),
        (utc(2026, 11, 23, 18, 59), True),
        (utc(2026, 11, 23, 19, 0), False),
        (utc(2026, 11, 28, 9, 29), False),
        (utc(2026, 11, 28, 9, 30), True),
        (utc(2026, 11, 28, 13, 0), False),
        (utc(2026, 11, 29, 11, 0), False),  # Sunday
        (utc(2026, 7, 1, 8, 0), True),  # 09:00 in British Summer Time
        (utc(2026, 7, 1, 18, 30), False),
        (utc(2026, 12, 25, 11, 0), False),
        (utc(2026, 12, 28, 11, 0), False),  # the substitute day of Boxing Day
    ],
)
def test_opening_hours_are_london_wall_time(moment: datetime, expected: bool) -> None:
    assert is_open(moment, HOURS, rules().holidays) is expected


def test_a_supervisor_may_open_a_bank_holiday_but_never_a_sunday() -> None:
    opened = replace(HOURS, opened=("2026-12-28", "2026-11-29"))
    assert is_open(utc(2026, 12, 28, 11), opened, rules().holidays)
    assert not is_open(utc(2026, 11, 29, 11), opened, rules().holidays)


def test_a_day_the_team_is_away_is_closed() -> None:
    assert not is_open(MONDAY_10, replace(HOURS, closed=("2026-11-23",)))


def test_no_setting_passes_the_hard_bounds() -> None:
    span = opening(date(2026, 11, 23), Hours(days={"monday": ("06:00", "22:00")}))
    assert span is not None
    assert [f"{london(one):%H:%M}" for one in span] == ["08:00", "20:30"]


@pytest.mark.parametrize("day", [date(2026, 3, 30), date(2026, 10, 26)])
def test_after_a_clock_change_the_day_still_opens_at_nine(day: date) -> None:
    span = opening(day, HOURS)
    assert span is not None
    assert f"{london(span[0]):%H:%M}" == "09:00"


def test_a_day_across_the_clock_change_is_told_by_the_wall() -> None:
    before, after = at_wall(date(2026, 3, 28), at(10)), at_wall(date(2026, 3, 29), at(10))
    assert after - before == timedelta(hours=23)


def at(hour: int):  # type: ignore[no-untyped-def]
    return datetime(2000, 1, 1, hour).time()  # noqa: DTZ001


def test_the_closed_days_are_the_union_of_both_lists() -> None:
    import holidays as holidays_package
    from govuk_bank_holidays.bank_holidays import BankHolidays

    ours = rules().holidays
    years = range(2026, 2037)
    computed = set(holidays_package.country_holidays("GB", subdiv="ENG", years=years))
    official = {
        one["date"]
        for one in BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
        if one["date"].year in years
    }
    assert computed | official <= ours
    assert {date(2026, 12, 26), date(2026, 12, 28)} <= ours


@pytest.mark.parametrize(
    ("moment", "band"),
    [
        (utc(2026, 11, 23, 9), "A"),
        (utc(2026, 11, 23, 11, 59), "A"),
        (utc(2026, 11, 23, 12), "B"),
        (utc(2026, 11, 23, 14), "C"),
        (utc(2026, 11, 23, 17), "D"),
        (utc(2026, 7, 1, 16), "D"),
        (utc(2026, 11, 28, 10), "E"),
        (utc(2026, 11, 29, 10), ""),
    ],
)
def test_bands_of_the_day(moment: datetime, band: str) -> None:
    assert band_of(moment) == band


def test_the_next_sitting_is_a_day_later_in_another_band() -> None:
    item = case(attempts=past(MONDAY_10), counted_attempts=1)
    assert next_allowed(item, MONDAY_10, project()) == utc(2026, 11, 24, 12)


def test_the_last_attempt_of_somebody_of_working_age_is_in_the_evening_or_on_saturday() -> None:
    item = case(patient=person(dob="1980-01-01"), attempts=past(MONDAY_10, utc(2026, 11, 24, 15)), counted_attempts=2)
    assert band_of(next_allowed(item, utc(2026, 11, 24, 15), project())) in ("D", "E")


def test_somebody_older_may_be_rung_in_the_daytime() -> None:
    item = case(patient=person(dob="1940-01-01"), attempts=past(MONDAY_10, utc(2026, 11, 24, 15)), counted_attempts=2)
    assert next_allowed(item, utc(2026, 11, 24, 15), project()) == utc(2026, 11, 25, 17)
    at_noon = case(patient=person(dob="1940-01-01"), attempts=past(MONDAY_10, utc(2026, 11, 24, 17, 30)))
    assert next_allowed(at_noon, utc(2026, 11, 26, 9), project()) == utc(2026, 11, 26, 9)


def test_three_attempts_are_never_all_on_one_weekday() -> None:
    item = case(patient=person(dob="1940-01-01"), attempts=past(MONDAY_10, utc(2026, 11, 30, 15)), counted_attempts=2)
    assert london(next_allowed(item, utc(2026, 12, 7, 9), project())).weekday() != 0


def test_a_taken_back_attempt_holds_nobody_up() -> None:
    gone = replace(past(MONDAY_10)[0], superseded=True)
    now = MONDAY_10 + timedelta(minutes=1)
    assert next_allowed(case(attempts=(gone,)), now, project()) == now


def test_where_only_mornings_are_open_the_wish_for_another_band_yields() -> None:
    mornings = replace(project(), hours=Hours(days={"monday": ("09:00", "12:00"), "tuesday": ("09:00", "12:00")}))
    item = case(attempts=past(MONDAY_10), counted_attempts=1)
    assert next_allowed(item, MONDAY_10, mornings) == utc(2026, 11, 24, 10)


def test_the_next_band_skips_the_night_and_the_sunday() -> None:
    assert next_band(MONDAY_10, project()) == utc(2026, 11, 23, 12)
    assert next_band(utc(2026, 11, 28, 12), project()) == utc(2026, 11, 30, 9)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 1)),  # noqa: DTZ001
    st.lists(st.integers(0, 60 * 24 * 5), max_size=3),
    st.sampled_from(["C01", "C02", "R04", "T01"]),
)
def test_every_next_time_is_open_and_keeps_its_distance(start: datetime, gaps: list[int], code: str) -> None:
    moments = [start.replace(tzinfo=UTC) + timedelta(minutes=sum(gaps[: nr + 1])) for nr in range(len(gaps))]
    item = case(attempts=past(*moments, outcome=code), counted_attempts=len(moments))
    now = max(moments, default=start.replace(tzinfo=UTC))
    found = next_allowed(item, now, project(), rules().holidays)
    assert found >= now
    assert is_open(found, HOURS, rules().holidays)
    if moments and code not in ("C02", "R04"):
        assert found - now >= timedelta(hours=24)


# --- the check at the moment of dialling ---


def dial(item: Item, now: datetime = MONDAY_10, age: timedelta | None = FRESH, **more: object) -> tuple[bool, str]:
    return may_dial(item, now, age, project(), holidays=rules().holidays, **more)  # type: ignore[arg-type]


def test_a_fresh_case_may_be_rung() -> None:
    assert dial(case(), number=MOBILE) == (True, "")


@pytest.mark.parametrize(
    ("minutes", "ok", "said"),
    [(239, True, ""), (240, True, "hours old"), (719, True, "hours old"), (720, False, "too old")],
)
def test_the_age_of_the_stop_list_warns_and_then_holds_back(minutes: int, ok: bool, said: str) -> None:
    allowed, reason = dial(case(), age=timedelta(minutes=minutes), number=MOBILE)
    assert allowed is ok
    assert said in reason


def test_a_list_that_was_never_read_may_not_be_rung_from() -> None:
    assert not dial(case(), age=None)[0]


@pytest.mark.parametrize("status", ["closed", "supervisor", "needs_review", "held"])
def test_a_case_that_is_not_open_is_refused_with_its_reason(status: str) -> None:
    allowed, reason = dial(case(status=status, status_why="because"), number=MOBILE)
    assert not allowed
    assert "because" in reason


def test_a_hold_with_a_time_ends_by_itself() -> None:
    item = case(status="held", not_before=MONDAY_10 + timedelta(hours=1))
    assert not dial(item, number=MOBILE)[0]
    assert dial(item, MONDAY_10 + timedelta(hours=1), number=MOBILE)[0]


def test_before_its_time_nobody_is_rung() -> None:
    item = case(not_before=MONDAY_10 + timedelta(hours=3), status_why="no answer")
    assert dial(item, number=MOBILE) == (False, "Not before 13:00: no answer.")


def test_a_promise_is_kept_not_forestalled() -> None:
    promise = Promise("p", MONDAY_10 + timedelta(hours=6), MONDAY_10 + timedelta(hours=7), "Ada", 1)
    item = case(status="callback", promises=(promise,), not_before=promise.from_at)
    assert dial(item, number=MOBILE) == (False, "We promised to ring 16:00.")
    assert dial(item, promise.from_at - timedelta(minutes=5), number=MOBILE)[0]


def test_outside_hours_even_a_promise_is_not_rung() -> None:
    assert dial(case(), utc(2026, 11, 23, 20), number=MOBILE) == (False, "Outside calling hours.")


@pytest.mark.parametrize("state", ["wrong", "dead", "barred"])
def test_a_blocked_number_is_refused(state: str) -> None:
    item = case(numbers=(Number(MOBILE, state=state), Number(LANDLINE)))  # type: ignore[arg-type]
    assert not dial(item, number=MOBILE)[0]
    assert dial(item, number=LANDLINE)[0]


def test_a_costly_number_needs_the_supervisor() -> None:
    allowed, reason = dial(case(numbers=(Number(MOBILE, dialable=False),)), number=MOBILE)
    assert (allowed, "supervisor" in reason) == (False, True)


def test_without_a_number_nobody_can_be_rung() -> None:
    assert not dial(case(numbers=()))[0]
    assert not dial(case(), number="+447700900999")[0]


def test_a_number_is_dialled_three_times_a_day_at_most() -> None:
    dials = [MONDAY_10 - timedelta(minutes=nr) for nr in range(3)]
    assert not dial(case(), number=MOBILE, dials=dials)[0]
    assert dial(case(), number=MOBILE, dials=dials[:2])[0]
    assert dial(case(), number=MOBILE, dials=[one - timedelta(days=1) for one in dials])[0]


def test_the_other_number_may_be_rung_in_the_same_sitting_and_the_same_one_may_not() -> None:
    item = case(
        attempts=past(MONDAY_10), counted_attempts=1, not_before=MONDAY_10 + timedelta(days=1), status_why="no answer"
    )
    soon = MONDAY_10 + timedelta(minutes=2)
    assert dial(item, soon, number=LANDLINE)[0]
    assert not dial(item, soon, number=MOBILE)[0]
    assert not dial(item, MONDAY_10 + timedelta(hours=2), number=LANDLINE)[0]


def test_a_person_too_young_for_the_project_is_not_rung() -> None:
    assert not dial(case(patient=person(dob="2010-01-01")), number=MOBILE)[0]


def test_age_counts_birthdays() -> None:
    assert age_on("1961-04-03", date(2026, 4, 2)) == 64
    assert age_on("1961-04-03", date(2026, 4, 3)) == 65
    assert age_on("2004-02-29", date(2026, 2, 28)) == 21
    assert age_on("not a date", date(2026, 1, 1)) is None


def test_times_are_said_the_way_people_say_them() -> None:
    assert when(utc(2026, 11, 23, 16), MONDAY_10) == "16:00"
    assert when(utc(2026, 11, 24, 9, 30), MONDAY_10) == "tomorrow 09:30"
    assert when(utc(2026, 12, 1, 14), MONDAY_10) == "Tue 1 Dec 14:00"
    assert when(utc(2027, 1, 4, 14), MONDAY_10) == "Mon 4 Jan 14:00 2027"


def test_nobody_under_sixteen_is_rung_even_where_an_older_project_record_allows_it() -> None:
    older = project(minimum_age=13)
    fifteen, sixteen = (case(patient=person(dob=dob)) for dob in ("2010-11-24", "2010-11-23"))
    assert not may_dial(fifteen, MONDAY_10, FRESH, older).ok
    assert may_dial(sixteen, MONDAY_10, FRESH, older).ok
