"""Bugs: every uncaught fault ends here, is written to a file, and is shown once per distinct place.

What a reader would get wrong: texts of exceptions may hold patient data, so the log and the report carry kinds and
places only. The native log (faulthandler) is opened by the first line of `main`; a non-empty one is offered at the
next start. Nothing is ever sent anywhere.
"""

import faulthandler
import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TextIO

from caller_app.base.lanes import where

log = logging.getLogger(__name__)

_told: set[str] = set()
_listener: list[Callable[[str], object]] = []
_native: list[TextIO] = []


def open_native_log(folder: Path) -> str:
    """Let a hard crash write its threads to a file; gives what the last run left there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "crash.log"
    try:
        before = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        before = ""
    stream = path.open("w", encoding="utf-8")
    faulthandler.enable(file=stream, all_threads=True)
    _native.append(stream)
    return before


def close_native_log() -> None:
    """Give the native log back (tests, orderly exit)."""
    faulthandler.disable()
    while _native:
        _native.pop().close()


def listen(callback: Callable[[str], object] | None) -> None:
    """Have each distinct fault told to the window (on whichever thread it happened)."""
    _listener[:] = [callback] if callback is not None else []


def forget() -> None:
    """Forget what was told already."""
    _told.clear()


def report(_kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> str:
    """Log a fault by kind and place, and tell it once; gives the text that was told."""
    if trace is not None and fault.__traceback__ is None:
        fault = fault.with_traceback(trace)
    text = where(fault)
    log.error("bug: %s", text)
    if text not in _told:
        _told.add(text)
        for callback in _listener:
            callback(text)
    return text


def install_hooks() -> Callable[[], None]:
    """Send every uncaught fault here: main thread and slots, other threads, finalisers; gives the way back."""
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)

    def uncaught(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            before[0](kind, fault, trace)
            return
        report(kind, fault, trace)

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            report(args.exc_type, args.exc_value, args.exc_traceback)

    def unraisable(args: "sys.UnraisableHookArgs") -> None:
        if args.exc_value is not None:
            report(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_thread, unraisable

    def restore() -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = before

    return restore


def install_qt_messages() -> None:
    """Send Qt's own messages to the log; their words name widgets and files, never patients."""
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }
    qt_log = logging.getLogger("qt")

    def handler(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
        qt_log.log(levels.get(kind, logging.WARNING), "%s: %s", context.category or "default", words)

    qInstallMessageHandler(handler)


def uninstall_qt_messages() -> None:
    """Give Qt its own message handler back."""
    from PySide6.QtCore import qInstallMessageHandler

    qInstallMessageHandler(None)
