"""Before a case is settled: what it will do, and why; then one verb."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from caller_app.protocol.supervision import ReviewAct, ReviewSheet
from ui.dialogs.base import Dialog
from ui.screens.reviews.presenter import WHY_LONGEST
from ui.widgets.forms import Form


class SettleDialog(Dialog):
    """Asks why; `confirmed` carries the act and the reason."""

    confirmed = Signal(str, str)

    def __init__(self, parent: QWidget, sheet: ReviewSheet, act: ReviewAct) -> None:
        super().__init__(parent, act.label, f"{sheet.line.title}. {act.will}", width=520)
        self._code = act.code
        self.form = Form()
        self.why = QLineEdit()
        self.why.setMaxLength(WHY_LONGEST)
        self.why.setPlaceholderText("For example: spoke with both callers")
        hint = "Kept with the case and in the audit. No patient's name or illness here, please."
        self.form.add("why", "Why", self.why, required=act.asks_why, hint=hint)
        self.body.addWidget(self.form)
        self.add_cancel()
        self.deed = self.add_button(act.label, self._press, kind="primary")
        self.why.setFocus()

    def show_settling(self, settling: bool) -> None:
        """Show that the centre is being asked."""
        self.deed.setEnabled(not settling)

    def _press(self) -> None:
        self.form.clear_errors()
        self.banner.clear()
        self.confirmed.emit(self._code, self.why.text())
