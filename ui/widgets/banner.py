"""A banner: one sentence across a pane that stays until it no longer holds. Never covers anything."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from ui.a11y import announce, tab_here
from ui.theme.live import set_tone
from ui.widgets.buttons import button, icon_button
from ui.widgets.shapes import TONE_SHAPES, Shape
from ui.widgets.texts import Text


class _Parts(NamedTuple):
    shape: Shape
    words: Text
    deed: QPushButton


class Banner(QFrame):
    """Hidden until it has something to say; most of them never have, so what is in it is made then."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None, *, closable: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("part", "banner")
        self._closable = closable
        self._parts: _Parts | None = None
        self._sentence = ""
        self._act: Callable[[], object] | None = None
        self.hide()

    def say(
        self, sentence: str, tone: str = "info", *, deed: str = "", act: Callable[[], object] | None = None
    ) -> None:
        """Show a sentence (tone: info, caution, danger, good) and, where something can be done, the button for it."""
        if self._parts is None:
            self._parts = self._make_parts()
        parts = self._parts
        parts.words.setText(sentence)
        self._sentence = sentence
        self.setAccessibleName(sentence)
        set_tone(self, tone)
        parts.shape.show_shape(TONE_SHAPES[tone], f"{tone}_text" if tone else "text_quiet")
        self._act = act
        parts.deed.setText(deed)
        parts.deed.setAccessibleName(deed)
        parts.deed.setVisible(bool(deed))
        self.show()
        announce(self, sentence)

    def _make_parts(self) -> "_Parts":
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 8, 8)
        line.setSpacing(8)
        made = _Parts(Shape("info", "info_text"), Text("", wrap=True), button("", self._pressed))
        line.addWidget(made.shape, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(made.words, 1)
        line.addWidget(made.deed, 0, Qt.AlignmentFlag.AlignVCenter)
        if self._closable:
            close = icon_button("cross", "Close this message", self._closed)
            line.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
            tab_here(self, made.deed, close)
        else:
            tab_here(self, made.deed)
        return made

    def clear(self) -> None:
        """Say nothing."""
        self._act = None
        self.hide()

    def sentence(self) -> str:
        """Give what is being said; empty while hidden."""
        return "" if self.isHidden() else self._sentence

    def _pressed(self) -> None:
        if self._act is not None:
            self._act()

    def _closed(self) -> None:
        self.clear()
        self.closed.emit()
