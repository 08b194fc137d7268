"""Dialling: held back where the rules say so, with the reason; a sitting and a concern change what is allowed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from caller_app.base.errors import Refused
from caller_app.commands.attempts import record_attempt
from caller_app.commands.calls import open_call, record_dial, take_incoming
from caller_app.commands.concerns import raise_concern
from caller_app.domain.items import Promise
from caller_app.queries.cards import card
from tests.deeds.rig import HOME, MOBILE, TUESDAY, Rig, case, item, opened


def dial(rig: Rig, number: str = MOBILE, case_id: str = "") -> str:
    given: str = rig.write(record_dial, case_id=case_id or case(), number=number)
    return given


def test_a_dial_is_audited_with_its_number_and_kept_in_the_call(rig: Rig) -> None:
    rig.write(open_call, case_id=case())
    assert dial(rig) == MOBILE
    last = rig.changes()[-1].change
    assert (last.what, last.detail) == ("dial", MOBILE)
    shown = rig.read(card, case_id=case())
    assert (shown.dialled_number, shown.dialled_at) == (MOBILE, TUESDAY)


def test_nothing_is_dialled_from_a_card_that_is_not_open(rig: Rig) -> None:
    with pytest.raises(Refused, match="Open this person's card first"):
        dial(rig)


@pytest.mark.parametrize(
    ("minutes", "allowed", "warned"), [(10, True, False), (240, True, True), (719, True, True), (720, False, False)]
)
def test_an_old_stop_list_warns_and_then_holds_back(rig: Rig, minutes: int, allowed: bool, warned: bool) -> None:
    rig.write(open_call, case_id=case())
    rig.clock.turn_wall(minutes=-60)  # 09:00, so that twelve hours later is still a matter of the list alone
    rig.receive()
    rig.clock.turn_wall(minutes=minutes)
    shown = rig.read(card, case_id=case())
    if minutes < 600:
        assert shown.may_dial is allowed
    assert any("hours old" in line.text for line in shown.warnings) is (warned and shown.may_dial)
    if not allowed:
        assert "too old" in (shown.hold_reason or "")
        with pytest.raises(Refused, match="too old") as refusal:
            dial(rig)
        assert refusal.value.field == "number"


def test_nobody_is_rung_outside_calling_hours(tmp_path: Path) -> None:
    with opened(tmp_path / "late", item(), at=TUESDAY.replace(hour=19, minute=1)) as rig:
        rig.write(open_call, case_id=case())
        with pytest.raises(Refused, match="Outside calling hours"):
            dial(rig)
        assert rig.read(card, case_id=case()).hold_reason == "Outside calling hours."


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"status": "supervisor", "status_why": "twice a third party would not connect us"}, "with the supervisor"),
        ({"status": "needs_review"}, "Two results disagree"),
        ({"status": "held", "status_why": "waits for the practice's answer"}, "is held: waits"),
        ({"status": "closed", "status_why": "declined this time"}, "is closed"),
        ({"not_before": TUESDAY + timedelta(hours=2)}, "Not before 12:00"),
        (
            {"promises": (Promise("p", TUESDAY + timedelta(hours=2), TUESDAY + timedelta(hours=3), "Bob", 9),)},
            "We promised to ring 12:00",
        ),
        ({"numbers": ()}, "No number is left"),
    ],
)
def test_a_case_that_may_not_be_rung_says_why_on_the_card(tmp_path: Path, more: dict[str, object], reason: str) -> None:
    with opened(tmp_path / "held", item(**more)) as rig:
        rig.write(open_call, case_id=case())
        shown = rig.read(card, case_id=case())
        assert not shown.may_dial
        assert reason in (shown.hold_reason or "")


def test_only_numbers_of_the_person_that_are_fit_to_be_rung(tmp_path: Path) -> None:
    numbers = item().numbers
    bad = (replace(numbers[0], state="wrong"), replace(numbers[1], dialable=False))
    with opened(tmp_path / "bad", item(numbers=bad)) as rig:
        rig.write(open_call, case_id=case())
        for number, reason in ((MOBILE, "somebody else"), (HOME, "supervisor"), ("+447700900777", "not one of")):
            with pytest.raises(Refused, match=reason):
                dial(rig, number)


def test_a_number_is_dialled_three_times_a_day_at_most(rig: Rig) -> None:
    rig.write(open_call, case_id=case())
    for _ in range(3):
        dial(rig)
        rig.clock.pass_by(minutes=2)
    with pytest.raises(Refused, match="three times today"):
        dial(rig)
    assert dial(rig, HOME) == HOME


def test_after_no_answer_the_other_number_may_be_tried_in_the_same_sitting(rig: Rig) -> None:
    rig.call()
    act = rig.write(record_attempt, case_id=case(), outcome="C01")
    assert act.other_number == HOME
    rig.write(open_call, case_id=case())
    with pytest.raises(Refused, match="Not before"):
        dial(rig, MOBILE)
    dial(rig, HOME)
    act = rig.write(record_attempt, case_id=case(), outcome="C01")
    assert act.other_number is None, "both were tried in this sitting"
    assert rig.item().counted_attempts == 1, "a sitting counts once"


def test_the_sitting_is_over_after_half_an_hour(rig: Rig) -> None:
    rig.call()
    rig.write(record_attempt, case_id=case(), outcome="C01")
    rig.clock.pass_by(minutes=31)
    rig.write(open_call, case_id=case())
    with pytest.raises(Refused, match="Not before"):
        dial(rig, HOME)


def test_somebody_who_declined_is_not_rung_on_another_number(rig: Rig) -> None:
    rig.call()
    rig.verify()
    rig.write(record_attempt, case_id=case(), outcome="D01", facts={"reason": "time"})
    rig.write(open_call, case_id=case())
    with pytest.raises(Refused, match="closed"):
        dial(rig, HOME)


def test_where_the_line_drops_in_danger_the_number_is_dialled_again_though_the_case_is_locked(rig: Rig) -> None:
    rig.call()
    rig.write(raise_concern, case_id=case(), route="immediate", words="has taken tablets")
    assert rig.item().status == "supervisor"
    assert dial(rig) == MOBILE
    assert rig.read(card, case_id=case()).may_dial
    with pytest.raises(Refused, match="with the supervisor"):
        dial(rig, HOME)


def test_the_lock_holds_for_the_next_call(rig: Rig) -> None:
    rig.call()
    concern = rig.write(raise_concern, case_id=case(), route="immediate")
    rig.write(record_attempt, case_id=case(), outcome="E01", facts={"concern": concern})
    rig.write(open_call, case_id=case())
    with pytest.raises(Refused, match="with the supervisor"):
        dial(rig)


def test_somebody_who_rang_us_in_danger_may_be_rung_back(rig: Rig) -> None:
    rig.write(take_incoming, case_id=case())
    rig.write(raise_concern, case_id=case(), route="immediate")
    assert dial(rig, HOME) == HOME


def test_the_promised_number_is_the_best_one(tmp_path: Path) -> None:
    promise = Promise("p", TUESDAY, TUESDAY + timedelta(hours=1), "Ann Caller", 7, number=HOME)
    with opened(tmp_path / "promised", item(promises=(promise,), status="callback")) as rig:
        rig.write(open_call, case_id=case())
        assert rig.read(card, case_id=case()).best_number == HOME


def test_the_number_that_failed_less_is_the_best_one(tmp_path: Path) -> None:
    mobile, home = item().numbers
    failed = replace(mobile, state="no_answer", no_answers=2)
    with opened(tmp_path / "failed", item(numbers=(failed, home))) as rig:
        rig.write(open_call, case_id=case())
        assert rig.read(card, case_id=case()).best_number == HOME


def test_somebody_taken_away_during_the_call_is_not_dialled_any_more(rig: Rig) -> None:
    rig.write(open_call, case_id=case())
    rig.lose(item(), why="opted_out")
    shown = rig.read(card, case_id=case())
    assert not shown.may_dial and "asked not to be called again" in (shown.hold_reason or "")
    with pytest.raises(Refused, match="asked not to be called again"):
        dial(rig)


def test_needs_are_said_in_words_before_anybody_speaks(rig: Rig) -> None:
    assert rig.read(card, case_id=case()).needs == ("Interpreter: Urdu", "Large print")
