"""Days and times as callers type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.widgets.typed_time import Day, day_in_words, read_day, read_time

TODAY = date(2026, 11, 24)  # a Tuesday


@pytest.mark.parametrize(
    ("typed", "day", "read"),
    [
        ("today", "", date(2026, 11, 24)),
        ("Tomorrow", "future", date(2026, 11, 25)),
        ("yesterday", "past", date(2026, 11, 23)),
        ("fri", "future", date(2026, 11, 27)),
        ("tuesday", "future", date(2026, 11, 24)),
        ("fri", "past", date(2026, 11, 20)),
        ("24/11", "future", date(2026, 11, 24)),
        ("23/11", "future", date(2027, 11, 23)),
        ("25/11", "past", date(2025, 11, 25)),
        ("3 dec", "future", date(2026, 12, 3)),
        ("1st January", "future", date(2027, 1, 1)),
        ("24.11.26", "", date(2026, 11, 24)),
        ("24-11-2026", "", date(2026, 11, 24)),
        ("2026-11-24", "", date(2026, 11, 24)),
        ("29/2/2028", "", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_as_it_was_meant(typed: str, day: Day, read: date) -> None:
    assert read_day(typed, TODAY, day) == read


@pytest.mark.parametrize("typed", ["", "soon", "31/2", "29/2/2027", "24/13", "2026-02-30", "t", "24/11/2026/1", "0/0"])
def test_what_is_not_a_day_is_not_guessed(typed: str) -> None:
    assert read_day(typed, TODAY) is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9", "09:00"),
        ("930", "09:30"),
        ("14:30", "14:30"),
        ("1430", "14:30"),
        ("2", "14:00"),
        ("2pm", "14:00"),
        ("2.30 pm", "14:30"),
        ("08:15", "08:15"),
        ("07:15", "07:15"),
        ("12am", "00:00"),
        ("12pm", "12:00"),
    ],
)
def test_a_time_is_read_as_it_was_meant(typed: str, read: str) -> None:
    assert read_time(typed) == read


@pytest.mark.parametrize("typed", ["", "25", "9:75", "noon", "1:2:3", "99pm"])
def test_what_is_not_a_time_is_not_guessed(typed: str) -> None:
    assert read_time(typed) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_said_in_figures_is_read_back(day: date) -> None:
    assert read_day(f"{day:%d/%m/%Y}", TODAY) == day
    assert str(day.year) in day_in_words(day)


@given(st.text(max_size=40))
def test_no_text_upsets_the_reading(typed: str) -> None:
    found = read_day(typed, TODAY)
    assert found is None or isinstance(found, date)
    told = read_time(typed)
    assert told is None or len(told) == 5
