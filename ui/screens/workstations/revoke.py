"""Taking a workstation out of use: what it means, why, and the verb; the way out has the focus."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from caller_app.protocol.supervision import Workstation
from ui.dialogs.base import Dialog
from ui.screens.workstations.presenter import WHY_LONGEST
from ui.widgets.forms import Form

_MEANS = (
    "Its list is removed when it next calls the centre, and locks itself within three days if it never does. What is "
    "still recorded there and not sent is taken and set aside for you to look at. This cannot be taken back; the "
    "person can sign in on another workstation."
)


class RevokeDialog(Dialog):
    """Asks why; `confirmed` carries the reason."""

    confirmed = Signal(str)

    def __init__(self, parent: QWidget, one: Workstation) -> None:
        said = ""
        if one.unsent_said:
            said = f" It last said that {one.unsent_said} results are unsent."
        super().__init__(parent, f"Take {one.person}'s workstation out of use?", _MEANS + said, width=520)
        self.form = Form()
        self.why = QLineEdit()
        self.why.setMaxLength(WHY_LONGEST)
        self.why.setPlaceholderText("For example: laptop stolen on Tuesday")
        self.form.add("why", "Why", self.why, hint="Kept in the audit.")
        self.body.addWidget(self.form)
        self.way_out = self.add_cancel()
        self.deed = self.add_button("Take it out of use", self._press, kind="danger")
        self.why.setFocus()

    def show_revoking(self, revoking: bool) -> None:
        """Show that the centre is being asked."""
        self.deed.setEnabled(not revoking)

    def _press(self) -> None:
        self.form.clear_errors()
        self.banner.clear()
        self.confirmed.emit(self.why.text())
