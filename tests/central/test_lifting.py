"""A stop is taken back only by a supervisor, only where nothing else stops the person, and for all their cases."""

from typing import Any

import pytest

from caller_app.base.ids import new_id
from caller_app.domain.changes import AttemptSuperseded
from tests.central.test_reviews import Desk
from tests.support.centre import Rig
from tests.support.station import attempt


@pytest.fixture
def desk(centre: Rig) -> Desk:
    return Desk(centre)


def stopped_by_mistake(desk: Desk, case_id: str, outcome: str = "D03") -> dict[str, Any]:
    """Anna presses the wrong key and takes it back at once."""
    done = desk.at("anna").envelope(attempt(case_id, outcome, facts={"scope": "all", "words": "no more"}))
    desk.at("anna").pushed(done)
    undo = AttemptSuperseded(case_id=case_id, act_id=new_id(), attempt_id=done["id"], reason="pressed the wrong key")
    (result,) = desk.at("anna").pushed(undo)
    assert (result["verdict"], result["reason"]) == ("applied_review", "undo_of_safety")
    assert desk.rig.item(case_id).status == "closed"
    assert case_id not in desk.at("anna").catch_up()
    return done


def suppressed(desk: Desk) -> list[Any]:
    return desk.rig.ask("SELECT kind, lifted_by FROM suppression ORDER BY from_at")


def test_a_stop_pressed_by_mistake_is_lifted_and_the_person_is_back_with_their_caller(desk: Desk) -> None:
    case_id = desk.case()
    desk.at("anna").catch_up()
    stopped_by_mistake(desk, case_id)
    line = desk.only()
    assert (line["review_class"], line["urgent"]) == ("undo_of_safety", True)
    desk.settled("reapply", why="she pressed the wrong key")
    item = desk.rig.item(case_id)
    assert (item.status, item.attempts[0].superseded) == ("ready", True)
    assert suppressed(desk) == [("contact_objection", desk.sam.user_id)]
    assert desk.rig.ask("SELECT stopped_at FROM person") == [(None,)]
    assert desk.at("anna").catch_up()[case_id]["status"] == "ready"
    assert desk.open() == []
    assert desk.rig.ask("SELECT user_id FROM audit WHERE what = 'stop_lifted'") == [(desk.sam.user_id,)]
    (result,) = desk.at("anna").pushed(attempt(case_id))
    assert result["verdict"] == "applied", "and can be rung again"


def test_every_case_of_the_person_that_the_stop_closed_is_open_again(desk: Desk) -> None:
    case_id = desk.case()
    patient = desk.rig.item(case_id).patient
    other = desk.rig.project("Winter vaccination", campaign="vaccination")
    second = desk.rig.case(other, to=desk.ben, person_id=patient.person_id, nhs_number=patient.nhs_number)
    stopped_by_mistake(desk, case_id)
    assert desk.rig.item(second).status == "closed"
    assert second not in desk.at("ben").catch_up()
    desk.settled("reapply")
    assert desk.rig.item(second).status == "ready"
    assert desk.at("ben").catch_up()[second]["status"] == "ready"


def test_another_stop_of_the_person_is_never_lifted_with_it(desk: Desk) -> None:
    case_id = desk.case()
    stopped_by_mistake(desk, case_id)
    desk.at("anna").pushed(attempt(case_id, "S01", facts={"who": "daughter"}))
    review_id = next(one["review_id"] for one in desk.open() if one["review_class"] == "undo_of_safety")
    refused = desk.settle("reapply", review_id=review_id)
    assert "Something else stops this person" in refused["detail"]
    assert all(lifted is None for _kind, lifted in suppressed(desk))
    assert desk.rig.item(case_id).status == "closed"
    desk.settled("keep", review_id=review_id)


def test_the_result_may_also_stand(desk: Desk) -> None:
    case_id = desk.case()
    stopped_by_mistake(desk, case_id, "D02")
    desk.settled("keep")
    assert desk.rig.item(case_id).status == "closed"
    assert suppressed(desk) == [("campaign_opt_out", None)]
