"""Withdrawing what a person took up: what it will do, who says so and why, then one verb."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from caller_app.queries.offer_rows import ReferralRow
from ui.dialogs.base import Dialog
from ui.messages import tell
from ui.widgets.forms import Form

if TYPE_CHECKING:
    from ui.screens.calling.presenter import CallingPresenter

REASON_LONGEST = 200


def who_may(one: ReferralRow) -> list[tuple[str, str]]:
    """Name who may take it back in this call: whoever was checked, and the caller who recorded it by mistake."""
    who = [("patient", "The person")] if one.by_patient else []
    who += [("proxy", f"{one.by_proxy}, for the person")] if one.by_proxy else []
    return [*who, ("caller", "I recorded it by mistake")]


class WithdrawDialog(Dialog):
    """Asks who and why; `confirmed` carries both."""

    confirmed = Signal(str, str)

    def __init__(self, parent: QWidget, one: ReferralRow) -> None:
        super().__init__(parent, f"Withdraw “{one.title}”?", one.will, width=520)
        self.form = Form()
        self.who = QComboBox()
        for key, words in who_may(one):
            self.who.addItem(words, key)
        self.form.add("given_by", "Who no longer wants it", self.who)
        self.why = QLineEdit()
        self.why.setMaxLength(REASON_LONGEST)
        self.why.setPlaceholderText("For example: wants to think about it first")
        self.form.add("reason", "Why", self.why, hint="A few words. Kept with the referral.")
        self.body.addWidget(self.form)
        self.way_out = self.add_cancel()
        self.deed = self.add_button("Withdraw", self._press, kind="primary")
        self.why.setFocus()

    def show_refused(self, fault: Exception) -> None:
        """Say what is missing or went wrong."""
        self.deed.setEnabled(True)
        tell(fault, banner=self.banner, form=self.form)

    def _press(self) -> None:
        self.form.clear_errors()
        self.banner.clear()
        self.deed.setEnabled(False)
        self.confirmed.emit(str(self.who.currentData()), self.why.text())


def ask_withdrawal(parent: QWidget, presenter: "CallingPresenter", one: ReferralRow) -> WithdrawDialog:
    """Open the question; what is confirmed is recorded at once."""
    dialog = WithdrawDialog(parent, one)
    dialog.confirmed.connect(
        lambda given_by, reason: presenter.on_withdrawal(
            one.referral_id, reason, given_by, done=dialog.accept, failed=dialog.show_refused
        )
    )
    dialog.open()
    return dialog
