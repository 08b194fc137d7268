"""Reviews are seen by class and urgency, read with both versions side by side, and settled once, by one person."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from caller_app.base.ids import new_id
from caller_app.domain.changes import (
    AttemptSuperseded,
    CallbackPromised,
    ConcernRaised,
    CorrectionProposed,
    ReferralRequested,
)
from tests.support.centre import Rig
from tests.support.station import Station, attempt


@pytest.fixture
def desk(centre: Rig) -> "Desk":
    return Desk(centre)


class Desk:
    """Anna and Ben call, Sam and Una supervise."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.anna, self.ben = rig.user("anna"), rig.user("ben")
        self.sam, self.una = rig.user("sam", role="supervisor"), rig.user("una", role="supervisor")
        self.project = rig.project()
        self.stations: dict[str, Station] = {}

    def at(self, name: str) -> Station:
        if name not in self.stations:
            self.stations[name] = Station(self.rig, name).sign_in()
        return self.stations[name]

    def case(self, **about: Any) -> str:
        return self.rig.case(self.project, to=self.anna, **about)

    def moved(self, case_id: str) -> None:
        self.rig.clock.pass_by(minutes=5)
        self.rig.reassign(self.anna, self.ben, case_ids=[case_id])
        self.rig.clock.pass_by(minutes=5)
        for one in self.stations.values():
            one.sign_in()

    def open(self, **params: Any) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = self.at("sam").get("/v1/supervise/reviews", **params).json()["lines"]
        return lines

    def only(self) -> dict[str, Any]:
        (line,) = self.open()
        return line

    def sheet(self, review_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.at("sam").get(f"/v1/supervise/reviews/{review_id}").json()
        return found

    def settle(self, act: str, why: str = "asked both", *, who: str = "sam", review_id: str = "") -> dict[str, Any]:
        path = f"/v1/supervise/reviews/{review_id or self.only()['review_id']}/settle"
        reply: dict[str, Any] = self.at(who).post(path, {"act": act, "why": why}).json()
        return reply

    def settled(self, act: str, **more: Any) -> dict[str, Any]:
        reply = self.settle(act, **more)
        assert reply.get("done") is True, reply
        return reply

    def contradiction(self) -> str:
        """Anna's case went to Ben, who ended it; then Anna's own ending arrives."""
        case_id = self.case()
        self.moved(case_id)
        self.at("ben").pushed(attempt(case_id, "D01", facts={"reason": "not_given"}))
        (result,) = self.at("anna").pushed(attempt(case_id, "A02", facts={"pathway": "PROGRAMME"}))
        assert (result["verdict"], result["reason"]) == ("applied_review", "contradictory_outcomes")
        assert self.rig.item(case_id).status == "needs_review"
        return case_id

    def change_state(self, case_id: str) -> list[tuple[str, str | None]]:
        rows = self.rig.ask(
            "SELECT s.verdict, s.reason FROM change_state s JOIN change c USING (change_id) "
            "WHERE c.rec_id = CAST(:c AS uuid) ORDER BY c.received_at, s.change_id",
            c=case_id,
        )
        return [tuple(row) for row in rows]


def cells(sheet: dict[str, Any], label: str) -> tuple[str | None, str | None]:
    return next((row["held"], row["came"]) for row in sheet["rows"] if row["label"] == label)


def test_a_case_shows_both_versions_and_the_acts_that_fit(desk: Desk) -> None:
    desk.contradiction()
    line = desk.only()
    assert (line["review_class"], line["group"], line["who"]) == ("contradictory_outcomes", "results", "Anna")
    assert line["patient"].startswith("Test Person")
    sheet = desk.sheet(line["review_id"])
    assert (sheet["held_by"], sheet["came_by"]) == ("From Ben", "From Anna")
    assert cells(sheet, "What") == ("Call: Declined this time", "Call: Will refer or book themselves")
    assert "Out of dialling" in (cells(sheet, "Where the case stands")[0] or "")
    assert [one["code"] for one in sheet["acts"]] == ["earlier", "take", "ring_again"]
    assert "Anna recorded it on 3 Mar 2026" in sheet["when"]
    assert desk.rig.ask("SELECT count(*) FROM audit WHERE what = 'review_viewed'") == [(1,)]


@pytest.mark.parametrize(
    ("act", "status", "outcome"),
    [("earlier", "closed", "D01"), ("take", "closed", "A02"), ("ring_again", "ready", None)],
)
def test_two_results_that_disagree_are_decided_or_rung_again(
    desk: Desk, act: str, status: str, outcome: str | None
) -> None:
    case_id = desk.contradiction()
    desk.settled(act)
    item = desk.rig.item(case_id)
    assert item.status == status
    assert [one.outcome for one in item.attempts if one.led_to == "closed"] == ([outcome] if outcome else [])
    assert {one.outcome for one in item.attempts} == {"D01", "A02"}, "both stay in the history"
    assert desk.at("ben").catch_up()[case_id]["status"] == status, "Ben's list follows"
    assert desk.open() == []


def test_the_author_and_the_one_who_has_the_case_are_told_and_it_is_written_down(desk: Desk) -> None:
    case_id = desk.contradiction()
    desk.at("ben").catch_up()
    desk.settled("take", why="She rang us back.")
    told = [one for one in desk.at("anna").catch_up().values() if "notice_id" in one]
    assert [one["reason"] for one in told] == ["settled_take"]
    assert told[0]["words"] == "Two results that disagree: a supervisor has looked at it, and it was taken over."
    others = [one["words"] for one in desk.at("ben").catch_up().values() if "notice_id" in one]
    assert others == ["A supervisor has decided something about one of your people; your list shows it."]
    assert "Person" not in str(told) + str(others)
    (row,) = desk.rig.ask("SELECT user_id, detail FROM audit WHERE what = 'review_settled'")
    assert (row.user_id, row.detail["act"], row.detail["why"]) == (desk.sam.user_id, "take", "She rang us back.")
    assert ("applied", "settled_take") in desk.change_state(case_id)
    (line,) = desk.open(show="settled")
    assert (line["settled_by"], line["settled_as"]) == ("Sam", "take")


def test_the_second_supervisor_is_told_who_did_it_and_nothing_is_done_twice(desk: Desk) -> None:
    case_id = desk.contradiction()
    review_id = desk.only()["review_id"]
    desk.at("una")
    barrier = threading.Barrier(2)
    replies: dict[str, Any] = {}

    def press(who: str, act: str) -> None:
        barrier.wait()
        replies[who] = desk.settle(act, who=who, review_id=review_id)

    threads = [threading.Thread(target=press, args=given) for given in (("sam", "take"), ("una", "ring_again"))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    (first,) = [who for who in replies if replies[who]["done"]]
    (second,) = [who for who in replies if not replies[who]["done"]]
    assert replies[second]["by"] == first.title()
    assert replies[second]["act"] == replies[first]["act"]
    assert f"{first.title()} has settled this already" in replies[second]["sentence"]
    assert desk.rig.item(case_id).status == {"take": "closed", "ring_again": "ready"}[replies[first]["act"]]
    assert desk.rig.ask("SELECT count(*) FROM audit WHERE what = 'review_settled'") == [(1,)]


def test_what_is_urgent_comes_first_then_the_oldest_and_groups_filter(desk: Desk) -> None:
    first = desk.contradiction()
    stopped = desk.case()
    desk.at("anna").pushed(attempt(stopped, "D02"))
    desk.rig.clock.pass_by(minutes=10)
    desk.at("anna").pushed(attempt(stopped, "C01"))
    lines = desk.open()
    assert [one["review_class"] for one in lines] == ["contact_after_optout", "contradictory_outcomes"]
    assert [one["urgent"] for one in lines] == [True, False]
    assert len(desk.open(group="safety")) == len(desk.open(group="results")) == 1
    assert desk.open(group="aside") == []
    counts = desk.at("sam").get("/v1/supervise/reviews").json()["open_by_group"]
    assert (counts["safety"], counts["results"], counts["promises"]) == (1, 1, 0)
    assert desk.rig.item(first).status == "needs_review"


def test_an_incident_is_marked_and_the_stop_stands(desk: Desk) -> None:
    case_id = desk.case()
    desk.at("anna").pushed(attempt(case_id, "D02"))
    desk.rig.clock.pass_by(minutes=10)
    desk.at("anna").pushed(attempt(case_id, "C01"))
    assert [one["code"] for one in desk.sheet(desk.only()["review_id"])["acts"]] == ["incident", "no_incident"]
    desk.settled("incident")
    assert desk.rig.item(case_id).status == "closed"
    assert desk.rig.ask("SELECT count(*) FROM suppression WHERE lifted_at IS NULL") == [(1,)]


def test_nothing_that_would_ring_a_stopped_person_is_offered(desk: Desk) -> None:
    case_id = desk.contradiction()
    review_id = desk.only()["review_id"]
    desk.at("ben").pushed(attempt(case_id, "D03", facts={"scope": "all", "words": "no more"}))
    sheet = desk.sheet(review_id)
    assert [one["code"] for one in sheet["acts"]] == ["keep"]
    assert desk.settle("ring_again", review_id=review_id)["status"] == 422
    assert desk.rig.item(case_id).status == "closed"


def test_a_late_result_can_be_made_history_or_let_decide(desk: Desk) -> None:
    before, after = desk.case(), desk.case()
    late = desk.at("anna").envelope(attempt(before, "D01", facts={"reason": "not_given"}))
    desk.moved(before)
    desk.at("anna").pushed(late)
    assert desk.rig.item(before).status == "closed", "made before the move, and Ben had not rung"
    assert [one["code"] for one in desk.sheet(desk.only()["review_id"])["acts"]] == ["keep", "late_only"]
    desk.settled("late_only", why="")
    assert desk.rig.item(before).status == "ready"

    desk.moved(after)
    desk.at("ben").pushed(attempt(after, "C01"))
    desk.at("anna").pushed(attempt(after, "D01", facts={"reason": "not_given"}))
    assert desk.rig.item(after).status == "ready"
    assert [one["code"] for one in desk.sheet(desk.only()["review_id"])["acts"]] == ["late_only", "take"]
    desk.settled("take")
    item = desk.rig.item(after)
    assert (item.status, item.attempts[-1].outcome) == ("closed", "D01")
    assert desk.at("ben").catch_up()[after]["status"] == "closed"


def address(desk: Desk, case_id: str, old: str, line: str) -> CorrectionProposed:
    return CorrectionProposed(
        case_id=case_id, act_id=new_id(), type="ADDRESS_CHANGED", field="address", old=old, new=f"{line}, NR1 1AA",
        values={"line1": line, "postcode": "NR1 1AA"}, source="patient", evidence="patient_confirmed",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("act", "held", "state"), [("take", "9 New Lane", "new"), ("reject", "5 Mid Street", "rejected")]
)
def test_a_correction_that_clashes_is_taken_or_not(desk: Desk, act: str, held: str, state: str) -> None:
    case_id = desk.case()
    seen = "1 Sample Street, NR1 1AA"
    desk.at("anna").pushed(address(desk, case_id, seen, "5 Mid Street"))
    desk.at("anna").pushed(address(desk, case_id, seen, "9 New Lane"))
    line = desk.only()
    assert line["review_class"] == "correction_conflict"
    held_now, came = cells(desk.sheet(line["review_id"]), "We were told")
    assert (held_now, came) == ("held now: 5 Mid Street, NR1 1AA", "9 New Lane, NR1 1AA")
    desk.settled(act)
    assert desk.rig.item(case_id).patient.address_lines == (held,)
    states = desk.rig.ask("SELECT state FROM correction WHERE new LIKE '9%'")
    assert states == [(state,)]
    assert [one.state for one in desk.rig.item(case_id).corrections][1] == state


def test_the_earlier_of_two_promises_can_be_kept(desk: Desk) -> None:
    case_id = desk.case()
    soon = desk.rig.clock.now() + timedelta(days=1)
    for name, start in (("anna", soon), ("ben", soon + timedelta(hours=2))):
        if name == "ben":
            desk.moved(case_id)
        desk.at(name).pushed(
            CallbackPromised(case_id=case_id, act_id=new_id(), from_at=start, to_at=start + timedelta(hours=1))
        )
    assert desk.only()["review_class"] == "two_promises"
    desk.settled("earlier")
    item = desk.rig.item(case_id)
    assert [one.state for one in item.promises] == ["open", "cancelled"]
    assert (item.status, item.not_before) == ("callback", soon)
    assert desk.rig.ask("SELECT state FROM promise ORDER BY from_at") == [("open",), ("cancelled",)]


def referral(case_id: str, **other: Any) -> ReferralRequested:
    given = {"pathway": "PROGRAMME", "route": "supported_referral", "consent": "yes", **other}
    return ReferralRequested(case_id=case_id, act_id=new_id(), **given)


@pytest.mark.parametrize(("act", "state"), [("release", "recorded"), ("withdraw", "withdrawn")])
def test_a_held_referral_is_sent_on_or_withdrawn(desk: Desk, act: str, state: str) -> None:
    case_id = desk.case()
    desk.at("anna").pushed(referral(case_id))
    desk.at("anna").pushed(referral(case_id))
    desk.settled(act)
    assert desk.rig.ask("SELECT state FROM referral ORDER BY referral_id")[1] == (state,)
    assert desk.rig.item(case_id).referrals[1].state == state


def test_a_referral_without_consent_can_never_be_released(desk: Desk) -> None:
    desk.at("anna").pushed(referral(desk.case(), consent="no"))
    assert [one["code"] for one in desk.sheet(desk.only()["review_id"])["acts"]] == ["withdraw"]
    assert desk.settle("release").get("done") is None
    assert desk.rig.ask("SELECT state FROM referral") == [("held_for_review",)]


def test_what_was_put_aside_can_be_taken_in_once_a_supervisor_allows_it(desk: Desk) -> None:
    case_id = desk.rig.case(desk.project, to=desk.ben)
    (result,) = desk.at("anna").pushed(ConcernRaised(case_id=case_id, act_id=new_id(), route="distress", words="alone"))
    assert (result["verdict"], desk.rig.item(case_id).status) == ("quarantined", "ready")
    line = desk.only()
    assert (line["review_class"], line["urgent"], line["group"]) == ("never_in_scope_safety", True, "safety")
    assert cells(desk.sheet(line["review_id"]), "Words")[1] == "alone", "somebody has to read it to decide"
    desk.settled("reapply")
    assert desk.rig.item(case_id).status == "supervisor"
    assert desk.rig.ask("SELECT count(*) FROM concern") == [(1,)]
    assert desk.change_state(case_id) == [("applied", "settled_reapply")]
    assert desk.at("ben").catch_up()[case_id]["status"] == "supervisor"


def test_taking_in_may_open_a_case_of_its_own(desk: Desk) -> None:
    case_id = desk.rig.case(desk.project, to=desk.ben)
    desk.at("anna").pushed(attempt(case_id, "D01", facts={"reason": "not_given"}))
    desk.settled("reapply")
    assert desk.only()["review_class"] == "late_outcome"
    assert desk.change_state(case_id) == [("applied_review", "late_outcome")]


def test_what_cannot_be_read_can_only_be_put_away(desk: Desk) -> None:
    station = desk.at("anna")
    broken = station.envelope(attempt(desk.case()))
    broken["data"] = {"case_id": broken["rec"], "act_id": 7}
    station.pushed(broken)
    sheet = desk.sheet(desk.only()["review_id"])
    assert "unread" in (cells(sheet, "What came")[1] or "")
    refused = desk.settle("reapply")
    assert "still cannot read" in refused["detail"]
    assert desk.settle("dismiss", why=" ")["errors"] == [{"field": "why"}]
    desk.settled("dismiss", why="recorded anew")
    assert desk.change_state(broken["rec"]) == [("quarantined", "settled_dismiss")]
    assert station.pushed(broken)[0]["reason"] == "settled_dismiss", "a repeated push hears the last word too"


def test_a_colleagues_result_is_taken_back_only_by_a_supervisor(desk: Desk) -> None:
    case_id = desk.case()
    desk.moved(case_id)
    done = desk.at("ben").envelope(attempt(case_id, "D01", facts={"reason": "not_given"}))
    desk.at("ben").pushed(done)
    desk.at("anna").pushed(AttemptSuperseded(case_id=case_id, act_id=new_id(), attempt_id=done["id"], reason="mistake"))
    assert desk.only()["review_class"] == "undo_of_anothers"
    desk.settled("reapply")
    item = desk.rig.item(case_id)
    assert (item.attempts[0].superseded, item.status) == (True, "ready")
    assert desk.open() == [], "nothing is left to decide"


def test_a_case_held_until_today_comes_up_and_goes_back_to_dialling(desk: Desk) -> None:
    case_id = desk.case()
    day = (desk.rig.clock.now() + timedelta(days=3)).date().isoformat()
    desk.at("anna").pushed(attempt(case_id, "R05", facts={"reason": "hospital", "review_date": day}))
    assert (desk.open(), desk.rig.item(case_id).status) == ([], "held")
    desk.rig.clock.pass_by(days=3)
    for one in desk.stations.values():
        one.sign_in()
    assert desk.only()["review_class"] == "review_date"
    desk.settled("ring_again")
    assert desk.rig.item(case_id).status == "ready"
    assert desk.at("anna").catch_up()[case_id]["status"] == "ready"


def test_every_verdict_other_than_applied_is_on_the_list(desk: Desk) -> None:
    desk.contradiction()
    station = desk.at("anna")
    strange = station.envelope(attempt(desk.case()))
    station.pushed({**strange, "kind": "invented_tomorrow"}, station.envelope(attempt(new_id())))
    waiting = desk.rig.ask("SELECT change_id FROM change_state WHERE verdict NOT IN ('applied', 'received')")
    listed = {one["review_id"] for one in desk.open()} | {one["review_id"] for one in desk.open(show="settled")}
    cases = desk.rig.ask("SELECT change_id, review_id FROM review_case")
    assert {row.change_id for row in waiting} <= {row.change_id for row in cases if row.review_id in listed}
    assert len(waiting) == 3


def test_only_a_supervisor_sees_or_settles(desk: Desk) -> None:
    desk.contradiction()
    review_id = desk.only()["review_id"]
    anna = desk.at("anna")
    assert anna.get("/v1/supervise/reviews").status_code == 403
    assert anna.get(f"/v1/supervise/reviews/{review_id}").status_code == 403
    assert desk.settle("take", who="anna", review_id=review_id)["code"] == "not_allowed"
    sam = desk.at("sam")
    assert sam.get("/v1/supervise/reviews/x").status_code == 422
    assert sam.get(f"/v1/supervise/reviews/{new_id()}").status_code == 404
    assert sam.get("/v1/supervise/reviews", group="nonsense").status_code == 400
