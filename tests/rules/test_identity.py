"""The identity check: what passes, what fails, and what is never said."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caller_app.base.errors import Refused
from caller_app.domain.identity import PARTIAL, TICKS, TITLES, assess, fields_for, policy_words, proxy_field, proxy_of

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
    ticked = {name: "differs" if tick == PARTIAL and name != "dob" else tick for name, tick in ticked.items()}
    needed = {"3of3": 3, "2of3": 2, "3of4": 3}[policy]
    enough = sum(tick == "matches" for tick in ticked.values()) >= needed and ticked["dob"] == "matches"
    assert assess(policy, ticked).passed is enough


def test_the_sentence_of_a_failure_names_no_field_and_is_always_the_same() -> None:
    whole = [one for one in TICKS if one != PARTIAL]
    said = {assess("3of3", ticks(*given)).sentence for given in product(whole, repeat=3) if "differs" in given[:1]}
    assert len(said) == 1
    assert not any(title.lower() in said.copy().pop().lower() for title in TITLES.values())


def test_day_and_month_of_birth_count_as_differs_unless_the_project_says_otherwise() -> None:
    said = {"full_name": "matches", "dob": PARTIAL, "address": "matches"}
    assert assess("3of3", said).failed
    assert assess("3of3", said, partial_dob=True).passed
    assert assess("3of3", said, partial_dob=True).corrections == (), "nothing differs from the record"
    assert assess("2of3", said).failed, "the date of birth is always among the matches"


def test_a_part_of_anything_but_the_date_of_birth_is_refused() -> None:
    with pytest.raises(Refused):
        assess("3of3", {"full_name": PARTIAL}, partial_dob=True)


def test_who_speaks_for_the_person_says_the_persons_details_and_who_they_are() -> None:
    person = ticks("matches", "matches", "matches")
    mother, father = proxy_field("a1"), proxy_field("a2")
    both = (mother, father)
    waiting = assess("3of3", person, proxies=both)
    assert (waiting.state, "their own name" in waiting.sentence) == ("unfinished", True)
    assert assess("3of3", person | {father: "matches"}, proxies=both).passed
    assert not assess("3of3", person | {mother: "differs"}, proxies=both).failed, "it may be the other one"
    assert assess("3of3", person | {mother: "differs", father: "declined"}, proxies=both).failed
    assert assess("3of3", {father: "matches"}, proxies=both).state == "unfinished"
    assert assess("3of3", person | {"dob": "differs", father: "matches"}, proxies=both).failed
    assert assess("3of3", person, proxies=()).failed, "nothing is recorded any more"
    assert proxy_of(person | {mother: "differs", father: "matches"}) == "a2"


def test_an_unknown_policy_or_tick_is_refused() -> None:
    with pytest.raises(Refused):
        policy_words("1of1")
    with pytest.raises(Refused):
        assess("3of3", {"dob": "maybe"})
