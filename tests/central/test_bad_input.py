"""Every kind of bad change has a defined answer, is stored as it came, is logged without its words, and harms nobody.

One push holds them all, between good ones: whatever a workstation sends, the others of the batch are judged as ever.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from caller_app.base.clock import to_text
from caller_app.base.ids import new_id
from caller_app.domain.changes import (
    AttemptSuperseded,
    CallbackPromised,
    Change,
    ConcernAdded,
    CorrectionProposed,
    NoteAdded,
    ReferralRequested,
)
from caller_app.protocol.limits import ENVELOPE_BYTES, PUSH_BYTES
from tests.support.centre import Rig
from tests.support.station import Station, attempt

SECRET = "Words Of A Patient 07700 900123"
Made = Callable[[Station, str], dict[str, Any]]


def envelope(change: Callable[[str], Change], **other: Any) -> Made:
    return lambda station, case_id: station.envelope(change(case_id), **other)


def payload(**said: Any) -> Made:
    """A payload that is not in the form of its kind."""

    def made(station: Station, case_id: str) -> dict[str, Any]:
        one = station.envelope(attempt(case_id, note=SECRET))
        one["data"] = {**one["data"], **said}
        return one

    return made


def note(words: str) -> Callable[[str], Change]:
    return lambda case_id: NoteAdded(case_id=case_id, act_id=new_id(), words=words)


def another_case(station: Station, case_id: str) -> dict[str, Any]:
    one = station.envelope(attempt(case_id, note=SECRET))
    one["data"]["case_id"] = new_id()
    return one


def without_zone(station: Station, case_id: str) -> dict[str, Any]:
    one = station.envelope(attempt(case_id))
    one["data"]["started_at"] = "2026-03-03T10:00:00"
    return one


QUARANTINED: dict[str, tuple[Made, str]] = {
    "an unknown kind": (envelope(note(SECRET), kind="sang_a_song"), "unknown_schema"),
    "a schema of a later version": (envelope(note(SECRET), schema=99), "unknown_schema"),
    "a schema nobody shipped": (envelope(note(SECRET), schema=0), "malformed"),
    "longer than one change may be": (envelope(note("x" * ENVELOPE_BYTES)), "too_large"),
    "a field of another type": (payload(outcome=7), "malformed"),
    "a list where words belong": (payload(note=[SECRET]), "malformed"),
    "a time without its zone": (without_zone, "malformed"),
    "another case in the payload than in the envelope": (another_case, "malformed"),
    "no time at all": (envelope(note(SECRET), occurred_at=""), "malformed"),
    "a record that is none": (envelope(note(SECRET), rec="patient 12"), "malformed"),
    "an outcome that does not exist": (envelope(lambda c: attempt(c, "Z99", note=SECRET)), "unknown_outcome"),
    "a correction that does not exist": (
        envelope(
            lambda c: CorrectionProposed(
                case_id=c,
                act_id=new_id(),
                type="shoe_size",
                field="shoe",
                old=None,
                new=SECRET,
                source="patient",
                evidence="patient_confirmed",
            )
        ),
        "unknown_correction",
    ),
    "a person who was never theirs": (
        lambda station, _: station.envelope(attempt(new_id(), note=SECRET)),
        "never_in_scope",
    ),
}

# Sound in form, wrong in what they refer to: they have no effect on the case beyond history, and never a crash.
ODD: dict[str, Made] = {
    "undoes a call nobody made": envelope(
        lambda c: AttemptSuperseded(case_id=c, act_id=new_id(), attempt_id=new_id(), reason=SECRET)
    ),
    "adds to a concern nobody raised": envelope(
        lambda c: ConcernAdded(case_id=c, act_id=new_id(), concern_id=new_id(), words=SECRET)
    ),
    "refers to a pathway the project has not": envelope(
        lambda c: ReferralRequested(case_id=c, act_id=new_id(), pathway="NOWHERE", route="signpost")
    ),
    "a number nobody holds": envelope(lambda c: attempt(c, number="+447700900999", note=SECRET)),
    "a version of the future": envelope(note("Prefers mornings."), base_ver=10**6, assign_gen=10**6),
}


def pushed(centre: Rig, made: dict[str, Made]) -> tuple[Station, str, dict[str, dict[str, Any]]]:
    """Push them in one batch with a good call before, between and after."""
    anna = centre.user("anna")
    bad_case, *good = centre.cases(centre.project(max_attempts=9), 2 + len(made), to=anna)
    station = Station(centre, "anna").sign_in()
    sent, names = [], []
    for number, (name, one) in enumerate(made.items()):
        sent += [station.envelope(attempt(good[number])), one(station, bad_case)]
        names.append(name)
    results = station.pushed(*sent, station.envelope(attempt(good[-1])))
    assert [one["verdict"] for one in results[::2]] == ["applied"] * (len(made) + 1)
    return station, bad_case, dict(zip(names, results[1::2], strict=True))


def test_each_bad_change_is_set_aside_for_its_reason_and_the_rest_is_judged(
    centre: Rig, capfd: pytest.CaptureFixture[str]
) -> None:
    station, bad_case, answers = pushed(centre, {name: made for name, (made, _) in QUARANTINED.items()})
    assert {name: (one["verdict"], one["reason"]) for name, one in answers.items()} == {
        name: ("quarantined", reason) for name, (_, reason) in QUARANTINED.items()
    }
    assert all(one["review_id"] for one in answers.values())
    reviews = centre.ask("SELECT count(*) FROM review_case WHERE state = 'open'")
    assert reviews == [(len(QUARANTINED),)]
    assert centre.item(bad_case).attempts == ()
    assert station.get("/v1/head").json()["last_seq"] == 2 * len(QUARANTINED) + 1
    kept = centre.ask("SELECT count(*) FROM change WHERE encode(envelope, 'escape') LIKE :s", s=f"%{SECRET}%")
    assert kept[0][0] >= 8  # word for word
    written = capfd.readouterr()
    assert SECRET not in written.out + written.err
    logged = json.dumps([str(row.detail) for row in centre.ask("SELECT detail FROM audit")])
    assert SECRET not in logged


def test_a_change_that_refers_to_what_is_not_there_has_a_verdict_and_does_no_harm(
    centre: Rig, capfd: pytest.CaptureFixture[str]
) -> None:
    _, bad_case, answers = pushed(centre, ODD)
    assert set(ODD) == set(answers)
    assert all(one["verdict"] in ("applied", "applied_review", "quarantined") for one in answers.values())
    assert centre.ask("SELECT count(*) FROM change_state WHERE reason = 'judging_failed'") == [(0,)]
    assert centre.item(bad_case).status != "closed"
    written = capfd.readouterr()
    assert SECRET not in written.out + written.err


def test_a_promise_that_ends_before_it_begins_reaches_no_callback_slot(centre: Rig) -> None:
    anna = centre.user("anna")
    case_id = centre.case(centre.project(), to=anna)
    now = centre.clock.now()
    backwards = CallbackPromised(
        case_id=case_id, act_id=new_id(), from_at=now + timedelta(hours=2), to_at=now + timedelta(hours=1)
    )
    (result,) = Station(centre, "anna").sign_in().pushed(backwards)
    assert result["verdict"] in ("applied", "applied_review", "quarantined")


@pytest.mark.parametrize("years", [10, -10])
def test_a_change_from_the_future_or_the_far_past_counts_from_when_it_came(centre: Rig, years: int) -> None:
    anna = centre.user("anna")
    case_id = centre.case(centre.project(), to=anna)
    station = Station(centre, "anna").sign_in()
    there = centre.clock.now() + timedelta(days=365 * years)
    body = station.batch([station.envelope(attempt(case_id), occurred_at=to_text(there))])
    reply = station.post("/v1/push", {**body, "sent_at": to_text(there + timedelta(minutes=5))})
    assert reply.json()["results"][0]["verdict"] == "applied"
    [(at,)] = centre.ask("SELECT at FROM attempt")
    assert at == centre.clock.now() - timedelta(minutes=5)


def test_a_change_from_the_future_on_a_right_clock_is_not_later_than_its_arrival(centre: Rig) -> None:
    anna = centre.user("anna")
    case_id = centre.case(centre.project(), to=anna)
    station = Station(centre, "anna").sign_in()
    late = to_text(centre.clock.now() + timedelta(days=365))
    assert station.pushed(station.envelope(attempt(case_id), occurred_at=late))[0]["verdict"] == "applied"
    assert centre.ask("SELECT at FROM attempt") == [(centre.clock.now(),)]


def test_a_body_over_the_limit_is_refused_before_it_is_read_and_stores_nothing(centre: Rig) -> None:
    centre.user("anna")
    station = Station(centre, "anna").sign_in()
    reply = station.post("/v1/push", b"[" + b" " * PUSH_BYTES + b"]")
    assert (reply.status_code, reply.json()["code"]) == (413, "too_large")
    assert centre.ask("SELECT count(*) FROM change") == [(0,)]


def test_one_batch_that_is_out_of_order_or_names_a_number_twice_is_answered_whole(centre: Rig) -> None:
    anna = centre.user("anna")
    ids = centre.cases(centre.project(), 3, to=anna)
    station = Station(centre, "anna").sign_in()
    first, second, third = (station.envelope(attempt(case_id)) for case_id in ids)
    assert [one["seq"] for one in station.pushed(third, first, second)] == [3, 1, 2]
    assert station.get("/v1/head").json()["last_seq"] == 3
    twice = station.push(station.envelope(attempt(ids[0])), {**station.envelope(attempt(ids[1])), "seq": 4})
    assert (twice.status_code, twice.json()["code"]) == (409, "device_forked")
    assert centre.ask("SELECT count(*) FROM change") == [(3,)]
