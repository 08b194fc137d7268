"""A referral's states and what a withdrawal, a second one or a full pathway makes of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caller_app.domain.changes import ReferralRequested, ReferralTakenBack
from caller_app.domain.effects import ReferralOpened, ReferralWithdrawn
from caller_app.domain.items import Item, ReferralLine
from caller_app.domain.rebase import CaseStanding, fold, judge
from caller_app.domain.rebase_terms import Judgement
from caller_app.domain.referrals import MOVES, STATES, TAKES_PLACE, UNDERWAY, moves_from, same_underway, taken_back
from caller_app.domain.telling import lines_of, title_of
from tests.rules.cases import MONDAY_10, case, mine, project, recorded, rules, undo

DAY = timedelta(days=1)


def line(state: str, *, route: str = "supported_referral", days: int = 0) -> ReferralLine:
    return ReferralLine("r1", "dpp_referral", route, MONDAY_10 - days * DAY, state=state, act_id="act-1")


def decide(item: Item, change: Any, **standing: Any) -> Judgement:
    one = recorded(change, change_id="r2")
    return judge(item, one, mine(item, **standing), rules(), project())


def asked(**more: Any) -> ReferralRequested:
    given = {"pathway": "dpp_referral", "route": "supported_referral", "consent": "yes", **more}
    return ReferralRequested(case_id="case-1", act_id="act-2", **given)


def withdrawal(of: str = "r1") -> ReferralTakenBack:
    return ReferralTakenBack(case_id="case-1", act_id="act-3", referral_id=of, reason="changed their mind")


def test_every_step_leads_from_a_known_state_to_another() -> None:
    for state, moves in MOVES.items():
        assert state in STATES
        assert all(one.to in STATES and one.to != state for one in moves)
        assert len({one.to for one in moves}) == len(moves)
    assert moves_from("held_for_review") == () and moves_from("withdrawn") == (), "decided elsewhere, or done"


def test_from_recorded_every_state_can_be_reached_and_each_can_be_put_right() -> None:
    reached, todo = {"recorded"}, ["recorded"]
    while todo:
        for one in moves_from(todo.pop()):
            if one.to not in reached:
                reached.add(one.to)
                todo.append(one.to)
    assert reached == set(STATES) - {"held_for_review"}


@pytest.mark.parametrize(
    ("state", "after", "reason"),
    [
        ("recorded", "withdrawn", None),
        ("held_for_review", "withdrawn", None),
        ("returned", "withdrawn", None),
        ("sent", "cancel_due", "withdrawn_after_sending"),
        ("received", "cancel_due", "withdrawn_after_sending"),
        ("booked", "cancel_due", "withdrawn_after_sending"),
        ("attended", "attended", "withdrawn_too_late"),
        ("withdrawn", "withdrawn", None),
        ("cancel_due", "cancel_due", None),
    ],
)
def test_a_withdrawal_ends_what_was_not_sent_and_has_the_service_told_of_the_rest(
    state: str, after: str, reason: str | None
) -> None:
    found = decide(case(referrals=(line(state),)), withdrawal())
    assert (found.verdict, found.reason) == ("applied", reason)
    assert found.item.referrals[0].state == after == taken_back(state)
    assert [one for one in found.effects if isinstance(one, ReferralWithdrawn)] == (
        [ReferralWithdrawn("r1", after)] if after != state else []
    )


@pytest.mark.parametrize("status", ["closed", "ready", "supervisor", "needs_review"])
def test_a_withdrawal_is_taken_whatever_became_of_the_case(status: Any) -> None:
    item = case(status=status, referrals=(line("recorded"),))
    found = decide(item, withdrawal(), assignee_id=99, stopped_at=MONDAY_10)
    assert found.item.referrals[0].state == "withdrawn"
    assert found.item.status == status


def test_a_withdrawal_of_nothing_is_looked_at() -> None:
    found = decide(case(), withdrawal())
    assert (found.verdict, found.review_class) == ("applied_review", "withdrawal_of_unknown")


@pytest.mark.parametrize("state", sorted(STATES))
@pytest.mark.parametrize("days", [1, 400])
def test_one_underway_holds_another_however_old_it_is(state: str, days: int) -> None:
    found = decide(case(referrals=(line(state, days=days),)), asked())
    held = state in UNDERWAY or (days == 1 and state == "attended")
    assert (found.review_class == "duplicate_referral") is held
    assert found.item.referrals[1].state == ("held_for_review" if held else "recorded")


def test_another_case_of_the_person_holds_it_too() -> None:
    assert decide(case(), asked(), referred_elsewhere=True).review_class == "duplicate_referral"


def test_over_the_places_it_is_kept_and_held() -> None:
    found = decide(case(), asked(), pathway_full=True)
    assert found.review_class == "pathway_full"
    assert [one for one in found.effects if isinstance(one, ReferralOpened)] == [
        ReferralOpened("r2", "dpp_referral", "supported_referral", True, "pathway_full")
    ]


def test_no_consent_is_said_before_no_place() -> None:
    assert decide(case(), asked(consent="no"), pathway_full=True).review_class == "referral_without_consent"


def test_the_workstation_shows_its_own_withdrawal_at_once_and_laying_it_twice_changes_nothing() -> None:
    mine_done = [recorded(asked(), change_id="r1"), recorded(withdrawal())]
    once = fold(case(), mine_done, rules(), project())
    assert once.referrals[0].state == "withdrawn"
    assert fold(once, mine_done, rules(), project()) == once


def test_undoing_the_call_of_a_referral_that_was_sent_has_the_service_told() -> None:
    from tests.rules.cases import attempt

    call = attempt("A01", act="act-1")
    item = replace(fold(case(), [call], rules(), project()), referrals=(line("sent"),))
    found = judge(item, undo(call), CaseStanding(assignee_id=1, assign_gen=1), rules(), project())
    assert found.item.referrals[0].state == "cancel_due"


@given(st.lists(st.sampled_from(sorted(STATES)), max_size=4), st.integers(0, 60))
def test_what_stands_against_a_referral_is_never_withdrawn(states: list[str], days: int) -> None:
    lines = [replace(line(state, days=days), referral_id=f"r{at}") for at, state in enumerate(states)]
    found = same_underway(lines, "dpp_referral", "supported_referral", MONDAY_10)
    assert found is None or found.state != "withdrawn"
    assert same_underway(lines, "another", "supported_referral", MONDAY_10) is None
    if any(one in UNDERWAY for one in states):
        assert found is not None


def test_a_place_is_taken_by_what_goes_on_and_by_nothing_else() -> None:
    assert not TAKES_PLACE & {"withdrawn", "held_for_review", "returned"}


def test_it_is_told_in_words() -> None:
    assert title_of(withdrawal(), rules()) == "Referral withdrawn"
    assert lines_of(withdrawal(), rules()) == (("Why", "changed their mind"), ("Said by", "the person"))
    told = dict(
        lines_of(asked(language="pl", interpreter="family", wording_version="3", shared_fields=("name",)), rules())
    )
    assert (told["Read in"], told["Version of the words"], told["Shared"]) == (
        "pl, with family interpreting",
        "3",
        "name",
    )
