"""Numbered choices: a digit picks one while the list has the focus, never in a text box.

There is no layout inside: Qt's would not let the columns become fewer, nor words wrap, where the text is large.
What a reader would get wrong: the digit belongs to the list, not to the window. Where there are more than nine
choices the letters a, b, c … go on counting.
"""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

_ACROSS_GAP, _DOWN_GAP = 16, 4
_LEAST = 24  # this many letters wide at least
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
        self._many, self._numbered = many, numbered
        self._values = [value for value, _ in choices]
        self._labels: list[str] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(not many)
        self.setAccessibleName(name)
        short = len(choices) <= 5 and sum(len(label) for _, label in choices) <= 48
        # As many columns as are wanted, fewer where the text is large.
        self._wanted = columns or (
            len(choices) if short else 1 if len(choices) <= 4 else 2 if len(choices) <= 10 else 3
        )
        self._evenly = not short or bool(columns)
        for index, (_, label) in enumerate(choices):
            key = KEYS[index] if numbered and index < len(KEYS) else ""
            button = QCheckBox(self) if many else QRadioButton(self)
            self._labels.append(f"{key}   {label}" if key else label)
            button.setText(self._labels[-1])
            button.setAccessibleName(f"{name}: {label}")
            button.setProperty("choice", True)
            self._group.addButton(button, index)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._group.idToggled.connect(self._toggled)
        first = self._group.button(0)
        if first is not None:
            self.setFocusProxy(first)

    # ---- columns -------------------------------------------------------------------------------------------------

    def _down(self, across: int) -> int:
        return -(-len(self._values) // max(1, across)) or 1

    def _natural(self) -> list[int]:
        """Give how wide each choice is in one line."""
        metrics = self.fontMetrics()
        return [metrics.horizontalAdvance(label) + self._beside_words() for label in self._labels]

    def _beside_words(self) -> int:
        """Give the width of the mark and what lies between it and the words."""
        first = self._group.button(0)
        if first is None:
            return 0
        metrics = self.fontMetrics()
        words = max(metrics.horizontalAdvance(line) for line in first.text().split("\n"))
        return max(0, first.sizeHint().width() - words)

    def _needed(self, across: int) -> int:
        widths, down = self._natural(), self._down(across)
        columns = [max(widths[at : at + down]) for at in range(0, len(widths), down)]
        wide = len(columns) * max(columns, default=0) if self._evenly else sum(columns)
        return wide + _ACROSS_GAP * max(0, len(columns) - 1)

    def _fitting(self, width: int) -> int:
        return next((one for one in range(self._wanted, 1, -1) if self._needed(one) <= width), 1)

    def _wrapped(self, width: int) -> list[str]:
        """Give the words broken into lines where even one column is too narrow for them; Qt breaks none of a button."""
        if self._fitting(width) > 1 or self._needed(1) <= width:
            return self._labels
        room, metrics = width - self._beside_words(), self.fontMetrics()
        return [_broken(label, room, metrics) for label in self._labels]

    def _rows(self, width: int) -> list[int]:
        """Give the height of each row at a width."""
        one = self._group.button(0)
        if one is None:
            return []
        line = self.fontMetrics().lineSpacing()
        tall = one.sizeHint().height() - line * one.text().count("\n")
        down = self._down(self._fitting(width))
        lines = [label.count("\n") for label in self._wrapped(width)]
        return [tall + line * max(lines[at::down]) for at in range(down)]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = self._rows(width)
        return sum(rows) + _DOWN_GAP * max(0, len(rows) - 1)

    def sizeHint(self) -> QSize:
        wide = self._needed(self._wanted)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._needed(1), self.fontMetrics().averageCharWidth() * _LEAST), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(event.size().width())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
            self._place(self.width())

    def _place(self, width: int) -> None:
        rows, across, words = self._rows(width), self._fitting(width), self._wrapped(width)
        down, natural = self._down(across), self._natural()
        even = (width - _ACROSS_GAP * (across - 1)) // across
        x = 0
        for first in range(0, len(words), down):
            here = range(first, min(first + down, len(words)))
            wide = even if self._evenly or across == 1 else max(natural[at] for at in here)
            y = 0
            for at in here:
                button, tall = self._group.button(at), rows[at - first]
                if button.text() != words[at]:
                    button.setText(words[at])
                button.setGeometry(x, y, wide, tall)
                y += tall + _DOWN_GAP
            x += wide + _ACROSS_GAP

    # ---- choosing ------------------------------------------------------------------------------------------------

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
        plain = self._numbered and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.text() and self.take_key(event.text()):
            event.accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        checked = self._group.checkedButton()
        if checked is not None:
            checked.setFocus(event.reason())


def _broken(words: str, room: int, metrics: QFontMetrics) -> str:
    lines, line = [], ""
    for word in words.split(" "):
        longer = f"{line} {word}" if line else word
        if line.strip() and metrics.horizontalAdvance(longer) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    return "\n".join([*lines, line])


def put_in_place(box: QVBoxLayout, before: ChoiceList | None, after: ChoiceList | None) -> ChoiceList | None:
    """Put a list where another stood (None: nothing there) and give it back; the earlier one is gone at once."""
    if before is not None:
        box.removeWidget(before)
        before.setParent(None)
        before.deleteLater()
    if after is not None:
        box.addWidget(after)
    return after
