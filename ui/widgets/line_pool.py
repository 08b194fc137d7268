"""A column of like widgets that is reused: shown for what there is, hidden for the rest, never rebuilt.

Rebuilding rows costs milliseconds per person; setting their text costs microseconds. What a reader would get wrong: a
hidden label still holds its words, for a screen reader and for whoever looks. Lines that are put away are wiped.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

Line = TypeVar("Line", bound=QWidget)


def wipe(widget: QWidget) -> None:
    """Take every word about a person out of a widget and what is inside it."""
    widget.setAccessibleName("")
    widget.setAccessibleDescription("")
    widget.setToolTip("")
    labels = widget.findChildren(QLabel)
    for label in (widget, *labels) if isinstance(widget, QLabel) else labels:
        label.setText("")
        label.setToolTip("")
        label.setAccessibleName("")


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
            if count <= at < self._shown:
                wipe(line)
        self._shown = count
        self.setVisible(count > 0)
        return self._lines[:count]

    def lines(self) -> list[Line]:
        """Give the lines that are shown."""
        return self._lines[: self._shown]

    def spare(self) -> list[Line]:
        """Give the lines that are put away."""
        return self._lines[self._shown :]
