"""A banner: one sentence across a pane that stays until it no longer holds. Never covers anything."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.a11y import announce
from ui.theme.live import set_tone
from ui.widgets.buttons import button, icon_button
from ui.widgets.shapes import TONE_SHAPES, Shape
from ui.widgets.texts import Text


class Banner(QFrame):
    """Hidden until it has something to say."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None, *, closable: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("part", "banner")
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 8, 8)
        line.setSpacing(8)
        self._shape = Shape("info", "info_text")
        self._words = Text("", wrap=True)
        self._act: Callable[[], object] | None = None
        self._deed = button("", self._pressed)
        self._close = icon_button("cross", "Close this message", self._closed)
        if not closable:  # showing it here, before it has a parent, would open a window of its own
            self._close.hide()
        line.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._words, 1)
        line.addWidget(self._deed, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def say(
        self, sentence: str, tone: str = "info", *, deed: str = "", act: Callable[[], object] | None = None
    ) -> None:
        """Show a sentence (tone: info, caution, danger, good) and, where something can be done, the button for it."""
        self._words.setText(sentence)
        self.setAccessibleName(sentence)
        set_tone(self, tone)
        self._shape.show_shape(TONE_SHAPES[tone], f"{tone}_text" if tone else "text_quiet")
        self._act = act
        self._deed.setText(deed)
        self._deed.setAccessibleName(deed)
        self._deed.setVisible(bool(deed))
        self.show()
        announce(self, sentence)

    def clear(self) -> None:
        """Say nothing."""
        self._act = None
        self.hide()

    def sentence(self) -> str:
        """Give what is being said; empty while hidden."""
        return "" if self.isHidden() else self._words.text()

    def _pressed(self) -> None:
        if self._act is not None:
            self._act()

    def _closed(self) -> None:
        self.clear()
        self.closed.emit()
