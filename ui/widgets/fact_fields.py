"""The controls of a form, one per kind of data: label, control, hint, and the fault in its place.

What a reader would get wrong: `value()` gives plain JSON as the record wants it (a day as ISO text, a time range as
"14:00-16:00"), or None for nothing; text that cannot be read is given as it stands, so that the check names the field.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from caller_app.domain.facts import FactField
from ui.theme.live import set_tone
from ui.widgets.choice_list import ChoiceList
from ui.widgets.texts import Text
from ui.widgets.typed_time import day_in_words, read_day, read_time

LISTED = frozenset({"choice", "multi", "number_used", "pathway", "concern"})
YES_NO = (("yes", "Yes"), ("no", "No"))


class FactRow(QWidget):
    """One piece of data of a form."""

    changed = Signal(str)

    def __init__(self, field: FactField, *, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._today = today
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        optional = "" if field.required or field.required_when else "   (may be left out)"
        self._label = Text(f"{field.label}{optional}", "field", wrap=True)
        box.addWidget(self._label)
        self._hint = Text(field.hint, "small", wrap=True)
        self._fault = Text("", "error", wrap=True)
        self._fault.hide()
        self._control = self._make(box)
        self._label.setBuddy(self._control)
        self.setFocusProxy(self._control)
        for part in (self._hint, self._fault):
            box.addWidget(part)
        self._hint.setHidden(not field.hint)  # only now: shown without a parent it would be a window of its own

    # ---- controls ------------------------------------------------------------------------------------------------

    def _make(self, box: QVBoxLayout) -> QWidget:
        kind = self.field.kind
        if kind in LISTED or kind == "bool":
            return self._make_choices(box)
        if kind == "text" and (self.field.max_length or 200) > 100 and not self.field.one_line:
            words = QPlainTextEdit()
            words.setTabChangesFocus(True)
            words.setFixedHeight(words.fontMetrics().lineSpacing() * 3 + 20)
            words.setAccessibleName(self.field.label)
            words.textChanged.connect(self._touched)
            box.addWidget(words)
            return words
        if kind == "time_range":
            return self._make_range(box)
        line = self._make_line(self.field.label)
        if kind == "date":
            self._said = Text("", "quiet")
            row = QHBoxLayout()
            row.setSpacing(12)
            line.setMaximumWidth(200)
            line.setPlaceholderText("24/11, fri, tomorrow" if self.field.day != "past" else "24/11/2026")
            row.addWidget(line)
            row.addWidget(self._said, 1)
            box.addLayout(row)
            line.textChanged.connect(self._say_day)
        else:
            line.setMaxLength(self.field.max_length or 200)
            if kind == "number":
                line.setMaximumWidth(120)
            box.addWidget(line)
        return line

    def _make_choices(self, box: QVBoxLayout) -> QWidget:
        choices = YES_NO if self.field.kind == "bool" else self.field.choices
        if not choices:
            empty = Text("There is nothing to choose from here.", "quiet")
            box.addWidget(empty)
            return empty
        listed = ChoiceList(choices, name=self.field.label, many=self.field.kind == "multi")
        listed.changed.connect(self._touched)
        if self.field.kind in ("number_used", "concern", "pathway") and len(choices) == 1:
            listed.choose(choices[0][0])
        box.addWidget(listed)
        return listed

    def _make_line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.textChanged.connect(self._touched)
        return line

    def _make_range(self, box: QVBoxLayout) -> QWidget:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._from = self._make_line(f"{self.field.label}: from")
        self._to = self._make_line(f"{self.field.label}: to")
        for line, example, word in ((self._from, "14:00", ""), (self._to, "16:00", "to")):
            line.setPlaceholderText(example)
            line.setMaximumWidth(96)
            if word:
                row.addWidget(Text(word))
            row.addWidget(line)
        row.addStretch(1)
        box.addLayout(row)
        return self._from

    # ---- values --------------------------------------------------------------------------------------------------

    def value(self) -> Any:
        """Give what was filled in as JSON, None for nothing."""
        control = self._control
        kind = self.field.kind
        if isinstance(control, ChoiceList):
            chosen = control.chosen()
            if kind == "multi":
                return chosen or None
            if kind == "bool":
                return chosen[0] == "yes" if chosen else None
            return chosen[0] if chosen else None
        if isinstance(control, QPlainTextEdit):
            return control.toPlainText().strip() or None
        if not isinstance(control, QLineEdit):
            return None
        text = control.text().strip()
        if kind == "time_range":
            return self._range_value(text, self._to.text().strip())
        if not text:
            return None
        if kind == "date":
            day = read_day(text, self._today(), self.field.day)
            return day.isoformat() if day is not None else text
        if kind == "number":
            return _number(text)
        return text

    def _range_value(self, start: str, end: str) -> str | None:
        if not start and not end:
            return None
        return f"{read_time(start) or start}-{read_time(end) or end}"

    def set_value(self, value: Any) -> None:
        """Fill in what is already known."""
        control = self._control
        if isinstance(control, ChoiceList):
            if isinstance(value, bool):
                value = "yes" if value else "no"
            control.choose(*(value if isinstance(value, list | tuple) else [str(value)]))
        elif isinstance(control, QPlainTextEdit):
            control.setPlainText(str(value))
        elif isinstance(control, QLineEdit):
            if self.field.kind == "time_range":
                start, _, end = str(value).partition("-")
                control.setText(start)
                self._to.setText(end)
            elif self.field.kind == "date":
                day = read_day(str(value), self._today())
                control.setText(f"{day:%d/%m/%Y}" if day is not None else str(value))
            else:
                control.setText(str(value))

    def is_filled(self) -> bool:
        """Tell whether something is there."""
        return self.value() is not None

    def is_typed(self) -> bool:
        """Tell whether the control is a text box, where plain keys are text."""
        return isinstance(self._control, QLineEdit | QPlainTextEdit)

    def take_key(self, text: str) -> bool:
        """Pick a choice by its key; tells whether the key meant anything here."""
        return isinstance(self._control, ChoiceList) and self._control.take_key(text)

    # ---- fault ---------------------------------------------------------------------------------------------------

    def set_fault(self, sentence: str | None) -> None:
        """Show or clear the fault under the control; it is also what a screen reader adds to the control."""
        self._fault.setText(sentence or "")
        self._fault.setVisible(bool(sentence))
        self._control.setAccessibleDescription(sentence or self.field.hint)
        set_tone(self._control, "danger" if sentence else "")

    def _touched(self, *_: object) -> None:
        if self._fault.isVisibleTo(self):
            self.set_fault(None)
        self.changed.emit(self.field.name)

    def _say_day(self, text: str) -> None:
        day = read_day(text, self._today(), self.field.day) if text.strip() else None
        self._said.setText(day_in_words(day) if day is not None else ("not a date yet" if text.strip() else ""))

    def focus(self) -> None:
        """Put the focus into the control."""
        self._control.setFocus(Qt.FocusReason.OtherFocusReason)


def _number(text: str) -> Any:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text
