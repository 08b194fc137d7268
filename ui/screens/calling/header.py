"""The line above the call: project between calls, how many are left, due now, promised today.

What a reader would get wrong: during a call whose identity is not checked the project is not named anywhere on the
screen; the place stays empty so that nothing else moves.
"""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from caller_app.queries.rows import ListCounts
from ui.widgets.chips import Chip
from ui.widgets.elided import ElidedLabel
from ui.widgets.texts import Text, rule


class Header(QFrame):
    """Project and figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 7, 16, 7)
        line.setSpacing(16)
        self._project = ElidedLabel()
        self._project.setProperty("text_role", "section")
        self._left = Text("")
        self._due = Chip("")
        self._promised = Text("")
        line.addWidget(self._project, 1)
        line.addWidget(self._left)
        line.addWidget(rule(upright=True))
        line.addWidget(self._due)
        line.addWidget(rule(upright=True))
        line.addWidget(self._promised)

    def show_counts(self, counts: ListCounts, *, with_project: bool) -> None:
        """Show the figures; the project only where it may be seen."""
        named = counts.project_name or ("Several projects" if counts.total else "")
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
