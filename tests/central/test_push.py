"""Store first, judge second: nothing that reached the centre is lost, applied twice, or refused for what it says."""

import json
import threading

import pytest
import requests

from caller_app.base.ids import new_id
from caller_app.central.rules import devices, durability
from caller_app.domain.changes import NoteAdded
from tests.support.centre import BASE, Rig
from tests.support.station import Station, attempt


def ready(centre: Rig, cases: int = 1) -> tuple[Station, list[str]]:
    anna = centre.user("anna")
    ids = centre.cases(centre.project(), cases, to=anna)
    return Station(centre, "anna").sign_in(), ids


def test_a_change_sent_twice_has_one_effect_and_one_verdict(centre: Rig) -> None:
    station, (case_id,) = ready(centre)
    body = station.batch([station.envelope(attempt(case_id))])
    first = station.post("/v1/push", body).json()["results"][0]
    again = station.post("/v1/push", body).json()["results"][0]
    assert (first["dup"], again["dup"]) == (False, True)
    assert {**first, "dup": True} == again
    assert centre.ask("SELECT count(*) FROM change")[0][0] == 1
    assert centre.ask("SELECT count(*) FROM attempt")[0][0] == 1
    assert len(centre.item(case_id).attempts) == 1


def test_a_reply_that_is_lost_after_the_commit_costs_nothing(centre: Rig) -> None:
    station, (case_id,) = ready(centre)

    def lose(request: object, response: object) -> None:
        raise requests.ConnectionError("the line was cut")

    body = station.batch([station.envelope(attempt(case_id))])
    station.session.get_adapter(BASE).after = lose
    with pytest.raises(requests.ConnectionError):
        station.post("/v1/push", body)
    station.session.get_adapter(BASE).after = None
    result = station.post("/v1/push", body).json()["results"][0]
    assert (result["dup"], result["verdict"]) == (True, "applied")
    assert len(centre.item(case_id).attempts) == 1


def test_the_same_push_at_the_same_time_from_two_connections_is_applied_once(centre: Rig) -> None:
    station, (case_id,) = ready(centre)
    body = station.batch([station.envelope(attempt(case_id))])
    replies = []

    def send() -> None:
        twin = Station(centre, "anna", session=centre.session(), token=station.token, device=station.device)
        replies.append(twin.post("/v1/push", body).json()["results"][0])

    threads = [threading.Thread(target=send) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(one["dup"] for one in replies) == [False, True, True, True]
    assert centre.ask("SELECT count(*) FROM attempt")[0][0] == 1


def test_a_device_number_used_for_another_change_is_a_fork_and_stores_nothing_of_the_batch(centre: Rig) -> None:
    station, (case_id,) = ready(centre)
    station.pushed(attempt(case_id))
    station.seq = 0
    reply = station.push(attempt(case_id), attempt(case_id))
    assert (reply.status_code, reply.json()["code"]) == (409, "device_forked")
    assert centre.ask("SELECT count(*) FROM change")[0][0] == 1


def test_after_a_fork_the_same_changes_go_up_from_a_new_device_without_a_second_effect(centre: Rig) -> None:
    station, (case_id,) = ready(centre)
    change, change_id = attempt(case_id), new_id()
    station.push(station.envelope(change, change_id=change_id))
    twin = Station(centre, "anna").sign_in()
    (result,) = twin.pushed(twin.envelope(change, change_id=change_id))
    assert (result["dup"], result["verdict"]) == (True, "applied")
    assert twin.get("/v1/head").json()["last_seq"] == 1
    assert centre.ask("SELECT count(*) FROM device_seq")[0][0] == 2


def test_an_id_used_again_with_other_words_keeps_both_and_applies_the_first(centre: Rig) -> None:
    station, (case_id,) = ready(centre)
    change_id = new_id()
    station.pushed(station.envelope(attempt(case_id, "C01"), change_id=change_id))
    other = station.envelope(attempt(case_id, "C02"), change_id=change_id)
    (result,) = station.pushed(other)
    assert (result["verdict"], result["reason"]) == ("quarantined", "id_reuse")
    assert result["review_id"]
    assert [one.outcome for one in centre.item(case_id).attempts] == ["C01"]
    assert centre.ask("SELECT count(*) FROM change_reuse")[0][0] == 1
    (again,) = station.post("/v1/push", station.batch([other])).json()["results"]
    assert again["review_id"] == result["review_id"]


def test_another_persons_change_id_tells_nothing_of_its_verdict(centre: Rig) -> None:
    station, (case_id,) = ready(centre)
    change, change_id = attempt(case_id), new_id()
    station.pushed(station.envelope(change, change_id=change_id))
    centre.user("ben")
    thief = Station(centre, "ben").sign_in()
    (result,) = thief.pushed(thief.envelope(change, change_id=change_id))
    assert (result["verdict"], result["reason"], result["ver"]) == ("quarantined", "id_reuse", None)


def test_a_change_for_a_person_one_never_had_is_kept_without_effect(centre: Rig) -> None:
    station, _ = ready(centre)
    foreign = centre.case(centre.project("Other"), to=centre.user("ben"))
    (result,) = station.pushed(attempt(foreign))
    assert (result["verdict"], result["reason"]) == ("quarantined", "never_in_scope")
    assert centre.item(foreign).attempts == ()
    assert centre.ask("SELECT class, state FROM review_case") == [("never_in_scope", "open")]


def test_a_change_for_a_case_that_does_not_exist_is_kept_too(centre: Rig) -> None:
    station, _ = ready(centre)
    (result,) = station.pushed(attempt(new_id()))
    assert (result["verdict"], result["reason"]) == ("quarantined", "never_in_scope")


@pytest.mark.parametrize("odd", [{"kind": "sang_a_song"}, {"schema": 99}])
def test_what_this_centre_does_not_know_yet_is_kept_for_a_later_one(centre: Rig, odd: dict[str, object]) -> None:
    station, (case_id,) = ready(centre)
    (result,) = station.pushed(station.envelope(attempt(case_id), **odd))
    assert (result["verdict"], result["reason"]) == ("quarantined", "unknown_schema")
    assert b'"seq":1' in bytes(centre.ask("SELECT envelope FROM change")[0][0]).replace(b" ", b"")


def test_one_malformed_change_beside_199_good_ones_is_set_aside_alone(centre: Rig) -> None:
    station, ids = ready(centre, 199)
    envelopes = [station.envelope(attempt(case_id)) for case_id in ids]
    bad = station.envelope(attempt(ids[0]), data={"case_id": ids[0], "outcome": 7})
    results = station.pushed(*envelopes[:100], bad, *envelopes[100:])
    assert [one["verdict"] for one in results].count("applied") == 199
    assert (results[100]["verdict"], results[100]["reason"]) == ("quarantined", "malformed")
    assert station.get("/v1/head").json()["last_seq"] == 200


@pytest.mark.parametrize("odd", [{"base_ver": "x"}, {"occurred_at": "yesterday"}, {"rec": None}, {"rec": "x"}])
def test_a_change_whose_envelope_is_odd_is_still_stored(centre: Rig, odd: dict[str, object]) -> None:
    station, (case_id,) = ready(centre)
    (result,) = station.pushed(station.envelope(attempt(case_id), **odd))
    assert (result["verdict"], result["reason"]) == ("quarantined", "malformed")
    assert centre.ask("SELECT count(*) FROM change")[0][0] == 1


def test_a_change_that_breaks_the_judging_does_not_hold_up_the_others(centre: Rig) -> None:
    station, ids = ready(centre, 3)
    # PostgreSQL's text cannot hold a NUL: a real change that fails only when its rows are written.
    changes = [attempt(ids[0]), NoteAdded(case_id=ids[1], act_id=new_id(), words="a\x00b"), attempt(ids[2])]
    results = station.pushed(*changes)
    assert [one["verdict"] for one in results] == ["applied", "quarantined", "applied"]
    assert results[1]["reason"] == "judging_failed"
    assert centre.ask("SELECT count(*) FROM attempt")[0][0] == 2
    assert centre.ask("SELECT count(*) FROM review_case WHERE state = 'open'")[0][0] == 1


@pytest.mark.parametrize("place", ["outcome", "kind", "occurred_at"])
def test_a_change_that_is_no_text_is_kept_and_set_aside_and_the_others_go_on(centre: Rig, place: str) -> None:
    station, ids = ready(centre, 3)
    envelopes = [station.envelope(attempt(one)) for one in ids]
    (envelopes[1]["data"] if place == "outcome" else envelopes[1])[place] = "spoiled"
    body = json.dumps(station.batch(envelopes)).encode().replace(b"spoiled", b"\xff\xfe")
    results = station.post("/v1/push", body).json()["results"]
    assert [one["verdict"] for one in results] == ["applied", "quarantined", "applied"]
    assert results[1]["reason"] == "malformed"
    assert b"\xff\xfe" in bytes(
        centre.ask("SELECT envelope FROM change WHERE change_id = :c", c=results[1]["id"])[0][0]
    )
    assert station.get("/v1/head").json()["last_seq"] == 3


@pytest.mark.parametrize("path", ["/v1/push", "/v1/push/opaque", "/v1/held", "/v1/sign-in", "/v1/register"])
def test_a_request_that_is_no_text_is_refused_as_such(centre: Rig, path: str) -> None:
    station, _ = ready(centre)
    reply = station.post(path, b'{"device":"\xff\xfe","name":"\xff"}')
    assert reply.status_code in (400, 422)
    assert reply.json()["code"] == "malformed"


def test_a_push_without_an_id_to_answer_for_is_refused_with_its_place(centre: Rig) -> None:
    station, (case_id,) = ready(centre)
    nameless = station.envelope(attempt(case_id))
    del nameless["id"]
    reply = station.push(station.envelope(attempt(case_id)), nameless)
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["place"].startswith("$.changes[1]")
    assert centre.ask("SELECT count(*) FROM change")[0][0] == 0


def test_more_than_a_batch_holds_is_refused_before_it_is_stored(centre: Rig) -> None:
    station, (case_id,) = ready(centre)
    reply = station.push(*[attempt(case_id) for _ in range(201)])
    assert (reply.status_code, reply.json()["code"]) == (413, "too_large")
    reply = station.post("/v1/push", b" " * (512 * 1024 + 1))
    assert (reply.status_code, reply.json()["code"]) == (413, "too_large")


def test_the_watermark_stands_before_the_first_gap(centre: Rig) -> None:
    station, (case_id,) = ready(centre)
    first, second, third = (station.envelope(attempt(case_id)) for _ in range(3))
    assert station.post("/v1/push", station.batch([first, third])).json()["last_seq"] == 1
    assert station.post("/v1/push", station.batch([second])).json()["last_seq"] == 3


def test_effects_of_one_device_come_in_the_order_of_its_numbers(centre: Rig) -> None:
    station, (case_id,) = ready(centre)
    first = station.envelope(attempt(case_id, "C02"))
    second = station.envelope(attempt(case_id, "C01"))
    station.post("/v1/push", station.batch([second, first]))
    assert [one.outcome for one in centre.item(case_id).attempts] == ["C02", "C01"]


def test_an_opaque_change_is_kept_as_its_bytes(centre: Rig) -> None:
    import base64
    import hashlib

    station, _ = ready(centre)
    raw = b"\xff\x00 not json"
    one = {
        "id": new_id(),
        "seq": 1,
        "bytes64": base64.b64encode(raw).decode(),
        "sha256": hashlib.sha256(raw).hexdigest(),
    }
    (result,) = station.post("/v1/push/opaque", station.batch([one])).json()["results"]
    assert (result["verdict"], result["reason"]) == ("quarantined", "opaque")
    assert bytes(centre.ask("SELECT envelope FROM change")[0][0]) == raw
    assert station.get("/v1/head").json()["last_seq"] == 1
    damaged = {**one, "id": new_id(), "seq": 2, "sha256": "0" * 64}
    assert station.post("/v1/push/opaque", station.batch([damaged])).status_code == 422


def test_an_opaque_resend_of_a_change_that_did_arrive_tells_its_real_verdict(centre: Rig) -> None:
    import base64
    import hashlib

    station, (case_id,) = ready(centre)
    envelope = station.envelope(attempt(case_id))
    station.pushed(envelope)
    raw = json.dumps(envelope).encode()
    one = {"id": envelope["id"], "seq": 1, "bytes64": base64.b64encode(raw).decode(),
           "sha256": hashlib.sha256(raw).hexdigest()}  # fmt: skip
    (result,) = station.post("/v1/push/opaque", station.batch([one])).json()["results"]
    assert (result["dup"], result["verdict"]) == (True, "applied")


def test_a_lost_workstation_is_stored_but_has_no_effect_and_no_list(centre: Rig) -> None:
    station, (case_id,) = ready(centre)
    with centre.engine.begin() as conn:
        devices.revoke(conn, station.device, now=centre.clock.now())
    (result,) = station.pushed(attempt(case_id))
    assert (result["verdict"], result["reason"]) == ("quarantined", "revoked_device")
    assert centre.item(case_id).attempts == ()
    reply = station.pull()
    assert (reply.status_code, reply.json()["code"]) == (403, "device_revoked")


def test_a_device_is_its_owners_alone(centre: Rig) -> None:
    station, (case_id,) = ready(centre)
    centre.user("ben")
    ben = Station(centre, "ben").sign_in()
    ben.device = station.device
    assert ben.push(attempt(case_id)).json()["code"] == "not_allowed"
    assert ben.pull().json()["code"] == "not_allowed"
    ben.device = new_id()
    assert (ben.pull().status_code, ben.push(attempt(case_id)).json()["code"]) == (410, "device_unknown")


def test_a_workstations_wrong_clock_is_put_right(centre: Rig) -> None:
    station, (case_id,) = ready(centre)
    right = centre.clock.now()
    centre.clock.turn_wall(hours=2)
    body = station.batch([station.envelope(attempt(case_id))])
    centre.clock.turn_wall(hours=-2)
    station.post("/v1/push", body)
    assert centre.item(case_id).attempts[0].at == right


def test_a_workstation_hears_that_its_work_is_durable_only_after_a_finished_backup(centre: Rig) -> None:
    station, ids = ready(centre, 2)
    station.pushed(attempt(ids[0]))
    with centre.engine.begin() as conn:
        marks = durability.watermarks(conn)
    station.pushed(attempt(ids[1]))  # came while the dump was being written: not certainly in it
    assert station.get("/v1/head").json()["durable_seq"] == 0
    with centre.engine.begin() as conn:
        assert durability.confirm(conn, marks, now=centre.clock.now()) == 1
    reply = station.get("/v1/head").json()
    assert (reply["last_seq"], reply["durable_seq"]) == (2, 1)


def test_a_kind_with_a_character_the_database_cannot_hold_is_kept_like_any_unknown_kind(centre: Rig) -> None:
    station, (case_id,) = ready(centre)
    (result,) = station.pushed(station.envelope(attempt(case_id), kind="a\x00b"))
    assert (result["verdict"], result["reason"]) == ("quarantined", "unknown_schema")


def test_the_alarm_for_a_foreign_case_is_written_down(centre: Rig) -> None:
    station, _ = ready(centre)
    foreign = centre.case(centre.project("Other"), to=centre.user("ben"))
    station.pushed(attempt(foreign))
    rows = centre.ask("SELECT rec_id, device_id FROM audit WHERE what = 'alarm_never_in_scope'")
    assert rows == [(foreign, station.device)]
