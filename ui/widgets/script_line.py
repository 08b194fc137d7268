"""One line of the script: what kind of line it is, the words, and the answers to choose from.

What a reader would get wrong: a merge field without a value is a red gap with its name, never an empty space or a
"None" that somebody might read out.
"""

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from caller_app.queries.rows import ScriptLine
from ui.theme.live import follow, set_property, tokens
from ui.widgets.answer_button import AnswerButton
from ui.widgets.choice_list import KEYS
from ui.widgets.flow import FlowLayout
from ui.widgets.texts import Text

_TAGS = {"say": "Say", "ask": "Ask", "instruct": "For you", "warn": "Careful", "objection": "Answer"}


class ScriptLineView(QFrame):
    """Tag in the margin, words beside it, answers below."""

    answered = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("part", "script-line")
        self._line: ScriptLine | None = None
        across = QHBoxLayout(self)
        across.setContentsMargins(12, 8, 12, 8)
        across.setSpacing(8)
        self._tag = Text("", "overline")
        follow(self._tag, lambda: self._tag.setFixedWidth(tokens().type_small * 5))
        across.addWidget(self._tag, 0, Qt.AlignmentFlag.AlignTop)
        down = QVBoxLayout()
        down.setSpacing(6)
        self._when = Text("", "small", wrap=True)
        self._words = Text("", wrap=True, selectable=True)
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._gap = Text("", "error", wrap=True)
        self._hint = Text("", "quiet", wrap=True)
        self._choices = QWidget()
        self._flow = FlowLayout(self._choices, gap=8, line_gap=8)
        self._buttons: list[AnswerButton] = []
        for part in (self._when, self._words, self._gap, self._hint, self._choices):
            down.addWidget(part)
        across.addLayout(down, 1)

    def fill(self, line: ScriptLine, answer: object) -> None:
        """Show a line and the answer it has."""
        self._line = line
        spoken = line.style in ("say", "ask", "objection")
        self._tag.setText(_TAGS.get(line.style, ""))
        self._words.setText(_with_gaps(line))
        self._when.setText(line.when[:1].upper() + line.when[1:])
        self._when.setVisible(bool(line.when))
        set_property(self._words, "text_role", "read" if spoken else "body")
        set_property(self, "style", line.style)
        for label in (self._tag, self._when, self._words, self._hint):
            set_property(label, "inside", "warn" if line.style == "warn" else "")
        self._gap.setVisible(bool(line.missing))
        if line.missing:
            named = ", ".join(one.replace("_", " ") for one in line.missing)
            self._gap.setText(f"Gap: {named} is not known here. Do not read it out.")
        self._hint.setText(line.hint)
        self._hint.setVisible(bool(line.hint))
        self._fill_choices(line, answer)
        self.setAccessibleName(f"{self._tag.text()}: {line.text}")

    def _fill_choices(self, line: ScriptLine, answer: object) -> None:
        given = answer if isinstance(answer, list | tuple) else (answer,)
        while len(self._buttons) < len(line.choices):
            button = AnswerButton(self._choices)
            at = len(self._buttons)
            button.clicked.connect(lambda _checked=False, at=at: self._pressed(at))
            self._buttons.append(button)
            self._flow.addWidget(button)
        for at, button in enumerate(self._buttons):
            if at < len(line.choices):
                value, label = line.choices[at]
                button.setText(f"{KEYS[at]}  {label}" if at < len(KEYS) else label)
                button.setAccessibleName(label)
                button.setChecked(value in given)
            button.setVisible(at < len(line.choices))
        self._choices.setVisible(bool(line.choices))
        self._choices.updateGeometry()

    @property
    def name(self) -> str:
        """Name of the line in the script."""
        return self._line.name if self._line is not None else ""

    @property
    def asks(self) -> bool:
        """Tell whether there is something to choose."""
        return self._line is not None and bool(self._line.choices)

    def set_current(self, current: bool) -> None:
        """Mark the question that number keys answer."""
        set_property(self, "current", current)

    def take_key(self, text: str) -> bool:
        """Answer by key; tells whether the key meant anything here."""
        at = KEYS.find(text.lower()) if len(text) == 1 else -1
        if self._line is None or not 0 <= at < len(self._line.choices):
            return False
        self._pressed(at)
        return True

    def _pressed(self, at: int) -> None:
        if self._line is not None:
            self.answered.emit(self._line.name, self._line.choices[at][0])


def _with_gaps(line: ScriptLine) -> str:
    """Give the words with every gap in red; everything else is text, whatever it looks like."""
    words = escape(line.text).replace("\n", "<br>")
    for name in line.missing:
        gap = escape(f"[{name.replace('_', ' ')}]")
        words = words.replace(gap, f'<span style="color:{tokens().danger}; font-weight:600">{gap}</span>')
    return words
