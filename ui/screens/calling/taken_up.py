"""What the person took up and where it stands, above the offers; what is still on its way can be withdrawn here."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from caller_app.queries.offer_rows import ReferralRow
from ui.widgets.buttons import button
from ui.widgets.line_pool import LinePool
from ui.widgets.panes import row
from ui.widgets.texts import Text


class _Line(QFrame):
    """One of them; `withdraw` is there while taking it back still stops something."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._row: ReferralRow | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 2, 0, 6)
        box.setSpacing(2)
        self._title = Text("", "field", wrap=True)
        self._words = Text("", "quiet", wrap=True)
        self.withdraw = button("Withdraw …", kind="quiet", icon="undo")
        box.addWidget(self._title)
        box.addWidget(self._words)
        box.addLayout(row(self.withdraw, None))

    def fill(self, one: ReferralRow) -> None:
        """Show one."""
        self._row = one
        self._title.setText(one.title)
        self._words.setText(one.words[:1].upper() + one.words[1:])
        self.withdraw.setVisible(one.may_withdraw)
        self.withdraw.setAccessibleName(f"Withdraw: {one.title}")
        self.withdraw.setToolTip(one.will)
        self.setAccessibleName(f"{one.title}: {one.words}")

    def row(self) -> ReferralRow | None:
        """Give what is shown."""
        return self._row


class TakenUp(QWidget):
    """The heading and the lines; nothing at all where nothing was taken up."""

    withdraw_wanted = Signal(ReferralRow)

    def __init__(self) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 8)
        box.setSpacing(4)
        box.addWidget(Text("Taken up", "section"))
        self._pool: LinePool[_Line] = LinePool(self._make, gap=2)
        box.addWidget(self._pool)
        self.hide()

    def show_rows(self, rows: Sequence[ReferralRow]) -> None:
        """Show these and no others."""
        for line, one in zip(self._pool.take(len(rows)), rows, strict=True):
            line.fill(one)
        self.setVisible(bool(rows))

    def lines(self) -> list[_Line]:
        """Give the lines that are shown."""
        return self._pool.lines()

    def _make(self, parent: QWidget) -> _Line:
        made = _Line(parent)
        made.withdraw.clicked.connect(lambda: self._wanted(made))
        return made

    def _wanted(self, line: _Line) -> None:
        found = line.row()
        if found is not None:
            self.withdraw_wanted.emit(found)
