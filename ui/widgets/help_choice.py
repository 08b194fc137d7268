"""A large choice: a key, a title, when it is the right one. Three of them fill the first page of F12."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.widgets.texts import Text, key_cap


class HelpChoice(QPushButton):
    """A button as large as a card."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setProperty("part", "help-choice")
        self.setAutoDefault(False)
        self.setMaximumHeight(180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        across = QHBoxLayout(self)
        across.setContentsMargins(20, 16, 20, 16)
        across.setSpacing(16)
        across.addWidget(key_cap(key), 0, Qt.AlignmentFlag.AlignVCenter)
        down = QVBoxLayout()
        down.setSpacing(4)
        self._title = Text("", "title", wrap=True)
        self._when = Text("", "quiet", wrap=True)
        down.addStretch(1)
        down.addWidget(self._title)
        down.addWidget(self._when)
        down.addStretch(1)
        across.addLayout(down, 1)
        for part in (self._title, self._when):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def fill(self, title: str, when: str) -> None:
        """Show a choice."""
        self._title.setText(title)
        self._when.setText(when)
        self.setAccessibleName(f"{self._key}: {title}. {when}")

    def sizeHint(self) -> QSize:
        return QSize(320, max(self.layout().totalHeightForWidth(max(self.width(), 320)), 96))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 88)
