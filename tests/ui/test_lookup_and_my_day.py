"""Someone rang me, and My day: any fragment, the words to say, taking a result back with its reason."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from caller_app.base.errors import Refused
from tests.support.fake_client import CallClient
from tests.support.gallery_calling import settle
from tests.support.gallery_people import FOUND, LINES, desk
from ui.screens.lookup.screen import LookupScreen
from ui.screens.my_day.screen import MyDayScreen

KEY = Qt.Key


def build(qtbot: QtBot, kind: Any, **answers: Any) -> tuple[Any, CallClient]:
    table = {"who_rang": FOUND, "my_calls": LINES, "supersede_attempt": "a9"}
    one, client = desk(**(table | answers))
    screen = kind(one)
    one.bridge.setParent(screen)
    qtbot.addWidget(screen)
    with qtbot.waitActive(screen):
        screen.show()
    screen.start()
    screen.shown()
    settle()
    return screen, client


def press(qtbot: QtBot, key: Qt.Key) -> None:
    where = QApplication.focusWidget()
    assert where is not None
    qtbot.keyClick(where, key)
    settle()


def test_a_fragment_finds_who_rang_and_enter_takes_the_call(qtbot: QtBot) -> None:
    screen, client = build(qtbot, LookupScreen)
    assert QApplication.focusWidget() is screen.search
    qtbot.keyClicks(screen.search, "90012")
    press(qtbot, KEY.Key_Return)
    assert client.asked[-1] == ("who_rang", {"fragment": "90012"})
    assert screen._words.text() == FOUND[0].what_to_say
    assert QApplication.focusWidget() is screen.table
    with qtbot.waitSignal(screen.call_taken) as taken:
        press(qtbot, KEY.Key_Return)
    assert taken.args == ["c2"]


def test_one_letter_asks_nothing(qtbot: QtBot) -> None:
    screen, client = build(qtbot, LookupScreen)
    screen.presenter.on_typed("z")
    assert "who_rang" not in client.names()


def test_nobody_found_says_what_to_do(qtbot: QtBot) -> None:
    screen, _ = build(qtbot, LookupScreen, who_rang=())
    screen.presenter.on_typed("zzz")
    settle()
    assert "tell your supervisor" in screen._sentence.text()
    assert screen._say.isHidden()


def test_a_late_answer_does_not_replace_a_newer_one(qtbot: QtBot) -> None:
    screen, client = build(qtbot, LookupScreen)
    client.set("who_rang", lambda fragment: FOUND[:1] if fragment == "rav" else FOUND)
    client.pause()
    screen.presenter.on_typed("ra")
    screen.presenter.on_typed("rav")
    client.let_through()
    settle()
    assert screen.model.rowCount() == 1


def test_my_day_shows_how_far_each_call_has_got(qtbot: QtBot) -> None:
    screen, _ = build(qtbot, MyDayScreen)
    shown = [screen.model.index(row, 4).data() for row in range(screen.model.rowCount())]
    assert shown == ["saved here", "sent", "accepted", "being looked at: someone else had called too"]


def test_a_person_no_longer_on_my_list_stays_closed(qtbot: QtBot) -> None:
    screen, _ = build(qtbot, MyDayScreen)
    screen.table.selectRow(3)
    assert not screen._open.isEnabled()
    with qtbot.assertNotEmitted(screen.person_wanted):
        press(qtbot, KEY.Key_Return)


def test_an_earlier_result_is_taken_back_with_its_reason(qtbot: QtBot) -> None:
    screen, client = build(qtbot, MyDayScreen)
    screen.presenter.on_correct_wanted(LINES[1])
    press(qtbot, KEY.Key_Return)
    assert "supersede_attempt" not in client.commands(), "a reason is needed"
    qtbot.keyClicks(screen._reason, "pressed the wrong key")
    press(qtbot, KEY.Key_Return)
    assert client.last("supersede_attempt") == {
        "attempt_id": "a2", "case_id": "c2", "reason": "pressed the wrong key"
    }  # fmt: skip
    assert screen._ask.isHidden()


def test_a_refused_correction_keeps_the_reason(qtbot: QtBot) -> None:
    screen, _ = build(qtbot, MyDayScreen, supersede_attempt=Refused("This call has been taken back already."))
    screen.presenter.on_correct_wanted(LINES[1])
    qtbot.keyClicks(screen._reason, "wrong key")
    press(qtbot, KEY.Key_Return)
    assert screen._refusal.text() == "This call has been taken back already."
    assert screen._reason.text() == "wrong key"
    press(qtbot, KEY.Key_Escape)
    assert screen._ask.isHidden()


def test_a_moved_on_state_does_not_move_the_highlight(qtbot: QtBot) -> None:
    screen, client = build(qtbot, MyDayScreen)
    screen.table.selectRow(2)
    client.set("my_calls", LINES)
    screen.presenter.refresh()
    settle()
    assert screen.table.currentIndex().row() == 2
