"""The one window: first run, sign-in, then the places. It owns the bridge and the tasks and closes what it opened.

What a reader would get wrong: the title never carries a patient's name, nor does anything the desktop shows of the
window. Closing drains the lanes: what was recorded on the way out is saved.
"""

import base64
import binascii
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from caller_app.base.clock import Clock
from ui import crash
from ui.bridge import Bridge, Collector
from ui.network import NetworkEar
from ui.remember import Remembered
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
        self._laid_out: Navigation | None = None
        self._steps: Iterator[object] | None = self._make_ready()
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
        from ui.screens.setup.screen import SetupScreen

        screen = SetupScreen(self.door, self.tasks)
        screen.finished.connect(self.show_sign_in)
        self._show(screen)

    def show_sign_in(self) -> None:
        """Ask who works."""
        from ui.screens.sign_in.screen import SignInScreen

        screen = SignInScreen(self.door, self.tasks, self.stack)
        screen.signed_in.connect(self.show_desk)
        screen.other_centre_wanted.connect(self.show_setup)
        self._show(screen)

    def show_desk(self, client: Any) -> None:
        """Open the places of the person who signed in."""
        self.client = client
        navigation = self.navigation = self._laid_out or self._empty_desk()
        self._laid_out, self._steps = None, None
        navigation.desk.client = client
        navigation.enter()
        navigation.signed_out.connect(self.sign_out)
        self._show(navigation)
        navigation.start()
        NetworkEar(navigation, client.network_up)

    def sign_out(self) -> None:
        """Close the person's files and ask who works; nothing unsent is lost by it."""
        self._close_client()
        self._steps = self._make_ready()
        self.show_sign_in()
        self.warm()

    def warm(self) -> None:
        """Load behind the first paint what a sign-in will need, and make ready what a caller sees first."""
        self.tasks.watch(self, self.door.warm(), lambda _: self._go_on_making_ready())

    def come_to_front(self) -> None:
        """A second copy was started: show this one."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def show_fault(self, report: str, *, last_time: bool = False) -> None:
        """Show a fault of the program, once per place."""
        from ui.dialogs.fault import FaultDialog

        FaultDialog(self, report, last_time=last_time).open()

    def _show(self, screen: QWidget) -> None:
        before = self.stack.currentWidget()
        if self.stack.indexOf(screen) < 0:
            self.stack.addWidget(screen)
        self.stack.setCurrentWidget(screen)
        first = getattr(screen, "focus_first", None)
        if first is not None:
            first()
        if before is not None:
            self.stack.removeWidget(before)
            before.deleteLater()

    # ---- behind sign-in -----------------------------------------------------------------------------------------

    def is_ready(self) -> bool:
        """Tell whether all that can be made ready behind sign-in is."""
        return self._steps is None

    def make_one_part_ready(self) -> bool:
        """Lay out one part of the window of whoever will sign in; False when nothing is left."""
        if self._steps is not None and next(self._steps, None) is None:
            self._steps = None
        return self._steps is not None

    def _go_on_making_ready(self) -> None:
        # One part at a time, each behind whatever waits: who types a password does not notice.
        if self.client is None and self.make_one_part_ready():
            QTimer.singleShot(0, self, self._go_on_making_ready)

    def _make_ready(self) -> Iterator[object]:
        """Nobody is known yet, and nobody's data is touched."""
        from ui.navigation.places import load_first

        yield from load_first()
        navigation = self._empty_desk()
        yield navigation
        while navigation.prepare():
            yield navigation
        yield from navigation.rehearse(self.stack.size())

    def _empty_desk(self) -> "Navigation":
        from ui.navigation import Navigation

        look.draw_marks()
        desk = Desk(None, self.tasks, self.bridge, self.clock, self.remembered)
        self._laid_out = Navigation(desk, self.stack)
        self.stack.addWidget(self._laid_out)
        return self._laid_out

    # ---- going --------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        kept = base64.b64encode(bytes(self.saveGeometry().data())).decode()
        self.remembered.set("geometry", kept)
        # Gone from the screen at once: draining the lanes may take a moment.
        self.hide()
        self._steps = None
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
    """Dress the application as this machine remembers; neither sign-in nor the first run has a tick or an arrow."""
    look.wear(app, remembered.get("theme"), remembered.get("text_percent"), marks=False)
