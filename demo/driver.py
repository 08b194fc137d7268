"""Hands and eyes for a play: presses keys in the real window, waits for what a person would see, takes pictures.

There is no hidden door: it finds widgets by the accessible names a screen reader would read, types on the keyboard,
and never calls a presenter. A wait that does not come true fails loudly with what was on the screen.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMenu, QRadioButton, QScrollArea, QWidget

W = TypeVar("W", bound=QWidget)
PATIENCE = 30.0


class PlayError(Exception):
    """The play came to a place that does not look as it should."""


class _StrayWindows(QObject):
    """Notes widgets that open as windows of their own though they are parts: they flash and take the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            meant = (QMainWindow, QDialog, QMenu)
            if not isinstance(watched, meant) and watched.windowType() not in (
                Qt.WindowType.ToolTip,
                Qt.WindowType.Popup,
            ):
                self.seen.append(f"{type(watched).__name__} {accessible_name(watched)!r}")
        return False


class Driver:
    """Drives one application in its own process."""

    def __init__(self, out: Path, prefix: str) -> None:
        self._stray = _StrayWindows()
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self._stray)
        self._out = out
        self._prefix = prefix
        self._shots = 0

    def settle(self, seconds: float = 0.05) -> None:
        """Let the application work for a moment."""
        until = time.monotonic() + seconds
        while True:
            QCoreApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            if time.monotonic() >= until:
                return
            time.sleep(0.005)

    def wait_for(self, seen: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
        """Work until something can be seen; PlayError with a picture when it cannot."""
        until = time.monotonic() + seconds
        while not seen():
            if time.monotonic() > until:
                self.shot("stuck")
                raise PlayError(f"waited {seconds:g} s in vain for: {what}")
            self.settle(0.02)

    def find(self, kind: type[W], name: str, but: str = "\0") -> W | None:
        """Give the visible widget of a kind whose accessible name starts with a text (and not with another)."""
        for window in QApplication.topLevelWidgets():
            if not window.isVisible():
                continue
            for one in [window, *window.findChildren(kind)]:
                if not isinstance(one, kind) or not one.isVisible():
                    continue
                said = accessible_name(one)
                if said.startswith(name) and not said.startswith(but):
                    return one
        return None

    def get(self, kind: type[W], name: str, but: str = "\0") -> W:
        """As `find`, waiting until it is there."""
        self.wait_for(lambda: self.find(kind, name, but), f"{kind.__name__} named {name!r}")
        found = self.find(kind, name, but)
        assert found is not None
        return found

    def focus_is(self, kind: type[QWidget], name: str) -> bool:
        """Tell whether the keyboard is on a widget of a kind whose accessible name starts with a text."""
        focus = QApplication.focusWidget()
        return isinstance(focus, kind) and accessible_name(focus).startswith(name)

    def sees(self, text: str) -> bool:
        """Tell whether a visible widget says a text, to the eye or to a screen reader."""
        for window in QApplication.topLevelWidgets():
            if window.isVisible():
                for one in window.findChildren(QWidget):
                    if one.isVisible() and text in shown_text(one):
                        return True
        return False

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press one key where the focus is."""
        QTest.keyClick(self._focus(), key, modifiers)
        self.settle()

    def click(self, kind: type[QWidget], name: str) -> None:
        """Click a widget of a kind by its accessible name, scrolled into sight first."""
        widget = self.get(kind, name)
        self.wait_for(widget.isEnabled, f"{name!r} to be possible")
        area = widget.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(widget)
            self.settle(0.02)
        at = QPoint(12, widget.height() // 2) if kind is QRadioButton else widget.rect().center()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        self.settle()

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        QTest.keyClicks(self._focus(), text)
        self.settle()

    def no_stray_windows(self) -> None:
        """Fail where a part of the window opened as a window of its own."""
        if self._stray.seen:
            raise PlayError(f"parts that opened as windows: {sorted(set(self._stray.seen))}")

    def shot(self, name: str) -> None:
        """Leave a picture of every visible window."""
        self.settle(0.15)
        for window in QApplication.topLevelWidgets():
            if window.isVisible() and window.width() > 200:  # not tooltips
                self._shots += 1
                window.grab().save(str(self._out / f"{self._prefix}-{self._shots:02d}-{name}.png"))

    def _focus(self) -> QWidget:
        focus = QApplication.focusWidget()
        if focus is not None:
            return focus
        return QApplication.activeWindow() or next(one for one in QApplication.topLevelWidgets() if one.isVisible())


def accessible_name(widget: QWidget) -> str:
    """Give what a screen reader would call a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return "" if interface is None else interface.text(QAccessible.Text.Name)


def shown_text(widget: QWidget) -> str:
    """Give the text a widget shows, or its accessible name."""
    for reader in ("text", "toPlainText", "currentText"):
        read = getattr(widget, reader, None)
        if callable(read):
            try:
                said = read()
            except TypeError:
                continue
            if isinstance(said, str) and said:
                return said
    return accessible_name(widget)
