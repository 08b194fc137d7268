"""First run and sign-in: honest sentences, nothing kept that was not checked."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from caller_app.base.errors import CentreUnreachable, Refused, Unavailable
from caller_app.client import CentreInfo
from tests.support.clock import StoppedClock
from tests.support.qt import FakeClient, FakeDoor
from ui.bridge import Bridge
from ui.remember import Remembered
from ui.screens.setup.presenter import NOBODY, PORTAL, clean_address
from ui.screens.setup.screen import SetupScreen
from ui.screens.sign_in.screen import SignInScreen
from ui.tasks import Tasks
from ui.window import Window

FOUND = CentreInfo("Norfolk calling centre", test_mode=True, server_id="s")


def setup_screen(qtbot: QtBot, door: FakeDoor) -> SetupScreen:
    screen = SetupScreen(door, Tasks(Bridge()))
    qtbot.addWidget(screen)
    screen.show()
    return screen


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("calls.example.nhs.uk", "https://calls.example.nhs.uk"),
        (" https://calls.example.nhs.uk/ ", "https://calls.example.nhs.uk"),
        ("https://calls.example.nhs.uk:8443/centre/", "https://calls.example.nhs.uk:8443/centre"),
        ("http://127.0.0.1:8021", "http://127.0.0.1:8021"),
        ("http://localhost:8021", "http://localhost:8021"),
        ("http://[::1]:8021", "http://[::1]:8021"),
    ],
)
def test_an_address_is_cleaned(typed: str, address: str) -> None:
    assert clean_address(typed) == address


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Type the address"),
        ("http://calls.example.nhs.uk", "anyone on the network could read"),
        ("http://127.0.0.1.example.net", "anyone on the network could read"),
        ("http://localhost.example.net", "anyone on the network could read"),
        ("ftp://calls.example.nhs.uk", "does not read as an address"),
        ("https://", "does not read as an address"),
        ("https://calls example", "does not read as an address"),
        ("https://calls.example.nhs.uk:port", "does not read as an address"),
        ("https://me:secret@calls.example.nhs.uk", "names and passwords"),
    ],
)
def test_an_address_we_may_not_use_is_refused_in_words(typed: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        clean_address(typed)
    assert refused.value.field == "url"


def test_the_centre_is_kept_only_after_it_answered_as_one(qtbot: QtBot) -> None:
    door = FakeDoor(url=None)
    door.set("check_centre", FOUND)
    screen = setup_screen(qtbot, door)
    screen.url.setText("calls.example.nhs.uk")
    screen.presenter.on_continue()
    assert door.url is None
    qtbot.mouseClick(screen.check, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.go_on.isVisible)
    assert "Norfolk calling centre" in screen.banner.sentence()
    assert "test mode" in screen.banner.sentence()
    assert door.url is None
    with qtbot.waitSignal(screen.finished):
        qtbot.mouseClick(screen.go_on, Qt.MouseButton.LeftButton)
    assert door.url == "https://calls.example.nhs.uk"


def test_typing_again_means_checking_again(qtbot: QtBot) -> None:
    door = FakeDoor(url=None)
    door.set("check_centre", FOUND)
    screen = setup_screen(qtbot, door)
    qtbot.keyClicks(screen.url, "calls.example.nhs.uk")
    qtbot.keyClick(screen.url, Qt.Key.Key_Return)
    qtbot.waitUntil(screen.go_on.isVisible)
    qtbot.keyClicks(screen.url, "x")
    assert not screen.go_on.isVisible()
    screen.presenter.on_continue()
    assert door.url is None


def test_an_answer_about_another_address_is_not_taken(qtbot: QtBot) -> None:
    door = FakeDoor(url=None)
    door.set("check_centre", FOUND)
    door.pause()
    screen = setup_screen(qtbot, door)
    qtbot.keyClicks(screen.url, "calls.example.nhs.uk")
    qtbot.keyClick(screen.url, Qt.Key.Key_Return)
    assert not screen.check.isEnabled()
    qtbot.keyClicks(screen.url, ".evil.example")
    door.let_through()
    qtbot.wait(0)
    assert not screen.go_on.isVisible()
    assert screen.check.isEnabled()


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (CentreUnreachable("A page.", portal=True), PORTAL),
        (CentreUnreachable("You can go on working; it is sent later.", no_answer=True), NOBODY),
        (CentreUnreachable("The certificate is not one this computer trusts."), "certificate"),
        (Unavailable("The centre is busy; try again in a minute."), "busy"),
    ],
)
def test_what_went_wrong_is_said_honestly(qtbot: QtBot, fault: Exception, says: str) -> None:
    door = FakeDoor(url=None)
    door.set("check_centre", fault)
    screen = setup_screen(qtbot, door)
    screen.url.setText("calls.example.nhs.uk")
    screen.check.click()
    qtbot.waitUntil(lambda: screen.banner.sentence() != "")
    assert says in screen.banner.sentence()
    assert not screen.go_on.isVisible()
    assert door.url is None


def test_plain_http_and_a_missing_file_are_said_at_their_field_and_nothing_is_asked(
    qtbot: QtBot, tmp_path: Path
) -> None:
    door = FakeDoor(url=None)
    screen = setup_screen(qtbot, door)
    screen.url.setText("http://calls.example.nhs.uk")
    screen.check.click()
    assert "anyone on the network" in screen.form.error_of("url")
    screen.url.setText("https://calls.example.nhs.uk")
    screen.ca_file.setText(str(tmp_path / "none.pem"))
    screen.check.click()
    assert screen.form.error_of("url") == ""
    assert "no file of this name" in screen.form.error_of("ca_file")
    assert door.asked == []


def test_the_certificate_file_goes_with_the_question(qtbot: QtBot, tmp_path: Path) -> None:
    door = FakeDoor(url=None)
    door.set("check_centre", FOUND)
    authority = tmp_path / "ca.pem"
    authority.write_text("certificate", encoding="utf-8")
    screen = setup_screen(qtbot, door)
    screen.url.setText("calls.example.nhs.uk")
    screen.ca_file.setText(str(authority))
    screen.check.click()
    qtbot.waitUntil(screen.go_on.isVisible)
    screen.go_on.click()
    assert door.asked == [("check_centre", {"url": "https://calls.example.nhs.uk", "ca_file": authority})]
    assert door.ca_file == authority


def sign_in_screen(qtbot: QtBot, door: FakeDoor) -> SignInScreen:
    screen = SignInScreen(door, Tasks(Bridge()))
    qtbot.addWidget(screen)
    screen.show()
    screen.focus_first()
    return screen


def test_the_last_person_types_only_the_password(qtbot: QtBot) -> None:
    door, client = FakeDoor(), FakeClient()
    door.set("sign_in", client)
    screen = sign_in_screen(qtbot, door)
    assert screen.name.text() == "amina"
    assert "amina can still open their list" in screen.offline.text()
    entered: list[Any] = []
    screen.signed_in.connect(entered.append)
    qtbot.keyClicks(screen.password, "correct horse")
    qtbot.keyClick(screen.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: entered == [client])
    assert door.asked == [("sign_in", {"name": "amina", "password": "correct horse"})]
    assert screen.password.text() == ""


def test_the_password_is_never_shown_in_the_clear(qtbot: QtBot) -> None:
    screen = sign_in_screen(qtbot, FakeDoor())
    assert screen.password.echoMode() == QLineEdit.EchoMode.Password


def test_nobody_is_promised_anything_without_the_centre_on_a_new_computer(qtbot: QtBot) -> None:
    screen = sign_in_screen(qtbot, FakeDoor(last_name=None))
    assert not screen.offline.isVisible()
    screen.deed.click()
    assert screen.form.error_of("name") == "Type your user name."
    screen.name.setText("amina")
    screen.deed.click()
    assert screen.form.error_of("password") == "Type your password."


def test_a_wrong_password_is_said_at_the_password_and_a_locked_account_above(qtbot: QtBot) -> None:
    door = FakeDoor()
    door.set("sign_in", Refused("Name or password is not right.", field="password"))
    screen = sign_in_screen(qtbot, door)
    screen.password.setText("wrong")
    screen.deed.click()
    qtbot.waitUntil(lambda: screen.form.error_of("password") != "")
    assert screen.password.selectedText() != ""
    door.set("sign_in", Refused("This account is locked. Your supervisor can unlock it."))
    screen.deed.click()
    qtbot.waitUntil(lambda: "locked" in screen.banner.sentence())
    assert screen.form.error_of("password") == ""
    assert screen.deed.isEnabled()


def test_pressing_twice_signs_in_once(qtbot: QtBot) -> None:
    door = FakeDoor()
    door.set("sign_in", FakeClient())
    door.pause()
    screen = sign_in_screen(qtbot, door)
    screen.password.setText("correct horse")
    for _ in range(3):
        qtbot.keyClick(screen.password, Qt.Key.Key_Return)
    assert door.names() == ["sign_in"]
    assert not screen.deed.isEnabled()


def window(qtbot: QtBot, door: FakeDoor, folder: Path) -> Window:
    made = Window(door, StoppedClock(), Remembered(folder / "window.json"))
    qtbot.addWidget(made)
    made.start()
    made.show()
    return made


def test_the_first_run_asks_for_the_centre_then_for_the_person(qtbot: QtBot, tmp_path: Path) -> None:
    door = FakeDoor(url=None, last_name=None)
    door.set("check_centre", FOUND)
    made = window(qtbot, door, tmp_path)
    screen = made.stack.currentWidget()
    assert isinstance(screen, SetupScreen)
    screen.url.setText("calls.example.nhs.uk")
    screen.check.click()
    qtbot.waitUntil(screen.go_on.isVisible)
    screen.go_on.click()
    assert isinstance(made.stack.currentWidget(), SignInScreen)


def test_from_sign_in_one_can_go_to_another_centre(qtbot: QtBot, tmp_path: Path) -> None:
    made = window(qtbot, FakeDoor(), tmp_path)
    screen = made.stack.currentWidget()
    assert isinstance(screen, SignInScreen)
    screen.other_centre_wanted.emit()
    setup = made.stack.currentWidget()
    assert isinstance(setup, SetupScreen)
    assert setup.url.text() == "https://calls.example.nhs.uk"
