"""Words on the screen by their role: title, section, quiet, read-aloud. Sizes live in the style sheet."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy

TextRole = Literal[
    "display", "title", "section", "overline", "large", "body", "quiet", "small", "read", "figure", "field", "error"
]


class Text(QLabel):
    """Plain text in one role. Never rich text: a name with a `<` in it is shown as it is."""

    def __init__(
        self, words: str = "", role: TextRole = "body", *, wrap: bool = False, selectable: bool = False
    ) -> None:
        super().__init__(words)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role != "body":
            self.setProperty("text_role", role)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)


def key_cap(keys: str) -> QLabel:
    """Give the picture of a key ("F2", "Ctrl+K")."""
    cap = QLabel(keys)
    cap.setProperty("key_cap", "true")
    cap.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return cap


def rule(*, upright: bool = False) -> QFrame:
    """Give a hairline."""
    line = QFrame()
    line.setProperty("rule", "upright" if upright else "true")
    return line
