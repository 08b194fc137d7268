"""Before a referral takes a step that asks why: what it means, why, and the verb."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from caller_app.protocol.referrals import ReferralMove, ReferralSheet
from ui.dialogs.base import Dialog
from ui.screens.referrals.presenter import WHY_LONGEST
from ui.widgets.forms import Form


class MoveDialog(Dialog):
    """Asks why; `confirmed` carries the state and the reason."""

    confirmed = Signal(str, str)

    def __init__(self, parent: QWidget, sheet: ReferralSheet, move: ReferralMove) -> None:
        super().__init__(parent, move.label, f"{sheet.line.pathway}, {sheet.line.patient}. {move.will}", width=520)
        self._to = move.to
        self.form = Form()
        self.why = QLineEdit()
        self.why.setMaxLength(WHY_LONGEST)
        self.why.setPlaceholderText("For example: the service could not reach them")
        hint = "Kept with the referral. No illness here, please."
        self.form.add("why", "Why", self.why, hint=hint)
        self.body.addWidget(self.form)
        self.add_cancel()
        self.deed = self.add_button(move.label, self._press, kind="primary")
        self.why.setFocus()

    def show_moving(self, moving: bool) -> None:
        """Show that the centre is being asked."""
        self.deed.setEnabled(not moving)

    def _press(self) -> None:
        self.form.clear_errors()
        self.banner.clear()
        self.confirmed.emit(self._to, self.why.text())
