"""A search box that waits for a pause in typing; Down goes to the results, Esc clears."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from ui.a11y import name
from ui.theme.icons import icon
from ui.theme.live import follow, tokens


class SearchBox(QLineEdit):
    """Emits `searched` with the text after a pause, at once on Enter or when emptied."""

    searched = Signal(str)
    went_down = Signal()

    def __init__(self, placeholder: str, *, accessible: str = "") -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        name(self, accessible or placeholder)
        self.setMaxLength(100)
        self.setClearButtonEnabled(True)
        self._glass = QAction(self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        follow(self, lambda: self._glass.setIcon(icon("search", tokens(), "text_quiet")))
        self._last = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._search)
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self._search)

    def _typed(self, text: str) -> None:
        if text:
            self._pause.start(tokens().search_ms)
        else:
            self._search()

    def _search(self) -> None:
        self._pause.stop()
        text = self.text().strip()
        if text != self._last:
            self._last = text
            self.searched.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            event.accept()
        elif event.key() == Qt.Key.Key_Down:
            self._search()
            self.went_down.emit()
            event.accept()
        else:
            super().keyPressEvent(event)
