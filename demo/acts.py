"""The three acts of the day: a morning with the centre there and gone, an afternoon after a power cut, the desk.

Each act returns what it did and saw, for the summary: calls, corrections, what the light said.
"""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QTableView, QWidget

from demo import calls
from demo.driver import Driver
from demo.places import PASSWORD

Key = Qt.Key


def morning(driver: Driver, stage: Any, url: str, user: str) -> dict[str, Any]:
    """First run, sign-in, six calls with the centre there, three without, then the power goes."""
    driver.wait_for(lambda: driver.sees("Which centre do you work with?"), "the first run")
    driver.shot("first-run")
    driver.type(url)
    driver.press(Key.Key_Return)
    driver.wait_for(lambda: driver.sees("This is "), "the centre's answer")
    driver.shot("centre-found")
    driver.press(Key.Key_Return)
    driver.wait_for(lambda: driver.sees("User name"), "sign-in")
    driver.type(user)
    driver.press(Key.Key_Return)
    _sign_in(driver)
    driver.wait_for(lambda: driver.sees("Ready when you are"), "the list to come down")
    driver.shot("list")
    driver.press(Key.Key_Return)
    told = calls.Told()
    calls.no_answer(driver, told)
    calls.voicemail(driver, told)
    calls.wrong_number(driver, told)
    calls.call_back(driver, told)
    calls.refers_themselves(driver, told)
    calls.declines(driver, told)
    driver.wait_for(lambda: driver.sees("All sent"), "everything to be sent")
    driver.shot("all-sent")
    stage.ask("stop the centre")
    calls.somebody_else(driver, told)
    calls.new_number_and_referral(driver, told)
    calls.worried(driver, told)
    driver.wait_for(lambda: driver.sees("unsent"), "the light to say what is unsent")
    driver.shot("offline")
    driver.no_stray_windows()
    stage.cut_power(told.plain())
    return told.plain()


def afternoon(driver: Driver, stage: Any, url: str, user: str) -> dict[str, Any]:  # noqa: ARG001 - acts look alike
    """The client starts again without the centre; three more calls; the centre comes back and everything is sent."""
    driver.wait_for(lambda: driver.sees("User name"), "sign-in after the power cut")
    driver.shot("sign-in-offline")
    _sign_in(driver)
    driver.wait_for(lambda: driver.sees("Opened without the centre"), "the list without the centre")
    driver.shot("opened-offline")
    told = calls.Told()
    calls.identity_fails(driver, told)
    calls.thinks_about_it(driver, told)
    calls.has_died(driver, told)
    _look_up(driver)
    _places(driver)
    stage.ask("start the centre")
    driver.press(Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    driver.wait_for(lambda: driver.sees("All sent"), "everything to be sent", 60)
    driver.shot("all-sent")
    _go(driver, Key.Key_3, "what-is-sent")
    told.light = "All sent"
    driver.no_stray_windows()
    return told.plain()


def desk(driver: Driver, stage: Any, url: str, user: str) -> dict[str, Any]:  # noqa: ARG001 - acts look alike
    """The supervisor looks at the board and the corrections, and moves Alex's open people to Bo."""
    driver.wait_for(lambda: driver.sees("User name"), "sign-in")
    _clear_and_type(driver, user)
    driver.press(Key.Key_Return)
    _sign_in(driver)
    driver.wait_for(lambda: driver.find(QTableView, "Callers"), "the board")
    driver.wait_for(lambda: driver.sees("As of"), "the centre's answer")
    driver.shot("board")
    moved = _move_people(driver)
    driver.press(Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    driver.wait_for(lambda: driver.sees("Corrections"), "the corrections")
    driver.settle(1)
    driver.shot("corrections")
    driver.no_stray_windows()
    return {"moved": moved}


def _move_people(driver: Driver) -> str:
    """Alex is away: everybody still open goes to Bo, with what it will do said before and what it did said after."""
    callers = driver.get(QTableView, "Callers")
    callers.setFocus()
    driver.press(Key.Key_Down)
    driver.press(Key.Key_Up)
    driver.wait_for(lambda: driver.sees("Alex Hughes's list"), "Alex's list")
    driver.click(QPushButton, "Move people")
    driver.get(QComboBox, "Choose a caller").setFocus()
    driver.press(Key.Key_Down)
    driver.wait_for(lambda: driver.sees("What this will do"), "the preview")
    driver.click(QLineEdit, "Why")
    driver.type("on leave until Monday")
    driver.shot("move-people")
    deed = driver.get(QPushButton, "Move ", but="Move people")
    words = deed.text()
    driver.press(Key.Key_Return)
    driver.wait_for(lambda: driver.find(QLineEdit, "Why") is None, "the people to be moved")
    driver.settle(0.6)
    driver.shot("moved")
    return words


def _sign_in(driver: Driver) -> None:
    driver.type(PASSWORD)
    driver.shot("password-typed")
    driver.press(Key.Key_Return)


def _clear_and_type(driver: Driver, text: str) -> None:
    driver.press(Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    driver.press(Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    driver.type(text)


def _look_up(driver: Driver) -> None:
    driver.press(Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    driver.wait_for(lambda: driver.find(QWidget, "Someone rang me"), "someone rang me")
    driver.type("900")
    driver.settle(0.6)
    driver.shot("someone-rang-me")


def _places(driver: Driver) -> None:
    _go(driver, Key.Key_2, "my-day")
    _go(driver, Key.Key_3, "what-is-sent-offline")
    _go(driver, Key.Key_1, "calling")


def _go(driver: Driver, key: Qt.Key, name: str) -> None:
    driver.press(key, Qt.KeyboardModifier.ControlModifier)
    driver.settle(0.6)
    driver.shot(name)
