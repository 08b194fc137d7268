"""The person's details after identity: arrow keys highlight one, E puts it right in place.

What a reader would get wrong: a proposed value stands beside the old one until it is confirmed; it does not replace it.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from caller_app.queries.rows import Detail
from ui.theme.live import follow, is_large, set_property, tokens
from ui.widgets.buttons import button
from ui.widgets.elided import ElidedLabel
from ui.widgets.fold import FoldLayout
from ui.widgets.panes import scrolling
from ui.widgets.texts import Text, key_cap
from ui.widgets.yielding_area import SnugFrame


class DetailCell(QFrame):
    """One detail: label, value, what was proposed."""

    chosen = Signal(str)
    moved = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.detail: Detail | None = None
        self.setProperty("part", "detail")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 2, 8, 2)
        line.setSpacing(8)
        self._label = ElidedLabel(floor=72)
        self._label.setProperty("text_role", "small")
        follow(self._label, lambda: self._label.setFixedWidth(tokens().type_small * 12))
        self._value = Text("", wrap=True)
        self._pending = Text("", wrap=True)
        self._pending.setProperty("pending", True)
        self._key = key_cap("E")
        self._key.hide()
        line.addWidget(self._label)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self._value)
        beside.addWidget(self._pending)
        line.addLayout(beside, 1)
        line.addWidget(self._key)

    def fill(self, detail: Detail) -> None:
        """Show a detail."""
        self.detail = detail
        self._label.setText(detail.label)
        self._value.setText(detail.shown or "not on our record")
        set_property(self._value, "text_role", "body" if detail.shown else "quiet")
        self._pending.setText(f"told: {detail.pending}" if detail.pending else "")
        self._pending.setVisible(bool(detail.pending))
        told = f", {detail.pending} was proposed" if detail.pending else ""
        self.setAccessibleName(f"{detail.label}: {self._value.text()}{told}")
        self.setAccessibleDescription("E corrects this detail" if detail.correction_types else "")

    def forget(self) -> None:
        """Hold nothing of anybody any more."""
        self.detail = None
        for label in (self._label, self._value, self._pending):
            label.setText("")
        self.setAccessibleName("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        step = moves.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(*step)
        elif event.key() in (Qt.Key.Key_E, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._choose()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._choose()

    def _choose(self) -> None:
        if self.detail is not None and self.detail.correction_types:
            self.chosen.emit(self.detail.name)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        set_property(self, "current", True)
        self._key.setVisible(self.detail is not None and bool(self.detail.correction_types))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        set_property(self, "current", False)
        self._key.hide()


class DetailGrid(QFrame):
    """Details in two columns, in the place of the script."""

    chosen = Signal(str)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        box = QVBoxLayout(self)
        box.setContentsMargins(2, 2, 2, 2)
        box.setSpacing(0)
        top = FoldLayout(giving=1, gap=16)
        top.addWidget(Text("Details", "section"))
        top.addWidget(Text("Go to one with the arrow keys: E puts it right.", "small", wrap=True))
        top.addWidget(button("Back to the script", self.given_up.emit, kind="quiet", keys="Esc"))
        top.setContentsMargins(14, 6, 10, 4)
        box.addLayout(top)
        inside = SnugFrame()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(4, 0, 8, 8)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 5)  # addresses and numbers; the other column is mostly short
        self._area = scrolling(inside, accessible="Details")
        box.addWidget(self._area, 1)
        self._cells: list[DetailCell] = []
        self._shown = 0

    def show_details(self, details: tuple[Detail, ...]) -> None:
        """Show these details, down the first column and then the second; none before identity."""
        while len(self._cells) < len(details):
            cell = DetailCell(self)
            cell.chosen.connect(self.chosen)
            cell.moved.connect(self._move)
            self._cells.append(cell)
        columns = 1 if is_large() else 2
        self._grid.setColumnStretch(1, 4 if columns == 2 else 0)
        down = self._down = -(-len(details) // columns)
        for at, cell in enumerate(self._cells):
            self._grid.removeWidget(cell)
            if at < len(details):
                cell.fill(details[at])
                self._grid.addWidget(cell, at % down, at // down)
            elif at < self._shown:
                cell.forget()
            cell.setVisible(at < len(details))
        for at in range(self._grid.rowCount()):
            self._grid.setRowStretch(at, 0)
        self._grid.setRowStretch(down, 1)
        self._shown = len(details)

    def focus(self) -> None:
        """Go to the first detail."""
        if self._shown:
            self._cells[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def stand(self) -> QWidget:
        """Give where the focus goes when this pane is cycled to."""
        return self._cells[0] if self._shown else self

    def _move(self, across: int, down: int) -> None:
        here = next((n for n, cell in enumerate(self._cells) if cell.hasFocus()), 0)
        to = here + across * self._down + down
        if 0 <= to < self._shown:
            self._cells[to].setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(self._cells[to])
