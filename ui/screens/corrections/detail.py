"""One correction in full: what we hold beside what was said, with everything the table has to shorten."""

from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from ui.widgets.chips import Chip
from ui.widgets.panes import Pane
from ui.widgets.texts import Text


class CorrectionDetail(Pane):
    """Old and new side by side; one quiet line says who, whom and which practice."""

    def __init__(self) -> None:
        super().__init__(margin=16, gap=8)
        self._title = Text("", "section", selectable=True)
        self._urgency = Chip("", "caution")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._urgency)
        head.addStretch(1)
        self.column.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(2)
        self._old = Text("", wrap=True, selectable=True)
        self._new = Text("", wrap=True, selectable=True)
        grid.addWidget(Text("We hold", "overline"), 0, 0)
        grid.addWidget(Text("We were told", "overline"), 0, 1)
        grid.addWidget(self._old, 1, 0)
        grid.addWidget(self._new, 1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.column.addLayout(grid)
        self._about = Text("", "quiet", wrap=True)
        self.column.addWidget(self._about)

    def show_lines(self, title: str, old: str, new: str, about: str, urgency: str, *, urgent: bool) -> None:
        """Show one correction."""
        self._title.setText(title)
        self._old.setText(old)
        self._new.setText(new)
        self._about.setText(about)
        self._urgency.show_state(urgency, "caution" if urgent else "")
        self._urgency.setVisible(bool(urgency))
        self.setAccessibleName(f"{title}. We hold: {old}. We were told: {new}. {about}")
