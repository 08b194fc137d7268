"""A column of like widgets that is reused: shown for what there is, hidden for the rest, never rebuilt.

Rebuilding rows costs milliseconds per person; setting their text costs microseconds.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

Line = TypeVar("Line", bound=QWidget)


class LinePool(QWidget, Generic[Line]):
    """Holds as many lines as were ever needed."""

    def __init__(self, make: Callable[[QWidget], Line], *, gap: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._lines: list[Line] = []
        self._shown = 0
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(gap)

    def take(self, count: int) -> list[Line]:
        """Give `count` lines to fill; they are shown, all others hidden."""
        while len(self._lines) < count:
            line = self._make(self)
            self._lines.append(line)
            self._box.addWidget(line)
        for at, line in enumerate(self._lines):
            line.setVisible(at < count)
        self._shown = count
        self.setVisible(count > 0)
        return self._lines[:count]

    def lines(self) -> list[Line]:
        """Give the lines that are shown."""
        return self._lines[: self._shown]
