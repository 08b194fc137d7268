"""Dates of cohort files: real, text, serial; two-digit years; ages."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caller_app.domain.dates import DateEvidence, DateFault, DateOrder, age_on, evidence_in, from_serial, read_date

AS_OF = date(2026, 10, 5)


def value(cell: object, **options: object) -> date | None:
    return read_date(cell, as_of=AS_OF, **options).value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "03/04/1961",
        "3/4/1961",
        "03.04.1961",
        "03-04-1961",
        "1961-04-03",
        "1961-04-03 00:00:00",
        "1961-04-03T00:00:00",
        "03-Apr-1961",
        "3 Apr 1961",
        "3rd April 1961",
        "April 3, 1961",
        "  03/04/1961\u00a0",
        "19610403",
        "Monday 3 April 1961",
        "Mon 03/04/1961",
        "03 / 04 / 1961",
        "03/04/1961.",
        "03/04/1961 12:00:00 AM",
    ],
)
def test_text_dates_are_read_day_first(text: str) -> None:
    assert value(text) == date(1961, 4, 3)


def test_month_first_is_read_only_when_someone_said_so() -> None:
    assert value("03/04/1961", order=DateOrder.MONTH_FIRST) == date(1961, 3, 4)
    assert value("1961-04-03", order=DateOrder.MONTH_FIRST) == date(1961, 4, 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19/3/70", date(1970, 3, 19)),
        ("05.10.26", date(2026, 10, 5)),
        ("06.10.26", date(1926, 10, 6)),
        ("1-1-99", date(1999, 1, 1)),
        ("03/04/'61", date(1961, 4, 3)),
    ],
)
def test_a_two_digit_year_takes_the_century_that_is_not_in_the_future(text: str, expected: date) -> None:
    read = read_date(text, as_of=AS_OF)
    assert (read.value, read.two_digit_year) == (expected, True)


@pytest.mark.parametrize("cell", [None, "", " ", "-"])
def test_an_empty_cell_is_missing(cell: object) -> None:
    assert read_date(cell, as_of=AS_OF).fault is DateFault.MISSING


@pytest.mark.parametrize("cell", ["??/??/1950", "1958", 1958, "approx 60", "June", True, "12/1950", "1/2/3/4", "31.12"])
def test_what_is_no_date_is_unreadable(cell: object) -> None:
    assert read_date(cell, as_of=AS_OF).fault is DateFault.UNREADABLE


@pytest.mark.parametrize(
    "cell", ["31/11/1949", "29/02/1961", "00/00/0000", "32/01/1970", "30-Feb-1972", "01/13/1960", 60, -5, 0]
)
def test_a_day_that_never_was_is_impossible(cell: object) -> None:
    assert read_date(cell, as_of=AS_OF).fault is DateFault.IMPOSSIBLE


def test_real_dates_win_and_bare_numbers_are_serials() -> None:
    assert value(datetime(1961, 4, 3, 12, 30)) == date(1961, 4, 3)  # noqa: DTZ001
    assert value(date(1961, 4, 3)) == date(1961, 4, 3)
    read = read_date(32142, as_of=AS_OF)
    assert (read.value, read.serial) == (date(1987, 12, 31), True)
    assert value("32142") == date(1987, 12, 31)


def test_serials_count_from_1900_or_1904() -> None:
    assert from_serial(1) == date(1900, 1, 1)
    assert from_serial(59) == date(1900, 2, 28)
    assert from_serial(60) is None
    assert from_serial(61) == date(1900, 3, 1)
    assert from_serial(21_000.99) == from_serial(21_000)
    assert from_serial(0, date1904=True) == date(1904, 1, 1)
    assert from_serial(2_958_466) is None


@given(st.dates(min_value=date(1900, 3, 1)))
def test_the_two_date_systems_are_1462_days_apart(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert from_serial(serial) == day
    if day >= date(1904, 1, 1):
        assert from_serial(serial - 1462, date1904=True) == day


@given(st.dates(min_value=date(1907, 1, 1), max_value=AS_OF))
def test_every_way_of_writing_a_birthday_is_read_back(day: date) -> None:
    for shape in ("%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d-%b-%Y", "%d %B %Y", "%Y%m%d"):
        assert value(day.strftime(shape)) == day
    assert value(day.strftime("%m/%d/%Y"), order=DateOrder.MONTH_FIRST) == day


@given(st.one_of(st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False), st.integers(), st.booleans()))
def test_any_cell_gives_a_date_or_a_fault(cell: object) -> None:
    read = read_date(cell, as_of=AS_OF)
    assert (read.value is None) == (read.fault is not None)


def test_evidence_for_an_order_is_seen_only_where_there_is_some() -> None:
    assert evidence_in("13/01/1960") is DateEvidence.DAY_FIRST
    assert evidence_in("01/13/1960") is DateEvidence.MONTH_FIRST
    assert evidence_in("01/12/60") is DateEvidence.EITHER
    assert evidence_in("1960-01-13") is None
    assert evidence_in("31/31/1960") is None


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2000, 1, 1)), st.integers(0, 40_000))
def test_age_grows_by_one_on_the_birthday(born: date, days: int) -> None:
    day = born + timedelta(days=days)
    before = day - timedelta(days=1)
    birthday = (day.month, day.day) == (born.month, born.day) or (
        (born.month, born.day) == (2, 29) and (day.month, day.day) == (3, 1) and before.day == 28
    )
    assert age_on(born, day) - age_on(born, before) == (1 if birthday else 0)
