"""One line of the script: what kind of line it is, the words, and the answer: to choose, or to type.

What a reader would get wrong: a merge field without a value is a red gap with its name, never an empty space or a
"None" that somebody might read out. What few lines have (a box to type in, a way to help) is made when it is needed.
"""

from collections.abc import Callable
from datetime import date
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from caller_app.queries.script_rows import ScriptLine
from ui.shortcuts import keys_of
from ui.theme.live import follow, set_property, tokens
from ui.widgets.answer_button import AnswerButton
from ui.widgets.buttons import button
from ui.widgets.flow import FlowLayout
from ui.widgets.line_pool import wipe
from ui.widgets.script_field import TYPED, ScriptField
from ui.widgets.texts import Text

# Letters that mean nothing else in the script go on counting after 9.
KEYS = "123456789bcdfghjkmnopqrstuvwxyz"
_TAGS = {"say": "Say", "ask": "Ask", "instruct": "For you", "warn": "Careful", "objection": "Answer"}


class ScriptLineView(QFrame):
    """Tag in the margin, words beside it, answers below."""

    answered = Signal(str, str)
    typed = Signal(str, str)
    entered = Signal(str)  # Enter in the box of this line
    taken = Signal(str)  # the box of this line has the keyboard
    help_wanted = Signal(str)  # the help route this line calls for

    def __init__(self, parent: QWidget, *, today: Callable[[], date]) -> None:
        super().__init__(parent)
        self.setProperty("part", "script-line")
        self._line: ScriptLine | None = None
        self._today = today
        across = QHBoxLayout(self)
        across.setContentsMargins(12, 8, 12, 8)
        across.setSpacing(8)
        margin = QVBoxLayout()
        margin.setSpacing(2)
        self._tag = Text("", "overline")
        self._need = Text("", "small")
        for label in (self._tag, self._need):
            margin.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        margin.addStretch(1)
        follow(self._tag, self._fit)
        across.addLayout(margin)
        self._down = QVBoxLayout()
        self._down.setSpacing(6)
        self._when = Text("", "small", wrap=True)
        self._words = Text("", wrap=True, selectable=True)
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._gap = Text("", "error", wrap=True)
        self._hint = Text("", "quiet", wrap=True)
        self._choices = QWidget()
        self._flow = FlowLayout(self._choices, gap=8, line_gap=6)
        self._buttons: list[AnswerButton] = []
        self._field: ScriptField | None = None
        self._help: QPushButton | None = None
        self._fault: Text | None = None
        for part in (self._when, self._words, self._gap, self._hint, self._choices):
            self._down.addWidget(part)
        across.addLayout(self._down, 1)

    def _fit(self) -> None:
        for label in (self._tag, self._need):
            label.setFixedWidth(tokens().type_small * 5)

    # ---- showing -------------------------------------------------------------------------------------------------

    def fill(self, line: ScriptLine, answer: object) -> None:
        """Show a line and the answer it has."""
        self._line = line
        spoken = line.style in ("say", "ask", "objection")
        self._tag.setText(_TAGS.get(line.style, ""))
        self._need.setText(_need(line, answer))
        self._need.setVisible(self.asks)
        self._words.setText(with_gaps(line))
        self._when.setText(line.when[:1].upper() + line.when[1:])
        self._when.setVisible(bool(line.when))
        set_property(self._words, "text_role", "read" if spoken else "body")
        set_property(self, "style", "help" if line.raises else line.style)
        inside = "help" if line.raises else "warn" if line.style == "warn" else ""
        for label in (self._tag, self._when, self._words, self._hint):
            set_property(label, "inside", inside)
        self._gap.setVisible(bool(line.missing))
        if line.missing:
            named = ", ".join(one.replace("_", " ") for one in line.missing)
            self._gap.setText(f"Gap: {named} is not known here. Do not read it out.")
        self._hint.setText(line.hint)
        self._hint.setVisible(bool(line.hint))
        self._fill_choices(line, answer)
        self._fill_field(line, answer)
        self._fill_help(line)
        self._fill_fault(line)
        needed = ", needs an answer" if self._need.text() == "needed" else ""
        self.setAccessibleName(f"{self._tag.text()}: {line.text}{needed}")

    def _fill_choices(self, line: ScriptLine, answer: object) -> None:
        given = answer if isinstance(answer, list | tuple) else str(answer or "").split()
        while len(self._buttons) < len(line.choices):
            made = AnswerButton(self._choices)
            at = len(self._buttons)
            made.clicked.connect(lambda _checked=False, at=at: self._pressed(at))
            self._buttons.append(made)
            self._flow.addWidget(made)
        for at, one in enumerate(self._buttons):
            if at < len(line.choices):
                value, label = line.choices[at]
                one.setText(f"{KEYS[at]}  {label}" if at < len(KEYS) else label)
                one.setAccessibleName(label)
                one.setChecked(value in given)
            one.setVisible(at < len(line.choices))
        self._choices.setVisible(bool(line.choices))
        self._choices.updateGeometry()

    def _fill_field(self, line: ScriptLine, answer: object) -> None:
        wanted = line.kind in TYPED
        if wanted and self._field is None:
            self._field = ScriptField(today=self._today, parent=self)
            self._field.typed.connect(self.typed)
            self._field.entered.connect(lambda: self.entered.emit(self.name))
            self._field.taken.connect(lambda: self.taken.emit(self.name))
            self._down.addWidget(self._field)
        if self._field is not None:
            if wanted:
                self._field.fill(line, answer)
            elif self._field.isVisibleTo(self):
                self._field.forget()
            self._field.setVisible(wanted)

    def _fill_help(self, line: ScriptLine) -> None:
        if line.raises and self._help is None:
            self._help = button(
                "Open help now", self._wants_help, kind="worry", icon="heart", keys=keys_of("worried"),
            )  # fmt: skip
            self._help.setParent(self)
            self._down.addWidget(self._help, 0, Qt.AlignmentFlag.AlignLeft)
        if self._help is not None:
            self._help.setVisible(bool(line.raises))

    def _fill_fault(self, line: ScriptLine) -> None:
        """A fault of what was chosen stands below the choices; that of what was typed below its box."""
        said = line.fault if line.choices else ""
        if said and self._fault is None:
            self._fault = Text("", "error", wrap=True)
            self._fault.setParent(self)
            self._down.addWidget(self._fault)
        if self._fault is not None:
            self._fault.setText(said)
            self._fault.setVisible(bool(said))

    def forget(self) -> None:
        """Hold nothing of anybody any more."""
        if self._line is None:
            return
        self._line = None
        if self._field is not None:
            self._field.forget()
        for one in self._buttons:
            one.setText("")
            one.setAccessibleName("")
        wipe(self)

    # ---- answering -----------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Name of the line in the script."""
        return self._line.name if self._line is not None else ""

    @property
    def asks(self) -> bool:
        """Tell whether there is something to answer."""
        return self._line is not None and (bool(self._line.choices) or self._line.kind in TYPED)

    @property
    def calls_for_help(self) -> bool:
        """Tell whether this line asks for help to be opened."""
        return self._line is not None and bool(self._line.raises)

    @property
    def many(self) -> bool:
        """Tell whether several of the choices may be taken."""
        return self._line is not None and self._line.many

    @property
    def field(self) -> ScriptField | None:
        """Give the box to type in, where this line has one."""
        return self._field if self._line is not None and self._line.kind in TYPED else None

    def set_current(self, current: bool) -> None:
        """Mark the question that number keys answer."""
        set_property(self, "current", current)

    def take_key(self, text: str) -> bool:
        """Answer by key; tells whether the key meant anything here."""
        field = self.field
        if field is not None:
            if text.isdigit():
                field.insert(text)
            return text.isdigit()
        at = KEYS.find(text.lower()) if len(text) == 1 else -1
        if self._line is None or not 0 <= at < len(self._line.choices):
            return False
        self._pressed(at)
        return True

    def _pressed(self, at: int) -> None:
        if self._line is not None:
            self.answered.emit(self._line.name, self._line.choices[at][0])

    def _wants_help(self) -> None:
        if self._line is not None:
            self.help_wanted.emit(self._line.raises)


def _need(line: ScriptLine, answer: object) -> str:
    if not line.kind or answer not in (None, "", [], ()):
        return ""
    return "needed" if line.required else "optional"


def with_gaps(line: ScriptLine) -> str:
    """Give the words with every gap in red; everything else is text, whatever it looks like."""
    words = escape(line.text).replace("\n", "<br>")
    for name in line.missing:
        gap = escape(f"[{name.replace('_', ' ')}]")
        words = words.replace(gap, f'<span style="color:{tokens().danger}; font-weight:600">{gap}</span>')
    return words
