"""What a push stored but could not judge is judged by the worker, and its author hears of it."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from caller_app.base.ids import new_id
from caller_app.central.rules.apply import judge_waiting
from caller_app.central.worker import Worker
from caller_app.domain.changes import ConcernRaised
from tests.support.centre import Rig, make_rig
from tests.support.station import Station, attempt


@pytest.fixture
def impatient(empty_database: str) -> Iterator[Rig]:
    rig = make_rig(empty_database, lock_ms=100)
    yield rig
    rig.close()


def test_a_change_that_could_not_be_judged_at_once_is_judged_later_and_its_author_told(impatient: Rig) -> None:
    rig = impatient
    case_id = rig.case(rig.project(), to=rig.user("anna"))
    station = Station(rig, "anna").sign_in()
    with rig.engine.connect() as other:
        other.execute(text("SELECT 1 FROM rec_ver FOR UPDATE"))
        (result,) = station.pushed(attempt(case_id))
        assert (result["verdict"], result["dup"]) == ("received", False)
        assert station.get("/v1/head").json()["last_seq"] == 1
    now = rig.clock.now()
    assert judge_waiting(rig.centre, older_than=now, now=now) == 1
    shown = station.catch_up()
    (notice,) = [body for body in shown.values() if "notice_id" in body]
    assert (notice["change_id"], notice["verdict"], notice["case_id"]) == (result["id"], "applied", case_id)
    assert notice["ver"] == 3
    assert len(shown[case_id]["attempts"]) == 1
    assert judge_waiting(rig.centre, older_than=now, now=now) == 0


def test_later_work_of_a_workstation_is_judged_after_what_it_sent_before(impatient: Rig) -> None:
    rig = impatient
    case_id = rig.case(rig.project(), to=rig.user("anna"))
    station = Station(rig, "anna").sign_in()
    with rig.engine.connect() as other:
        other.execute(text("SELECT 1 FROM rec_ver FOR UPDATE"))
        (first,) = station.pushed(attempt(case_id))
        assert first["verdict"] == "received"
    (second,) = station.pushed(attempt(case_id, "C02"))
    assert second["verdict"] == "applied"
    assert [one.attempt_id for one in rig.item(case_id).attempts] == [first["id"], second["id"]]
    told = [body for body in station.catch_up().values() if "notice_id" in body]
    assert [(body["change_id"], body["verdict"]) for body in told] == [(first["id"], "applied")]


def test_what_waited_is_judged_when_it_comes_again_and_said_in_the_answer_and_by_a_notice(impatient: Rig) -> None:
    """By a notice too: another copy of the same disk may have had the first answer, and waits for the verdict."""
    rig = impatient
    case_id = rig.case(rig.project(), to=rig.user("anna"))
    station = Station(rig, "anna").sign_in()
    envelope = station.envelope(attempt(case_id))
    with rig.engine.connect() as other:
        other.execute(text("SELECT 1 FROM rec_ver FOR UPDATE"))
        assert station.pushed(envelope)[0]["verdict"] == "received"
    (again,) = station.pushed(envelope)
    assert (again["verdict"], again["dup"]) == ("applied", True)
    told = [body for body in station.catch_up().values() if "notice_id" in body]
    assert [(body["change_id"], body["verdict"]) for body in told] == [(envelope["id"], "applied")]


def sent_beyond_a_hole(station: Station, *envelopes: dict[str, Any], **said: Any) -> list[str]:
    """Push as who has a receipt for number 1, which a restore took from the centre; gives the verdicts."""
    reply = station.post("/v1/push", {**station.batch(list(envelopes)), **(said or {"acked_hw": 1})})
    assert reply.status_code == 200, reply.text
    return [one["verdict"] for one in reply.json()["results"]]


def verdict(rig: Rig, change_id: str) -> str:
    [(found,)] = rig.ask("SELECT verdict FROM change_state WHERE change_id = CAST(:c AS uuid)", c=change_id)
    return str(found)


def test_a_concern_is_judged_over_a_hole_and_draws_nothing_with_it(centre: Rig) -> None:
    """Found by the model: judged with the concern, the newer attempt came before the older one that was on its way."""
    case_id = centre.case(centre.project(), to=centre.user("anna"))
    station = Station(centre, "anna").sign_in()
    lost, waiting = station.envelope(attempt(case_id)), station.envelope(attempt(case_id, "C02"))
    concern = station.envelope(ConcernRaised(case_id=case_id, act_id=new_id(), route="immediate", words="was afraid"))
    assert sent_beyond_a_hole(station, waiting) == ["received"]
    assert sent_beyond_a_hole(station, concern)[0] != "received"
    assert verdict(centre, waiting["id"]) == "received"
    station.pushed(concern)  # the replay begins with what is urgent
    assert verdict(centre, waiting["id"]) == "received"
    station.pushed(lost, waiting)
    assert [one.attempt_id for one in centre.item(case_id).attempts] == [lost["id"], waiting["id"]]


@pytest.mark.parametrize(
    ("named", "verdict"),
    [
        ([], "applied"),
        ([[2, 3]], "applied"),
        ([[2, 2], [3, 3]], "applied"),
        ([[2, 4]], "received"),
        ([[2, 3], [5, 5]], "received"),
        ([[1, 3]], "received"),
        ([[3, 2]], "applied"),
        ([[2, 2**62]], "received"),
        ([[2, 3]] * 64, "applied"),
    ],
)
def test_receipts_above_the_watermark_are_missed_too(centre: Rig, named: list[list[int]], verdict: str) -> None:
    """Number 1 was never sent: it keeps the watermark at 0, and what is behind it is named in spans."""
    case_id = centre.case(centre.project(), to=centre.user("anna"))
    station = Station(centre, "anna").sign_in()
    station.envelope(attempt(case_id))
    station.pushed(attempt(case_id), attempt(case_id))
    assert sent_beyond_a_hole(station, station.envelope(attempt(case_id)), acked_beyond=named) == [verdict]
    found = centre.ask("SELECT kind FROM history_break")
    assert found == ([("rolled_back",)] if verdict == "received" else [])


@pytest.mark.parametrize("named", [[[1]], [[1, 2, 3]], [["1", 2]], [[-1, 2]], [[0, 2**63]], [[2, 3]] * 65, {}, None])
def test_receipts_that_no_workstation_names_refuse_the_push(centre: Rig, named: Any) -> None:
    case_id = centre.case(centre.project(), to=centre.user("anna"))
    station = Station(centre, "anna").sign_in()
    reply = station.post("/v1/push", {**station.batch([station.envelope(attempt(case_id))]), "acked_beyond": named})
    assert reply.status_code == 422
    assert "acked_beyond" in reply.text
    assert centre.ask("SELECT count(*) FROM change") == [(0,)]


def test_what_comes_again_under_a_new_device_id_is_judged_in_the_order_of_the_new_numbers(centre: Rig) -> None:
    """Found by the model: the newer change had come under the old id, beyond a hole, and was judged first."""
    case_id = centre.case(centre.project(), to=centre.user("anna"))
    old = Station(centre, "anna").sign_in()
    lost, waiting = old.envelope(attempt(case_id)), old.envelope(attempt(case_id, "C02"))
    assert sent_beyond_a_hole(old, waiting) == ["received"]
    Station(centre, "anna").sign_in().pushed(lost, waiting)
    assert [one.attempt_id for one in centre.item(case_id).attempts] == [lost["id"], waiting["id"]]


def test_what_an_earlier_id_of_the_workstation_left_waiting_comes_before_its_newer_work(impatient: Rig) -> None:
    """Found by the model: restored older than promised, a change waits that is no longer held anywhere else."""
    rig = impatient
    case_id = rig.case(rig.project(), to=rig.user("anna"))
    old, new = Station(rig, "anna").sign_in(), Station(rig, "anna").sign_in()
    with rig.engine.connect() as other:
        other.execute(text("SELECT 1 FROM rec_ver FOR UPDATE"))
        (first,) = old.pushed(attempt(case_id))
    assert first["verdict"] == "received"
    rig.clock.pass_by(seconds=6)
    (second,) = new.pushed(attempt(case_id, "C02"))
    assert [one.attempt_id for one in rig.item(case_id).attempts] == [first["id"], second["id"]]


def test_what_another_machine_has_waiting_beyond_a_hole_is_left_for_its_replay(centre: Rig) -> None:
    case_id = centre.case(centre.project(), to=centre.user("anna"))
    one, other = Station(centre, "anna").sign_in(), Station(centre, "anna").sign_in()
    one.seq = 1
    waiting = one.envelope(attempt(case_id))
    assert sent_beyond_a_hole(one, waiting) == ["received"]
    centre.clock.pass_by(seconds=6)
    other.pushed(attempt(case_id, "C02"))
    assert verdict(centre, waiting["id"]) == "received"


def test_a_push_still_at_work_is_not_overtaken(centre: Rig) -> None:
    now = centre.clock.now()
    assert judge_waiting(centre.centre, older_than=now - timedelta(seconds=5), now=now) == 0


def test_the_worker_goes_round_and_ends_when_told(centre: Rig) -> None:
    centre.user("anna")
    stop = threading.Event()
    worker = Worker(centre.centre, stop)
    stop.set()
    worker.start()
    worker.join(30)
    assert not worker.is_alive()
    sealed, lines = centre.ask("SELECT (SELECT count(*) FROM audit_seal), (SELECT count(*) FROM audit)")[0]
    assert sealed == lines > 0
