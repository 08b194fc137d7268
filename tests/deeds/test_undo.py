"""An undo takes the effects of a call back, never the fact; what stops a person is not undone from a workstation."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from caller_app.base.errors import Refused
from caller_app.commands.attempts import record_attempt, supersede_attempt
from caller_app.commands.calls import save_page
from caller_app.domain.items import PastAttempt
from caller_app.queries.cards import card
from caller_app.queries.lists import my_list
from tests.deeds.rig import ME, MOBILE, TUESDAY, Rig, case, item, opened

DECLINED = {"reason": "not_given"}
REFERRED = {"pathway": "dpp_referral", "consent": "yes"}


def record(rig: Rig, outcome: str, **more: Any) -> Any:
    return rig.write(record_attempt, case_id=case(), outcome=outcome, **more)


def test_an_undo_takes_the_block_and_the_correction_back_and_opens_the_call_again(rig: Rig) -> None:
    rig.call()
    act = record(rig, "P02")
    rig.clock.pass_by(seconds=4)
    rig.write(supersede_attempt, attempt_id=act.attempt_id)
    after = rig.item()
    assert after.numbers[0].state == "untried" and after.numbers[0].textable
    assert after.attempts[0].superseded and after.corrections[0].state == "withdrawn"
    assert after.status == "ready" and after.counted_attempts == 0
    shown = rig.read(card, case_id=case())
    assert shown.call_id is not None and shown.dialled_number == MOBILE
    with pytest.raises(Refused, match="taken back already"):
        rig.write(supersede_attempt, attempt_id=act.attempt_id)


def test_the_right_result_can_follow_an_undo_without_asking_the_person_again(rig: Rig) -> None:
    rig.call()
    rig.verify()
    rig.write(save_page, case_id=case(), page=0, answers={"ready": "yes"})
    act = record(rig, "D01", facts=DECLINED, note="said no")
    rig.clock.pass_by(seconds=5)
    rig.write(supersede_attempt, attempt_id=act.attempt_id)
    shown = rig.read(card, case_id=case())
    assert shown.identity.passed and shown.answers == {"ready": "yes", "note": "said no"}
    second = record(rig, "A01", facts=REFERRED)
    acts = {one.change.act_id for one in rig.changes() if one.change_id in (act.attempt_id, second.attempt_id)}
    assert len(acts) == 2, "the new result is another act, or undoing the first would strike it too"
    assert rig.item().status == "closed" and rig.item().referrals[0].state == "recorded"


def test_an_undo_gives_the_call_back_at_the_last_page_its_answers_lead_to(rig: Rig) -> None:
    rig.call()
    rig.verify()
    rig.write(save_page, case_id=case(), page=2, answers={"ready": "yes", "aware": "yes", "interest": "unsure"})
    reached = rig.read(card, case_id=case()).script.pages
    act = record(rig, "D01", facts=DECLINED)
    rig.write(supersede_attempt, attempt_id=act.attempt_id)
    shown = rig.read(card, case_id=case())
    assert shown.script.pages == reached
    assert shown.page == len(reached) - 1 > 2
    rig.write(save_page, case_id=case(), page=shown.page, answers={"interest": None})
    shown = rig.read(card, case_id=case())
    assert shown.page == len(shown.script.pages) - 1 < len(reached) - 1, "never past what the answers lead to"


def test_a_call_corrected_later_waits_as_parked(rig: Rig) -> None:
    rig.call()
    act = record(rig, "C01")
    rig.clock.pass_by(minutes=50)
    rig.write(supersede_attempt, attempt_id=act.attempt_id, reason="she did answer")
    assert rig.read(my_list)[0].group == "parked"
    change = next(one.change for one in rig.changes() if one.change.kind == "attempt_superseded")
    assert change.reason == "she did answer"


def test_only_my_own_calls_can_be_taken_back(tmp_path: Path) -> None:
    theirs = PastAttempt("theirs", TUESDAY - timedelta(days=3), "C01", MOBILE, "Bob Other", caller_id=9)
    mine = PastAttempt("mine", TUESDAY - timedelta(days=2), "C01", MOBILE, ME.shown_name, caller_id=ME.user_id)
    with opened(tmp_path / "old", item(attempts=(theirs, mine))) as rig:
        for unknown in ("theirs", "nothing"):
            with pytest.raises(Refused, match="Only your own calls"):
                rig.write(supersede_attempt, attempt_id=unknown, case_id=case())
        rig.write(supersede_attempt, attempt_id="mine", case_id=case())
        assert [one.superseded for one in rig.item().attempts] == [False, True]


@pytest.mark.parametrize(
    ("code", "facts"),
    [("D02", {"scope": "campaign"}), ("D03", {"words": "never again"}), ("S01", {"who": "family"})],
)
def test_a_stop_is_taken_back_by_the_supervisor_only(rig: Rig, code: str, facts: dict[str, str]) -> None:
    rig.call()
    act = record(rig, code, facts=facts)
    with pytest.raises(Refused, match="supervisor"):
        rig.write(supersede_attempt, attempt_id=act.attempt_id)
    assert rig.item().status == "closed"
