"""A form of facts: rows in order, keys that fill it, Enter that goes on and records at the end.

What a reader would get wrong: Enter never records while something required is empty; it goes there. Digits pick a
choice in the row that has the focus, else in the first choice row that is still empty, but never in a text box.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from caller_app.domain.facts import FactField, holds
from ui.widgets.fact_fields import FactRow


class FactForm(QWidget):
    """The rows of one form; rebuilt only when the form is another one."""

    submitted = Signal()
    changed = Signal(str)

    def __init__(self, *, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._fields: tuple[FactField, ...] = ()
        self.rows: list[FactRow] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(16)

    def show_fields(self, fields: Sequence[FactField], filled: Mapping[str, Any]) -> None:
        """Show these rows, filled with what is known; fields that a pathway or the centre fills are not asked."""
        asked = [one for one in fields if not one.filled_from and one.name != "message_id" and not _settled(one)]
        # The number that was rung is known: it is asked last, for the rare case that it was another.
        asked.sort(key=lambda one: one.kind == "number_used" and one.name in filled)
        for row in self.rows:
            row.hide()
            row.setParent(None)
            row.deleteLater()
        self.rows = []
        self._fields = tuple(asked)
        for one in asked:
            row = FactRow(one, today=self._today, parent=self)
            if one.default:
                row.set_value(one.default)
            if one.name in filled:
                row.set_value(filled[one.name])
            row.changed.connect(self._changed)
            self._box.addWidget(row)
            self.rows.append(row)
        self._suit()

    def values(self) -> dict[str, Any]:
        """Give everything that was filled in."""
        given = {row.field.name: row.value() for row in self.rows}
        return {name: value for name, value in given.items() if value is not None}

    def row(self, name: str) -> FactRow | None:
        """Give a row by the name of its field."""
        return next((row for row in self.rows if row.field.name == name), None)

    def first_empty(self) -> FactRow | None:
        """Give the first row that must be filled and is not."""
        given = self.values()
        return next(
            (
                row
                for row in self.rows
                if not row.isHidden()
                and not row.is_filled()
                and (row.field.required or holds(row.field.required_when, given))
            ),
            None,
        )

    def focus_first(self) -> bool:
        """Put the focus where something is missing, else on the first row; tells whether there is a row."""
        row = self.first_empty() or (self.rows[0] if self.rows else None)
        if row is not None:
            row.focus()
        return row is not None

    def set_fault(self, name: str | None, sentence: str) -> bool:
        """Show a fault at its field and go there; tells whether the field is here."""
        for row in self.rows:
            row.set_fault(None)
        row = self.row(name or "")
        if row is None:
            return False
        row.set_fault(sentence)
        row.focus()
        return True

    def go_on(self) -> None:
        """Enter: to what is missing, else done."""
        missing = self.first_empty()
        if missing is None:
            self.submitted.emit()
        else:
            missing.focus()
            if QApplication.focusWidget() is not None and self._was_here is missing:
                missing.set_fault(f"Please fill in: {missing.field.label}")
            self._was_here = missing

    _was_here: FactRow | None = None

    def _changed(self, name: str) -> None:
        self._was_here = None
        self._suit()
        self.changed.emit(name)

    def _suit(self) -> None:
        """Hide what is only needed under a condition that does not hold, unless it is filled."""
        given = {row.field.name: row.value() for row in self.rows}
        for row in self.rows:
            condition = row.field.required_when
            if condition and not row.field.required:
                row.setVisible(holds(condition, given) or row.is_filled())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_on()
            event.accept()
            return
        here = QApplication.focusWidget()
        typing = isinstance(here, QLineEdit | QPlainTextEdit)
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and not typing and event.text() and self.take_key(event.text()):
            event.accept()
            return
        super().keyPressEvent(event)

    def take_key(self, text: str) -> bool:
        """Give a plain key to the first empty row of choices."""
        return any(row.take_key(text) for row in self.rows if not row.isHidden() and not row.is_filled())


def _settled(one: FactField) -> bool:
    """Tell whether there is only one answer and it stands already: asking would be noise."""
    return bool(one.default) and len(one.choices) == 1
