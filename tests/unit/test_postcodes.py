"""Postcodes and codes of organisations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caller_app.domain import ods
from caller_app.domain.postcodes import check, is_pseudo, normalise


@pytest.mark.parametrize(
    ("written", "postcode"),
    [
        ("NR1 1AA", "NR1 1AA"),
        ("nr311aa", "NR31 1AA"),
        ("IP20 0DA", "IP20 0DA"),
        ("PE30 5NA", "PE30 5NA"),
        ("SW1A 1AA", "SW1A 1AA"),
        ("W1A 0AX", "W1A 0AX"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("GIR 0AA", "GIR 0AA"),
        ("LS1  6UP", "LS1 6UP"),
        ("n r 1\u00a01-a.a", "NR1 1AA"),
        ("ZZ993VZ", "ZZ99 3VZ"),
        ("zz99 3wz", "ZZ99 3WZ"),
    ],
)
def test_a_good_postcode_gets_its_normal_form(written: str, postcode: str) -> None:
    assert check(written) == postcode


@pytest.mark.parametrize(
    "written", ["NRI 1AA", "NR1 OAA", "BR1 234", "NR1 1AAX", "", "Norwich", "ZZ99 9ZZ", "NR1", "1AA NR1"]
)
def test_a_bad_postcode_is_none(written: str) -> None:
    assert check(written) is None


def test_the_codes_for_no_place_are_known() -> None:
    assert is_pseudo("ZZ99 3VZ")
    assert is_pseudo("ZZ99 3WZ")
    assert not is_pseudo("NR1 1AA")


@given(st.text(max_size=12))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert check(text) in (None, once)


@pytest.mark.parametrize(
    ("written", "code"), [("D82001", "D82001"), (" d82001\u00a0", "D82001"), ("D 82001", "D82001")]
)
def test_a_practice_code_gets_its_normal_form(written: str, code: str) -> None:
    assert ods.check(written) == code


@pytest.mark.parametrize("written", ["", "D8200", "82001", "D820011", "DD2001", "D82O01"])
def test_what_is_no_practice_code_is_none(written: str) -> None:
    assert ods.check(written) is None
