"""The three help routes: there for everybody, offline, before identity; the project's and the area's numbers first."""

from dataclasses import replace

import pytest

from caller_app.domain.concerns import ROUTES, UNCHECKED, help_for, read_help_routes, watch_words
from tests.rules.cases import project, resource, rules

TEXTS = rules().help_routes


def ring(route: str, **how: object) -> list[str]:
    found = help_for(TEXTS, how.get("project", project()), how.get("postcode", "NR1 1AA"))  # type: ignore[arg-type]
    return [number for _, number in found[ROUTES.index(route)].ring]


def test_the_three_routes_stand_in_their_order_with_words_to_say_and_to_ask() -> None:
    assert tuple(one.route for one in TEXTS) == ROUTES
    assert all(one.say and one.ask and one.remember and one.ring for one in TEXTS)
    assert TEXTS[0].say[0] == "I am worried about you and I am going to get help. Stay on the phone with me."


def test_immediate_danger_rings_999_first_and_the_duty_phone_stands_there() -> None:
    numbers = ring("immediate")
    assert numbers[0] == "999"
    assert project().duty_phone in numbers


def test_distress_rings_111() -> None:
    assert "111" in ring("distress")
    assert "116 123" in ring("distress")


def test_help_is_there_without_a_project_and_without_an_address() -> None:
    assert ring("immediate", project=None, postcode=None)[0] == "999"
    assert "0344 800 8020" in ring("safeguarding", project=None, postcode=None)


@pytest.mark.parametrize(
    ("postcode", "there"), [("NR1 1AA", True), ("PE30 5NA", True), ("IP20 0DA", False), ("ZZ99 3VZ", True)]
)
def test_the_safeguarding_team_is_chosen_by_home_address(postcode: str, there: bool) -> None:
    assert ("0344 800 8020" in ring("safeguarding", postcode=postcode)) is there


def test_a_number_nobody_checked_is_said_to_be_unchecked() -> None:
    assert help_for(TEXTS, None, None)[0].checked_on == UNCHECKED
    checked = tuple(
        replace(one, ring=tuple(replace(number, checked_on="2026-11-02") for number in one.ring)) for one in TEXTS
    )
    assert help_for(checked, project(), "NR1 1AA")[0].checked_on == "2026-11-02"


def test_no_number_is_shown_twice() -> None:
    contacts = tuple(replace(one, phone="9 9 9", route="immediate") for one in project().help_contacts)
    assert len(ring("immediate", project=replace(project(), help_contacts=contacts))) == 2


@pytest.mark.parametrize("note", ["talks of suicide", "He HIT her", "was abused", "wants to kill himself"])
def test_words_that_should_offer_the_button(note: str) -> None:
    assert watch_words(note)


@pytest.mark.parametrize("note", ["whitewash the kitchen", "skilled worker", "rings back at 3"])
def test_words_that_should_not(note: str) -> None:
    assert not watch_words(note)


def test_a_resource_without_a_route_does_not_load() -> None:
    text = resource("help_routes.toml")
    with pytest.raises(ValueError, match="in this order"):
        read_help_routes(text[: text.rindex("[[routes]]")])
