"""The bar of results at the foot: the frequent ones by key, all of them by F9, and help always at the right.

What a reader would get wrong: a result that is not possible now can still be pressed; it then says why.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from caller_app.queries.rows import PadOutcome
from ui.shortcuts import keys_of
from ui.widgets.buttons import button
from ui.widgets.flow import FlowLayout
from ui.widgets.key_button import KeyButton

# shortcut, words on the bar, the code that decides whether it is possible now
PLACES = (
    ("no_answer", "No answer", "C01"),
    ("voicemail", "Voicemail left", "C03"),
    ("wrong_number", "Wrong number", "P02"),
    ("call_back", "Call back", "R01"),
    ("declined", "Declined", "D01"),
    ("finish", "All results", ""),
)
DECLINES = ("D01", "D02", "D03")


class OutcomeBar(QFrame):
    """Six keys and the button nobody may have to look for."""

    pressed = Signal(str)  # name of the shortcut
    worried = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 8, 8, 8)
        line.setSpacing(8)
        keys = QWidget(self)
        flow = FlowLayout(keys, gap=8, line_gap=6)  # a second row where the text is large
        self.buttons: dict[str, KeyButton] = {}
        for name, words, _ in PLACES:
            made = KeyButton(words, keys_of(name), parent=keys)
            made.clicked.connect(lambda _checked=False, name=name: self.pressed.emit(name))
            flow.addWidget(made)
            self.buttons[name] = made
        line.addWidget(keys, 1)
        self.worry = button(
            "I am worried about this person", self.worried.emit, kind="worry", icon="heart", keys=keys_of("worried")
        )
        line.addWidget(self.worry, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_possible(self, outcomes: dict[str, PadOutcome], *, call_open: bool) -> None:
        """Show what is possible now, and for the rest why not."""
        for name, _, code in PLACES:
            made = self.buttons[name]
            if not call_open:
                made.set_possible(False, "Open a person first.")
            elif name == "declined":
                fits = [outcomes[one] for one in DECLINES if one in outcomes]
                made.set_possible(any(one.possible for one in fits), fits[0].why_not if fits else "")
            elif code:
                one = outcomes.get(code)
                made.set_possible(one is not None and one.possible, one.why_not if one is not None else "")
            else:
                made.set_possible(True)

    def set_busy(self, busy: bool) -> None:
        """While a result is being written no other may start; worrying always may."""
        for made in self.buttons.values():
            made.setDisabled(busy)
