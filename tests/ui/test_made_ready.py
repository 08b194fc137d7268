"""The window is laid out behind sign-in, part by part, and knows nobody until somebody has signed in."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QAbstractSpinBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.support import calling_rows as rows
from tests.support.clock import StoppedClock
from tests.support.fake_client import CallClient
from tests.support.gallery_board import supervisor
from tests.support.gallery_calling import answers
from tests.support.qt import FakeDoor
from ui.remember import Remembered
from ui.screens.calling.screen import CallingScreen
from ui.screens.sign_in.screen import SignInScreen
from ui.widgets.banner import Banner
from ui.window import Window

PARTS = 12  # more are laid out than this


def window(qtbot: QtBot, folder: Path) -> Window:
    made = Window(FakeDoor(), StoppedClock(rows.NOW), Remembered(folder / "window.json"))
    qtbot.addWidget(made)
    made.start()
    made.show()
    return made


def ready(qtbot: QtBot, made: Window) -> None:
    made.warm()
    qtbot.waitUntil(made.is_ready, timeout=20_000)


def calling(made: Window) -> CallingScreen:
    assert made.navigation is not None
    screen = made.navigation.stack.currentWidget()
    assert isinstance(screen, CallingScreen)
    return screen


def shown_names(screen: CallingScreen) -> list[str]:
    model = screen.list_pane.model
    found = [model.row_at(model.index(at)) for at in range(model.rowCount())]
    return [one.shown_name for one in found if one is not None]


def test_behind_sign_in_nothing_is_asked_and_nothing_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    made = window(qtbot, tmp_path)
    ready(qtbot, made)
    assert made.door.names() == ["warm"]
    assert isinstance(made.stack.currentWidget(), SignInScreen)
    laid_out = made.findChild(CallingScreen)
    assert laid_out is not None and not laid_out.isVisible()
    assert len(laid_out.findChildren(QLineEdit)) + len(laid_out.findChildren(QPlainTextEdit)) >= 3
    for view in laid_out.findChildren(QAbstractItemView):
        assert view.model() is None or view.model().rowCount() == 0
    for one in (*laid_out.findChildren(QLineEdit), *laid_out.findChildren(QAbstractSpinBox)):
        assert one.text() == ""


@pytest.mark.parametrize("steps", [0, 1, 9, PARTS, None])
def test_whoever_signs_in_sees_their_list_however_much_was_made_ready(
    qtbot: QtBot, tmp_path: Path, steps: int | None
) -> None:
    made = window(qtbot, tmp_path)
    if steps is None:
        ready(qtbot, made)
    else:
        for _ in range(steps):
            made.make_one_part_ready()
    client = CallClient(answers())
    made.show_desk(client)
    screen = calling(made)
    qtbot.waitUntil(lambda: screen.list_pane.model.rowCount() > 0)
    assert shown_names(screen) == [one.shown_name for one in rows.ROWS]
    assert screen.isVisible()
    assert screen.bar.buttons["no_answer"].isVisible()
    assert client.names().count("my_list") == 1
    assert made.stack.count() == 1
    assert made.findChildren(CallingScreen) == [screen]
    screen.open_person("c2")
    qtbot.waitUntil(screen.card_pane.isVisible)


def test_the_parts_stand_in_their_places_in_order(qtbot: QtBot, tmp_path: Path) -> None:
    made = window(qtbot, tmp_path)
    ready(qtbot, made)
    made.show_desk(CallClient(answers()))
    screen = calling(made)
    assert [screen.splitter.widget(at) for at in range(screen.splitter.count())] == [
        screen.list_pane, screen.middle, screen.side,
    ]  # fmt: skip
    pages = [screen.card_pane.script, screen.card_pane.details, screen.pad, screen.form, screen.editor, screen.after]
    assert [screen.stack.widget(at) for at in range(screen.stack.count())] == pages
    assert screen.list_pane.width() >= 220 and screen.middle.width() >= 480
    box = screen.layout()
    assert box is not None and box.indexOf(screen.bar) == box.count() - 1


def test_a_supervisor_begins_at_the_board_and_finds_calling_ready(qtbot: QtBot, tmp_path: Path) -> None:
    made = window(qtbot, tmp_path)
    ready(qtbot, made)
    laid_out = made.findChild(CallingScreen)
    client = supervisor()
    for name, answer in answers().items():
        client.set(name, answer)
    made.show_desk(client)
    assert made.navigation is not None and made.navigation.here == "board"
    assert "my_list" not in client.names()
    assert made.navigation.go("calling") is laid_out
    assert "my_list" in client.names()


def test_after_signing_out_the_next_person_gets_a_window_of_their_own(qtbot: QtBot, tmp_path: Path) -> None:
    made = window(qtbot, tmp_path)
    ready(qtbot, made)
    made.show_desk(CallClient(answers()))
    first = calling(made)
    assert made.navigation is not None
    made.navigation.signed_out.emit()
    qtbot.waitUntil(made.is_ready, timeout=20_000)
    assert isinstance(made.stack.currentWidget(), SignInScreen)
    made.show_desk(CallClient(answers()))
    assert calling(made) is not first
    qtbot.waitUntil(lambda: shown_names(calling(made)) != [])


def test_a_banner_s_button_is_reached_where_the_banner_stands(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    above, banner, below = QLineEdit(), Banner(closable=True), QLineEdit()
    for part in (above, banner, below):
        column.addWidget(part)
    with qtbot.waitActive(page):
        page.show()
    above.setFocus()
    banner.say("The centre asks for your password.", "caution", deed="Sign in", act=above.clear)
    met = []
    for _ in range(4):
        qtbot.keyClick(page, Qt.Key.Key_Tab)
        focused = page.focusWidget()
        assert focused is not None
        met.append(focused.accessibleName())
    assert met == ["Sign in", "Close this message", "", ""]
    assert above.hasFocus()
