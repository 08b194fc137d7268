"""Lanes keep order and drain; notices reach every subscriber whatever another one does."""

import threading

import pytest

from caller_app.base.errors import Refused
from caller_app.base.lanes import Lane, Lanes
from caller_app.base.notices import Board, Notice, notice
from caller_app.base.threads import allow_thread, forbid_thread, refuse_here


def test_a_lane_keeps_the_order_of_asking_on_one_thread() -> None:
    lane = Lane("write")
    done: list[tuple[int, str]] = []
    for number in range(200):
        lane.submit(lambda n: done.append((n, threading.current_thread().name)), number)
    lane.close()
    assert [number for number, _name in done] == list(range(200))
    assert len({name for _number, name in done}) == 1


def test_closing_drains_what_was_recorded_and_does_not_wait_for_a_question() -> None:
    lanes = Lanes()
    asked, answered = threading.Event(), threading.Event()
    written: list[int] = []
    lanes.ask.submit(lambda: (asked.set(), answered.wait(30)))
    assert asked.wait(10)
    for number in range(50):
        lanes.write.submit(written.append, number)
    lanes.close()
    assert written == list(range(50))
    answered.set()


@pytest.mark.expects_log("bug in lane write: ValueError")
def test_a_bug_is_logged_without_its_words_and_travels_in_the_future(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise ValueError("999 000 0018 lives at home")

    lane = Lane("write")
    future = lane.submit(fails)
    with pytest.raises(ValueError, match="lives at home"):
        future.result(10)
    lane.close()
    assert "999" not in caplog.text
    assert "fails" in caplog.text


def test_a_refusal_is_no_bug_and_is_not_logged() -> None:
    def refuses() -> None:
        raise Refused("Not so.")

    lane = Lane("write")
    with pytest.raises(Refused):
        lane.submit(refuses).result(10)
    lane.close()


@pytest.mark.expects_log("a subscriber failed: KeyError")
def test_every_subscriber_hears_even_when_one_fails() -> None:
    board = Board()
    heard: list[Notice] = []

    def fails(_one: Notice) -> None:
        raise KeyError("x")

    board.subscribe(fails)
    leave = board.subscribe(heard.append)
    board.post(notice("list", ids=["a"]))
    leave()
    leave()
    board.post(notice("list"))
    assert heard == [Notice(frozenset({"list"}), frozenset({"a"}), "me")]


def test_a_forbidden_thread_is_refused_and_others_are_not() -> None:
    forbid_thread()
    try:
        with pytest.raises(RuntimeError):
            refuse_here()
        lane = Lane("read")
        lane.submit(refuse_here).result(10)
        lane.close()
    finally:
        allow_thread()
    refuse_here()
