"""A number found to be somebody else's is not dialled for the person's other cases either, whoever has them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from caller_app.base.ids import new_id
from caller_app.domain.changes import AttemptSuperseded, CorrectionProposed
from caller_app.domain.items import Item, Number
from caller_app.domain.practices import PracticeDirectory
from tests.central.test_intake import cohort, listed, person, take_in
from tests.support.centre import Rig, nhs_number
from tests.support.station import Station, attempt

__all__ = ["listed"]

WRONG, RIGHT = "+447700900311", "+447700900312"
NUMBERS = tuple(Number(e164=one, label="mobile", kind="mobile", textable=True) for one in (WRONG, RIGHT))


class Twins:
    """One person with a case of Anna's in one project and a case of Ben's in another."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        anna, ben = rig.user("anna"), rig.user("ben")
        about: dict[str, Any] = {"person_id": new_id(), "nhs_number": nhs_number(900_001), "numbers": NUMBERS}
        self.first = rig.case(rig.project("First"), to=anna, **about)
        self.second = rig.case(rig.project("Second"), to=ben, **about)
        self.anna, self.ben = Station(rig, "anna").sign_in(), Station(rig, "ben").sign_in()
        self.ben.catch_up()

    def states(self, case_id: str) -> list[tuple[str, bool]]:
        return [(one.state, one.textable) for one in self.rig.item(case_id).numbers]


@pytest.fixture
def twins(centre: Rig) -> Twins:
    return Twins(centre)


@pytest.mark.parametrize("code", ["P02", "P03"])
def test_a_wrong_number_is_blocked_in_the_other_project_and_said_to_whoever_has_the_case(
    twins: Twins, code: str
) -> None:
    twins.anna.pushed(attempt(twins.first, code, number=WRONG))
    assert twins.states(twins.second) == [("wrong", False), ("untried", True)]
    came = twins.ben.catch_up()
    assert [one["state"] for one in came[twins.second]["numbers"]] == ["wrong", "untried"]
    item = twins.rig.item(twins.second)
    assert (item.status, item.attempts, item.corrections) == ("ready", (), ()), "what was said stays where it was said"


def test_a_number_claimed_to_be_wrong_is_blocked_there_too(twins: Twins) -> None:
    twins.anna.pushed(
        CorrectionProposed(
            case_id=twins.first, act_id=new_id(), type="PHONE_WRONG", field="phone", old=WRONG, new=None, values={},
            source="third_party", evidence="heard",
        )
    )  # fmt: skip
    assert twins.states(twins.second)[0] == ("wrong", False)


def test_taking_the_result_back_gives_the_number_back_everywhere(twins: Twins) -> None:
    twins.ben.pushed(attempt(twins.second, "C01", number=WRONG))
    (made,) = twins.anna.pushed(attempt(twins.first, "P02", number=WRONG))
    assert twins.states(twins.second)[0] == ("wrong", False)
    twins.anna.pushed(AttemptSuperseded(case_id=twins.first, act_id=new_id(), attempt_id=made["id"], reason="slip"))
    assert twins.states(twins.first)[0] == ("untried", True)
    assert twins.states(twins.second)[0] == ("no_answer", True), "as its own history has it"


def test_taking_back_another_result_does_not_give_it_back(twins: Twins) -> None:
    (rang,) = twins.ben.pushed(attempt(twins.second, "C01", number=WRONG))
    twins.anna.pushed(attempt(twins.first, "P02", number=WRONG))
    twins.ben.pushed(AttemptSuperseded(case_id=twins.second, act_id=new_id(), attempt_id=rang["id"], reason="slip"))
    assert twins.states(twins.second)[0] == ("wrong", False)


def test_while_two_cases_were_told_so_one_taking_back_is_not_enough(twins: Twins) -> None:
    (made,) = twins.anna.pushed(attempt(twins.first, "P02", number=WRONG))
    twins.ben.pushed(attempt(twins.second, "P02", number=WRONG))
    twins.anna.pushed(AttemptSuperseded(case_id=twins.first, act_id=new_id(), attempt_id=made["id"], reason="slip"))
    assert [twins.states(one)[0] for one in (twins.first, twins.second)] == [("wrong", False)] * 2


def test_another_person_with_the_same_number_keeps_it(twins: Twins) -> None:
    project = twins.rig.project("Third")
    other = twins.rig.case(project, numbers=NUMBERS)
    twins.anna.pushed(attempt(twins.first, "P02", number=WRONG))
    assert twins.states(other)[0] == ("untried", True)


def test_a_list_for_another_project_does_not_bring_the_number_back(
    centre: Rig, listed: PracticeDirectory, tmp_path: Path
) -> None:
    anna = centre.user("anna")
    first, second = centre.project("First"), centre.project("Second")
    people = [person(1), person(2)]
    take_in(centre, cohort(tmp_path, "a.csv", *people), first, listed)
    case_id = _case(centre, first.project_id, 1)
    centre.give([case_id], anna)
    Station(centre, "anna").sign_in().pushed(attempt(case_id, "P02", number="+447700900001"))
    taken = take_in(centre, cohort(tmp_path, "b.csv", *people), second, listed)
    assert (taken.cases, taken.ready, taken.held) == (2, 1, 1)
    items: list[Item] = [centre.item(_case(centre, second.project_id, serial)) for serial in (1, 2)]
    assert [(one.status, one.numbers[0].state) for one in items] == [("held", "wrong"), ("ready", "untried")]
    assert items[0].numbers[0] == replace(items[0].numbers[0], textable=False)


def _case(centre: Rig, project_id: str, serial: int) -> str:
    rows = centre.ask(
        "SELECT case_id FROM cases JOIN person USING (person_id) "
        "WHERE nhs_number = :n AND project_id = CAST(:p AS uuid)",
        n=nhs_number(serial), p=project_id,
    )  # fmt: skip
    return str(rows[0][0])
