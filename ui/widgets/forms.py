"""Forms: label above its control, hint below, the error in place in words; focus goes to the first error."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.a11y import announce, label_for
from ui.theme.live import set_tone
from ui.widgets.panes import row
from ui.widgets.shapes import Shape
from ui.widgets.texts import Text


@dataclass(slots=True)
class Field:
    """One row of a form."""

    name: str
    label: Text
    control: QWidget
    hint: str
    holder: QWidget
    column: QVBoxLayout
    error: Text | None = None  # made when there is one to say
    error_line: QWidget | None = None

    def say_error(self, sentence: str) -> None:
        """Show a sentence under the control; none takes it back."""
        if self.error is None or self.error_line is None:
            if not sentence:
                return
            self.error, self.error_line = Text("", "error", wrap=True), QWidget(self.holder)
            line = row(gap=6)
            line.addWidget(Shape("warning", "danger", small=True), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(self.error, 1)
            self.error_line.setLayout(line)
            self.column.insertWidget(self.column.count() - bool(self.hint), self.error_line)
        self.error.setText(sentence)
        self.error_line.setVisible(bool(sentence))

    def error_said(self) -> str:
        """Give what is said under the control."""
        return self.error.text() if self.error is not None else ""


class Form(QWidget):
    """Fields by name; `show_error` puts a sentence under the control it is about."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 16) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(gap)
        self.fields: dict[str, Field] = {}

    def add(
        self,
        name: str,
        label: str,
        control: QWidget,
        *,
        hint: str = "",
        required: bool = True,
        beside: QWidget | None = None,
    ) -> QWidget:
        """Add a row; fields one may leave out say so, the others do not. `beside` is a button right of the control."""
        words = Text(label if required else f"{label} (may be left out)", "field")
        label_for(words, control)
        holder = QWidget(self)
        self._column.addWidget(holder)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(words)
        if beside is None:
            column.addWidget(control)
        else:
            together = row()
            together.addWidget(control, 1)
            together.addWidget(beside)
            column.addLayout(together)
        if hint:
            column.addWidget(Text(hint, "small", wrap=True))
        self.fields[name] = Field(name, words, control, hint, holder, column)
        if hint:
            control.setAccessibleDescription(hint)
        if isinstance(control, QLineEdit):
            control.textEdited.connect(lambda _text: self.clear_error(name))
        return control

    def add_widget(self, widget: QWidget) -> None:
        """Add something that is no field."""
        self._column.addWidget(widget)

    def show_error(self, field: str, sentence: str) -> bool:
        """Say what is wrong under its control and go there; False where the form has no such field."""
        found = self.fields.get(field)
        if found is None:
            return False
        found.say_error(sentence)
        set_tone(found.control, "danger")
        found.control.setAccessibleDescription(sentence)
        found.control.setFocus()
        announce(found.control, sentence)
        return True

    def error_of(self, field: str) -> str:
        """Give what is said under a control; empty where nothing is wrong."""
        return self.fields[field].error_said()

    def clear_error(self, field: str) -> None:
        """Take back what was said under one control."""
        found = self.fields[field]
        if found.error_said():
            found.say_error("")
            set_tone(found.control, "")
            found.control.setAccessibleDescription(found.hint)

    def clear_errors(self) -> None:
        """Take back every error."""
        for field in self.fields:
            self.clear_error(field)
