"""After a result: the other number, or a question about worry, or the next person. And the page between calls."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from caller_app.domain.phones import show as show_phone
from caller_app.queries.rows import ListRow
from ui.shortcuts import keys_of
from ui.widgets.buttons import button
from ui.widgets.panes import row
from ui.widgets.texts import Text


class AfterView(QFrame):
    """Enter rings the other number, N goes to the next person, F12 is about the person still shown."""

    other_taken = Signal()
    worried = Signal()
    next_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 24, 24, 24)
        box.setSpacing(8)
        self._done = Text("", "section", wrap=True)
        self._number = Text("", "display", selectable=True)
        self._ring = button("Ring this number", self.other_taken.emit, kind="primary", icon="phone", keys="Enter")
        self._next = button("Next person", self.next_wanted.emit, icon="arrow-right", keys="N")
        box.addWidget(self._done)
        box.addSpacing(8)
        self._lead = Text("", "large", wrap=True)
        self._worry = button(
            "I am worried about this person", self.worried.emit, kind="worry", icon="heart", keys=keys_of("worried")
        )
        box.addWidget(self._lead)
        box.addWidget(self._number)
        box.addSpacing(8)
        box.addLayout(row(self._ring, self._worry, self._next, None))
        box.addStretch(1)

    def show_worry(self, sentence: str, worry: str) -> None:
        """Say what was recorded and ask about worry, while it is still about this person."""
        self._done.setText(sentence)
        self._lead.setText(worry)
        self._number.setText("")
        self._turn(offers_number=False)
        self.setAccessibleName(f"{sentence} {worry} F12 shows help, N goes to the next person.")

    def _turn(self, *, offers_number: bool) -> None:
        for part in (self._number, self._ring):
            part.setVisible(offers_number)
        self._worry.setVisible(not offers_number)

    def show_other(self, sentence: str, number: str) -> None:
        """Say what was recorded and which number is left."""
        self._done.setText(sentence)
        self._lead.setText("There is another number in the same sitting:")
        self._turn(offers_number=True)
        self._number.setText(show_phone(number))
        self.setAccessibleName(
            f"{sentence} Another number: {show_phone(number)}. Enter rings it, N for the next person."
        )

    def forget(self) -> None:
        """Hold nothing of anybody any more."""
        self._number.setText("")
        self._done.setText("")
        self.setAccessibleName("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.other_taken.emit()
        elif event.key() == Qt.Key.Key_N and not event.modifiers():
            self.next_wanted.emit()
        else:
            super().keyPressEvent(event)


class RestView(QFrame):
    """Between calls: who comes next and why; Enter opens."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._case: str | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(48, 24, 48, 24)
        box.setSpacing(8)
        self._sentence = Text("", "quiet", wrap=True)
        self._name = Text("", "display", wrap=True)
        self._why = Text("", "large", wrap=True)
        self._open = button("Open", self._go, kind="primary", icon="arrow-right", keys="Enter")
        box.addStretch(2)
        for part in (self._sentence, self._name, self._why):
            box.addWidget(part)
        box.addSpacing(12)
        box.addLayout(row(self._open, None))
        box.addStretch(3)

    def show_rest(self, sentence: str, row_next: ListRow | None) -> None:
        """Say what is next, or why nothing is."""
        self._case = row_next.case_id if row_next is not None else None
        self._sentence.setText(f"{sentence} Next:" if row_next is not None else sentence)
        self._name.setText(row_next.shown_name if row_next is not None else "")
        self._why.setText(row_next.why if row_next is not None else "")
        for part in (self._name, self._why, self._open):
            part.setVisible(row_next is not None)
        said = f"{row_next.shown_name}: {row_next.why}. Enter opens." if row_next is not None else ""
        self.setAccessibleName(f"{sentence} {said}".strip())

    def focus(self) -> None:
        """Stand on what Enter does."""
        (self._open if self._case is not None else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _go(self) -> None:
        if self._case is not None:
            self.opened.emit(self._case)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
        else:
            super().keyPressEvent(event)
