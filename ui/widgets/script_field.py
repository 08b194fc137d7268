"""An answer that is typed: a number, a day, a few words; with the reading of a day beside it and the fault below.

What a reader would get wrong: what was typed is handed over when the typing pauses, so that a power cut loses none of
it, but a fault is shown only once the box was left or Enter pressed: nobody is told off in the middle of a number.
"""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from caller_app.queries.script_rows import ScriptLine
from ui.theme.live import follow, set_tone, tokens
from ui.widgets.texts import Text
from ui.widgets.typed_time import day_in_words, read_day

PAUSE_MS = 500
LONGEST = 500
TYPED = frozenset({"integer", "decimal", "text", "date"})
_PAD = Qt.KeyboardModifier.KeypadModifier
_EXAMPLES = {"integer": "a whole number", "decimal": "a number", "date": "24/11, fri, yesterday", "text": ""}


class _Box(QLineEdit):
    """A line that says when it was left and when Enter was pressed in it."""

    left = Signal()
    entered = Signal()
    reached = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.reached.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_PAD:
            if not event.isAutoRepeat():
                self.entered.emit()
            return
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
            return
        super().keyPressEvent(event)


class ScriptField(QWidget):
    """The box of one question."""

    typed = Signal(str, str)  # question, the answer as it is kept
    entered = Signal()
    taken = Signal()  # it has the keyboard

    def __init__(self, *, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._kind = ""
        self._name = ""
        self._handed = ""  # what was handed over last
        self._quiet = False  # in the middle of typing
        self._told = ""
        down = QVBoxLayout(self)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(4)
        across = QHBoxLayout()
        across.setSpacing(12)
        self.box = _Box(self)
        self.box.setMaxLength(LONGEST)
        self.box.textEdited.connect(self._edited)
        self.box.entered.connect(self._entered)
        self.box.left.connect(self.hand_over)
        self.box.reached.connect(self.taken)
        self._reading = Text("", "quiet")
        across.addWidget(self.box)
        across.addWidget(self._reading, 1)
        down.addLayout(across)
        self._fault = Text("", "error", wrap=True)
        self._fault.hide()
        down.addWidget(self._fault)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._hand)
        self.setFocusProxy(self.box)
        follow(self, self._fit)

    def fill(self, line: ScriptLine, answer: object) -> None:
        """Show a question's answer; what is being typed is not overwritten."""
        if line.name != self._name:
            self.forget()  # what was typed for another question is not an answer to this one
        self._kind, self._name = line.kind, line.name
        kept = "" if answer is None else str(answer)
        if not (self.box.hasFocus() and self._quiet) and self._kept() != kept:
            self.box.setText(_shown(line.kind, kept, self._today()))
        self._handed = kept
        self.box.setPlaceholderText(_EXAMPLES.get(line.kind, ""))
        self.box.setAccessibleName(line.text)
        self._told = line.fault
        self._fit()
        self._say()

    def forget(self) -> None:
        """Hold nothing of anybody any more."""
        self._pause.stop()
        self._name, self._handed, self._quiet, self._told = "", "", False, ""
        self.box.setText("")
        self.box.setAccessibleName("")
        self.box.setAccessibleDescription("")
        self._reading.setText("")
        self._fault.setText("")

    def hand_over(self) -> None:
        """Hand over what was typed, now: the box was left, or a result is about to be recorded."""
        self._quiet = False
        self._hand()
        self._say()

    def insert(self, text: str) -> None:
        """Type into the box."""
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.box.insert(text)
        self._edited()

    def _edited(self, *_: object) -> None:
        self._quiet = True
        self._say()
        self._pause.start()

    def _entered(self) -> None:
        self.hand_over()
        self.entered.emit()

    def _hand(self) -> None:
        self._pause.stop()
        kept = self._kept()
        if kept != self._handed:
            self._handed = kept
            self.typed.emit(self._name, kept)

    def _kept(self) -> str:
        text = self.box.text().strip()
        if self._kind == "date" and text:
            day = read_day(text, self._today(), "past")
            return day.isoformat() if day is not None else text
        return text.replace(",", ".") if self._kind == "decimal" else text

    def _say(self) -> None:
        text = self.box.text().strip()
        reading = ""
        if self._kind == "date" and text:
            day = read_day(text, self._today(), "past")
            reading = day_in_words(day) if day is not None else "not a day yet"
        self._reading.setText(reading)
        fault = "" if self._quiet or not text else self._told
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))
        self.box.setAccessibleDescription(fault)
        set_tone(self.box, "danger" if fault else "")

    def _fit(self) -> None:
        wide = {"integer": 9, "decimal": 9, "date": 15}.get(self._kind, 40)
        self.box.setFixedWidth(min(tokens().type_body * wide, 620))


def _shown(kind: str, kept: str, today: date) -> str:
    day = read_day(kept, today) if kind == "date" and kept else None
    return f"{day:%d/%m/%Y}" if day is not None else kept
