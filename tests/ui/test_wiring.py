"""What leads from one screen to another, over the real screens of a caller."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from caller_app.base.clock import to_text
from caller_app.protocol.supervision import CorrectionItems
from caller_app.supervise.board import corrections
from tests.support.clock import StoppedClock
from tests.support.fake_client import CallClient
from tests.support.gallery_board import REPLY, correction_lines, supervisor
from tests.support.gallery_calling import answers
from tests.support.gallery_people import FOUND, LINES
from tests.support.gallery_window import fill_outbox
from tests.support.qt import NOW, desk_of
from ui.navigation import Navigation


class Shift:
    """A caller's whole window over a fake client."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.client = CallClient(answers())
        self.client.set("my_calls", LINES)
        self.client.set("who_rang", FOUND)
        self.client.set("help_routes", ())
        fill_outbox(self.client, ())
        self.window = Navigation(desk_of(self.client, StoppedClock(), folder))
        qtbot.addWidget(self.window)
        self.window.resize(1366, 768)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.window.start()

    def asked(self, name: str) -> list[dict[str, Any]]:
        return [facts for one, facts in self.client.asked if one == name]


@pytest.fixture
def shift(qtbot: QtBot, tmp_path: Path) -> Shift:
    return Shift(qtbot, tmp_path)


def test_a_caller_begins_at_their_list(shift: Shift) -> None:
    assert shift.window.here == "calling"
    shift.qtbot.waitUntil(lambda: shift.asked("my_list") != [])
    assert shift.window.isAncestorOf(shift.window.focus())


def test_f12_opens_the_help_pages_for_the_person_on_the_screen_and_comes_back(shift: Shift) -> None:
    calling: Any = shift.window.built("calling")
    calling.open_person("c2")
    shift.qtbot.waitUntil(lambda: calling.case_id == "c2")
    shift.qtbot.keyClick(shift.window.focus(), Qt.Key.Key_F12)
    assert shift.window.here == "concern"
    shift.qtbot.waitUntil(lambda: {"case_id": "c2"} in shift.asked("help_routes"))
    concern: Any = shift.window.built("concern")
    concern.closed.emit()
    assert shift.window.here == "calling"


def test_f12_works_from_every_other_place_too(shift: Shift) -> None:
    shift.window.go("my_day")
    shift.qtbot.keyClick(shift.window.focus(), Qt.Key.Key_F12)
    assert shift.window.here == "concern"
    concern: Any = shift.window.built("concern")
    shift.qtbot.keyClick(shift.window.focus(), Qt.Key.Key_F12)
    concern.closed.emit()
    assert shift.window.here == "my_day"


def test_somebody_who_rang_is_taken_as_an_incoming_call_on_their_record(shift: Shift) -> None:
    shift.qtbot.keyClick(shift.window.focus(), Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert shift.window.here == "lookup"
    lookup: Any = shift.window.built("lookup")
    lookup.call_taken.emit("c4")
    assert shift.window.here == "calling"
    shift.qtbot.waitUntil(lambda: "take_incoming" in shift.client.commands())
    assert shift.client.last("take_incoming") == {"case_id": "c4"}


def test_a_call_of_my_day_opens_its_person(shift: Shift) -> None:
    my_day: Any = shift.window.go("my_day")
    my_day.person_wanted.emit("c3")
    assert shift.window.here == "calling"
    shift.qtbot.waitUntil(lambda: "open_call" in shift.client.commands())
    assert shift.client.last("open_call") == {"case_id": "c3"}


def test_a_key_of_the_call_does_nothing_while_another_place_is_shown(shift: Shift) -> None:
    calling: Any = shift.window.built("calling")
    calling.open_person("c2")
    shift.qtbot.waitUntil(lambda: calling.case_id == "c2")
    before = shift.client.commands()
    shift.window.go("standing")
    shift.qtbot.keyClick(shift.window.focus(), Qt.Key.Key_F2)
    shift.qtbot.wait(0)
    assert shift.client.commands() == before


def test_the_window_closes_down_every_screen(shift: Shift) -> None:
    for place in ("my_day", "lookup", "standing", "settings", "calling"):
        shift.window.go(place)
    shift.window.close_down()
    assert shift.window._timer.isActive() is False


def test_a_place_whose_list_is_empty_takes_the_focus_itself_and_not_the_first_tab(qtbot: QtBot, tmp_path: Path) -> None:
    client = supervisor()
    client.set(corrections, CorrectionItems(**REPLY, as_of=to_text(NOW), total=0, lines=[]))
    window: Any = Navigation(desk_of(client, StoppedClock(), tmp_path))
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    window.go("corrections")
    screen = window.built("corrections")
    qtbot.waitUntil(lambda: "No corrections" in screen.empty.accessibleName())
    assert window.focus() is screen.refresh
    client.set(corrections, CorrectionItems(**REPLY, as_of=to_text(NOW), total=3, lines=correction_lines()))
    screen.refresh.click()
    qtbot.waitUntil(lambda: screen.model.rowCount() == 3)
    assert window.focus() is screen.table
