"""The line above the call: project between calls, how many are left, due now, promised today, and the last receipt.

What a reader would get wrong: during a call whose identity is not checked the project is not named anywhere on the
screen; its place says so instead. A receipt stands in that place for its ten seconds: nothing else moves, nothing is
covered. Where the text is too large for one line the figures step aside before the sentence is broken.
"""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from caller_app.queries.rows import ListCounts
from ui.theme.live import follow, tokens
from ui.widgets.chips import Chip
from ui.widgets.elided import ElidedLabel
from ui.widgets.texts import Text, rule
from ui.widgets.toast import Toast

_SIDE = 16
_UNNAMED = "Project named here once identity is confirmed"


class Header(QFrame):
    """Project and figures, or the last receipt beside the figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        line = QHBoxLayout(self)
        line.setContentsMargins(_SIDE, 3, _SIDE, 3)
        line.setSpacing(16)
        self._project = ElidedLabel()
        self._project.setProperty("text_role", "section")
        self._unnamed = ElidedLabel(_UNNAMED)
        self._unnamed.setProperty("text_role", "quiet")
        self._unnamed.hide()
        self.receipt = Toast(self)
        self.receipt.hide()
        self._figures = QWidget(self)
        figures = QHBoxLayout(self._figures)
        figures.setContentsMargins(0, 0, 0, 0)
        figures.setSpacing(16)
        self._left = Text("")
        self._due = Chip("")
        self._promised = Text("")
        for part in (self._left, rule(upright=True), self._due, rule(upright=True), self._promised):
            figures.addWidget(part)
        for words in (self._project, self._unnamed, self.receipt):
            line.addWidget(words)
        line.addStretch(1)
        line.addWidget(self._figures)
        self._with_project = True
        self.receipt.changed.connect(self._share_out)
        # As high with a receipt as without: the call below does not move.
        follow(self, lambda: self.setMinimumHeight(tokens().control + 4))

    def show_counts(self, counts: ListCounts, *, with_project: bool) -> None:
        """Show the figures; the project only where it may be seen."""
        named = counts.project_name or ("Several projects" if counts.total else "")
        self._with_project = with_project
        self._project.setText(named if with_project else "")
        self._left.setText(f"{counts.left} of {counts.total} left")
        self._due.show_state(
            f"{counts.due_now} due now" if counts.due_now else "nothing due now",
            "info" if counts.due_now else "",
            icon="clock",
        )
        self._promised.setText(f"{counts.promised_today} promised today")
        shown = f"{named}, " if with_project else ""
        self.setAccessibleName(
            f"{shown}{counts.left} of {counts.total} left, {counts.due_now} due now, "
            f"{counts.promised_today} promised today"
        )
        self._share_out()

    def _share_out(self) -> None:
        told = not self.receipt.isHidden()
        self._project.setVisible(not told and self._with_project)
        self._unnamed.setVisible(not told and not self._with_project)
        figures = self._figures.sizeHint().width() + _SIDE
        room = self.width() - 2 * _SIDE - 2
        beside = not told or self.receipt.fit(room - figures)
        self._figures.setVisible(beside)
        if not beside:
            self.receipt.fit(room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()
