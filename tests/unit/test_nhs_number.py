"""NHS numbers: what is taken, what is refused and under which code."""

import nhs_number as uk_fci
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caller_app.domain.nhs_number import NhsNumber, NhsNumberRefusal, check, check_digit_fits, show

VALID_999 = [
    "9990123454",
    "9990246904",
    "9990370354",
    "9990493804",
    "9990617252",
    "9990740704",
    "9990864152",
    "9990987602",
    "9991111050",
    "9991234500",
    "9991357955",
    "9991481400",
]


def code(value: object, *, test_mode: bool = True) -> str | None:
    checked = check(value, test_mode=test_mode)
    return checked.code if isinstance(checked, NhsNumberRefusal) else None


def digits(value: object) -> str | None:
    checked = check(value, test_mode=True)
    return checked.digits if isinstance(checked, NhsNumber) else None


@pytest.mark.parametrize("number", VALID_999)
def test_numbers_of_the_999_range_are_good_in_test_mode_only(number: str) -> None:
    assert digits(number) == number
    assert code(number, test_mode=False) == "NHS_NUMBER_RANGE"


@pytest.mark.parametrize(
    "written",
    [
        "999 012 3454",
        "999-012-3454",
        " 9990123454 ",
        "999\u00a0012\u00a03454",
        "\ufeff9990123454",
        "999\u200b0123454",
        "999\u20600123454",
        "９９９０１２３４５４",
        "9990123454.0",
        9990123454,
        9990123454.0,
        "999–012–3454",
    ],
)
def test_spaces_hyphens_invisible_characters_and_numbers_are_cleaned(written: object) -> None:
    assert digits(written) == "9990123454"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "NHS_NUMBER_MISSING"),
        ("", "NHS_NUMBER_MISSING"),
        (" \u00a0", "NHS_NUMBER_MISSING"),
        ("-", "NHS_NUMBER_MISSING"),
        ("TBC", "NHS_NUMBER_CHARACTERS"),
        ("99901234O4", "NHS_NUMBER_CHARACTERS"),
        ("٩٩٩٠١٢٣٤٥٤", "NHS_NUMBER_CHARACTERS"),
        (True, "NHS_NUMBER_CHARACTERS"),
        (9990123454.5, "NHS_NUMBER_CHARACTERS"),
        (-9990123454, "NHS_NUMBER_CHARACTERS"),
        ("999012345", "NHS_NUMBER_LENGTH"),
        (999012345, "NHS_NUMBER_LENGTH"),
        ("99901234540", "NHS_NUMBER_LENGTH"),
        ("9.99E+09", "NHS_NUMBER_LOST_PRECISION"),
        ("9.99e9", "NHS_NUMBER_LOST_PRECISION"),
        ("9,99012E+09", "NHS_NUMBER_LOST_PRECISION"),
        ("0000000000", "NHS_NUMBER_REPEATED_DIGITS"),
        ("1111111111", "NHS_NUMBER_REPEATED_DIGITS"),
        ("9876543211", "NHS_NUMBER_CHECK_DIGIT"),
        ("9876543210"[:9] + "1", "NHS_NUMBER_CHECK_DIGIT"),
        ("9991234560", "NHS_NUMBER_CHECK_DIGIT"),
    ],
)
def test_a_refusal_names_its_reason(value: object, expected: str) -> None:
    assert code(value) == expected


def number_in(first_nine: int) -> str | None:
    stem = f"{first_nine:09d}"
    return next((stem + last for last in "0123456789" if check_digit_fits(stem + last)), None)


@pytest.mark.parametrize(
    ("first", "last", "accepted", "warning"),
    [
        (400_000_000, 499_999_999, True, None),
        (600_000_000, 799_999_999, True, None),
        (320_000_000, 399_999_999, True, "NHS_NUMBER_NORTHERN_IRELAND"),
        (10_000_000, 311_299_999, True, "NHS_NUMBER_SCOTLAND"),
        (500_000_000, 599_999_999, False, None),
        (311_300_000, 319_999_999, False, None),
        (860_000_000, 899_999_999, False, None),
        (800_000_000, 859_999_999, False, None),
        (0, 9_999_999, False, None),
        (900_000_000, 999_999_999, False, None),
    ],
)
def test_ranges_are_kept_to_at_both_ends(first: int, last: int, accepted: bool, warning: str | None) -> None:
    if warning == "NHS_NUMBER_SCOTLAND":
        first, last = 10_100_000, 311_299_999  # the first and the last day of a year
    low = next(number for stem in range(first + 1, first + 40) if (number := number_in(stem)))
    high = next(number for stem in range(last - 1, last - 40, -1) if (number := number_in(stem)))
    for number in (low, high):
        checked = check(number, test_mode=False)
        if accepted:
            assert isinstance(checked, NhsNumber)
            assert checked.warning == warning
        else:
            assert isinstance(checked, NhsNumberRefusal)
            assert checked.code == "NHS_NUMBER_RANGE"


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_the_check_digit_agrees_with_the_reference_package(number: str) -> None:
    assert check_digit_fits(number) == (uk_fci.calculate_checksum(number[:9]) == int(number[9]))


@given(st.from_regex(r"[0-3][0-9][01][0-9]{7}", fullmatch=True))
def test_scottish_numbers_agree_with_the_reference_package(number: str) -> None:
    if number == number[0] * 10 or not uk_fci.REGION_SCOTLAND.contains_number(number):
        return
    assert isinstance(check(number, test_mode=False), NhsNumber) == uk_fci.is_valid(number)


def test_a_scottish_number_with_an_impossible_birthday_is_refused() -> None:
    assert check_digit_fits("0113011113")
    assert code("0113011113") == "NHS_NUMBER_RANGE"


@given(st.integers(min_value=400_000_000, max_value=499_999_999), st.integers(0, 8))
def test_two_neighbouring_digits_swapped_are_always_noticed(first_nine: int, place: int) -> None:
    number = number_in(first_nine)
    if number is None or number[place] == number[place + 1]:
        return
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert not check_digit_fits(swapped)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()))
def test_any_value_gives_an_answer_and_a_good_one_is_ten_digits(value: object) -> None:
    checked = check(value, test_mode=True)
    if isinstance(checked, NhsNumber):
        assert len(checked.digits) == 10
        assert checked.digits.isascii()
        assert digits(show(checked.digits)) == checked.digits
    else:
        assert checked.sentence


def test_a_number_is_shown_in_groups_of_three_three_and_four() -> None:
    assert show("9990123454") == "999 012 3454"
