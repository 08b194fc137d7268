"""Giving support what they ask for: which kind of file, where to, and whether words about people go along."""

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QFileDialog, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from ui.dialogs.base import Dialog
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.forms import Form

_WARNING = (
    "The file will not be encrypted, and it will name patients. Hand it only to the person who asked, and delete it "
    "when it has served. That it was made is written down at the centre for each of them, with your name."
)
_PLAIN = "The file will not be encrypted. It holds kinds, states, times and receipts, and nothing about any person."
_NOTED = "That it was made is written down at the centre, with your name."
_NOT_NOTED = (
    "This version cannot write down at the centre that it was made, so words about people stay out: ask for them in "
    "the newer version."
)


class ExportDialog(Dialog):
    """Asks; `confirmed` carries folder, whether a text file, whether with words."""

    confirmed = Signal(str, bool, bool)

    def __init__(self, parent: QWidget, *, noted: bool = True) -> None:
        super().__init__(
            parent,
            "Give support a copy",
            "Everything recorded on this computer with how far it has got: in full while it is kept here, afterwards "
            "by its receipt.",
            width=560,
        )
        self.form = Form()
        kind = QWidget()
        column = QVBoxLayout(kind)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.book = QRadioButton("A workbook (Excel)")
        self.text = QRadioButton("A text file")
        group = QButtonGroup(self)
        for one in (self.book, self.text):
            group.addButton(one)
            column.addWidget(one)
        self.book.setChecked(True)
        self.form.add("kind", "What kind of file", kind)
        self.folder = QLineEdit(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        self.browse = button("Choose …", self._browse, accessible="Choose the folder")
        self.form.add("folder", "Into which folder", self.folder, beside=self.browse,
                      hint="The name of the file says neither who you are nor what it is about.")  # fmt: skip
        self.words = QCheckBox("Include what was recorded about people: names, numbers, words")
        self.words.setEnabled(noted)
        self._noted = noted
        self.form.add_widget(self.words)
        self.body.addWidget(self.form)
        self.warning = Banner()
        self.body.addWidget(self.warning)
        self.add_cancel()
        self.deed = self.add_button("Save the file", self._press, kind="primary")
        self.words.toggled.connect(lambda _on: self._warn())
        self._warn()
        self.book.setFocus()

    def show_saving(self, saving: bool) -> None:
        """Show that the file is being written."""
        self.deed.setEnabled(not saving)

    def _warn(self) -> None:
        risky = self.words.isChecked()
        plain = f"{_PLAIN} {_NOTED if self._noted else _NOT_NOTED}"
        self.warning.say(_WARNING if risky else plain, "caution" if risky else "info")
        self.fit()

    def _browse(self) -> None:
        picker = QFileDialog(self, "Choose a folder", self.folder.text())
        picker.setFileMode(QFileDialog.FileMode.Directory)
        picker.setOption(QFileDialog.Option.ShowDirsOnly)
        picker.fileSelected.connect(self.folder.setText)
        picker.open()

    def _press(self) -> None:
        self.form.clear_errors()
        self.banner.clear()
        self.show_saving(True)
        self.confirmed.emit(self.folder.text().strip(), self.text.isChecked(), self.words.isChecked())
