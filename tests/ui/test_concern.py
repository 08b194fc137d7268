"""F12: help at once, before identity and without the network; the record after it, once, and never edited."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from caller_app.base.errors import Refused, Unavailable
from tests.support import calling_rows as rows
from tests.support.fake_client import CallClient
from tests.support.gallery_calling import settle
from tests.support.gallery_people import DANGER, desk
from tests.support.qt import standing
from ui.screens.concern.screen import ConcernScreen

KEY = Qt.Key


def shown(qtbot: QtBot, **answers: Any) -> tuple[ConcernScreen, CallClient]:
    table = {
        "help_routes": rows.routes(), "card": rows.card(), "danger_details": DANGER, "raise_concern": "k1",
    }  # fmt: skip
    one, client = desk(**(table | answers))
    screen = ConcernScreen(one)
    one.bridge.setParent(screen)
    qtbot.addWidget(screen)
    with qtbot.waitActive(screen):
        screen.show()
    screen.open_for("c2")
    settle()
    return screen, client


def press(qtbot: QtBot, key: Qt.Key) -> None:
    where = QApplication.focusWidget()
    assert where is not None
    qtbot.keyClick(where, key)
    settle()


def said(screen: ConcernScreen) -> str:
    return "\n".join(one.text() for one in screen.findChildren(QLabel) if one.isVisibleTo(screen))


def test_one_key_shows_three_choices_and_one_more_the_help(qtbot: QtBot) -> None:
    screen, client = shown(qtbot)
    assert screen._title.text() == "I am worried about Ravi Sharma"
    press(qtbot, KEY.Key_1)
    assert "Stay on the phone with me." in said(screen)
    assert "999" in said(screen)
    assert client.commands() == [], "help waits for no record"


def test_the_help_is_there_even_if_nothing_can_be_read(qtbot: QtBot) -> None:
    screen, _ = shown(qtbot, help_routes=Unavailable("The list cannot be read."), card=Refused("Gone."))
    press(qtbot, KEY.Key_1)
    assert "Stay on the phone with me." in said(screen)
    assert "999" in said(screen)


def test_it_opens_for_nobody_in_particular(qtbot: QtBot) -> None:
    screen, client = shown(qtbot)
    screen.open_for(None)
    settle()
    press(qtbot, KEY.Key_3)
    screen.presenter.on_saved("words", ())
    assert client.commands() == []
    assert "Nobody is chosen" in screen.route.banner.sentence()


def test_the_address_is_shown_only_after_the_reveal_is_on_disk(qtbot: QtBot) -> None:
    screen, client = shown(qtbot)
    press(qtbot, KEY.Key_1)
    assert "Mill Lane" not in said(screen)
    client.pause()
    screen.presenter.on_reveal_pressed()
    settle()
    assert "Mill Lane" not in said(screen)
    client.let_through()
    settle()
    client.let_through()
    settle()
    assert client.commands() == ["reveal_danger_details"]
    assert "12 Mill Lane" in said(screen)


def test_the_address_goes_when_the_page_is_left(qtbot: QtBot) -> None:
    screen, _ = shown(qtbot)
    press(qtbot, KEY.Key_1)
    screen.presenter.on_reveal_pressed()
    settle()
    with qtbot.waitSignal(screen.closed):
        screen.presenter.on_back()
        screen.presenter.on_back()
    assert all("Mill Lane" not in one.text() for one in screen.findChildren(QLabel))


def test_a_record_needs_words_and_is_kept_once(qtbot: QtBot) -> None:
    screen, client = shown(qtbot)
    press(qtbot, KEY.Key_2)
    screen.route.saved.emit("", ("My supervisor",))
    settle()
    assert client.commands() == []
    client.pause()
    for _ in range(2):
        screen.route.saved.emit("I cannot go on", ("My supervisor",))
    client.let_through()
    settle()
    assert client.written == [
        ("raise_concern", {"case_id": "c2", "route": "distress", "words": "I cannot go on", "told": ("My supervisor",)})
    ]


def test_more_is_added_to_the_same_record(qtbot: QtBot) -> None:
    screen, client = shown(qtbot)
    press(qtbot, KEY.Key_2)
    screen.route.saved.emit("I cannot go on", ())
    settle()
    screen.route.saved.emit("", ("The GP practice",))
    settle()
    assert client.written[-1] == (
        "add_to_concern", {"case_id": "c2", "concern_id": "k1", "words": "", "told": ("The GP practice",)}
    )  # fmt: skip


def test_a_worse_route_is_a_record_of_its_own(qtbot: QtBot) -> None:
    screen, client = shown(qtbot)
    press(qtbot, KEY.Key_2)
    screen.route.saved.emit("I cannot go on", ())
    settle()
    screen.presenter.on_back()
    screen.presenter.on_route_chosen("immediate")
    screen.route.saved.emit("has taken tablets", ())
    settle()
    assert [facts["route"] for name, facts in client.written if name == "raise_concern"] == ["distress", "immediate"]


@pytest.mark.parametrize(("state", "told"), [("all_sent", False), ("offline", True), ("sign_in", True)])
def test_offline_it_says_that_nobody_has_been_told(qtbot: QtBot, state: str, told: bool) -> None:
    screen, client = shown(qtbot)
    client.now_standing = standing(state)
    press(qtbot, KEY.Key_3)
    screen.route.saved.emit("bruises", ())
    settle()
    assert ("nobody has been told" in screen.route.banner.sentence()) is told


def test_what_could_not_be_kept_stays_in_the_box(qtbot: QtBot) -> None:
    screen, _ = shown(qtbot, raise_concern=Unavailable("The disk is full. Nothing was kept."))
    press(qtbot, KEY.Key_3)
    screen.route.words.setPlainText("bruises")
    screen.route._give()
    settle()
    assert screen.route.words.toPlainText() == "bruises"
    assert screen.route.banner.sentence() == "The disk is full. Nothing was kept."


def test_keys_of_the_page_do_nothing_while_words_are_typed(qtbot: QtBot) -> None:
    screen, client = shown(qtbot)
    press(qtbot, KEY.Key_1)
    screen.route.words.setFocus()
    qtbot.keyClicks(screen.route.words, "a 1 a")
    assert screen.route.words.toPlainText() == "a 1 a"
    assert client.commands() == []
