"""First run: the centre's address, the certificate file where one is needed, and whether it answers."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit

from ui.messages import tell
from ui.screens.setup.presenter import SetupPresenter
from ui.tasks import Tasks
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.forms import Form
from ui.widgets.sheet import Sheet
from ui.widgets.texts import Text


class SetupScreen(Sheet):
    """Shows; `finished` once a centre was found and kept."""

    finished = Signal()

    def __init__(self, door: Any, tasks: Tasks) -> None:
        super().__init__("Which centre do you work with?", width=528)
        self.presenter = SetupPresenter(
            self, door, lambda future, done, failed: tasks.watch(self, future, done, failed)
        )
        column = self.pane.column
        column.addWidget(
            Text(
                "Your centre holds the call lists. You get its address from your team lead; it is asked for once on "
                "this computer.",
                "quiet",
                wrap=True,
            )
        )
        self.form = Form()
        self.url = QLineEdit()
        self.url.setPlaceholderText("https://")
        self.url.setMaxLength(300)
        self.form.add("url", "Address of the centre", self.url)
        self.ca_file = QLineEdit()
        self.ca_file.setMaxLength(1000)
        choose = button("Choose …", self._choose_file, accessible="Choose the certificate file")
        self.form.add(
            "ca_file",
            "Certificate file",
            self.ca_file,
            hint="Only where your team lead gave you one.",
            required=False,
            beside=choose,
        )
        column.addWidget(self.form)
        self.banner = Banner()
        column.addWidget(self.banner)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch(1)
        self.check = button("Check the address", self._check, kind="primary")
        self.go_on = button("Continue to sign-in", self.presenter.on_continue, kind="primary")
        self.go_on.hide()
        line.addWidget(self.check)
        line.addWidget(self.go_on)
        column.addLayout(line)
        for field in (self.url, self.ca_file):
            field.textEdited.connect(lambda _text: self.presenter.on_changed())
            field.returnPressed.connect(self._check)
        known = door.remembered()
        if known is not None:
            self.url.setText(known.url)
            self.ca_file.setText(str(known.ca_file or ""))

    def focus_first(self) -> None:
        """Begin with the address."""
        self.url.setFocus()

    def _check(self) -> None:
        if self.go_on.isVisible():
            self.presenter.on_continue()
            return
        if not self.check.isEnabled():
            return
        self.form.clear_errors()
        self.banner.clear()
        self.presenter.on_check(self.url.text(), self.ca_file.text())

    def _choose_file(self) -> None:
        dialog = QFileDialog(
            self, "Certificate file", self.ca_file.text(), "Certificates (*.pem *.crt *.cer);;All files (*)"
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._file_chosen)
        dialog.open()

    def _file_chosen(self, path: str) -> None:
        self.ca_file.setText(path)
        self.form.clear_error("ca_file")
        self.presenter.on_changed()

    # ---- as the presenter asks ----------------------------------------------------------------------------------

    def show_checking(self, checking: bool) -> None:
        """Show that the centre is being asked."""
        self.check.setEnabled(not checking)
        self.check.setText("Asking …" if checking else "Check the address")

    def show_found(self, name: str, *, test_mode: bool) -> None:
        """Show which centre answered."""
        words = f"This is {name}." + (" It is in test mode: every person in it is invented." if test_mode else "")
        self.banner.say(words, "good")
        self.check.hide()
        self.go_on.show()
        self.go_on.setFocus()

    def show_nothing_found(self) -> None:
        """Show that the address is not checked."""
        self.banner.clear()
        self.go_on.hide()
        self.check.show()

    def show_failure(self, fault: Exception) -> None:
        """Show what went wrong where it can be put right."""
        tell(fault, banner=self.banner, form=self.form)

    def finish(self) -> None:
        """Go on."""
        self.finished.emit()
