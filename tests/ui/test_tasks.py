"""Answers come back on the GUI thread, in order, to owners that still live."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from caller_app.base.errors import Refused, Unavailable
from caller_app.base.notices import Notice, notice
from tests.support.qt import FakeClient
from ui import crash
from ui.bridge import Bridge, Collector
from ui.tasks import Tasks


def ask_list() -> None:
    """A question of these tests."""


def test_posts_from_many_threads_all_arrive_on_the_gui_thread_in_order(qtbot: QtBot) -> None:
    bridge = Bridge()
    arrived: list[tuple[int, int, bool]] = []

    def post(lane: int) -> None:
        for number in range(250):
            bridge.post(
                lambda number=number: arrived.append((lane, number, QThread.currentThread() is bridge.thread()))
            )

    with ThreadPoolExecutor(4, thread_name_prefix="poster") as pool:
        list(pool.map(post, range(4)))
    qtbot.waitUntil(lambda: len(arrived) == 1000)
    assert all(on_gui for _lane, _number, on_gui in arrived)
    for lane in range(4):
        assert [number for one, number, _gui in arrived if one == lane] == list(range(250))


def test_notices_of_one_turn_are_merged(qtbot: QtBot) -> None:
    bridge = Bridge()
    heard: list[Notice] = []
    bridge.noticed.connect(heard.append)
    bridge.notice(notice("list", ids=["a"], by="centre"))
    bridge.notice(notice("case", ids=["b"], by="centre"))
    bridge.notice(notice("outbox", ids=["c"], by="me"))
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard[0] == Notice(frozenset({"list", "case"}), frozenset({"a", "b"}), "centre")
    assert heard[1] == Notice(frozenset({"outbox"}), frozenset({"c"}), "me")


def test_a_notice_about_anything_stays_about_anything_when_merged(qtbot: QtBot) -> None:
    bridge = Bridge()
    heard: list[Notice] = []
    bridge.noticed.connect(heard.append)
    bridge.notice(notice("list", ids=["a"]))
    bridge.notice(notice("list"))
    qtbot.waitUntil(lambda: len(heard) == 1)
    assert heard[0].ids == frozenset()


def test_what_is_posted_after_closing_is_dropped(qtbot: QtBot, qapp: QApplication) -> None:
    bridge = Bridge()
    ran: list[int] = []
    bridge.post(lambda: ran.append(1))
    bridge.close()
    bridge.post(lambda: ran.append(2))
    qapp.processEvents()
    assert ran == []


def test_an_answer_for_a_widget_that_is_gone_is_dropped(qtbot: QtBot, qapp: QApplication) -> None:
    tasks = Tasks(Bridge())
    gone, here = QWidget(), QWidget()
    delivered: list[str] = []
    futures: list[Future[str]] = [Future(), Future()]
    tasks.watch(gone, futures[0], lambda words: delivered.append(f"gone {words}"))
    tasks.watch(here, futures[1], lambda words: delivered.append(f"here {words}"))
    delete(gone)
    for future in futures:
        future.set_result("answer")
    qtbot.waitUntil(lambda: delivered == ["here answer"])
    here.deleteLater()


def test_only_the_newest_answer_of_a_key_is_delivered(qtbot: QtBot) -> None:
    client, tasks = FakeClient(), Tasks(Bridge())
    owner = QObject()
    work = tasks.of(owner, client)
    client.set(ask_list, lambda search: f"rows for {search}")
    client.pause()
    shown: list[str] = []
    for search in ("j", "jo", "jon"):
        work.read(ask_list, done=shown.append, latest="search", search=search)
    client.let_through()
    qtbot.waitUntil(lambda: shown != [])
    assert shown == ["rows for jon"]


def test_an_older_answer_that_arrives_last_is_dropped_too(qtbot: QtBot, qapp: QApplication) -> None:
    tasks, owner = Tasks(Bridge()), QObject()
    old: Future[str] = Future()
    new: Future[str] = Future()
    shown: list[str] = []
    tasks.watch(owner, old, shown.append, latest="search")
    tasks.watch(owner, new, shown.append, latest="search")
    new.set_result("new")
    qtbot.waitUntil(lambda: shown == ["new"])
    old.set_result("old")
    qapp.processEvents()
    assert shown == ["new"]


def test_answers_without_a_key_are_all_delivered_in_order(qtbot: QtBot) -> None:
    client, tasks, owner = FakeClient(), Tasks(Bridge()), QObject()
    client.set(ask_list, lambda number: number)
    shown: list[int] = []
    for number in range(20):
        tasks.of(owner, client).write(ask_list, done=shown.append, number=number)
    qtbot.waitUntil(lambda: len(shown) == 20)
    assert shown == list(range(20))


@pytest.mark.parametrize("fault", [Refused("Not now."), Unavailable("The disk is full.")])
def test_a_fault_goes_to_who_asked_or_else_to_the_window(qtbot: QtBot, fault: Exception) -> None:
    client, tasks, owner = FakeClient(), Tasks(Bridge()), QObject()
    client.set(ask_list, fault)
    mine: list[Exception] = []
    nobodys: list[Exception] = []
    tasks.unhandled = lambda _owner, found: nobodys.append(found)
    work = tasks.of(owner, client)
    work.write(ask_list, failed=mine.append)
    work.write(ask_list)
    qtbot.waitUntil(lambda: len(nobodys) == 1)
    assert mine == [fault]
    assert nobodys == [fault]


@pytest.mark.expects_log("bug: KeyError")
def test_a_bug_reaches_the_crash_path_even_when_somebody_asked(qtbot: QtBot) -> None:
    client, tasks, owner = FakeClient(), Tasks(Bridge()), QObject()
    client.set(ask_list, KeyError("07700 900123"))
    told: list[str] = []
    failed: list[Exception] = []
    crash.forget()
    crash.listen(told.append)
    tasks.of(owner, client).write(ask_list, failed=failed.append)
    qtbot.waitUntil(lambda: failed != [])
    crash.listen(None)
    assert len(told) == 1
    assert told[0].startswith("KeyError")
    assert "07700" not in told[0]


def test_a_future_that_was_given_up_is_no_fault(qtbot: QtBot, qapp: QApplication) -> None:
    tasks, owner = Tasks(Bridge()), QObject()
    heard: list[Any] = []
    tasks.unhandled = lambda _owner, fault: heard.append(fault)
    future: Future[str] = Future()
    tasks.watch(owner, future, heard.append)
    assert future.cancel()
    qapp.processEvents()
    assert heard == []


def test_no_thread_but_the_gui_thread_runs_a_delivery(qtbot: QtBot) -> None:
    tasks, owner = Tasks(Bridge()), QObject()
    seen: list[threading.Thread] = []
    with ThreadPoolExecutor(1, thread_name_prefix="lane") as pool:
        tasks.watch(owner, pool.submit(lambda: 1), lambda _one: seen.append(threading.current_thread()))
        qtbot.waitUntil(lambda: seen != [])
    assert seen == [threading.main_thread()]


def test_garbage_is_collected_on_the_gui_thread_only(qtbot: QtBot) -> None:
    import gc
    import weakref

    class Ring:
        """A reference cycle that says on which thread it ended."""

        def __init__(self) -> None:
            self.me = self

    gc.enable()
    collector = Collector()
    try:
        assert not gc.isenabled()
        ended: list[threading.Thread] = []
        kept: list[list[int]] = []

        def litter() -> None:
            weakref.finalize(Ring(), lambda: ended.append(threading.current_thread()))
            kept.extend([number] for number in range(100_000))  # more than enough to make Python collect here

        lane = threading.Thread(target=litter, name="lane")
        lane.start()
        lane.join()
        assert ended == []
        qtbot.waitUntil(lambda: ended != [], timeout=10_000)
        assert ended == [threading.main_thread()]
    finally:
        collector.close()
        assert gc.isenabled()
        gc.disable()


def test_ordinary_calls_lose_no_reference_to_none(qtbot: QtBot) -> None:
    """PySide6 6.12.0 on CPython 3.11 lost one in calls like these and aborted after some hundreds."""
    import sys

    label, bridge = QLabel(), Bridge()
    heard: list[object] = []
    bridge.noticed.connect(heard.append)
    for value in (None, True):
        before = sys.getrefcount(value)
        for number in range(1000):
            label.setText(f"{number}")
            label.setEnabled(True)
            bridge.noticed.emit(value)
        heard.clear()
        assert sys.getrefcount(value) > before - 100
    label.deleteLater()
