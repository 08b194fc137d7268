"""When cases move, one list loses them and the other gains them in the same moment, and late work still counts."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from caller_app.base.errors import Refused
from caller_app.base.ids import new_id
from caller_app.domain.changes import CallbackPromised, ConcernRaised, CorrectionProposed
from tests.support.centre import Rig
from tests.support.station import Station, attempt


def test_moved_cases_leave_one_list_and_reach_the_other(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    project = centre.project()
    kept, moved = centre.cases(project, 2, to=anna)
    a, b = Station(centre, "anna").sign_in(), Station(centre, "ben").sign_in()
    assert set(a.catch_up()) == {project.project_id, kept, moved}
    assert b.catch_up() == {}
    assert centre.reassign(anna, ben, [moved]).cases == 1
    assert set(a.catch_up()) == {project.project_id, kept}
    assert set(b.catch_up()) == {project.project_id, moved}
    assert b.shown[moved]["assign_gen"] == 2


def test_a_thousand_cases_move_in_chunks_and_none_is_left(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    ids = centre.cases(centre.project(), 1100, to=anna)
    assert centre.reassign(anna, ben).cases == 1100
    rows = centre.ask("SELECT user_id, gone, count(*) FROM visibility WHERE kind = 1 GROUP BY 1, 2 ORDER BY 1")
    assert rows == [(anna.user_id, True, 1100), (ben.user_id, False, 1100)]
    assert set(ids) == {row[0] for row in centre.ask("SELECT id FROM rec_ver WHERE assignee = :b", b=ben.user_id)}


def test_nobody_s_feed_is_locked_while_the_cases_themselves_are_moved(
    centre: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    centre.cases(centre.project(), 5, to=anna)
    said: list[str] = []

    execute = psycopg.Cursor.execute

    def told(self: Any, statement: Any, *more: Any, **named: Any) -> Any:
        said.append(" ".join(str(statement).split()))
        return execute(self, statement, *more, **named)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", told)
        centre.reassign(anna, ben)
    locked = next(at for at, one in enumerate(said) if "feed_head" in one)
    assert any("rec_body" in one for one in said[:locked])
    assert not [one for one in said[locked:] if "rec_body" in one or "rec_ver" in one or "cases" in one.split("(")[0]]


def test_what_the_giver_recorded_before_counts_and_is_marked_for_the_taker(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    case_id = centre.case(centre.project(), to=anna)
    a, b = Station(centre, "anna").sign_in(), Station(centre, "ben").sign_in()
    offline = a.envelope(attempt(case_id, "C01"), assign_gen=1)
    centre.clock.pass_by(hours=1)
    centre.reassign(anna, ben)
    centre.clock.pass_by(hours=1)
    (result,) = a.sign_in().pushed(offline)
    assert result["verdict"] == "applied_review"
    assert centre.ask("SELECT class, state FROM review_case") == [("late_outcome", "open")]
    shown = b.sign_in().catch_up()[case_id]
    assert [(one["outcome"], one["caller"], one["late"]) for one in shown["attempts"]] == [("C01", "Anna", True)]
    assert case_id not in a.catch_up()


def test_a_promise_made_by_the_giver_travels_with_the_case(centre: Rig) -> None:
    anna, ben = centre.user("anna"), centre.user("ben")
    case_id = centre.case(centre.project(), to=anna)
    a, b = Station(centre, "anna").sign_in(), Station(centre, "ben").sign_in()
    start = centre.clock.now() + timedelta(days=1)
    act = new_id()
    facts = {"date": start.date().isoformat(), "time": "10:00-11:00"}
    promise = CallbackPromised(case_id=case_id, act_id=act, from_at=start, to_at=start + timedelta(hours=1))
    results = a.pushed(attempt(case_id, "R01", act_id=act, facts=facts), promise)
    assert {one["verdict"] for one in results} <= {"applied", "applied_review"}
    assert centre.reassign(anna, ben).promises == 1
    (shown,) = b.catch_up()[case_id]["promises"]
    assert (shown["made_by"], shown["state"]) == ("Anna", "open")
    assert centre.ask("SELECT count(*) FROM promise WHERE state = 'open'")[0][0] == 1


def test_an_objection_stops_the_person_everywhere_at_once_whoever_sends_it(centre: Rig) -> None:
    anna, ben, cara = centre.user("anna"), centre.user("ben"), centre.user("cara")
    first, second = centre.project("First"), centre.project("Second")
    case_id = centre.case(first, to=anna, given_name="Pat")
    item = centre.item(case_id)
    other = centre.case(
        second, to=cara, person_id=item.patient.person_id, nhs_number=item.patient.nhs_number, given_name="Pat"
    )
    a, b, c = (Station(centre, name).sign_in() for name in ("anna", "ben", "cara"))
    offline = a.envelope(attempt(case_id, "D03", facts={"scope": "all", "words": "leave me alone"}), assign_gen=1)
    centre.reassign(anna, ben)
    assert case_id in b.catch_up()
    assert other in c.catch_up()
    (result,) = a.pushed(offline)
    assert result["verdict"] in {"applied", "applied_review"}
    assert case_id not in b.catch_up()
    assert other not in c.catch_up()
    assert centre.ask("SELECT status FROM rec_ver v JOIN cases k ON k.case_id = v.id") == [("closed",), ("closed",)]
    assert centre.ask("SELECT kind, campaign FROM suppression") == [("contact_objection", "")]
    users = [ben.user_id, cara.user_id]
    assert centre.ask("SELECT DISTINCT why FROM visibility WHERE gone AND user_id = ANY(:u)", u=users) == [(1,)]


def test_what_comes_after_a_stop_is_history_and_clears_nothing(centre: Rig) -> None:
    anna = centre.user("anna")
    case_id = centre.case(centre.project(), to=anna)
    a = Station(centre, "anna").sign_in()
    a.pushed(attempt(case_id, "S01", facts={"who": "daughter"}))
    centre.clock.pass_by(hours=1)
    (result,) = a.sign_in().pushed(attempt(case_id, "C01"))
    assert result["verdict"] == "applied_review"
    item = centre.item(case_id)
    assert (item.status, len(item.attempts)) == ("closed", 2)
    assert case_id not in a.catch_up()


def test_a_concern_reaches_the_centre_with_its_words_kept_out_of_the_list(centre: Rig) -> None:
    anna = centre.user("anna")
    case_id = centre.case(centre.project(), to=anna)
    a = Station(centre, "anna").sign_in()
    words = "she said she was frightened of him"
    (result,) = a.pushed(ConcernRaised(case_id=case_id, act_id=new_id(), route="safeguarding", words=words))
    assert result["verdict"] in {"applied", "applied_review"}
    assert centre.ask("SELECT route, words FROM concern") == [("safeguarding", words)]
    assert words not in centre.ask("SELECT body FROM rec_body WHERE kind = 1")[0][0]
    assert words not in str(centre.ask("SELECT detail FROM audit"))


def test_a_correction_is_kept_old_beside_new(centre: Rig) -> None:
    anna = centre.user("anna")
    case_id = centre.case(centre.project(), to=anna)
    number = centre.item(case_id).numbers[0].e164
    a = Station(centre, "anna").sign_in()
    (result,) = a.pushed(
        CorrectionProposed(
            case_id=case_id, act_id=new_id(), type="PHONE_WRONG", field=f"phone:{number}", old=number, new=None,
            values={"number_on_record": number, "how_known": "who answered"}, source="third_party",
            evidence="household_said",
        )
    )  # fmt: skip
    assert result["verdict"] == "applied"
    (row,) = centre.ask("SELECT type, old, practice_ods, told_to, state FROM correction")
    assert tuple(row) == ("PHONE_WRONG", number, "D82001", anna.user_id, "new")


def test_cases_cannot_be_given_to_nobody_or_to_oneself(centre: Rig) -> None:
    anna, admin = centre.user("anna"), centre.user("admin", role="administrator")
    centre.case(centre.project(), to=anna)
    with pytest.raises(Refused):
        centre.reassign(anna, anna)
    with pytest.raises(Refused, match="another role"):
        centre.reassign(anna, admin)


def test_a_call_on_another_case_of_the_same_person_after_the_stop_in_one_push_is_seen_as_such(centre: Rig) -> None:
    anna = centre.user("anna")
    first = centre.case(centre.project("First"), to=anna)
    patient = centre.item(first).patient
    other = centre.case(
        centre.project("Second"), to=anna, person_id=patient.person_id, nhs_number=patient.nhs_number,
        family_name=patient.family_name,
    )  # fmt: skip
    station = Station(centre, "anna").sign_in()
    stop = station.envelope(attempt(first, "D03", facts={"scope": "all", "words": "no more"}))
    centre.clock.pass_by(minutes=1)
    results = station.pushed(stop, station.envelope(attempt(other, "C01")))
    assert [one["verdict"] for one in results] == ["applied", "applied_review"]
    assert [centre.item(one).status for one in (first, other)] == ["closed", "closed"]
    assert list(station.catch_up()) == [one[0] for one in centre.ask("SELECT project_id FROM project ORDER BY made_at")]
