"""What must hold for any sequence of changes: both ends agree, once is enough, safety never comes undone."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from caller_app.domain.changes import CallbackPromised, ConcernRaised, CorrectionProposed, NoteAdded, Recorded
from caller_app.domain.items import Item
from caller_app.domain.rebase import CaseStanding, fold, judge
from tests.rules.cases import LANDLINE, ME, MOBILE, MONDAY_10, OTHER, attempt, case, project, recorded, rules, undo

CODES = [one.code for one in rules().outcomes.on_pad()]
STOPPING = {"D02", "D03", "S01"}


@st.composite
def histories(draw: st.DrawFn) -> list[Recorded]:
    """Draw a sequence of changes by two callers, some of them undone."""
    made: list[Recorded] = []
    at = MONDAY_10
    for nr in range(draw(st.integers(1, 7))):
        at += timedelta(minutes=draw(st.integers(1, 3_000)))
        by = draw(st.sampled_from([ME, ME, ME, OTHER]))
        kind = draw(st.sampled_from(["attempt", "attempt", "attempt", "undo", "promise", "note", "concern", "claim"]))
        attempts = [one for one in made if one.change.kind == "attempt_recorded"]
        if kind == "undo" and attempts:
            of = draw(st.sampled_from(attempts))
            made.append(undo(of, at=at, by=of.author_id))
        elif kind == "promise":
            change: Any = CallbackPromised(
                case_id="case-1", act_id=f"act-{nr}", from_at=at, to_at=at + timedelta(hours=1)
            )
            made.append(recorded(change, at=at, by=by))
        elif kind == "note":
            made.append(recorded(NoteAdded(case_id="case-1", act_id=f"act-{nr}", words="note"), at=at, by=by))
        elif kind == "concern":
            change = ConcernRaised(case_id="case-1", act_id=f"act-{nr}", route="distress", words="words")
            made.append(recorded(change, at=at, by=by))
        elif kind == "claim":
            change = CorrectionProposed(
                case_id="case-1", act_id=f"act-{nr}", type=draw(st.sampled_from(["PHONE_WRONG", "DECEASED_REPORTED"])),
                field=f"phone:{MOBILE}", old=MOBILE, new=None, source="third_party", evidence="household_said",
            )  # fmt: skip
            made.append(recorded(change, at=at, by=by))
        else:
            number = draw(st.sampled_from([MOBILE, LANDLINE]))
            made.append(attempt(draw(st.sampled_from(CODES)), at=at, by=by, number=number, act=f"act-{nr}"))
    return made


def stops(one: Recorded) -> bool:
    change = one.change
    return getattr(change, "outcome", "") in STOPPING or getattr(change, "type", "") == "DECEASED_REPORTED"


def at_the_centre(item: Item, changes: list[Recorded], **standing: Any) -> Item:
    for one in changes:
        known: dict[str, Any] = {"assignee_id": one.author_id, "assign_gen": 1}
        item = judge(item, one, CaseStanding(**(known | standing)), rules(), project()).item
    return item


@given(histories())
def test_laying_my_changes_shows_what_the_centre_will_decide(changes: list[Recorded]) -> None:
    assert fold(case(), changes, rules(), project()) == at_the_centre(case(), changes)


@given(histories())
def test_a_row_that_reflects_some_of_them_already_gives_the_same(changes: list[Recorded]) -> None:
    whole = fold(case(), changes, rules(), project())
    for cut in range(len(changes) + 1):
        reflected = at_the_centre(case(), changes[:cut])
        assert fold(reflected, changes[cut:], rules(), project()) == whole


@given(histories(), st.data())
def test_a_change_sent_again_at_any_later_time_changes_nothing(changes: list[Recorded], data: st.DataObject) -> None:
    whole = fold(case(), changes, rules(), project())
    again = data.draw(st.sampled_from(changes))
    assert fold(whole, [again], rules(), project()) == whole


@given(histories(), st.booleans(), st.booleans())
def test_once_stopped_always_stopped(changes: list[Recorded], taker: bool, draining: bool) -> None:
    item, stopped = case(), False
    for one in changes:
        standing = CaseStanding(
            assignee_id=OTHER,
            assign_gen=2,
            taker_has_called=taker,
            reassigned_at=MONDAY_10 + timedelta(days=1),
            author_state="draining" if draining else "active",
        )
        item = judge(item, one, standing, rules(), project()).item
        stopped = stopped or stops(one)
        if stopped:
            assert item.status == "closed"


@given(histories())
def test_once_somebody_is_worried_no_caller_rings(changes: list[Recorded]) -> None:
    item, worried = case(), False
    for one in changes:
        item = fold(item, [one], rules(), project())
        worried = worried or one.change.kind == "concern_raised" or getattr(one.change, "outcome", "") == "E01"
        if worried:
            assert item.status in ("supervisor", "closed", "needs_review")


@settings(max_examples=60)
@given(histories(), st.data())
def test_safety_does_not_depend_on_the_order_of_arrival(changes: list[Recorded], data: st.DataObject) -> None:
    """Two callers' devices arrive in any order, each in its own: a stop ends stopped, a wrong number ends blocked."""
    mine_first = [one for one in changes if one.author_id == ME]
    others = [one for one in changes if one.author_id == OTHER]
    mixed: list[Recorded] = []
    left, right = list(mine_first), list(others)
    while left or right:
        source = left if left and (not right or data.draw(st.booleans())) else right
        mixed.append(source.pop(0))
    one_way, other_way = at_the_centre(case(), changes), at_the_centre(case(), mixed)
    if any(stops(one) for one in changes):
        assert one_way.status == other_way.status == "closed"
    assert {mark.concern_id for mark in one_way.concerns} == {mark.concern_id for mark in other_way.concerns}
    assert {one.attempt_id for one in one_way.attempts} == {one.attempt_id for one in other_way.attempts}
    assert {one.note_id for one in one_way.notes} == {one.note_id for one in other_way.notes}
    assert {one.promise_id for one in one_way.promises} == {one.promise_id for one in other_way.promises}


@given(histories())
def test_every_attempt_and_promise_stays_in_history(changes: list[Recorded]) -> None:
    item = at_the_centre(case(), changes)
    told = {one.change_id for one in changes if one.change.kind == "attempt_recorded"}
    assert {one.attempt_id for one in item.attempts} == told
    told = {one.change_id for one in changes if one.change.kind == "callback_promised"}
    assert {one.promise_id for one in item.promises} == told


@given(histories())
def test_an_open_promise_is_never_on_a_closed_case(changes: list[Recorded]) -> None:
    item = at_the_centre(case(), changes)
    if item.status == "closed":
        assert not [one for one in item.promises if one.state == "open"]


@given(histories())
def test_the_count_is_the_count_of_history(changes: list[Recorded]) -> None:
    item = at_the_centre(case(), changes)
    assert item.counted_attempts == sum(one.counted and not one.superseded for one in item.attempts)
    assert item.counted_attempts >= 0


@given(histories())
def test_what_may_not_take_effect_says_why(changes: list[Recorded]) -> None:
    item = case()
    for one in changes:
        found = judge(item, one, CaseStanding(assignee_id=OTHER, assign_gen=2), rules(), project())
        assert found.verdict == "applied" or (found.reason and found.review_class)
        item = found.item
