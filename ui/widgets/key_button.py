"""A button with its key beside the words: "No answer [F2]". The key cap is drawn, the name read out says both.

What a reader would get wrong: a button that is not possible now stays in the tab order and can be pressed; it then
says why. Only the look changes (`possible`), so that nobody hunts for a reason behind a dead button.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from ui.theme.live import repolish, set_property
from ui.widgets.elided import ElidedLabel


class KeyButton(QPushButton):
    """Words at the left, key cap at the right."""

    def __init__(self, words: str, key: str = "", *, kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ElidedLabel(words, self)
        self._cap = QLabel(key, self)
        self._cap.setProperty("key_cap", True)
        self._cap.setVisible(bool(key))
        self._cap.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._key = key
        row = QHBoxLayout(self)
        edge = 6 if kind == "pad" else 12
        row.setContentsMargins(edge, 0, min(edge, 8) if key else edge, 0)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        for label in (self._words, self._cap):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._kind = kind
        self.setProperty("part", "key")
        if kind:
            self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """Change the words; the accessible name follows."""
        self._words.setText(words)
        self.setAccessibleName(f"{words}, key {self._key}" if self._key else words)

    def set_possible(self, possible: bool, why_not: str = "") -> None:
        """Show whether pressing does something now; the reason is the tooltip and the description."""
        if self.property("possible") != possible:
            set_property(self, "possible", possible)
            for label in (self._words, self._cap):
                set_property(label, "possible", possible)
            repolish(self)
        self.setToolTip("" if possible else why_not)
        self.setAccessibleDescription("" if possible else f"Not now: {why_not}")

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return QSize(layout.sizeHint().width() + 4, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(64, hint.height()) if self._kind == "pad" else hint
