"""The one window: first run, sign-in, then the places. It owns the bridge and the tasks and closes what it opened.

What a reader would get wrong: the title never carries a patient's name, nor does anything the desktop shows of the
window. Closing drains the lanes: what was recorded on the way out is saved.
"""

import base64
import binascii
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from caller_app.base.clock import Clock
from ui import crash
from ui.bridge import Bridge, Collector
from ui.dialogs.fault import FaultDialog
from ui.remember import Remembered
from ui.screens.setup.screen import SetupScreen
from ui.screens.sign_in.screen import SignInScreen
from ui.tasks import Desk, Tasks
from ui.theme.icons import tinted
from ui.theme.live import follow, look, tokens

if TYPE_CHECKING:
    from ui.navigation import Navigation

TITLE = "Caller"


class Window(QMainWindow):
    """Shows one of three things: setup, sign-in, the signed-in window."""

    def __init__(self, door: Any, clock: Clock, remembered: Remembered) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self.door, self.clock, self.remembered = door, clock, remembered
        self.bridge = Bridge(self)
        self.tasks = Tasks(self.bridge)
        self.collector = Collector(self)
        self.client: Any = None
        self.navigation: Navigation | None = None
        self.stack = QStackedWidget()
        self.setCentralWidget(self.stack)
        self.setMinimumSize(QSize(960, 600))
        follow(self, lambda: self.setWindowIcon(QIcon(tinted("phone", tokens().accent, 64))))
        crash.listen(lambda report: self.bridge.post(lambda: self.show_fault(report)))
        self._place()

    # ---- what is shown ------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Show sign-in where a centre is known, else the first run."""
        if self.door.remembered() is None:
            self.show_setup()
        else:
            self.show_sign_in()

    def show_setup(self) -> None:
        """Ask which centre; from sign-in one can come back."""
        screen = SetupScreen(self.door, self.tasks)
        screen.finished.connect(self.show_sign_in)
        self._show(screen)

    def show_sign_in(self) -> None:
        """Ask who works."""
        screen = SignInScreen(self.door, self.tasks)
        screen.signed_in.connect(self.show_desk)
        screen.other_centre_wanted.connect(self.show_setup)
        self._show(screen)

    def show_desk(self, client: Any) -> None:
        """Open the places of the person who signed in."""
        from ui.navigation import Navigation

        self.client = client
        desk = Desk(client, self.tasks, self.bridge, self.clock, self.remembered)
        self.navigation = Navigation(desk)
        self.navigation.signed_out.connect(self.sign_out)
        self._show(self.navigation)
        self.navigation.start()

    def sign_out(self) -> None:
        """Close the person's files and ask who works; nothing unsent is lost by it."""
        self._close_client()
        self.show_sign_in()

    def warm(self) -> None:
        """Load behind the first paint what a sign-in will need, and then what a caller sees first."""
        self.tasks.watch(self, self.door.warm(), lambda _: _load_desk())

    def come_to_front(self) -> None:
        """A second copy was started: show this one."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def show_fault(self, report: str, *, last_time: bool = False) -> None:
        """Show a fault of the program, once per place."""
        FaultDialog(self, report, last_time=last_time).open()

    def _show(self, screen: QWidget) -> None:
        before = self.stack.currentWidget()
        self.stack.addWidget(screen)
        self.stack.setCurrentWidget(screen)
        first = getattr(screen, "focus_first", None)
        if first is not None:
            first()
        if before is not None:
            self.stack.removeWidget(before)
            before.deleteLater()

    # ---- going --------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        kept = base64.b64encode(bytes(self.saveGeometry().data())).decode()
        self.remembered.set("geometry", kept)
        # Gone from the screen at once: draining the lanes may take a moment.
        self.hide()
        self._close_client()
        self.door.close()
        crash.listen(None)
        self.bridge.close()
        self.collector.close()
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and self.client is not None:
            self.client.watch(active=self.isActiveWindow())
        super().changeEvent(event)

    def _close_client(self) -> None:
        if self.navigation is not None:
            self.navigation.close_down()
            self.navigation = None
        if self.client is not None:
            client, self.client = self.client, None
            client.close()

    def _place(self) -> None:
        kept = self.remembered.get("geometry")
        try:
            placed = bool(kept) and self.restoreGeometry(QByteArray(base64.b64decode(kept, validate=True)))
        except (binascii.Error, ValueError):
            placed = False
        if not placed:
            screen = self.screen()
            room = screen.availableGeometry().size() if screen is not None else QSize(1366, 768)
            self.resize(QSize(1366, 768).boundedTo(room))


def wear(app: QApplication, remembered: Remembered) -> None:
    """Dress the application as this machine remembers."""
    look.wear(app, remembered.get("theme"), remembered.get("text_percent"))


def _load_desk() -> None:
    from ui.navigation.places import load_first

    load_first()
