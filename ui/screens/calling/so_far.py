"""The answers so far, in the margin of the script: what was asked, what was said; a click or Enter goes back to it.

What a reader would get wrong: nothing is changed here. Going back keeps every answer; only another answer to a question
drops what no longer follows from it.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from caller_app.queries.script_rows import SaidLine
from ui.theme.live import set_property
from ui.widgets.elided import ElidedLabel
from ui.widgets.line_pool import LinePool
from ui.widgets.panes import scrolling
from ui.widgets.texts import Text, rule
from ui.widgets.yielding_area import SnugFrame


class SaidRow(QFrame):
    """One answer."""

    chosen = Signal(int, str)
    moved = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("part", "said")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._said: SaidLine | None = None
        down = QVBoxLayout(self)
        down.setContentsMargins(8, 4, 6, 4)
        down.setSpacing(0)
        self._asked = ElidedLabel()
        self._asked.setProperty("text_role", "small")
        self._answer = Text("", "field", wrap=True)
        down.addWidget(self._asked)
        down.addWidget(self._answer)

    def fill(self, said: SaidLine, *, here: bool) -> None:
        """Show an answer; `here` where its page is the one that is read."""
        self._said = said
        self._asked.setText(said.asked)
        self._answer.setText(said.answer)
        set_property(self, "here", here)
        self.setAccessibleName(f"{said.asked} {said.answer}")
        self.setAccessibleDescription("Enter goes back to this question")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._choose()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        set_property(self, "current", True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        set_property(self, "current", False)

    def _choose(self) -> None:
        if self._said is not None:
            self.chosen.emit(self._said.page, self._said.line)


class SoFar(QFrame):
    """The list; it scrolls by itself and shows its end, which is the newest."""

    chosen = Signal(int, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("part", "so-far")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        self._head = Text("Answers so far", "overline")
        self._head.setContentsMargins(10, 8, 6, 4)
        box.addWidget(self._head)
        box.addWidget(rule())
        inside = SnugFrame()
        column = QVBoxLayout(inside)
        column.setContentsMargins(2, 0, 2, 6)
        self._rows: LinePool[SaidRow] = LinePool(self._make, gap=1)
        column.addWidget(self._rows)
        column.addStretch(1)
        self._area = scrolling(inside, accessible="Answers so far")
        # The newest is at the end; how tall the list is by then is known only once it has been laid out.
        self._area.verticalScrollBar().rangeChanged.connect(self._to_end)
        box.addWidget(self._area, 1)

    def _make(self, parent: QWidget) -> SaidRow:
        made = SaidRow(parent)
        made.chosen.connect(self.chosen)
        made.moved.connect(self._move)
        return made

    def show_said(self, said: tuple[SaidLine, ...], page: int) -> None:
        """Show these answers; those of the page that is read are marked."""
        rows = self._rows.take(len(said))
        for row, one in zip(rows, said, strict=True):
            row.fill(one, here=one.page == page)

    def _to_end(self, _least: int, most: int) -> None:
        self._area.verticalScrollBar().setValue(most)

    def focus(self) -> bool:
        """Stand on the newest answer; tells whether there is one."""
        rows = self._rows.lines()
        if rows:
            rows[-1].setFocus(Qt.FocusReason.ShortcutFocusReason)
        return bool(rows)

    def _move(self, step: int) -> None:
        rows = self._rows.lines()
        here = next((at for at, one in enumerate(rows) if one.hasFocus()), 0) + step
        if 0 <= here < len(rows):
            rows[here].setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(rows[here])
