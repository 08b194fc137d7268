"""Chips: a short word of state with its shape ("interpreter: Urdu", "overdue")."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from ui.theme.live import set_tone
from ui.widgets.shapes import TONE_SHAPES, Shape
from ui.widgets.texts import Text


class Chip(QFrame):
    """One badge; a toned chip always carries a shape."""

    def __init__(self, words: str, tone: str = "", *, icon: str | None = None) -> None:
        super().__init__()
        self.setProperty("part", "chip")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 8, 2)
        row.setSpacing(4)
        self._shape = Shape("info", "text_quiet", small=True)
        self._words = Text("")
        row.addWidget(self._shape)
        row.addWidget(self._words, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show_state(words, tone, icon=icon)

    def show_state(self, words: str, tone: str = "", *, icon: str | None = None) -> None:
        """Show another state."""
        self._words.setText(words)
        self.setAccessibleName(words)
        set_tone(self, tone)
        drawn = icon or (TONE_SHAPES[tone] if tone else None)
        self._shape.setVisible(drawn is not None)
        if drawn is not None:
            self._shape.show_shape(drawn, f"{tone}_text" if tone else "text_quiet")
        self.updateGeometry()

    def words(self) -> str:
        """Give the words shown."""
        return self._words.text()
