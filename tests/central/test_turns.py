"""Requests are served in the order they came; one that waited too long is told so and not served late."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from caller_app.central.db import POOL, Busy
from caller_app.central.turns import THREADS, Turns


@contextmanager
def held_up(turns: Turns) -> Iterator[None]:
    """Keep the only thread at work."""
    begun, free = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        free.wait(30)

    ThreadPoolExecutor.submit(turns, work)  # itself it waits for no turn
    assert begun.wait(30)
    try:
        yield
    finally:
        free.set()


def test_no_request_ever_waits_for_a_connection() -> None:
    assert THREADS + 2 <= POOL


def test_who_asked_first_is_served_first() -> None:
    served: list[int] = []
    with Turns(1) as turns:
        with held_up(turns):
            waiting = [turns.submit(served.append, number) for number in range(20)]
        for one in waiting:
            one.result(30)
    assert served == list(range(20))


def test_who_waited_too_long_hears_that_the_centre_is_busy_and_is_not_served() -> None:
    served: list[str] = []
    with Turns(1, patience=0.0) as turns:
        with held_up(turns):
            late = turns.submit(served.append, "late")
        with pytest.raises(Busy):
            late.result(30)
    assert served == []


def test_a_fault_of_the_work_comes_out_as_it_is() -> None:
    with Turns(1) as turns, pytest.raises(ZeroDivisionError):
        turns.submit(lambda: 1 // 0).result(30)
