"""Start-up in order: crash log, lock, application, look, doorway, window. Heavy imports come after the first paint.

What a reader would get wrong: the native crash log belongs to the copy that holds the lock, so it is opened as soon as
the lock is ours; a second copy never truncates it. Nothing above `main` may import SQLAlchemy, requests or keyring:
they load on the doorway's lane while the person types.
"""

import logging
import os
import sys
from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

import ui.python_import  # noqa: F401 - before all that is imported below
from caller_app.base.clock import Clock, SystemClock, demo_clock
from caller_app.base.logs import start_logs, stop_logs
from caller_app.base.paths import Paths, user_paths
from caller_app.base.secrets import DEMO_VARIABLE, open_secrets
from ui import crash
from ui.remember import Remembered
from ui.single import AlreadyRunning, SingleInstance
from ui.window import TITLE, Window, wear

log = logging.getLogger(__name__)

REMEMBERED_FILE = "window.json"
# How long a lane waits for a busy window before it may go on. With Python's own 5 ms, "recorded" waits for painting
# although the commit is on disk.
TURN_SECONDS = 0.0005


def make_application(arguments: Sequence[str]) -> QApplication:
    """Give the one application object, in our style."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(list(arguments))
    app.setApplicationName("caller-app")
    app.setApplicationDisplayName(TITLE)
    app.setStyle("Fusion")
    return app


def make_window(paths: Paths, clock: Clock) -> Window:
    """Make the window of a data folder, dressed, on a thread that may not touch the store from now on."""
    from caller_app.client import Doorway, keep_off_this_thread

    keep_off_this_thread()
    sys.setswitchinterval(TURN_SECONDS)
    app = make_application(sys.argv[:1])
    remembered = Remembered(paths.home / REMEMBERED_FILE)
    wear(app, remembered)
    return Window(Doorway(paths, clock, lambda: open_secrets(paths)), clock, remembered)


def show(window: Window) -> None:
    """Paint first, then load what a sign-in will need."""
    window.start()
    window.show()
    QTimer.singleShot(0, window.warm)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the client; gives the exit code."""
    app = make_application(sys.argv if arguments is None else arguments)
    paths = user_paths()
    try:
        single = SingleInstance(paths.make().home)
        single.take()
        crashed = crash.open_native_log(paths.logs)
    except AlreadyRunning as other:
        _say_already_running(other)
        return 0 if other.told else 1
    except OSError as fault:
        _say_no_folder(paths, fault)
        return 1
    restore = crash.install_hooks()
    start_logs(paths.logs)
    crash.install_qt_messages()
    try:
        window = make_window(paths, _clock())
        show(window)
        QTimer.singleShot(0, lambda: single.listen(window.come_to_front))
        if crashed.strip():
            log.warning("the last run ended in a crash: %s lines", crashed.count("\n"))
            window.show_fault(crashed, last_time=True)
        log.info("started")
        return int(app.exec())
    finally:
        log.info("ended")
        restore()
        crash.uninstall_qt_messages()
        stop_logs()
        single.release()
        crash.close_native_log()


def _clock() -> Clock:
    # Only a demo, whose people are invented, may stand at another hour than it is.
    return demo_clock(os.environ) if os.environ.get(DEMO_VARIABLE) == "1" else SystemClock()


def _say_already_running(other: AlreadyRunning) -> None:
    if other.told:
        return
    # A window that may not be ours: the copy that runs does not answer, and nothing else can be shown.
    _say(
        "The program is already open on this computer.",
        f"It does not answer just now (process {other.pid}). Wait a moment, or end it and start again. "
        "Nothing that was recorded is lost by that.",
    )


def _say_no_folder(paths: Paths, fault: OSError) -> None:
    _say(
        "The program cannot write to its folder on this computer.",
        f"{paths.home}: {fault.strerror}. Free some space on this disk and start again, or ask IT about the folder. "
        "What was recorded before is still there.",
    )


def _say(sentence: str, more: str) -> None:
    if sys.stderr is not None:  # a windowed program may have none
        sys.stderr.write(f"{sentence} {more}\n")
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox()
    box.setWindowTitle(TITLE)
    box.setIcon(QMessageBox.Icon.Information)
    box.setText(sentence)
    box.setInformativeText(more)
    box.open()
    QApplication.exec()
