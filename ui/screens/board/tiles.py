"""Project tiles: how many are left and how far the funnel has come."""

from PySide6.QtWidgets import QProgressBar, QSizePolicy

from caller_app.protocol.supervision import ProjectLine
from ui.widgets.elided import ElidedLabel
from ui.widgets.panes import Pane, row
from ui.widgets.texts import Text


class ProjectTile(Pane):
    """One project; read out as one sentence."""

    def __init__(self) -> None:
        super().__init__(margin=12, gap=4)
        self.setMinimumWidth(200)
        self.setMaximumWidth(360)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._name = ElidedLabel("")
        self._name.setProperty("text_role", "section")
        self._left = Text("", "title")
        self._of = Text("", "quiet")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._funnel = Text("", "small")
        self.column.addWidget(self._name)
        self.column.addLayout(row(self._left, self._of, None))
        self.column.addWidget(self._bar)
        self.column.addWidget(self._funnel)

    def show_project(self, one: ProjectLine) -> None:
        """Show a project."""
        self._name.setText(one.name)
        self._left.setText(str(one.left))
        self._of.setText(f"left of {one.total}")
        self._bar.setRange(0, max(1, one.total))
        self._bar.setValue(one.total - one.left)
        self._bar.setAccessibleName(f"{one.name}: done {one.total - one.left} of {one.total}")
        self._funnel.setText(f"Reached {_share(one.reached, one.total)} · Agreed {_share(one.agreed, one.reached)}")
        self._funnel.setToolTip(
            f"Reached: {one.reached} of {one.total} people. Agreed: {one.agreed} of the {one.reached} reached."
        )
        self.setAccessibleName(f"{one.name}: {one.left} left of {one.total}. {self._funnel.toolTip()}")


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else "–"
