"""Settling a review decides what follows and edits nothing; safety outranks every act; no class is without words."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caller_app.domain import settling
from caller_app.domain.items import CaseStatus, ConcernMark, Item, PastAttempt, Promise
from caller_app.domain.reviews import (
    CLASSES,
    GROUPS,
    act_of,
    class_of,
    codes_of,
    reason_words,
    settled_reason,
    urgent_codes,
)
from tests.rules.cases import case as an_item
from tests.rules.cases import project, rules

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def past(number: int, outcome: str, led_to: str = "", *, superseded: bool = False) -> PastAttempt:
    return PastAttempt(
        f"a{number}",
        AT + timedelta(minutes=number),
        outcome,
        caller_id=number,
        led_to=led_to,
        superseded=superseded,  # type: ignore[arg-type]
    )


LED: dict[str, CaseStatus] = {"C01": "ready", "D01": "closed", "A02": "closed", "R01": "callback", "R05": "held",
                              "D02": "closed", "S01": "closed", "E01": "supervisor"}  # fmt: skip
histories = st.lists(
    st.builds(
        lambda outcome, late, superseded: (outcome, "" if late else LED[outcome], superseded),
        st.sampled_from(sorted(LED)), st.booleans(), st.booleans(),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


def made(history: list[tuple[str, str, bool]], concern: bool) -> Item:
    attempts = tuple(past(at, outcome, led, superseded=gone) for at, (outcome, led, gone) in enumerate(history))
    concerns = (ConcernMark("c", "distress", AT),) if concern else ()
    promise = Promise("p", AT, AT + timedelta(hours=1), "Ann", 7, state="open")
    return replace(an_item(), attempts=attempts, concerns=concerns, promises=(promise,), status="needs_review")


@settings(max_examples=150, deadline=None)
@given(history=histories, concern=st.booleans(), which=st.integers(0, 5))
def test_no_act_brings_a_stopped_or_worried_about_person_back_into_dialling(
    history: list[tuple[str, str, bool]], concern: bool, which: int
) -> None:
    item = made(history, concern)
    name = f"a{which % len(history)}"
    stopped = any(outcome in ("D02", "S01") and not gone for outcome, _, gone in history)
    locked = concern or any(outcome in ("D02", "S01", "E01") and not gone for outcome, _, gone in history)
    for settled, _ in (
        settling.only_history(item, name),
        settling.let_decide(item, name, {}, rules(), project()),
        settling.ring_again(item),
        settling.reopen_promise(item, "p"),
    ):
        assert [one.attempt_id for one in sorted(settled.attempts, key=lambda one: one.at)] == [
            one.attempt_id for one in item.attempts
        ], "every attempt stays in the history"
        assert sum(one.counted for one in settled.attempts) == sum(one.counted for one in item.attempts)
        if settled != item and settled.status != item.status:
            assert not stopped or settled.status == "closed"
            assert not locked or settled.status in ("closed", "supervisor")


def test_of_two_endings_the_one_that_stands_decides_and_both_are_kept() -> None:
    item = made([("D01", "closed", False), ("A02", "closed", False)], False)
    first, _ = settling.only_history(item, "a1")
    assert (first.status, [one.led_to for one in first.attempts]) == ("closed", ["closed", ""])
    second, effects = settling.let_decide(item, "a1", {}, rules(), project())
    assert (second.status, [one.led_to for one in second.attempts]) == ("closed", ["", "closed"])
    assert second.promises[0].state == "cancelled"
    assert [type(one).__name__ for one in effects] == ["PromiseSettled", "NoticeTo"], "who promised is told"
    again, _ = settling.ring_again(item)
    assert (again.status, again.not_before) == ("callback", AT), "what was promised is kept"


def test_an_earlier_promise_takes_the_slot_back() -> None:
    item = replace(
        an_item(), status="callback", not_before=AT + timedelta(hours=5),
        promises=(Promise("old", AT, AT, "Ann", 7, state="cancelled", kept_by="new"),
                  Promise("new", AT + timedelta(hours=5), AT, "Ben", 8)),
    )  # fmt: skip
    settled, effects = settling.earlier_promise(item, "new")
    assert [one.state for one in settled.promises] == ["open", "cancelled"]
    assert (settled.status, settled.not_before, len(effects)) == ("callback", AT, 2)
    alone, _ = settling.cancel_promise(item, "new")
    assert (alone.status, alone.not_before) == ("ready", None)
    assert settling.cancel_promise(item, "old") == (item, ())


def test_every_class_the_program_opens_is_known_and_has_words_and_acts() -> None:
    opened: set[str] = set()
    for path in [*(ROOT / "caller_app/domain").glob("rebase*.py"), *(ROOT / "caller_app/central/rules").glob("*.py")]:
        text = path.read_text(encoding="utf-8")
        opened |= set(re.findall(r'\.reviewed\("(\w+)"', text)) | set(re.findall(r'"quarantined", "(\w+)"', text))
        opened |= set(re.findall(r'fault="(\w+)"', text)) | set(re.findall(r'_aside\(item, "(\w+)"', text))
        opened |= set(re.findall(r'held = "(\w+)"', text))
    assert len(opened) > 15, "the pattern still finds them"
    assert opened - set(CLASSES) == set()
    for code in CLASSES:
        known = class_of(code)
        assert known.acts and known.happened.endswith(".") and known.said and known.group in GROUPS
        for act in known.acts:
            assert act_of(code, act.code) is act and act.will.endswith(".")
            assert reason_words(settled_reason(act.code)).startswith("your supervisor has looked at it: ")
            assert "_" not in reason_words(settled_reason(act.code)), "an act without words of its own"


def test_what_was_put_aside_about_safety_is_urgent_whatever_the_reason() -> None:
    for code in codes_of("aside"):
        known = class_of(f"{code}_safety")
        assert (known.group, known.urgent, known.acts) == ("safety", True, class_of(code).acts)
        assert f"{code}_safety" in urgent_codes()
    assert not class_of("late_outcome").urgent


def test_a_class_of_a_newer_centre_is_shown_and_can_be_left_as_it_stands() -> None:
    known = class_of("invented_tomorrow")
    assert (known.title, [act.code for act in known.acts]) == ("Invented tomorrow", ["keep"])


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_every_class_stands_in_one_group(group: str) -> None:
    for code in codes_of(group):  # type: ignore[arg-type]
        assert class_of(code).group == group


def test_the_page_for_supervisors_lists_every_class_with_its_acts() -> None:
    page = (ROOT / "docs/supervising.md").read_text(encoding="utf-8")
    for known in CLASSES.values():
        acts = "; ".join(act.label for act in known.acts)
        assert f"| {known.title} (`{known.code}`) | {known.happened} | {acts} |" in page
