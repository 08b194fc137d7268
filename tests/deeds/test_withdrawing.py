"""Taking up a pathway at the workstation: what is refused there and then, what is recorded, and taking it back."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from caller_app.base.errors import Refused
from caller_app.commands.attempts import record_attempt, supersede_attempt
from caller_app.commands.calls import take_incoming
from caller_app.commands.referrals import withdraw_referral
from caller_app.domain.items import KIND_PROJECT, ReferralLine
from caller_app.protocol.codec import encode
from caller_app.protocol.messages import Put
from caller_app.queries.cards import card
from tests.deeds.rig import PROJECT_ID, TUESDAY, Rig, case, item, opened, project

AGREED = {"pathway": "dpp_referral", "consent": "yes"}


def checked(rig: Rig) -> None:
    rig.call()
    rig.verify()


def rang(rig: Rig) -> None:
    """They ring us: a case that has ended is not dialled."""
    rig.write(take_incoming, case_id=case())
    rig.verify()


def refer(rig: Rig, **more: Any) -> str:
    """Record the referral and give its id."""
    rig.write(record_attempt, case_id=case(), outcome="A01", facts=AGREED, **more)
    return next(one.change_id for one in rig.changes() if one.change.kind == "referral_requested")


def withdraw(rig: Rig, referral_id: str, **more: Any) -> str:
    given = {"reason": "changed their mind", **more}
    change_id: str = rig.write(withdraw_referral, case_id=case(), referral_id=referral_id, **given)
    return change_id


def line(state: str, **more: Any) -> ReferralLine:
    at = TUESDAY - timedelta(days=20)
    return ReferralLine("r1", "dpp_referral", "supported_referral", **{"at": at, "state": state, **more})


def test_a_referral_says_the_version_that_was_read_who_agreed_and_in_which_language(rig: Rig) -> None:
    checked(rig)
    refer(rig, referral={"given_by": "patient", "interpreter": "booked"})
    (change,) = [one.change for one in rig.changes() if one.change.kind == "referral_requested"]
    assert (change.wording_version, change.given_by, change.interpreter) == ("2026-1", "patient", "booked")
    assert change.shared_with == "Healthier You (demo provider)"


def test_nobody_agrees_for_somebody_as_long_as_no_authority_is_recorded(rig: Rig) -> None:
    checked(rig)
    with pytest.raises(Refused, match="Only the person can agree") as refusal:
        refer(rig, referral={"given_by": "proxy", "interpreter": "no"})
    assert refusal.value.field == "given_by"
    assert rig.changes()[-1].change.kind == "accessed", "nothing of the call was recorded either"


def test_agreement_is_never_assumed(rig: Rig) -> None:
    checked(rig)
    with pytest.raises(Refused) as refusal:
        rig.write(record_attempt, case_id=case(), outcome="A01", facts={"pathway": "dpp_referral"})
    assert refusal.value.field == "consent"


@pytest.mark.parametrize("state", ["recorded", "sent", "received", "booked", "cancel_due", "held_for_review"])
def test_what_is_underway_is_refused_with_its_date(tmp_path: Path, state: str) -> None:
    with opened(tmp_path / "p", item(referrals=(line(state, at=TUESDAY - timedelta(days=200)),))) as rig:
        checked(rig)
        with pytest.raises(Refused, match="recorded on 15 August 2025 already") as refusal:
            rig.write(record_attempt, case_id=case(), outcome="A01", facts=AGREED)
        assert refusal.value.field == "pathway"
        shown = {one.pathway: one for one in rig.read(card, case_id=case()).offers}["dpp_referral"]
        assert "15 August 2025" in shown.underway


@pytest.mark.parametrize("state", ["withdrawn", "returned"])
def test_what_ended_may_be_taken_up_again(tmp_path: Path, state: str) -> None:
    with opened(tmp_path / "p", item(referrals=(line(state),))) as rig:
        checked(rig)
        assert refer(rig)


def with_project(rig: Rig, **changes: Any) -> None:
    body = encode(replace(project(), **changes))
    import msgspec

    rig._take([Put(k=KIND_PROJECT, s=rig._next(), id=PROJECT_ID, v=2, b=msgspec.Raw(body))])


def test_a_full_pathway_is_refused_with_until_when(rig: Rig) -> None:
    with_project(rig, full={"dpp_referral": "2026-03-09"})
    checked(rig)
    with pytest.raises(Refused, match="full until 9 March 2026"):
        rig.write(record_attempt, case_id=case(), outcome="A01", facts=AGREED)
    with_project(rig, full={"dpp_referral": "2026-03-03"})
    assert refer(rig), "from this day on it has places again"


def test_a_pathway_past_its_last_day_is_refused(rig: Rig) -> None:
    over = tuple(replace(one, until="2026-03-02") for one in project().pathways)
    with_project(rig, pathways=over)
    checked(rig)
    with pytest.raises(Refused, match="not offered after 2 March 2026"):
        rig.write(record_attempt, case_id=case(), outcome="A01", facts=AGREED)


# --- withdrawal ---


def test_the_person_withdraws_in_a_call_and_the_row_follows_at_once(rig: Rig) -> None:
    checked(rig)
    referral_id = refer(rig)
    rang(rig)
    shown = rig.read(card, case_id=case()).referrals[0]
    assert shown.may_withdraw and shown.will == "Nothing is sent any more."
    assert shown.words == "to be sent, recorded 3 March 2026"
    withdraw(rig, referral_id)
    assert rig.item().referrals[0].state == "withdrawn"
    assert not rig.read(card, case_id=case()).referrals[0].may_withdraw
    assert rig.kinds()[-1] == "referral_withdrawn"
    rig.restart()
    assert rig.item().referrals[0].state == "withdrawn"


def test_after_it_was_sent_the_supervisor_is_asked_to_tell_the_service(tmp_path: Path) -> None:
    with opened(tmp_path / "p", item(referrals=(line("sent"),))) as rig:
        checked(rig)
        assert rig.read(card, case_id=case()).referrals[0].will == "The supervisor is asked to tell the service."
        withdraw(rig, "r1")
        assert rig.item().referrals[0].state == "cancel_due"


@pytest.mark.parametrize("given_by", ["patient", "proxy"])
def test_nobody_unknown_on_the_line_withdraws_for_somebody(rig: Rig, given_by: str) -> None:
    checked(rig)
    referral_id = refer(rig)
    with pytest.raises(Refused, match="Check first who this is"):
        withdraw(rig, referral_id, given_by=given_by)
    rig.write(take_incoming, case_id=case())
    with pytest.raises(Refused, match="Check first who this is"):
        withdraw(rig, referral_id, given_by=given_by)


def test_a_mistake_of_ones_own_needs_nobody_on_the_line_and_one_of_a_colleague_does(rig: Rig) -> None:
    checked(rig)
    assert withdraw(rig, refer(rig), given_by="caller", reason="wrong pathway")
    rig.receive(item(2, referrals=(line("recorded"),)))
    with pytest.raises(Refused, match="Check first who this is"):
        rig.write(withdraw_referral, case_id=case(2), referral_id="r1", reason="x", given_by="caller")


@pytest.mark.parametrize(
    ("state", "says"), [("withdrawn", "already"), ("cancel_due", "already"), ("attended", "it is attended")]
)
def test_what_has_ended_cannot_be_withdrawn(tmp_path: Path, state: str, says: str) -> None:
    with opened(tmp_path / "p", item(referrals=(line(state),))) as rig:
        checked(rig)
        with pytest.raises(Refused, match=says):
            withdraw(rig, "r1")


def test_a_reason_and_one_of_the_persons_own_referrals_are_needed(rig: Rig) -> None:
    checked(rig)
    referral_id = refer(rig)
    rang(rig)
    with pytest.raises(Refused) as refusal:
        withdraw(rig, referral_id, reason="  ")
    assert refusal.value.field == "reason"
    with pytest.raises(Refused, match="not a referral of this person"):
        withdraw(rig, "another")


def test_undo_takes_the_referral_with_it_and_it_can_be_recorded_anew(rig: Rig) -> None:
    checked(rig)
    refer(rig)
    call = next(one.change_id for one in rig.changes() if one.change.kind == "attempt_recorded")
    rig.write(supersede_attempt, attempt_id=call)
    assert [one.state for one in rig.item().referrals] == ["withdrawn"]
    rig.write(record_attempt, case_id=case(), outcome="A01", facts=AGREED)
    assert [one.state for one in rig.item().referrals] == ["withdrawn", "recorded"]


def test_before_identity_the_card_says_nothing_of_what_was_taken_up(tmp_path: Path) -> None:
    with opened(tmp_path / "p", item(referrals=(line("sent"),))) as rig:
        rig.call()
        assert rig.read(card, case_id=case()).referrals == ()
