"""Numbered choices: a digit picks one while the list has the focus, never in a text box.

What a reader would get wrong: the digit belongs to the list, not to the window. Where there are more than nine
choices the letters a, b, c … go on counting.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QGridLayout, QRadioButton, QVBoxLayout, QWidget

KEYS = "123456789abcdefghijkl"


class ChoiceList(QWidget):
    """One of several, or several of several (`many`)."""

    changed = Signal()

    def __init__(
        self,
        choices: tuple[tuple[str, str], ...],
        *,
        name: str,
        many: bool = False,
        columns: int = 0,
        numbered: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._many = many
        self._values = [value for value, _ in choices]
        self._group = QButtonGroup(self)
        self._group.setExclusive(not many)
        self.setAccessibleName(name)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        short = len(choices) <= 5 and sum(len(label) for _, label in choices) <= 48
        across = columns or (len(choices) if short else 1 if len(choices) <= 4 else 2 if len(choices) <= 10 else 3)
        down = -(-len(choices) // across)
        for index, (_, label) in enumerate(choices):
            key = KEYS[index] if numbered and index < len(KEYS) else ""
            button = QCheckBox(self) if many else QRadioButton(self)
            button.setText(f"{key}   {label}" if key else label)
            button.setAccessibleName(f"{name}: {label}")
            button.setProperty("choice", True)
            self._group.addButton(button, index)
            grid.addWidget(button, index % down, index // down)
        for column in range(across):
            grid.setColumnStretch(column, 0 if short and not columns else 1)
        grid.setColumnStretch(across, 1 if short and not columns else 0)
        self._group.idToggled.connect(self._toggled)
        first = self._group.button(0)
        if first is not None:
            self.setFocusProxy(first)

    def _toggled(self, _index: int, _on: bool) -> None:
        self.changed.emit()

    def chosen(self) -> list[str]:
        """Give the values that are ticked, in the order shown."""
        return [value for index, value in enumerate(self._values) if self._group.button(index).isChecked()]

    def choose(self, *values: str) -> None:
        """Tick these and no others."""
        self._group.setExclusive(False)
        for index, value in enumerate(self._values):
            self._group.button(index).setChecked(value in values)
        self._group.setExclusive(not self._many)

    def take_key(self, text: str) -> bool:
        """Pick by key; tells whether the key meant anything here."""
        index = KEYS.find(text.lower()) if len(text) == 1 else -1
        button = self._group.button(index) if 0 <= index < len(self._values) else None
        if button is None or not button.isEnabled():
            return False
        button.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self._many:
            button.setChecked(not button.isChecked())
        else:
            button.setChecked(True)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.text() and self.take_key(event.text()):
            event.accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        checked = self._group.checkedButton()
        if checked is not None:
            checked.setFocus(event.reason())


def put_in_place(box: QVBoxLayout, before: ChoiceList | None, after: ChoiceList | None) -> ChoiceList | None:
    """Put a list where another stood (None: nothing there) and give it back; the earlier one is gone at once."""
    if before is not None:
        box.removeWidget(before)
        before.setParent(None)
        before.deleteLater()
    if after is not None:
        box.addWidget(after)
    return after
