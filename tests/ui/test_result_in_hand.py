"""Between the key of a result and its receipt: nothing is painted unless the disk is slow, and nothing is undone."""

import pytest
from pytestqt.qtbot import QtBot

from caller_app.commands.attempts import RecordedAct
from tests.support import calling_rows as rows
from tests.support import gallery_calling as gallery
from tests.support.gallery_calling import settle
from tests.ui.calling_world import World, world
from ui.screens.calling.screen import CallingScreen

FIRST = RecordedAct("a1", ("a1",), "No answer: recorded.", None, rows.NOW)
SECOND = RecordedAct("a2", ("a2",), "No answer: recorded.", None, rows.NOW)


@pytest.fixture
def screen(qtbot: QtBot) -> CallingScreen:
    made = gallery.screen(rows.card(dialled_number=rows.HOME, dialled_at=rows.NOW), outcome_pad=rows.pad(dialled=True))
    qtbot.addWidget(made)
    made.turn_to("script")
    settle()
    return made


def greyed(screen: CallingScreen) -> bool:
    return not screen.bar.buttons["no_answer"].isEnabled()


def test_the_keys_do_not_flicker_while_a_result_is_written(screen: CallingScreen) -> None:
    screen.set_recording(True)
    assert not greyed(screen)
    screen.set_recording(False)
    assert not screen._slow.isActive(), "it would grey the keys of the next person"
    assert not greyed(screen)


def test_on_a_slow_disk_the_keys_are_greyed_until_the_result_is_written(screen: CallingScreen, qtbot: QtBot) -> None:
    screen.set_recording(True)
    qtbot.waitUntil(lambda: greyed(screen))
    screen.set_recording(False)
    assert not greyed(screen)


def test_undo_waits_while_the_next_result_is_being_written() -> None:
    calls = recorded_one(world())
    calls.presenter.on_dial_pressed()
    calls.held.add("record_attempt")
    calls.answers["record_attempt"] = SECOND
    calls.presenter.recording.on_outcome_chosen("C01")
    calls.presenter.recording.on_undo_pressed()
    assert "supersede_attempt" not in calls.names(), "Ctrl+Z now would take back the call before this one"
    calls.let_go()
    calls.presenter.recording.on_undo_pressed()
    assert calls.last("supersede_attempt") == {"attempt_id": "a2"}


def recorded_one(calls: World) -> World:
    calls.presenter.start()
    calls.answers["card"] = rows.card(dialled_number=rows.HOME, dialled_at=rows.NOW)
    calls.answers["outcome_pad"] = rows.pad(dialled=True)
    calls.presenter.on_person_opened("c2")
    calls.answers["record_attempt"] = FIRST
    calls.presenter.recording.on_outcome_chosen("C01")
    assert calls.presenter.state.case_id == "c6"
    return calls
