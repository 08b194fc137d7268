"""The tick panel: the patient states, the caller ticks with 1 to 5. Values appear only after the audited reveal.

What a reader would get wrong: the panel never says which detail failed, neither to the patient nor to the caller in
the sentence below; the ticks are the caller's own.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QVBoxLayout, QWidget

from caller_app.queries.rows import CheckField, IdentityPanel
from ui.screens.calling.identity import TICKS
from ui.theme.live import set_property
from ui.widgets.buttons import button
from ui.widgets.flow import FlowRow
from ui.widgets.fold import FoldLayout
from ui.widgets.line_pool import LinePool
from ui.widgets.texts import Text
from ui.widgets.yielding_area import SnugFrame

_WORDS = {
    "matches": "1  Matches",
    "differs": "2  Differs",
    "declined": "3  Won't say",
    "not_asked": "4  Not asked",
    "partial": "5  Day and month",
}
_UNASKED, _PARTIAL = TICKS.index("not_asked"), TICKS.index("partial")


class CheckRow(QFrame):
    """One thing the patient states."""

    ticked = Signal(str, str)
    moved = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = ""
        self.setProperty("part", "check-row")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        across = FoldLayout(self)
        across.setContentsMargins(8, 4, 8, 4)
        words = SnugFrame(self)
        down = QVBoxLayout(words)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        self._title = Text("", "small", wrap=True)
        self._expected = Text("", "field", wrap=True)
        down.addWidget(self._title)
        down.addWidget(self._expected)
        across.addWidget(words)
        self._group = QButtonGroup(self)
        ticks = FlowRow(gap=4)
        across.addWidget(ticks)
        for at, tick in enumerate(TICKS):
            button = QPushButton(_WORDS[tick])
            button.setCheckable(True)
            button.setProperty("kind", "tick")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._group.addButton(button, at)
            ticks.flow.addWidget(button)
        self._group.idClicked.connect(lambda at: self.ticked.emit(self._name, TICKS[at]))

    def fill(self, field: CheckField, *, revealed: bool) -> None:
        """Show one field and how it is ticked."""
        self._name = field.name
        self._group.button(_PARTIAL).setVisible(field.may_be_partial)
        self._title.setText(field.title)
        self._expected.setText((field.expected or "not on our record") if revealed else "")
        for at, tick in enumerate(TICKS):
            self._group.button(at).setChecked(tick == field.tick)
            self._group.button(at).setAccessibleName(f"{field.title}: {_WORDS[tick][3:]}")
        said = _WORDS.get(field.tick, _WORDS["not_asked"])[3:]
        self.setAccessibleName(f"{field.title}: {said}")
        partly = ", 5 day and month only" if field.may_be_partial else ""
        self.setAccessibleDescription(
            f"{self._expected.text()}. Keys 1 matches, 2 differs, 3 won't say, 4 not asked{partly}."
        )

    def is_ticked(self) -> bool:
        """Tell whether something was stated or refused."""
        return self._group.checkedId() not in (-1, _UNASKED)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = "12345".find(event.text()) if event.text() else -1
        if at == _PARTIAL and self._group.button(_PARTIAL).isHidden():
            at = -1
        if at >= 0 and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.moved.emit(1)
            self.ticked.emit(self._name, TICKS[at])
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.moved.emit(1)
        elif event.key() == Qt.Key.Key_Up:
            self.moved.emit(-1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        set_property(self, "current", True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        set_property(self, "current", False)


class IdentityView(QFrame):
    """Heading, reveal, rows, and the one sentence of where the check stands."""

    reveal_pressed = Signal()
    ticked = Signal(str, str)
    done = Signal()
    unconfirmed_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "sunken")
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 6, 8, 6)
        box.setSpacing(4)
        top = FoldLayout(giving=1)
        self._policy = Text("", "small", wrap=True)
        self._reveal = button("Show what they should say", self.reveal_pressed.emit, icon="eye", keys="I")
        self._reveal.setToolTip("Key I. That you looked is recorded.")
        top.addWidget(Text("Check identity", "section"))
        top.addWidget(self._policy)
        top.addWidget(self._reveal)
        box.addLayout(top)
        self._rows: LinePool[CheckRow] = LinePool(self._make_row, gap=2)
        box.addWidget(self._rows)
        foot = FoldLayout(giving=0)
        self._sentence = Text("", wrap=True)
        self._unconfirmed = button("Record: identity not confirmed", self.unconfirmed_pressed.emit)
        foot.addWidget(self._sentence)
        foot.addWidget(self._unconfirmed)
        box.addLayout(foot)
        self._refusal = Text("", "error", wrap=True)
        self._refusal.hide()
        box.addWidget(self._refusal)

    def _make_row(self, parent: QWidget) -> CheckRow:
        row = CheckRow(parent)
        row.ticked.connect(self.ticked)
        row.moved.connect(self._move)
        return row

    def show_panel(self, panel: IdentityPanel) -> None:
        """Show the panel as it stands; it goes away once the check has passed."""
        self.setVisible(not panel.passed)
        self._policy.setText(panel.policy_words)
        self._reveal.setVisible(not panel.revealed and not panel.failed)
        self._unconfirmed.setVisible(panel.failed)
        self._sentence.setText(panel.sentence)
        self._sentence.setVisible(bool(panel.sentence) and (panel.revealed or panel.failed))
        shown = panel.fields if panel.revealed else ()
        for row, field in zip(self._rows.take(len(shown)), shown, strict=True):
            row.fill(field, revealed=panel.revealed)

    def forget(self) -> None:
        """Hold nothing of anybody any more."""
        self._rows.take(0)
        self._sentence.setText("")
        self.show_refusal("")

    def show_refusal(self, sentence: str) -> None:
        """Show or clear what was refused."""
        self._refusal.setText(sentence)
        self._refusal.setVisible(bool(sentence))

    def focus(self) -> None:
        """Go to the first thing not ticked yet, or to the reveal."""
        for row in self._rows.lines():
            if not row.is_ticked():
                row.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        if self._reveal.isVisibleTo(self):
            self._reveal.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._unconfirmed.isVisibleTo(self):
            self._unconfirmed.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, step: int) -> None:
        rows = self._rows.lines()
        at = next((n for n, row in enumerate(rows) if row.hasFocus()), 0) + step
        if 0 <= at < len(rows):
            rows[at].setFocus(Qt.FocusReason.TabFocusReason)
        elif at >= len(rows):
            self.done.emit()
