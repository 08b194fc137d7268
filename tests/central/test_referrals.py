"""Referrals at the centre: moved on once by one act, withdrawn until sent, counted against the places, not dropped."""

import threading
from typing import Any

import pytest

from caller_app.base.ids import new_id
from caller_app.domain.changes import ReferralRequested, ReferralTakenBack
from caller_app.domain.items import KIND_PROJECT
from caller_app.domain.projects import Pathway, Project
from tests.support.centre import Rig
from tests.support.station import Station, attempt

PATHWAYS = (
    Pathway(code="PROGRAMME", title="The programme", route="supported_referral", how="We send it.", outcomes=("A01",),
            owner="Healthier Lives", places_a_week=2),
    Pathway(code="ONCE", title="A course", route="supported_referral", how="We send it.", outcomes=("A01",), places=1),
    Pathway(code="LOCAL", title="Walks", route="signpost", how="Say where.", outcomes=("A07",)),
)  # fmt: skip


class House:
    """Anna and Ben call, Sam and Una supervise; a pathway takes two a week."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.anna, self.ben = rig.user("anna"), rig.user("ben")
        rig.user("sam", role="supervisor")
        rig.user("una", role="supervisor")
        self.project: Project = rig.project(pathways=PATHWAYS)
        self.stations: dict[str, Station] = {}

    def at(self, name: str) -> Station:
        if name not in self.stations:
            self.stations[name] = Station(self.rig, name).sign_in()
        return self.stations[name]

    def later(self, **how_long: int) -> None:
        self.rig.clock.pass_by(**how_long)
        for one in self.stations.values():
            one.sign_in()

    def refer(self, case_id: str = "", *, by: str = "anna", pathway: str = "PROGRAMME", **more: Any) -> dict[str, Any]:
        """Push one referral and give its verdict with its id."""
        station = self.at(by)
        case_id = case_id or self.rig.case(self.project, to=self.anna if by == "anna" else self.ben)
        given = {"route": "supported_referral", "consent": "yes", "shared_fields": ("name",), "wording_version": "3"}
        change = ReferralRequested(case_id=case_id, act_id=new_id(), pathway=pathway, **{**given, **more})
        change_id = new_id()
        (result,) = station.pushed(station.envelope(change, change_id=change_id))
        return {**result, "referral": change_id, "case": case_id}

    def take_back(self, made: dict[str, Any], *, by: str = "anna") -> dict[str, Any]:
        (result,) = self.at(by).pushed(
            ReferralTakenBack(
                case_id=made["case"], act_id=new_id(), referral_id=made["referral"], reason="changed their mind"
            )
        )
        return result

    def move(self, made: dict[str, Any], was: str, to: str, why: str = "", *, who: str = "sam") -> Any:
        path = f"/v1/supervise/referrals/{made['referral']}/move"
        return self.at(who).post(path, {"was": was, "to": to, "why": why})

    def moved(self, made: dict[str, Any], *states: str) -> None:
        was = "recorded"
        for to in states:
            reply = self.move(made, was, to, "said so").json()
            assert reply["done"] is True, reply
            was = to

    def listed(self, **params: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.at("sam").get("/v1/supervise/referrals", **params).json()
        return found

    def sheet(self, made: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.at("sam").get(f"/v1/supervise/referrals/{made['referral']}").json()
        return found

    def state(self, made: dict[str, Any]) -> str:
        """Give the state, which row and item have to agree on."""
        ((row,),) = self.rig.ask("SELECT state FROM referral WHERE referral_id = CAST(:r AS uuid)", r=made["referral"])
        (line,) = [one for one in self.rig.item(made["case"]).referrals if one.referral_id == made["referral"]]
        assert line.state == row
        return str(row)

    def full(self) -> dict[str, str]:
        """Give what the workstations are told of full pathways."""
        body = self.at("anna").catch_up()[self.project.project_id]
        told: dict[str, str] = body["full"]
        return told


@pytest.fixture
def house(centre: Rig) -> House:
    return House(centre)


def test_a_referral_goes_its_way_and_whoever_has_the_case_sees_it(house: House) -> None:
    made = house.refer()
    house.moved(made, "sent", "received", "booked", "attended")
    assert house.at("anna").catch_up()[made["case"]]["referrals"][0]["state"] == "attended"
    sheet = house.sheet(made)
    assert [(one["words"], one["by"]) for one in sheet["steps"]] == [
        ("recorded", "Anna"), ("sent", "Sam"), ("received", "Sam"), ("booked", "Sam"), ("attended", "Sam"),
    ]  # fmt: skip
    assert house.rig.ask("SELECT count(*) FROM audit WHERE what = 'referral_moved'") == [(4,)]
    assert house.rig.ask("SELECT count(*) FROM audit WHERE what = 'referral_viewed'") == [(1,)]


def test_pressing_twice_moves_it_once_and_says_who_did(house: House) -> None:
    made = house.refer()
    house.moved(made, "sent")
    again = house.move(made, "recorded", "sent", who="una").json()
    assert (again["done"], again["by"]) == (False, "Sam")
    assert again["sentence"] == "Sam has done this already: the referral is sent."
    assert house.rig.ask("SELECT count(*) FROM referral_step") == [(1,)]


def test_two_supervisors_at_the_same_time_move_it_once(house: House) -> None:
    made = house.refer()
    house.at("sam"), house.at("una")
    replies: list[Any] = []

    def press(who: str) -> None:
        replies.append(house.move(made, "recorded", "sent", who=who).json())

    threads = [threading.Thread(target=press, args=(who,)) for who in ("sam", "una")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(one["done"] for one in replies) == [False, True]
    assert house.rig.ask("SELECT count(*) FROM referral_step") == [(1,)]


@pytest.mark.parametrize(
    ("was", "to", "why", "words"),
    [
        ("recorded", "booked", "x", "not the next step"),
        ("sent", "booked", "x", "it is now to be sent"),
        ("recorded", "withdrawn", " ", "Say why"),
        ("recorded", "nowhere", "x", "not the next step"),
    ],
)
def test_a_step_that_does_not_exist_is_refused_and_nothing_changes(
    house: House, was: str, to: str, why: str, words: str
) -> None:
    made = house.refer()
    reply = house.move(made, was, to, why)
    assert reply.status_code == 422 and words in reply.text
    assert house.state(made) == "recorded"


def test_only_supervisors_see_and_move_them(house: House) -> None:
    made = house.refer()
    assert house.move(made, "recorded", "sent", who="anna").status_code == 403
    assert house.at("anna").get("/v1/supervise/referrals").status_code == 403
    assert house.at("sam").get(f"/v1/supervise/referrals/{new_id()}").status_code == 404


def test_the_list_has_what_leaves_us_and_what_has_to_be_cancelled_stands_first(house: House) -> None:
    first = house.refer()
    house.later(minutes=1)
    second = house.refer()
    house.refer(pathway="LOCAL", route="signpost", consent=None)
    found = house.listed()
    assert [one["referral_id"] for one in found["lines"]] == [first["referral"], second["referral"]]
    assert (found["lines"][0]["pathway"], found["lines"][0]["recorded_by"]) == ("The programme", "Anna")
    house.moved(second, "sent")
    house.take_back(second)
    found = house.listed()
    assert [one["state"] for one in found["lines"]] == ["cancel_due", "recorded"]
    assert found["by_state"] == {"cancel_due": 1, "recorded": 1}
    (pathway,) = found["pathways"]
    assert house.listed(pathway=pathway["key"])["total"] == 2
    assert house.listed(show="sent")["total"] == 0
    assert house.listed(show="recorded", limit=1, offset=1)["total"] == 1


def test_a_sheet_says_what_was_agreed_and_the_ways_on(house: House) -> None:
    made = house.refer(language="pl", interpreter="family", shared_with="Healthier Lives")
    sheet = house.sheet(made)
    facts = {one["label"]: one["value"] for one in sheet["facts"]}
    assert facts["Goes to"] == "Healthier Lives"
    assert facts["Agreed by"] == "the person"
    assert facts["Version of the words"] == "3"
    assert facts["Read in"] == "pl, with family interpreting"
    assert [one["to"] for one in sheet["moves"]] == ["sent", "withdrawn"]


# --- withdrawal ---


def test_before_it_is_sent_a_withdrawal_ends_it(house: House) -> None:
    made = house.refer()
    assert house.take_back(made)["verdict"] == "applied"
    assert house.state(made) == "withdrawn"
    assert house.sheet(made)["moves"] == []
    assert house.sheet(made)["steps"][-1]["why"] == "changed their mind"
    assert house.take_back(made)["verdict"] == "applied", "a second one changes nothing"
    assert house.rig.ask("SELECT count(*) FROM referral_step") == [(1,)]


def test_after_it_was_sent_the_service_has_to_be_told(house: House) -> None:
    made = house.refer()
    house.moved(made, "sent", "received")
    result = house.take_back(made)
    assert (result["verdict"], result["reason"]) == ("applied", "withdrawn_after_sending")
    assert house.state(made) == "cancel_due"
    (line,) = house.at("sam").get("/v1/supervise/board").json()["attention"]
    assert (line["what"], line["who"]) == ("referral", "Anna"), "it stands on the board until it is done"
    assert house.move(made, "cancel_due", "withdrawn").json()["done"]
    assert house.state(made) == "withdrawn"


def test_an_undone_call_takes_a_referral_back_the_same_way(house: House) -> None:
    from caller_app.domain.changes import AttemptSuperseded

    case_id, act_id = house.rig.case(house.project, to=house.anna), new_id()
    station = house.at("anna")
    call = station.envelope(attempt(case_id, "A01", act_id=act_id, facts={"pathway": "PROGRAMME", "consent": "yes"}))
    asked = ReferralRequested(case_id=case_id, act_id=act_id, pathway="PROGRAMME", route="supported_referral",
                              consent="yes")  # fmt: skip
    referral = station.envelope(asked)
    station.pushed(call, referral)
    made = {"referral": referral["id"], "case": case_id}
    house.moved(made, "sent")
    station.pushed(AttemptSuperseded(case_id=case_id, act_id=new_id(), attempt_id=call["id"], reason="wrong person"))
    assert house.state(made) == "cancel_due"


def test_a_withdrawal_of_a_referral_nobody_knows_is_looked_at(house: House) -> None:
    case_id = house.rig.case(house.project, to=house.anna)
    result = house.take_back({"case": case_id, "referral": new_id()})
    assert (result["verdict"], result["reason"]) == ("applied_review", "withdrawal_of_unknown")


def test_a_withdrawal_from_whoever_had_the_case_before_is_taken_all_the_same(house: House) -> None:
    made = house.refer()
    house.later(minutes=5)
    house.rig.reassign(house.anna, house.ben, case_ids=[made["case"]])
    house.later(minutes=5)
    assert house.take_back(made)["verdict"] == "applied"
    assert house.at("ben").catch_up()[made["case"]]["referrals"][0]["state"] == "withdrawn"


# --- the same person again ---


def test_one_underway_holds_a_second_however_old_it_is(house: House) -> None:
    made = house.refer()
    house.moved(made, "sent")
    house.later(days=40)
    again = house.refer(made["case"])
    assert (again["verdict"], again["reason"]) == ("applied_review", "duplicate_referral")
    assert house.state(again) == "held_for_review"


def test_one_underway_in_another_project_of_the_person_holds_it_too(house: House) -> None:
    made = house.refer()
    other = house.rig.project("Second invitation", pathways=PATHWAYS)
    patient = house.rig.item(made["case"]).patient
    twin = house.rig.case(house.project, to=house.ben)
    # The same person in another project: one row of the person, two cases.
    with house.rig.as_owner() as conn:
        from sqlalchemy import text

        conn.execute(
            text("UPDATE cases SET person_id = CAST(:p AS uuid), project_id = CAST(:j AS uuid) WHERE case_id = :c"),
            {"p": patient.person_id, "j": other.project_id, "c": twin},
        )
    again = house.refer(twin, by="ben")
    assert again["reason"] == "duplicate_referral"


# --- places ---


def test_a_full_week_is_said_to_the_workstations_and_what_still_comes_is_held(house: House) -> None:
    house.refer()
    assert house.full() == {}
    house.refer()
    assert house.full() == {"PROGRAMME": "2026-03-09"}, "the Monday after Tuesday 3 March"
    late = house.refer(by="ben")
    assert (late["verdict"], late["reason"]) == ("applied_review", "pathway_full")
    assert house.state(late) == "held_for_review"
    house.later(days=6)
    next_week = house.refer()
    assert next_week["verdict"] == "applied"
    assert house.full() == {}


def test_who_said_yes_last_week_takes_no_place_of_this_one(house: House) -> None:
    house.refer()
    house.later(days=7)
    house.refer()
    assert house.refer()["verdict"] == "applied"
    assert house.full() == {"PROGRAMME": "2026-03-16"}


def test_a_withdrawn_or_returned_referral_gives_its_place_back(house: House) -> None:
    made, other = house.refer(), house.refer()
    assert "PROGRAMME" in house.full()
    house.take_back(made)
    assert house.full() == {}
    house.refer()
    assert "PROGRAMME" in house.full()
    house.moved(other, "sent", "returned")
    assert house.full() == {}


def test_places_in_all_are_full_for_good(house: House) -> None:
    house.refer(pathway="ONCE")
    assert house.full() == {"ONCE": ""}
    house.later(days=60)
    assert house.refer(pathway="ONCE")["reason"] == "pathway_full"


def test_a_supervisor_may_send_one_more_than_there_are_places(house: House) -> None:
    house.refer(pathway="ONCE")
    over = house.refer(pathway="ONCE", by="ben")
    (line,) = house.at("sam").get("/v1/supervise/reviews").json()["lines"]
    assert line["title"] == "A referral to a pathway that is full"
    reply = house.at("sam").post(
        f"/v1/supervise/reviews/{line['review_id']}/settle", {"act": "release", "why": "agreed"}
    )
    assert reply.json()["done"] is True
    assert house.state(over) == "recorded"
    assert [one["words"] for one in house.sheet(over)["steps"]] == ["recorded", "to be sent"]


def test_two_workstations_at_once_cannot_take_the_last_place_both(house: House) -> None:
    cases = [house.rig.case(house.project, to=one) for one in (house.anna, house.ben)]
    house.at("anna"), house.at("ben")
    results: list[str | None] = []

    def push(case_id: str, by: str) -> None:
        results.append(house.refer(case_id, by=by, pathway="ONCE")["reason"])

    threads = [threading.Thread(target=push, args=one) for one in zip(cases, ("anna", "ben"), strict=True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(results, key=str) == [None, "pathway_full"]


def test_several_in_one_push_are_counted_one_after_the_other(house: House) -> None:
    cases = house.rig.cases(house.project, 3, to=house.anna)
    asked = [
        ReferralRequested(case_id=one, act_id=new_id(), pathway="PROGRAMME", route="supported_referral", consent="yes")
        for one in cases
    ]
    reasons = [one["reason"] for one in house.at("anna").pushed(*asked)]
    assert reasons == [None, None, "pathway_full"]
    assert house.rig.ask("SELECT count(*) FROM referral") == [(3,)], "none is dropped"


def test_the_record_of_the_project_grows_only_when_something_changes(house: House) -> None:
    before = house.rig.ask("SELECT ver FROM rec_ver WHERE id = CAST(:p AS uuid)", p=house.project.project_id)
    house.refer()
    assert before == house.rig.ask("SELECT ver FROM rec_ver WHERE id = CAST(:p AS uuid)", p=house.project.project_id)
    assert house.rig.ask("SELECT count(*) FROM rec_body WHERE kind = :k", k=KIND_PROJECT) == [(1,)]
