"""The frame of every dialog: window-modal, opened with `open()`, verbs on the buttons, focus given back.

What a reader would get wrong: nothing waits for a dialog. `open()` returns at once and the answer comes by callback,
so no nested event loop can re-enter a presenter.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.a11y import name
from ui.theme.live import tokens
from ui.widgets.banner import Banner
from ui.widgets.buttons import ButtonKind, button
from ui.widgets.panes import scrolling
from ui.widgets.texts import Text


class Dialog(QDialog):
    """Title, body, foot with buttons. The window title is the dialog's, never a patient's name."""

    def __init__(self, parent: QWidget, title: str, sentence: str = "", *, width: int = 480) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name(self, title, sentence)
        self._came_from = QApplication.focusWidget()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        inside = QWidget()
        # The words' height at the width there is decides, not the height they would need in a narrow column.
        inside.setMinimumHeight(1)
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(24, 20, 24, 20)
        self.body.setSpacing(16)
        self.body.addWidget(Text(title, "title", wrap=True))
        self.sentence = Text(sentence, wrap=True)
        self.sentence.setHidden(not sentence)
        self.body.addWidget(self.sentence)
        self.banner = Banner()
        self.body.addWidget(self.banner)
        # What does not fit on a small screen at a large text size scrolls; the buttons stay.
        whole.addWidget(scrolling(inside, accessible=title), 1)
        foot = self._foot_pane = QFrame()
        foot.setProperty("pane", "foot")
        self._foot = QHBoxLayout(foot)
        self._foot.setContentsMargins(24, 12, 24, 12)
        self._foot.setSpacing(8)
        self._foot.addStretch(1)
        whole.addWidget(foot)
        self._width = width
        self._main: QPushButton | None = None
        self.finished.connect(self._give_focus_back)

    def add_button(self, words: str, act: Callable[[], object], *, kind: ButtonKind = "plain") -> QPushButton:
        """Add a button at the right of the foot; the primary or dangerous one answers Enter from a one-line field."""
        made = button(words, act, kind=kind)
        self._foot.addWidget(made)
        if kind in ("primary", "danger"):
            self._main = made
        return made

    def add_cancel(self, words: str = "Cancel") -> QPushButton:
        """Add the way out; Esc is the same."""
        return self.add_button(words, self.reject)

    def open(self) -> None:
        """Open and return at once; what is spare in height goes below the body, not between its parts."""
        if not any(self.body.stretch(at) for at in range(self.body.count())):
            self.body.addStretch(0)
        super().open()
        self.fit()

    def fit(self) -> None:
        """Take the width that was asked for and the height the words need at it, within the window behind."""
        behind = self.parentWidget()
        if behind is None:
            return
        room = behind.window().size()
        width = min(round(self._width * tokens().type_body / 14), max(360, room.width() - 64))
        wanted = (
            self.body.totalHeightForWidth(width) if self.body.hasHeightForWidth() else self.body.sizeHint().height()
        )
        height = min(wanted + self._foot_pane.sizeHint().height(), max(320, room.height() - 48))
        if self.size() != QSize(width, height):
            self.setFixedSize(width, height)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.fit()
        return done

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QPushButton):
                focused.click()
            elif self._main is not None and self._main.isEnabled() and self._main.property("kind") == "primary":
                self._main.click()
            event.accept()
            return
        super().keyPressEvent(event)

    def _give_focus_back(self) -> None:
        before = self._came_from
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus()
