"""What `benchmarks/start.py` starts: the client or the bare window; one line when painted, then out.

The client is `ui.main.main` itself; so many seconds after the first paint of sign-in the password is given, as by a
person who types. The line tells the seconds of that and of the password check. Imports nothing that the client would
not import anyway: what is imported here is in its figure.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication


class FirstPaint(QObject):
    """Calls back once, after a widget was painted while something holds."""

    def __init__(self, watched: QObject, holds: Callable[[], bool], then: Callable[[], None]) -> None:
        super().__init__(watched)
        self._holds, self._then = holds, then
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it by this name
        if event.type() == QEvent.Type.Paint and self._holds():
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._then)
        return False


def bare() -> int:
    """Show a window with an empty table."""
    from PySide6.QtGui import QStandardItemModel
    from PySide6.QtWidgets import QMainWindow, QTableView

    app = QApplication(["bare"])
    app.setStyle("Fusion")
    window = QMainWindow()
    table = QTableView()
    table.setModel(QStandardItemModel(0, 6, table))
    window.setCentralWidget(table)
    window.resize(1366, 768)

    def painted() -> None:
        _say(0.0, 0.0)
        window.close()

    FirstPaint(table.viewport(), lambda: True, painted)
    window.show()
    return int(app.exec())


def client(password: str, typing: float) -> int:
    """Start the client, sign in, and wait for the rows of the list."""
    from ui import main as program

    app = program.make_application(["caller-app"])
    QTimer.singleShot(0, lambda: _drive(app, password, typing))
    return program.main(["caller-app"])


def _drive(app: QApplication, password: str, typing: float) -> None:
    from ui.window import Window

    window = next(one for one in app.topLevelWidgets() if isinstance(one, Window))
    sign_in: Any = window.stack.currentWidget()
    checked: list[float] = []
    typed: list[float] = []

    def asked() -> None:
        typed.append(time.perf_counter())
        QTimer.singleShot(int(typing * 1000), type_password)

    def type_password() -> None:
        from PySide6.QtTest import QTest

        typed.append(time.perf_counter())
        # Where no time was spent typing it is not loaded yet, and loading it is part of what is measured.
        from caller_app.client import unlock

        check = unlock.check

        def timed_check(*words: Any) -> None:
            began = time.perf_counter()
            check(*words)
            checked.append(time.perf_counter() - began)

        unlock.check = timed_check
        sign_in.signed_in.connect(wait_for_rows)
        sign_in.password.setText(password)
        QTest.keyClick(sign_in.password, Qt.Key.Key_Return)

    def wait_for_rows(_client: Any) -> None:
        assert window.navigation is not None
        rows = window.navigation.built("calling").list_pane
        FirstPaint(rows.list.viewport(), lambda: rows.model.rowCount() > 0, painted)

    def painted() -> None:
        _say(typed[1] - typed[0], checked[0])
        window.close()

    FirstPaint(sign_in, lambda: True, asked)


def _say(typing: float, password_check: float) -> None:
    print(f"painted {typing:.6f} {password_check:.6f}", flush=True)


if __name__ == "__main__":
    sys.exit(bare() if sys.argv[1] == "bare" else client(sys.argv[2], float(sys.argv[3])))
