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
    """The form says that none is left on a first attempt, and why: so none is."""
    ring(driver)
    driver.press(Key.Key_F3)
    form(driver, "Voicemail - message left")
    driver.shot("voicemail")
    driver.press(Key.Key_Escape)
    choose(driver, "C04")
    recorded(driver, told, "C04", "Voicemail - no message")


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
    """The script is read to its end by keys, and its answers lead to the result: the person refers themselves."""
    ring(driver)
    answer(driver, "1", "Enter", "1")
    driver.shot("opening")
    confirm(driver)
    driver.shot("confirmed")
    read_to_the_offer(driver, shots=True)
    answer(driver, "2", "Enter", "1", "Enter")
    end_of_script(driver, "Will refer or book themselves")
    form(driver, "Will refer or book themselves")
    driver.shot("refers-themselves")
    fill(driver)
    recorded(driver, told, "A02", "Will refer or book themselves")


def declines(driver: Driver, told: Told) -> None:
    """No time: one gentle answer, and then it is accepted; the reason given in the script stands in the form."""
    ring(driver)
    confirm(driver)
    unsure(driver, "3")
    driver.press(Key.Key_F1)
    driver.get(QLineEdit, "Find what they say")
    driver.type("time")
    driver.shot("what-if")
    driver.press(Key.Key_Escape)
    answer(driver, "1", "3", "Enter")
    on_page(driver, "If not for them")
    answer(driver, "1", "Enter")
    end_of_script(driver, "Declined this time")
    form(driver, "Declined this time")
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
    read_to_the_offer(driver)
    answer(driver, "4", "Enter", "4", "Enter")
    end_of_script(driver, "Passed to practice to act")
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
    unsure(driver, "2")
    answer(driver, "1", "3", "Enter")
    on_page(driver, "If not for them")
    answer(driver, "2", "Enter")
    end_of_script(driver, "Wants to think")
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


def answer(driver: Driver, *keys: str) -> None:
    """Press keys of the script one after the other."""
    for key in keys:
        driver.press(Key.Key_Return if key == "Enter" else Qt.Key(ord(key)))
        driver.settle(0.1)


def on_page(driver: Driver, title: str) -> None:
    """Wait for a page of the script."""
    driver.wait_for(lambda: driver.sees(title), f"the page {title!r}")


def read_to_the_offer(driver: Driver, *, shots: bool = False) -> None:
    """Introduction, reason, safety checks: somebody who would like to hear more, and does not know their weight."""
    on_page(driver, "Introduce the call")
    answer(driver, "1", "Enter")
    on_page(driver, "Why we are calling")
    answer(driver, "1", "1")
    if shots:
        driver.shot("script")
    answer(driver, "Enter")
    on_page(driver, "Safety checks")
    answer(driver, "1", "Enter", "1", "Enter", "Enter")
    on_page(driver, "What would the person like?")
    if shots:
        driver.shot("script-offer")


def unsure(driver: Driver, interest: str) -> None:
    """Introduction and reason, with how they feel about it: to the question what puts them off."""
    on_page(driver, "Introduce the call")
    answer(driver, "1", "Enter")
    on_page(driver, "Why we are calling")
    answer(driver, "2", interest, "Enter")
    on_page(driver, "If unsure or not keen")


def end_of_script(driver: Driver, label: str) -> None:
    """The close is read, the derived result confirmed with Enter."""
    driver.wait_for(lambda: driver.sees(f"This call ends as: {label}"), f"the end of the script as {label!r}")
    driver.shot("script-end")
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
