"""A fault of the program: what it means for the person, the report in full, copied only when they ask."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.a11y import name
from ui.dialogs.base import Dialog


class FaultDialog(Dialog):
    """Shown once per distinct fault; nothing is sent anywhere."""

    def __init__(self, parent: QWidget, report: str, *, last_time: bool = False) -> None:
        super().__init__(
            parent,
            "The program was cut short last time" if last_time else "Something in the program went wrong",
            "Everything that was recorded is on this computer and will be sent. The report below names places in the "
            "program and no patient. Nothing has been sent to anyone: copy it for whoever looks after the program.",
            width=640,
        )
        self.report = QPlainTextEdit(report)
        self.report.setReadOnly(True)
        self.report.setMinimumHeight(160)
        name(self.report, "Report of the fault")
        self.body.addWidget(self.report, 1)
        self.add_button("Copy the report", lambda: QGuiApplication.clipboard().setText(report))
        close = self.add_button("Close", self.accept, kind="primary")
        close.setFocus()
