"""The identity check: what passes, what fails, and what is never said."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caller_app.base.errors import Refused
from caller_app.domain.identity import TICKS, TITLES, assess, fields_for, policy_words

THREE = ("full_name", "dob", "address")
FOUR = (*THREE, "phone")


def ticks(*given: str, fields: tuple[str, ...] = THREE) -> dict[str, str]:
    return dict(zip(fields, given, strict=True))


def test_three_of_three_needs_all() -> None:
    assert assess("3of3", ticks("matches", "matches", "matches")).passed
    assert assess("3of3", ticks("matches", "matches", "differs")).failed
    assert assess("3of3", ticks("matches", "matches", "not_asked")).state == "unfinished"


def test_two_of_three_passes_with_a_correction_for_the_field_that_differs() -> None:
    found = assess("2of3", ticks("matches", "matches", "differs"))
    assert found.passed
    assert found.corrections == ("address",)


def test_the_date_of_birth_is_always_among_the_matches() -> None:
    assert assess("2of3", ticks("matches", "declined", "matches")).failed
    assert assess("2of3", ticks("matches", "not_asked", "matches")).state == "unfinished"


def test_three_of_four() -> None:
    assert assess("3of4", ticks("matches", "matches", "differs", "matches", fields=FOUR)).passed
    assert assess("3of4", ticks("matches", "matches", "differs", "declined", fields=FOUR)).failed


def test_nothing_asked_is_not_failed() -> None:
    assert assess("3of3", {}).state == "unfinished"


def test_a_tick_for_a_field_that_is_not_asked_counts_for_nothing() -> None:
    assert not assess("2of3", {"full_name": "matches", "phone": "matches", "nhs_number": "matches"}).passed


@given(st.sampled_from(["3of3", "2of3", "3of4"]), st.lists(st.sampled_from(TICKS), min_size=4, max_size=4))
def test_it_passes_exactly_when_enough_match_with_the_date_of_birth(policy: str, given_ticks: list[str]) -> None:
    fields = fields_for(policy)
    ticked = dict(zip(fields, given_ticks, strict=False))
    needed = {"3of3": 3, "2of3": 2, "3of4": 3}[policy]
    enough = sum(tick == "matches" for tick in ticked.values()) >= needed and ticked["dob"] == "matches"
    assert assess(policy, ticked).passed is enough


def test_the_sentence_of_a_failure_names_no_field_and_is_always_the_same() -> None:
    said = {assess("3of3", ticks(*given)).sentence for given in product(TICKS, repeat=3) if "differs" in given[:1]}
    assert len(said) == 1
    assert not any(title.lower() in said.copy().pop().lower() for title in TITLES.values())


def test_an_unknown_policy_or_tick_is_refused() -> None:
    with pytest.raises(Refused):
        policy_words("1of1")
    with pytest.raises(Refused):
        assess("3of3", {"dob": "maybe"})
