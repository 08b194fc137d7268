"""Twelve calls, each by the keys a caller would press. Whoever is on the line plays along as the name says.

Nothing here knows who comes next: the list decides that, as it does for a caller.
"""

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QRadioButton, QWidget

from demo.driver import Driver

Key = Qt.Key
NEW_NUMBER = "07700 900456"


@dataclass
class Told:
    """What an act has done so far."""

    outcomes: list[str] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)
    light: str = ""

    def plain(self) -> dict[str, Any]:
        """Give it for the summary."""
        return {"outcomes": self.outcomes, "corrections": self.corrections, "light": self.light}


# ---- nobody there ---------------------------------------------------------------------------------------------------


def no_answer(driver: Driver, told: Told) -> None:
    """Two keys: Enter rings, F2 records."""
    ring(driver)
    driver.shot("rung")
    driver.press(Key.Key_F2)
    recorded(driver, told, "C01", "No answer")


def voicemail(driver: Driver, told: Told) -> None:
    """The neutral words first, then Enter."""
    ring(driver)
    driver.press(Key.Key_F3)
    form(driver, "Voicemail - message left")
    driver.shot("voicemail")
    driver.press(Key.Key_Return)
    recorded(driver, told, "C03", "Voicemail - message left")


def wrong_number(driver: Driver, told: Told) -> None:
    """Three keys, and the practice will hear of it."""
    ring(driver)
    driver.press(Key.Key_F4)
    form(driver, "Wrong number")
    driver.press(Key.Key_1)
    driver.shot("wrong-number")
    driver.press(Key.Key_Return)
    recorded(driver, told, "P02", "Wrong number")
    told.corrections.append("PHONE_WRONG")


def somebody_else(driver: Driver, told: Told) -> None:
    """A third party answers; nothing is said of why we ring."""
    ring(driver)
    choose(driver, "T01")
    recorded(driver, told, "T01", "Patient not available")


# ---- before identity ------------------------------------------------------------------------------------------------


def call_back(driver: Driver, told: Told) -> None:
    """A promise for one of the ready-made times."""
    ring(driver)
    driver.press(Key.Key_F7)
    form(driver, "Callback agreed")
    driver.press(Key.Key_1)
    driver.shot("call-back")
    driver.press(Key.Key_Return)
    recorded(driver, told, "R01", "Callback agreed")


def identity_fails(driver: Driver, told: Told) -> None:
    """Two details are not given: the call ends politely and says nothing of which."""
    ring(driver)
    show_check(driver)
    for key in (Key.Key_1, Key.Key_3, Key.Key_3):
        driver.press(key)
        driver.settle(0.05)
    driver.wait_for(lambda: driver.find(QPushButton, "Record: identity not confirmed"), "the check to have failed")
    driver.shot("identity-not-confirmed")
    choose(driver, "R02")
    recorded(driver, told, "R02", "Identity not confirmed")


def worried(driver: Driver, told: Told) -> None:
    """F12: help first, a short record, then the call is closed as stopped for risk."""
    ring(driver)
    driver.press(Key.Key_F12)
    driver.wait_for(lambda: driver.sees("Immediate danger"), "the three help routes")
    driver.shot("worried")
    driver.press(Key.Key_2)
    words = driver.get(QPlainTextEdit, "What was said")
    driver.shot("worried-distress")
    words.setFocus()
    driver.type("They said they cannot go on like this, and wept.")
    driver.get(QPushButton, "Keep this").setFocus()
    driver.press(Key.Key_Return)
    driver.wait_for(lambda: driver.sees("Kept on this workstation"), "the concern to be on disk")
    driver.shot("worried-kept")
    driver.press(Key.Key_Escape)
    driver.press(Key.Key_Escape)
    choose(driver, "E01")
    recorded(driver, told, "E01", "Stopped for risk")


def has_died(driver: Driver, told: Told) -> None:
    """Two steps on purpose."""
    ring(driver)
    driver.press(Key.Key_F4, Qt.KeyboardModifier.ControlModifier)
    form(driver, "Reported as died")
    driver.press(Key.Key_1)
    driver.shot("died")
    driver.press(Key.Key_Return)
    recorded(driver, told, "S01", "Reported as died")
    told.corrections.append("DECEASED_REPORTED")


# ---- after identity -------------------------------------------------------------------------------------------------


def refers_themselves(driver: Driver, told: Told) -> None:
    """Identity passes, the script is read, the person takes the number of the service."""
    ring(driver)
    confirm(driver)
    driver.shot("confirmed")
    driver.press(Key.Key_Return)
    driver.shot("script")
    choose(driver, "A02")
    form(driver, "Will refer or book themselves")
    driver.shot("refers-themselves")
    fill(driver)
    recorded(driver, told, "A02", "Will refer or book themselves")


def declines(driver: Driver, told: Told) -> None:
    """F8, a reason, asked again another time."""
    ring(driver)
    confirm(driver)
    driver.press(Key.Key_F8)
    form(driver, "Declined this time")
    driver.press(Key.Key_2)
    driver.shot("declined")
    driver.press(Key.Key_Return)
    recorded(driver, told, "D01", "Declined this time")


def new_number_and_referral(driver: Driver, told: Told) -> None:
    """A detail is put right in place, then the referral with consent."""
    ring(driver)
    confirm(driver)
    correct(
        driver,
        "Telephone",
        "PHONE_ADDED",
        {"New number": NEW_NUMBER},
        ("What is wrong?: New or better number", "Kind: Mobile"),
    )
    told.corrections.append("PHONE_ADDED")
    choose(driver, "A03")
    form(driver, "Passed to practice to act")
    driver.shot("passed-to-practice")
    fill(driver)
    recorded(driver, told, "A03", "Passed to practice to act")


def thinks_about_it(driver: Driver, told: Told) -> None:
    """An e-mail address is added, the person wants to think."""
    ring(driver)
    confirm(driver)
    address = "someone@example.org"
    correct(driver, "Email", "EMAIL", {"Email": address, "Email again": address})
    told.corrections.append("EMAIL")
    choose(driver, "A04")
    form(driver, "Wants to think")
    fill(driver)
    recorded(driver, told, "A04", "Wants to think")


# ---- the keys -------------------------------------------------------------------------------------------------------


def ring(driver: Driver) -> None:
    """Enter on the best number, once the next card is ready."""
    driver.wait_for(lambda: _ready_to_ring(driver), "the next card")
    driver.press(Key.Key_Return)
    driver.wait_for(lambda: driver.find(QLabel, "Number rung"), "the number to be handed over")


def choose(driver: Driver, code: str) -> None:
    """F9, the code, Enter."""
    driver.press(Key.Key_F9)
    driver.get(QLineEdit, "Find a result")
    driver.type(code)
    driver.shot(f"results-{code}")
    driver.press(Key.Key_Return)


def form(driver: Driver, label: str) -> None:
    """Wait for the form of a result."""
    driver.get(QPushButton, f"Record {label}")


def fill(driver: Driver) -> None:
    """Answer whatever the form still asks with its first choice."""
    for _ in range(6):
        if driver.find(QPushButton, "Record ") is None:
            return
        driver.press(Key.Key_1)
        driver.press(Key.Key_Return)
        driver.settle(0.3)


def show_check(driver: Driver) -> None:
    """I: what the person should say; that we looked is recorded."""
    driver.press(Key.Key_I)
    driver.wait_for(lambda: driver.focus_is(QFrame, "Full name"), "the check panel to have the keyboard")
    driver.shot("check")


def confirm(driver: Driver) -> None:
    """The person states, the caller ticks."""
    show_check(driver)
    for _ in range(3):
        driver.press(Key.Key_1)
        driver.settle(0.05)
    driver.wait_for(lambda: driver.find(QFrame, "Full name") is None, "identity to be confirmed")
    driver.settle(0.3)


def correct(driver: Driver, detail: str, kind: str, fields: dict[str, str], choices: tuple[str, ...] = ()) -> None:
    """E on a detail: the new value beside the old one, the person said so, Enter."""
    driver.press(Key.Key_E)
    for _ in range(20):
        if driver.focus_is(QFrame, detail):
            break
        driver.press(Key.Key_Down)
    driver.shot("details")
    driver.press(Key.Key_E)
    driver.get(QPushButton, "Record the correction")
    for words in choices:
        driver.click(QRadioButton, words)
    for label, value in fields.items():
        driver.click(QLineEdit, label)
        driver.type(value)
    driver.click(QRadioButton, "Who or what told us?: The person confirmed it")
    driver.shot(f"correct-{kind}")
    driver.press(Key.Key_Return)
    driver.wait_for(lambda: driver.sees("Correction recorded"), f"the receipt of the correction {kind}")


def recorded(driver: Driver, told: Told, code: str, label: str) -> None:
    """Wait for the receipt; where another number is offered, go to the next person."""
    driver.wait_for(lambda: driver.sees(f"{label}: recorded"), f"the receipt of {code}")
    told.outcomes.append(code)
    driver.settle(0.2)
    if driver.find(QWidget, f"{label}: recorded") and driver.sees("another number in the same sitting"):
        driver.shot("another-number")
        driver.press(Key.Key_N)


def _ready_to_ring(driver: Driver) -> bool:
    button = driver.find(QPushButton, "Ring the highlighted number")
    return button is not None and button.isEnabled() and driver.find(QLabel, "Number rung") is None
