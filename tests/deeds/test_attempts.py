"""One outcome with all that follows from it is one act in one transaction: all of it is kept, or nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from caller_app.base.errors import Refused
from caller_app.commands.attempts import record_attempt
from caller_app.commands.calls import (
    leave_call,
    open_call,
    reveal_check_panel,
    save_page,
    take_incoming,
    tick_identity,
)
from caller_app.commands.concerns import raise_concern
from caller_app.commands.corrections import CorrectionSaid
from caller_app.domain.items import Promise
from caller_app.queries.cards import card
from caller_app.queries.catalogue import outcome_form
from caller_app.queries.lists import my_list
from tests.deeds.rig import HOME, MOBILE, TUESDAY, Rig, case, item, opened, rules

CALLBACK = {"date": "2026-03-04", "time": "14:00-15:00", "callback_number": MOBILE, "anyone": "me"}

# Facts that satisfy each code once the person was checked (or, for the others, while somebody is on the line).
FACTS: dict[str, dict[str, Any]] = {
    "N01": {"reason": "needs_advice"},
    "N02": {"reason": "opted_out"},
    "C01": {}, "C02": {}, "C03": {"greeting": "own", "although": "yes"}, "C04": {},
    "C05": {"which": "barred"},
    "P01": {}, "P02": {}, "P03": {"who": "household"},
    "T01": {"relationship": "partner"},
    "T02": {"relationship": "partner", "words": "No, she is busy"},
    "R01": CALLBACK,
    "R02": {"check_full_name": "matches", "check_dob": "differs", "check_address": "not_asked"},
    "R03": {"need_codes": ["interpreter"], "language": "Urdu", "date": "2026-03-05"},
    "R04": {"point": "questions"},
    "R05": {"reason": "hospital", "review_date": "2026-03-20"},
    "R06": {"need_codes": ["hearing"], "channel": "letter"},
    "A01": {"pathway": "dpp_referral", "consent": "yes"},
    "A02": {"pathway": "dpp_self", "channel": "letter"},
    "A04": {"channel": "letter"},
    "A05": {"what": "in_service", "where": "service"},
    "A06": {"reason": "pregnant"},
    "D01": {"reason": "not_given"},
    "D02": {"scope": "campaign"},
    "D03": {"words": "do not ring me again"},
    "E02": {"urgency": "routine", "summary": "asks about tablets", "how_sent": "task"},
    "S01": {"who": "family"},
    "S02": {"practice": "Heron Practice"},
    "S03": {"why": "lacks_capacity", "authority": "a daughter"},
}  # fmt: skip
VERIFIED = [one.code for one in rules().outcomes.on_pad() if one.needs_verified]


def record(rig: Rig, outcome: str, **more: Any) -> Any:
    return rig.write(record_attempt, case_id=case(), outcome=outcome, **more)


@pytest.mark.parametrize("code", sorted(set(FACTS) | {"A03", "A07", "E01"}))
def test_every_code_of_the_pad_can_be_recorded_from_a_call(rig: Rig, code: str) -> None:
    if code[0] == "N":
        rig.write(open_call, case_id=case())
    else:
        rig.call()
    if code in VERIFIED:
        rig.verify()
    facts = dict(FACTS.get(code, {}))
    if code == "E01":
        facts["concern"] = rig.write(raise_concern, case_id=case(), route="safeguarding", words="said he is afraid")
    if code in ("A03", "A07"):
        form = rig.read(outcome_form, case_id=case(), code=code)
        choices = {one.name: one.choices for one in form.fields}
        facts |= {"pathway": choices["pathway"][0][0], "consent": "yes"}
    act = record(rig, code, facts=facts)
    recorded = {one.change_id: one for one in rig.changes()}
    assert recorded[act.attempt_id].change.outcome == code
    assert {recorded[one].change.act_id for one in act.change_ids} == {recorded[act.attempt_id].change.act_id}
    assert rig.item().attempts[-1].attempt_id == act.attempt_id
    assert rig.read(lambda s: s.draft(case())) is None, "the call is over"
    for_the_supervisor = code in ("D02", "D03", "S01", "E01")
    assert act.undo_until == (None if for_the_supervisor else TUESDAY + timedelta(seconds=10))
    assert ("Only the supervisor can take this back" in act.sentence) is for_the_supervisor


@pytest.mark.parametrize("code", VERIFIED)
def test_a_code_that_needs_the_check_is_refused_without_it_and_nothing_is_kept(rig: Rig, code: str) -> None:
    rig.call()
    with pytest.raises(Refused, match="identity check") as refusal:
        record(rig, code, facts=FACTS.get(code, {}))
    assert refusal.value.field == "outcome"
    assert rig.kinds() == []
    assert rig.read(lambda s: s.draft(case())) is not None, "the call goes on"


def test_the_system_code_cannot_be_chosen(rig: Rig) -> None:
    rig.call()
    with pytest.raises(Refused, match="set by the system"):
        record(rig, "C06")


def test_a_missing_fact_names_its_field_and_keeps_everything_open(rig: Rig) -> None:
    rig.call()
    with pytest.raises(Refused) as refusal:
        record(rig, "R01", facts={"date": "2026-03-04"})
    assert refusal.value.field == "time"
    assert rig.kinds() == []


def test_a_promise_outside_open_hours_takes_the_whole_act_back(rig: Rig) -> None:
    rig.call()
    with pytest.raises(Refused, match="we ring from 09:00 to 19:00"):
        record(rig, "R01", facts=CALLBACK | {"time": "19:30-20:00"})
    with pytest.raises(Refused, match="Nobody rings on that day"):
        record(rig, "R01", facts=CALLBACK | {"date": "2026-03-08"})
    with pytest.raises(Refused, match="Nobody rings on that day"):
        record(rig, "R03", facts=FACTS["R03"] | {"date": "2026-03-08"})
    assert rig.kinds() == []


def test_a_promised_call_is_its_own_change_and_stands_on_the_list(rig: Rig) -> None:
    rig.call()
    act = record(rig, "R01", facts=CALLBACK)
    assert rig.kinds() == ["attempt_recorded", "callback_promised"]
    assert "Promised for Wednesday 4 March, 14:00 to 15:00" in act.sentence
    promise = rig.item().promises[0]
    assert (promise.from_at, promise.to_at) == (
        datetime(2026, 3, 4, 14, tzinfo=UTC),
        datetime(2026, 3, 4, 15, tzinfo=UTC),
    )
    assert not promise.anyone and promise.number == MOBILE
    rig.clock.turn_wall(days=1, hours=4)
    row = rig.read(my_list)[0]
    assert row.group == "due" and row.why == "promised 14:00 to 15:00, they asked for you"


def test_an_attempt_says_which_promise_it_keeps_even_when_late(tmp_path: Path) -> None:
    start = TUESDAY - timedelta(hours=3)
    promise = Promise("p1", start, start, "Bob Other", 9)
    with opened(tmp_path / "p", item(promises=(promise,), status="callback", not_before=start)) as rig:
        rig.call()
        record(rig, "C01")
        attempt = next(one.change for one in rig.changes() if one.change.kind == "attempt_recorded")
        assert attempt.promise_id == "p1"
        assert rig.item().promises[0].state == "missed"


def test_a_promise_that_only_another_caller_may_keep_is_not_claimed(tmp_path: Path) -> None:
    promise = Promise("p1", TUESDAY, TUESDAY, "Bob Other", 9, anyone=False)
    with opened(tmp_path / "p", item(promises=(promise,), status="callback")) as rig:
        rig.call()
        record(rig, "C01")
        attempt = next(one.change for one in rig.changes() if one.change.kind == "attempt_recorded")
        assert attempt.promise_id is None


def test_a_wrong_number_is_blocked_reported_and_the_other_number_offered(rig: Rig) -> None:
    rig.call()
    act = record(rig, "P02")
    assert rig.kinds() == ["attempt_recorded", "correction_proposed"]
    said = next(one.change for one in rig.changes() if one.change.kind == "correction_proposed")
    assert (said.type, said.field, said.source, said.evidence) == (
        "PHONE_WRONG",
        f"phone:{MOBILE}",
        "third_party",
        "household_said",
    )
    number = rig.item().numbers[0]
    assert number.state == "wrong" and not number.textable
    assert act.other_number == HOME
    rig.call(number=HOME)
    assert record(rig, "P02").other_number is None
    assert rig.item().status == "closed"


def test_the_evidence_of_a_wrong_number_may_be_the_callers_own(rig: Rig) -> None:
    rig.call()
    mine = CorrectionSaid(
        type="PHONE_WRONG", values={"number_on_record": MOBILE}, source="network", evidence="dead_line"
    )
    record(rig, "P02", corrections=(mine,))
    said = [one.change for one in rig.changes() if one.change.kind == "correction_proposed"]
    assert [(one.type, one.evidence) for one in said] == [("PHONE_WRONG", "dead_line")]


def test_gone_away_blocks_the_number_and_asks_about_the_address(rig: Rig) -> None:
    rig.call()
    record(rig, "P03", facts={"who": "neighbour"})
    said = [one.change for one in rig.changes() if one.change.kind == "correction_proposed"]
    assert [one.type for one in said] == ["PHONE_WRONG", "ADDRESS_GONE_AWAY"]


def test_died_stops_at_once_and_is_reported_to_the_practice(rig: Rig) -> None:
    rig.call()
    record(rig, "S01", facts={"who": "partner", "date": "2026-02-20"})
    said = next(one.change for one in rig.changes() if one.change.kind == "correction_proposed")
    assert said.type == "DECEASED_REPORTED" and said.values["approx_date"] == "2026-02-20"
    assert rig.item().status == "closed"
    assert rig.read(my_list) == ()


def test_identity_not_confirmed_keeps_ticks_and_no_spoken_value(rig: Rig) -> None:
    rig.call()
    rig.write(reveal_check_panel, case_id=case())
    rig.write(tick_identity, case_id=case(), ticks={"full_name": "matches", "dob": "declined", "address": "not_asked"})
    record(rig, "R02")
    attempt = next(one.change for one in rig.changes() if one.change.kind == "attempt_recorded")
    assert attempt.facts == {
        "check_full_name": "matches",
        "check_dob": "declined",
        "check_address": "not_asked",
    }
    assert attempt.identity.passed is False and attempt.identity.policy == "3of3"
    assert rig.kinds() == ["attempt_recorded"]


def test_a_referral_carries_the_words_that_were_read_and_what_is_shared(rig: Rig) -> None:
    rig.call()
    rig.verify()
    record(rig, "A01", facts=FACTS["A01"])
    assert rig.kinds() == ["attempt_recorded", "referral_requested"]
    referral = next(one.change for one in rig.changes() if one.change.kind == "referral_requested")
    assert (referral.pathway, referral.route, referral.consent, referral.given_by) == (
        "dpp_referral",
        "supported_referral",
        "yes",
        "patient",
    )
    assert "Are you happy for us to share" in referral.consent_wording and "2026-1" in referral.consent_wording
    assert "NHS number" in referral.shared_fields and referral.shared_with == "Healthier You (demo provider)"
    line = rig.item().referrals[0]
    assert line.state == "recorded", "the closing act itself does not hold its own referral back"


def test_without_agreement_nothing_is_sent(rig: Rig) -> None:
    rig.call()
    rig.verify()
    with pytest.raises(Refused):
        record(rig, "A01", facts=FACTS["A01"] | {"consent": "no"})
    with pytest.raises(Refused):
        record(rig, "A07", facts={"pathway": "dpp_referral", "consent": "not_needed"})
    record(rig, "A02", facts=FACTS["A02"])
    referral = next(one.change for one in rig.changes() if one.change.kind == "referral_requested")
    assert referral.shared_fields == () and referral.shared_with is None


def test_risk_needs_a_concern_of_this_very_person(tmp_path: Path) -> None:
    with opened(tmp_path / "two", item(1), item(2)) as rig:
        other = rig.write(raise_concern, case_id=case(2), route="distress", words="crying")
        rig.call()
        with pytest.raises(Refused) as refusal:
            record(rig, "E01")
        assert refusal.value.field == "concern"
        with pytest.raises(Refused, match="does not belong to this person"):
            record(rig, "E01", facts={"concern": other})
        mine = rig.write(raise_concern, case_id=case(1), route="immediate")
        record(rig, "E01")
        attempt = next(one.change for one in rig.changes() if one.change.kind == "attempt_recorded")
        assert attempt.facts["concern"] == mine


def test_a_number_of_somebody_else_is_refused(rig: Rig) -> None:
    rig.call()
    with pytest.raises(Refused, match="not one of the person's numbers"):
        record(rig, "C01", number="+447700900999")


def test_what_was_highlighted_but_not_dialled_is_not_recorded_as_rung(rig: Rig) -> None:
    rig.write(open_call, case_id=case())
    record(rig, "N01", number=HOME, facts={"reason": "shift_end"})
    attempt = next(one.change for one in rig.changes() if one.change.kind == "attempt_recorded")
    assert attempt.number is None


def test_answers_and_the_note_of_the_call_travel_with_the_attempt(rig: Rig) -> None:
    rig.call()
    rig.verify()
    rig.write(save_page, case_id=case(), page=0, answers={"ready": "yes", "note": "prefers mornings"})
    rig.write(save_page, case_id=case(), page=1, answers={"needs": ["slower"], "ready": None})
    record(rig, "D01", facts=FACTS["D01"])
    attempt = next(one.change for one in rig.changes() if one.change.kind == "attempt_recorded")
    assert attempt.answers == {"needs": ["slower"]}
    assert attempt.note == "prefers mornings"
    assert attempt.identity.passed


def test_a_note_is_300_characters_and_what_does_not_belong_there_is_pointed_out(rig: Rig) -> None:
    rig.call()
    with pytest.raises(Refused, match="at most 300 characters"):
        record(rig, "C01", note="x" * 301)
    act = record(rig, "C01", note="ring the daughter on 07700 900 555, she said she would kill for tea")
    assert act.offer_concern
    assert any("telephone number" in hint for hint in act.hints) and any("F12" in hint for hint in act.hints)
    rig.call(number=HOME)
    act = record(rig, "C01", note="NHS no 999 012 3454")
    assert any("NHS number" in hint for hint in act.hints) and not act.offer_concern


def test_a_card_where_nothing_happened_is_left_without_a_trace_but_the_look(rig: Rig) -> None:
    rig.write(open_call, case_id=case())
    rig.write(leave_call, case_id=case())
    rig.write(leave_call, case_id=case())
    assert rig.kinds() == [] and len(rig.changes()) == 1
    assert rig.read(my_list)[0].group == "fresh"


def test_a_dialled_call_cannot_be_left_without_its_outcome(rig: Rig) -> None:
    rig.call()
    with pytest.raises(Refused, match="Record how the call went"):
        rig.write(leave_call, case_id=case())


def test_an_incoming_call_is_recorded_on_the_same_record_without_a_dial(rig: Rig) -> None:
    rig.write(take_incoming, case_id=case())
    rig.verify()
    record(rig, "D01", facts=FACTS["D01"])
    attempt = next(one.change for one in rig.changes() if one.change.kind == "attempt_recorded")
    assert attempt.number is None and attempt.identity.passed


def test_a_person_who_left_the_list_during_the_call_is_still_wrapped_up(rig: Rig) -> None:
    rig.call()
    rig.verify()
    rig.lose(item())
    assert "passed to a colleague" in (rig.read(card, case_id=case()).taken_away or "")
    act = record(rig, "A02", facts=FACTS["A02"])
    assert act.attempt_id in {one.change_id for one in rig.changes()}


def test_everything_recorded_is_there_after_a_restart(rig: Rig) -> None:
    rig.call()
    rig.verify()
    act = record(rig, "A01", facts=FACTS["A01"], note="glad of it")
    before = rig.item()
    rig.restart()
    assert {one.change_id for one in rig.changes()} >= set(act.change_ids)
    assert rig.item() == before


def test_the_identity_of_an_unfinished_check_is_recorded_as_not_passed(rig: Rig) -> None:
    rig.call()
    rig.write(reveal_check_panel, case_id=case())
    rig.write(tick_identity, case_id=case(), ticks={"full_name": "matches"})
    record(rig, "R04", facts={"point": "identity"})
    attempt = next(one.change for one in rig.changes() if one.change.kind == "attempt_recorded")
    assert attempt.identity.passed is False
    assert replace(attempt.identity, passed=False) == attempt.identity
