"""One of several ways to look at a table: buttons in a row, one pressed, each with how much it would show."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from ui.a11y import name
from ui.theme.live import follow
from ui.widgets.buttons import button
from ui.widgets.flow import FlowLayout

_ROOM = 14  # padding and frame of a choice, left and right


class FilterRow(QWidget):
    """Emits `chosen` with the key of what was pressed."""

    chosen = Signal(str)

    def __init__(self, accessible: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._words = dict(choices)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        line = FlowLayout(self, gap=4, line_gap=4)
        for key, words in choices:
            made = button(words, lambda at=key: self.chosen.emit(at), kind="choice", checkable=True)  # type: ignore[misc]
            self._group.addButton(made)
            self.buttons[key] = made
            line.addWidget(made)
            follow(made, lambda one=made: self._widen(one))  # type: ignore[misc]
        self._group.setExclusive(True)
        name(self, accessible)

    def press(self, key: str) -> None:
        """Show which is in force."""
        self.buttons[key].setChecked(True)

    def show_count(self, key: str, count: int | None, more: str = "") -> None:
        """Say how much a choice would show; `more` says what is special about it, such as "2 new"."""
        said = f"{self._words[key]} {count}" if count else self._words[key]
        if more:
            said = f"{said} ({more})"
        self.buttons[key].setText(said)
        self.buttons[key].setAccessibleName(said)
        self._widen(self.buttons[key])

    def _widen(self, made: QPushButton) -> None:
        """Leave room for the words as they are when pressed: bolder than the style reckons with."""
        bold = QFont(made.font())
        bold.setWeight(QFont.Weight.DemiBold)
        made.setMinimumWidth(QFontMetrics(bold).horizontalAdvance(made.text()) + 2 * _ROOM)

    def key(self) -> str:
        """Give the choice in force."""
        return next(key for key, one in self.buttons.items() if one.isChecked())
