"""The signed-in window: places by role, the honest light, signing in again with everything open, closing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from caller_app.base.errors import Refused, Unavailable
from caller_app.base.notices import notice
from caller_app.queries.outbox import entries
from tests.support.clock import StoppedClock
from tests.support.gallery_board import supervisor
from tests.support.gallery_window import client_with, fill_outbox, outbox_rows
from tests.support.qt import NOW, FakeClient, FakeDoor, desk_of, standing
from ui.dialogs.ask import ask
from ui.dialogs.fault import FaultDialog
from ui.dialogs.keys import KeysDialog
from ui.dialogs.palette import PaletteDialog
from ui.navigation import Navigation
from ui.remember import Remembered
from ui.screens.settings.screen import SettingsScreen
from ui.screens.standing.presenter import figures_of
from ui.screens.standing.screen import StandingScreen
from ui.theme.live import look
from ui.widgets.sync_light import words_of
from ui.window import TITLE, Window

THREE_DAYS = timedelta(days=3)


def navigation(qtbot: QtBot, folder: Path, client: FakeClient, place: str = "standing") -> Navigation:
    made = Navigation(desk_of(client, StoppedClock(), folder))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.go(place)
    return made


def window(qtbot: QtBot, folder: Path, client: FakeClient) -> Window:
    door = FakeDoor()
    door.set("sign_in", client)
    made = Window(door, StoppedClock(), Remembered(folder / "window.json"))
    qtbot.addWidget(made)
    made.show()
    made.start()
    return made


def test_each_role_has_its_places(qtbot: QtBot, tmp_path: Path) -> None:
    caller = navigation(qtbot, tmp_path, client_with())
    assert list(caller.places) == ["calling", "lookup", "my_day", "standing", "concern", "settings"]
    boss = navigation(qtbot, tmp_path, supervisor(), "board")
    mine = ["board", "reviews", "referrals", "corrections", "scripts", "workstations"]
    assert list(boss.places)[: len(mine)] == mine
    assert "calling" in boss.places
    nobody = FakeClient("administrator")
    fill_outbox(nobody, ())
    assert list(navigation(qtbot, tmp_path, nobody).places) == ["standing", "settings"]


def test_keys_go_to_places_and_the_tab_says_where_one_is(qtbot: QtBot, tmp_path: Path) -> None:
    made = navigation(qtbot, tmp_path, supervisor(), "board")
    with qtbot.waitActive(made):
        made.activateWindow()
    qtbot.keyClick(made, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert made.here == "corrections"
    assert made._tabs["corrections"].isChecked()
    qtbot.keyClick(made, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(made.stack.currentWidget(), SettingsScreen)
    assert not any(tab.isChecked() for tab in made._tabs.values())
    qtbot.keyClick(made, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert made.here == "board"


def test_a_screen_is_built_once_and_when_first_gone_to(qtbot: QtBot, tmp_path: Path) -> None:
    made = navigation(qtbot, tmp_path, supervisor(), "board")
    assert set(made._screens) == {"board"}
    first = made.go("corrections")
    made.go("board")
    assert made.go("corrections") is first


def test_f6_goes_round_the_panes(qtbot: QtBot, tmp_path: Path) -> None:
    made = navigation(qtbot, tmp_path, client_with())
    screen = made.stack.currentWidget()
    assert isinstance(screen, StandingScreen)
    with qtbot.waitActive(made):
        made.activateWindow()
    screen.table.setFocus()
    qtbot.keyClick(screen.table, Qt.Key.Key_F6)
    assert screen.filters.buttons["all"].hasFocus()
    for _ in range(2):
        qtbot.keyClick(made.focus(), Qt.Key.Key_F6)
    assert screen.send.hasFocus()
    qtbot.keyClick(screen.send, Qt.Key.Key_F6)
    assert screen.table.hasFocus()


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (standing(), "All sent"),
        (standing("unsent", unsent=3, oldest_unsent_at=NOW - timedelta(minutes=12)), "Unsent 3, oldest 12 min"),
        (standing("sending", unsent=1, oldest_unsent_at=NOW), "Sending · 1 unsent, just now"),
        (
            standing("offline", unsent=40, oldest_unsent_at=NOW - timedelta(hours=5)),
            "Offline · 40 unsent, oldest 5 h",
        ),
        (standing("sign_in"), "Sign in to send"),
        (standing("portal"), "Network asks for a log-in"),
        (
            standing("trouble", unsent=2, oldest_unsent_at=NOW - timedelta(days=3)),
            "Needs help · 2 unsent, oldest 3 days",
        ),
    ],
)
def test_the_light_says_a_word_for_every_state(now: Any, words: str) -> None:
    assert words_of(now, NOW) == words


def test_the_light_has_a_word_a_shape_a_sentence_and_a_name(qtbot: QtBot, tmp_path: Path) -> None:
    client = client_with("unsent", unsent=3, oldest_unsent_at=NOW - timedelta(minutes=12), sentence="3 wait here.")
    light = navigation(qtbot, tmp_path, client).light
    assert light.text() == "Unsent 3, oldest 12 min"
    assert not light.icon().isNull()
    assert light.toolTip() == "3 wait here."
    assert light.accessibleName() == "Sending state: Unsent 3, oldest 12 min"
    assert light.accessibleDescription() == "3 wait here."
    assert light.property("tone") == "caution"


def test_the_light_follows_notices_and_grows_older_by_itself(qtbot: QtBot, tmp_path: Path) -> None:
    client = client_with()
    made = navigation(qtbot, tmp_path, client)
    client.now_standing = standing("unsent", unsent=1, oldest_unsent_at=NOW)
    client.notices.post(notice("standing", by="centre"))
    qtbot.waitUntil(lambda: made.light.text() == "Unsent 1, just now")
    made.desk.clock.pass_by(minutes=30)  # type: ignore[attr-defined]
    made.refresh_light()
    assert made.light.text() == "Unsent 1, oldest 30 min"


def test_pressing_the_light_shows_what_is_behind_it(qtbot: QtBot, tmp_path: Path) -> None:
    made = navigation(qtbot, tmp_path, supervisor(), "board")
    fill_outbox(made.desk.client, ())
    qtbot.mouseClick(made.light, Qt.MouseButton.LeftButton)
    assert made.here == "standing"


def test_a_spent_sign_in_is_asked_for_again_with_everything_left_open(qtbot: QtBot, tmp_path: Path) -> None:
    client = client_with("sign_in", unsent=3, oldest_unsent_at=NOW)
    client.set("sign_in_again", Refused("Name or password is not right.", field="password"))
    made = navigation(qtbot, tmp_path, client)
    screen = made.stack.currentWidget()
    assert "run out" in made.banner.sentence()
    qtbot.mouseClick(made.light, Qt.MouseButton.LeftButton)
    dialog = made._password
    assert dialog is not None
    assert "3 changes are waiting" in dialog.sentence.text()
    made.ask_password()
    assert made._password is dialog, "one question at a time"
    dialog.password.setText("wrong")
    dialog.deed.click()
    qtbot.waitUntil(lambda: dialog.form.error_of("password") != "")
    client.set("sign_in_again", None)
    dialog.password.setText("right")
    client.now_standing = standing()
    qtbot.keyClick(dialog.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: made._password is None)
    assert made.stack.currentWidget() is screen
    assert made.banner.sentence() == ""
    assert [facts["password"] for name, facts in client.asked if name == "sign_in_again"] == ["wrong", "right"]


def test_later_is_allowed_and_the_work_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    made = navigation(qtbot, tmp_path, client_with("sign_in"))
    made.ask_password()
    dialog = made._password
    assert dialog is not None
    dialog.reject()
    qtbot.waitUntil(lambda: made._password is None)
    assert made.desk.client.names() == ["outbox_counts", "entries"]


def test_opening_without_the_centre_is_said_until_the_centre_is_back(qtbot: QtBot, tmp_path: Path) -> None:
    client = client_with("offline")
    client.offline_since = NOW
    made = navigation(qtbot, tmp_path, client)
    assert made.banner.sentence().startswith("Opened without the centre")
    client.offline_since = None
    client.now_standing = standing()
    made.refresh_light()
    assert made.banner.sentence() == ""


def test_a_message_closed_by_hand_stays_closed_until_something_else_is_the_matter(qtbot: QtBot, tmp_path: Path) -> None:
    client = client_with("portal", sentence="The network asks for a log-in.")
    made = navigation(qtbot, tmp_path, client)
    made.banner.clear()
    made.refresh_light()
    assert made.banner.sentence() == ""
    client.now_standing = standing("trouble", sentence="The disk is full.")
    made.refresh_light()
    assert made.banner.sentence() == "The disk is full."


def test_a_fault_nobody_asked_for_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    client = client_with()
    made = navigation(qtbot, tmp_path, client)
    client.set(entries, Unavailable("The file cannot be read just now."))
    client.notices.post(notice("outbox"))
    qtbot.waitUntil(lambda: made.banner.sentence() == "The file cannot be read just now.")


def test_what_is_sent_lists_every_change_with_its_state_and_reason(qtbot: QtBot, tmp_path: Path) -> None:
    made = navigation(qtbot, tmp_path, client_with())
    screen = made.stack.currentWidget()
    assert isinstance(screen, StandingScreen)
    qtbot.waitUntil(lambda: screen.model.rowCount() == 40)
    texts = [screen.model.index(3, column).data() for column in range(5)]
    assert texts == ["37", "09:51", "Call: Declined, wants a letter", "Being looked at", "09:52 · c37"]
    assert screen.model.index(5, 3).data() == "Saved here, sending needs another try"


def test_a_long_outbox_is_read_page_by_page(qtbot: QtBot, tmp_path: Path) -> None:
    client = client_with()
    fill_outbox(client, outbox_rows(450))
    made = navigation(qtbot, tmp_path, client)
    screen = made.stack.currentWidget()
    assert isinstance(screen, StandingScreen)
    qtbot.waitUntil(lambda: screen.model.rowCount() == 201)
    for rows in (401, 450):
        screen.table.scrollToBottom()
        screen.grab()
        qtbot.waitUntil(lambda rows=rows: screen.model.rowCount() == rows)
    assert screen.model.index(449, 0).data() == "1"


def test_the_figures_say_when_and_how_old(qtbot: QtBot) -> None:
    one = standing("unsent", unsent=2, oldest_unsent_at=NOW - timedelta(hours=3), in_review=1, clock_off_minutes=-121)
    figures = {figure.title: (figure.value, figure.below) for figure in figures_of(one, NOW)}
    assert figures["Unsent"] == ("2", "oldest 3 h")
    assert figures["Being looked at"] == ("1", "by your supervisor")
    assert figures["Your list is as of"] == ("09:59", "1 min ago")
    assert figures["This computer's clock"][0] == "121 min"


def test_settings_act_at_once_and_are_kept(qtbot: QtBot, tmp_path: Path) -> None:
    made = navigation(qtbot, tmp_path, client_with(), "settings")
    screen = made.stack.currentWidget()
    assert isinstance(screen, SettingsScreen)
    screen.on_chosen("theme", "dark")
    screen.on_chosen("text_percent", 125)
    assert (look.theme, look.percent) == ("dark", 125)
    assert Remembered(tmp_path / "window.json").get("theme") == "dark"


def test_ctrl_k_finds_a_command_and_does_it_after_closing(qtbot: QtBot, tmp_path: Path) -> None:
    made = navigation(qtbot, tmp_path, client_with())
    made.show_commands()
    dialog = made.findChild(PaletteDialog)
    assert dialog is not None
    qtbot.keyClicks(dialog.search, "news now")
    assert dialog.model.rowCount() == 1
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert made.desk.client.nudged == 1
    assert not dialog.isVisible()


def test_the_help_sheet_opens_and_closes_with_keys(qtbot: QtBot, tmp_path: Path) -> None:
    made = navigation(qtbot, tmp_path, client_with())
    with qtbot.waitActive(made):
        made.activateWindow()
    qtbot.keyClick(made, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    dialog = made.findChild(KeysDialog)
    assert dialog is not None
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert "F12" in said
    assert "Ask the centre again" not in said, "a caller's sheet has no supervisor's keys"
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_a_dangerous_question_rests_on_the_way_out(qtbot: QtBot, tmp_path: Path) -> None:
    made = navigation(qtbot, tmp_path, client_with())
    done: list[int] = []
    dialog = ask(made, "Leave?", "What is not sent stays.", "Leave", lambda: done.append(1), dangerous=True)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert done == []
    dialog = ask(made, "Send?", "It goes to the centre.", "Send", lambda: done.append(1))
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert done == [1]


def test_signing_in_opens_the_places_and_signing_out_closes_the_files(qtbot: QtBot, tmp_path: Path) -> None:
    client = supervisor()
    fill_outbox(client, ())
    made = window(qtbot, tmp_path, client)
    made.show_desk(client)
    assert made.navigation is not None
    assert made.navigation.here == "board"
    assert made.windowTitle() == TITLE
    made.navigation.signed_out.emit()
    assert client.closed
    assert made.navigation is None
    client.notices.post(notice("list"))  # nobody listens any more


def test_the_title_of_the_window_never_names_anybody(qtbot: QtBot, tmp_path: Path) -> None:
    client = supervisor()
    made = window(qtbot, tmp_path, client)
    made.show_desk(client)
    for top in QApplication.topLevelWidgets():
        assert "Oyelaran" not in top.windowTitle()
    assert made.windowTitle() == TITLE


def test_closing_keeps_the_place_of_the_window_and_closes_everything(qtbot: QtBot, tmp_path: Path) -> None:
    client = supervisor()
    made = window(qtbot, tmp_path, client)
    made.show_desk(client)
    made.resize(1200, 700)
    made.close()
    assert client.closed
    assert made.door.closed
    again = Window(FakeDoor(), StoppedClock(), Remembered(tmp_path / "window.json"))
    qtbot.addWidget(again)
    assert again.height() == 700


def test_a_damaged_place_of_the_window_is_passed_over(qtbot: QtBot, tmp_path: Path) -> None:
    remembered = Remembered(tmp_path / "window.json")
    remembered.set("geometry", "not base64!")
    made = Window(FakeDoor(), StoppedClock(), remembered)
    qtbot.addWidget(made)
    assert made.width() >= 960


def test_a_fault_is_shown_and_its_report_copied_only_when_asked(qtbot: QtBot, tmp_path: Path) -> None:
    made = window(qtbot, tmp_path, supervisor())
    QApplication.clipboard().clear()
    made.show_fault("KeyError < show:1")
    dialog = made.findChild(FaultDialog)
    assert dialog is not None
    assert dialog.report.toPlainText() == "KeyError < show:1"
    assert QApplication.clipboard().text() == ""


@pytest.mark.qt_log_ignore("does not support raise")
def test_the_second_copy_brings_the_window_back(qtbot: QtBot, tmp_path: Path) -> None:
    made = window(qtbot, tmp_path, supervisor())
    made.showMinimized()
    made.come_to_front()
    assert not made.isMinimized()


def test_where_room_is_short_the_places_keep_their_words_and_give_up_their_icons(qtbot: QtBot, tmp_path: Path) -> None:
    made = navigation(qtbot, tmp_path, supervisor(), "board")
    bar = made._bar
    bar.fit(10_000)
    wide = bar.minimumSizeHint().width()
    assert all(tab.text() and tab.iconSize().width() for tab in bar.tabs.values())
    widths = {}
    for width in range(wide, 200, -40):
        bar.fit(width)
        widths[width] = (
            {bool(tab.text()) for tab in bar.tabs.values()},
            {bool(tab.iconSize().width()) for tab in bar.tabs.values()},
        )
    assert ({True}, {False}) in widths.values(), "words without icons come before icons without words"
    assert ({False}, {False}) not in widths.values(), "a tab that shows nothing"
    bar.fit(10_000)
    assert bar.minimumSizeHint().width() == wide
