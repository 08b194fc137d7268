"""Situations of the fault table that need the whole world: several callers, lines that hold things up, wrong clocks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import text

from caller_app.sync.faults import NotServed
from tests.world.directed import ANNA, BEN, BEN_TOO, CARA, everyone_in, move, sync, write
from tests.world.ground import Ground
from tests.world.play import Play
from tests.world.seen import look_at_centre
from tests.world.test_machine import expected_lines

Before = Callable[[requests.PreparedRequest], None]


def once_at(path: str, nth: int, work: Callable[[], Any]) -> Before:
    """Do something just before the nth request of a path is sent."""
    seen: list[int] = []

    def before(request: requests.PreparedRequest) -> None:
        if path in str(request.url):
            seen.append(1)
            if len(seen) == nth:
                work()

    return before


def pulls(play: Play, machine: int) -> int:
    return play.world.devices[machine].line.paths.count("/v1/pull")


def test_two_callers_with_different_results_are_both_kept_and_the_case_leaves_dialling(play: Play) -> None:
    everyone_in(play)
    write(play, ANNA, "declined", 0)
    move(play, 0, 1, 0)
    sync(play, BEN)
    write(play, BEN, "has_it", 0)
    sync(play, BEN, ANNA, BEN)
    item = play.world.rig.item(play.ground.cases[0])
    assert {one.outcome for one in item.attempts} == {"D01", "A05"}
    assert item.status == "needs_review"
    assert {one for classes in look_at_centre(play.world.rig).reviews.values() for one in classes} == {
        "contradictory_outcomes"
    }
    play.rest()


def test_the_same_push_twice_at_once_is_done_once(play: Play) -> None:
    device = everyone_in(play)[ANNA]
    write(play, ANNA, "no_answer", 0)
    device.line.plant("duplicate_at_once", "/v1/push")
    sync(play, ANNA)
    assert play.world.struck["duplicate_at_once"] == 1
    assert len(play.world.rig.item(play.ground.cases[0]).attempts) == 1
    play.rest()


def test_a_reply_of_before_that_comes_instead_moves_no_cursor_back(play: Play) -> None:
    device = everyone_in(play)[ANNA]
    before = device.cursor()
    play.world.rig.cases(play.ground.projects[0], 1, to=play.ground.people[0])
    for path in ("/v1/pull", "/v1/head"):
        device.line.plant("stale_reply", path)
    sync(play, ANNA)
    assert device.cursor() >= before
    sync(play, ANNA, ANNA)
    assert device.cursor() > before
    play.rest()


@expected_lines
def test_requests_that_arrive_long_after_they_were_given_up_do_no_harm(play: Play) -> None:
    device = everyone_in(play)[ANNA]
    write(play, ANNA, "no_answer", 0)
    device.line.plant("arrive_late", "/v1/push")
    sync(play, ANNA, ANNA)
    play.world.rig.cases(play.ground.projects[0], 1, to=play.ground.people[0])
    device.line.plant("arrive_late", "/v1/pull")
    sync(play, ANNA, ANNA)
    move(play, 0, 1, 1)
    sync(play, ANNA)
    assert device.adapter.late_ones_arrive() == 2
    play.watch.look()
    assert len(play.world.rig.item(play.ground.cases[0]).attempts) == 1
    play.rest()


def test_a_token_that_runs_out_between_two_pages_is_renewed_and_the_reading_goes_on(play: Play) -> None:
    for device in play.world.devices:
        device.let_in()
    device = play.world.devices[ANNA]

    def run_out() -> None:
        with play.world.rig.engine.begin() as conn:
            conn.execute(text("UPDATE session SET access_until = :now"), {"now": play.world.clock.now()})

    device.line.before = once_at("/v1/pull", 2, run_out)
    outcome = device.sync()
    assert outcome.resets == 0
    assert "/v1/refresh" in device.line.paths
    assert device.cases() == set(play.ground.cases[:4])
    device.line.before = None
    play.rest()


def test_a_sign_in_that_ends_between_two_pages_leaves_what_was_recorded_alone(play: Play) -> None:
    device = everyone_in(play)[ANNA]
    play.world.rig.cases(play.ground.projects[0], 9, to=play.ground.people[0])
    device.line.before = once_at("/v1/pull", 2, lambda: write(play, ANNA, "note", 0) or play.pass_by(hours=13))
    sync(play, ANNA)
    device.line.before = None
    assert device.unsent() == 1
    assert device.credentials.tokens is None
    write(play, ANNA, "no_answer", 0)  # recording goes on
    play.rest()


def test_a_case_that_leaves_between_two_pages_is_not_on_the_list_in_the_end(play: Play) -> None:
    for device in play.world.devices:
        device.let_in()
    device = play.world.devices[ANNA]
    device.line.before = once_at("/v1/pull", 2, lambda: move(play, 0, 1, 0, 3))
    sync(play, ANNA)
    assert device.cases() == set(play.ground.cases[1:3])
    device.line.before = None
    play.rest()


def test_a_case_that_left_and_came_back_between_two_pulls_comes_once_in_its_newest_version(play: Play) -> None:
    device = everyone_in(play)[ANNA]
    move(play, 0, 1, 0)
    move(play, 1, 0, 0)
    outcome = device.sync()
    assert (outcome.pulled, outcome.removed) == (1, 0)
    version, _body = device.bodies()[play.ground.cases[0]]
    assert (
        version
        == play.world.rig.ask("SELECT ver FROM rec_ver WHERE id = CAST(:c AS uuid)", c=play.ground.cases[0])[0][0]
    )
    play.rest()


def test_a_centre_whose_clock_steps_back_an_hour_goes_on_as_before(play: Play) -> None:
    device = everyone_in(play)[ANNA]
    play.world.clock.turn_wall(hours=-1)
    play.world.rig.cases(play.ground.projects[0], 1, to=play.ground.people[0])
    write(play, ANNA, "no_answer", 0)
    sync(play, ANNA)
    assert len(device.cases()) == 5
    assert device.unsent() == 0
    play.rest()


def test_a_program_too_old_for_pulls_still_hands_in_its_work_and_keeps_its_list(play: Play) -> None:
    device = everyone_in(play)[ANNA]
    write(play, ANNA, "no_answer", 0)

    def of_another_major(request: requests.PreparedRequest) -> None:
        request.headers["X-CallSync"] = "0"

    device.line.before = of_another_major
    with pytest.raises(NotServed) as told:
        device.sync()
    assert not told.value.wipe
    assert device.unsent() == 0
    assert len(device.cases()) == 4
    device.line.before = None
    play.rest()


def test_a_token_that_was_answered_and_lost_costs_no_new_reading(play: Play) -> None:
    device = everyone_in(play)[ANNA]
    for _ in range(2):
        play.world.rig.cases(play.ground.projects[0], 1, to=play.ground.people[0])
        device.line.plant("drop_reply", "/v1/pull")
        sync(play, ANNA)
    outcome = device.sync()
    assert outcome.resets == 0
    assert len(device.cases()) == 6
    play.rest()


def a_day(play: Play) -> None:
    """A day with all that is judged by time: late work, a stop, promises, two people on one case."""
    everyone_in(play)
    write(play, ANNA, "no_answer", 0)
    write(play, ANNA, "promise", 0, 2)
    write(play, BEN_TOO, "no_answer", 5)
    write(play, ANNA, "language", 1, 1)
    play.pass_by(minutes=5)
    move(play, 0, 1, 0, 1)
    sync(play, BEN)
    write(play, BEN, "language", 1, 2)
    write(play, BEN, "objection", 5)
    write(play, CARA, "concern", 7)
    sync(play, BEN, CARA)
    play.pass_by(minutes=5)
    sync(play, ANNA, BEN_TOO, CARA, BEN)


def what_became(play: Play) -> dict[str, Any]:
    """Give everything judged, without the ids and the times that are only shown."""
    centre = look_at_centre(play.world.rig)
    cases = [centre.items[one] for one in play.ground.cases]
    return {
        "cases": [
            (one.status, one.counted_attempts, [(past.outcome, past.late) for past in one.attempts],
             [promise.state for promise in one.promises], [line.state for line in one.corrections],
             len(one.concerns), one.patient.language)
            for one in cases
        ],
        "verdicts": sorted((row.kind, row.verdict) for row in centre.changes.values()),
        "lists": [sorted(device.cases()) for device in play.world.devices],
    }  # fmt: skip


@expected_lines
@pytest.mark.parametrize("years", [-10, 10])
def test_clocks_that_are_years_off_change_nothing_that_is_judged(ground: Ground, tmp_path: Path, years: int) -> None:
    ends = []
    for shift in (0, years):
        play = Play(ground, tmp_path / f"shift-{shift}")
        try:
            for number, device in enumerate(play.world.devices):
                device.clock.turn_wall(days=365 * (shift if number % 2 else -shift))
            a_day(play)
            play.rest()
            ends.append(what_became(play))
        finally:
            play.close()
    assert ends[0] == ends[1]
