"""Asking for the password again when the sign-in has run out: everything behind it stays open as it is."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.dialogs.base import Dialog
from ui.widgets.forms import Form


class PasswordDialog(Dialog):
    """Asks; the answer is tried elsewhere, and `show_refusal` or `accept` follows."""

    given = Signal(str)

    def __init__(self, parent: QWidget, shown_name: str, unsent: int = 0) -> None:
        waiting = {0: "Nothing is waiting to be sent.", 1: "One change is waiting to be sent."}.get(
            unsent, f"{unsent} changes are waiting to be sent."
        )
        super().__init__(
            parent,
            "Sign in again",
            f"Your sign-in with the centre has run out. {waiting} All of your work is safe on this computer, and you "
            "can go on calling without signing in.",
        )
        self.form = Form()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.form.add("password", f"Password of {shown_name}", self.password)
        self.body.addWidget(self.form)
        self.add_cancel("Later")
        self.deed = self.add_button("Sign in", self._press, kind="primary")
        self.password.setFocus()

    def show_trying(self, trying: bool) -> None:
        """Show that the centre is being asked."""
        self.deed.setEnabled(not trying)
        self.deed.setText("Signing in …" if trying else "Sign in")
        self.password.setReadOnly(trying)

    def show_refusal(self, tell: Callable[[], object]) -> None:
        """Stay open and show what was wrong."""
        self.show_trying(False)
        self.password.selectAll()
        tell()
        self.password.setFocus()

    def _press(self) -> None:
        if not self.password.text():
            self.form.show_error("password", "Type your password.")
            return
        self.form.clear_errors()
        self.banner.clear()
        self.show_trying(True)
        self.given.emit(self.password.text())
