"""Sign-in: name, password, what works without the centre."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ui.messages import tell
from ui.screens.sign_in.presenter import SignInPresenter
from ui.tasks import Tasks
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.forms import Form
from ui.widgets.sheet import Sheet
from ui.widgets.texts import Text


class SignInScreen(Sheet):
    """Shows; `signed_in` carries the client."""

    signed_in = Signal(object)
    other_centre_wanted = Signal()

    def __init__(self, door: Any, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__("Sign in", parent)
        self.presenter = SignInPresenter(
            self, door, lambda future, done, failed: tasks.watch(self, future, done, failed)
        )
        column = self.pane.column
        self.banner = Banner(self.pane)
        column.addWidget(self.banner)
        self.form = Form(self.pane)
        self.name = QLineEdit(self.presenter.last_name())
        self.name.setMaxLength(100)
        self.form.add("name", "User name", self.name)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(500)
        self.form.add("password", "Password", self.password)
        column.addWidget(self.form)
        line = QHBoxLayout()
        line.addStretch(1)
        self.deed = button("Sign in", self._press, kind="primary")
        line.addWidget(self.deed)
        column.addLayout(line)
        self.offline = Text(self.presenter.offline_words(), "small", wrap=True)
        self.offline.setHidden(not self.offline.text())
        column.addWidget(self.offline)
        middle = Qt.AlignmentFlag.AlignHCenter
        self.under.addWidget(Text(f"Centre: {self.presenter.centre()}", "small"), 0, middle)
        self.under.addWidget(button("Use another centre", self.other_centre_wanted.emit, kind="link"), 0, middle)
        self.name.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._press)

    def focus_first(self) -> None:
        """Begin where something is missing."""
        (self.password if self.name.text() else self.name).setFocus()

    def _press(self) -> None:
        self.form.clear_errors()
        self.banner.clear()
        self.presenter.on_sign_in(self.name.text(), self.password.text())

    # ---- as the presenter asks ----------------------------------------------------------------------------------

    def show_trying(self, trying: bool) -> None:
        """Show that it is being tried."""
        self.deed.setEnabled(not trying)
        self.deed.setText("Signing in …" if trying else "Sign in")
        self.name.setReadOnly(trying)
        self.password.setReadOnly(trying)

    def show_failure(self, fault: Exception) -> None:
        """Show what went wrong; the password is typed again."""
        self.password.selectAll()
        self.password.setFocus()
        tell(fault, banner=self.banner, form=self.form)

    def enter(self, client: Any) -> None:
        """Go on; nothing of the password stays in the field."""
        self.password.clear()
        self.signed_in.emit(client)
