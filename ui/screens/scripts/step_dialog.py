"""Before a step is taken: what it means, and why where a reason is kept; then one verb."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from caller_app.protocol.scripts import ScriptAct, ScriptVersion
from ui.dialogs.base import Dialog
from ui.screens.scripts.presenter import WHY_LONGEST
from ui.widgets.forms import Form


class StepDialog(Dialog):
    """Asks; `confirmed` carries the step and the reason."""

    confirmed = Signal(str, str)

    def __init__(self, parent: QWidget, version: ScriptVersion, act: ScriptAct) -> None:
        super().__init__(parent, act.label, f"{version.title}, version {version.version}. {act.will}", width=520)
        self._code = act.code
        self.form = Form()
        self.why = QLineEdit()
        self.why.setMaxLength(WHY_LONGEST)
        hint = "Kept with the version and in the audit; who wrote it is told."
        self.form.add("why", "Why", self.why, required=act.asks_why, hint=hint)
        self.body.addWidget(self.form)
        self.add_cancel()
        self.deed = self.add_button(act.label, self._press, kind="primary")
        self.why.setFocus()

    def show_stepping(self, stepping: bool) -> None:
        """Show that the centre is being asked."""
        self.deed.setEnabled(not stepping)

    def _press(self) -> None:
        self.form.clear_errors()
        self.banner.clear()
        self.confirmed.emit(self._code, self.why.text())
