"""Buttons: always with words a reader can say; icon-only ones with name and tooltip."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton

from ui.a11y import name
from ui.theme.live import set_icon

ButtonKind = Literal["plain", "primary", "quiet", "danger", "worry", "link", "choice", "tab"]

INK = {"primary": "on_accent", "danger": "on_danger", "worry": "danger", "link": "link", "tab": "text_quiet"}


class PushButton(QPushButton):
    """A push button that Enter presses when it has the focus, in every window and not only in dialogs."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


def button(
    words: str,
    pressed: Callable[[], object] | None = None,
    *,
    kind: ButtonKind = "plain",
    icon: str | None = None,
    keys: str = "",
    accessible: str = "",
    checkable: bool = False,
) -> QPushButton:
    """Make a push button; `keys` are told in the tooltip and to readers, `accessible` where the words leave doubt."""
    made = PushButton(words)
    if kind != "plain":
        made.setProperty("kind", kind)
    # Never Qt's idea of a default: Enter belongs to what has the focus.
    made.setAutoDefault(False)
    made.setCheckable(checkable)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if kind == "link":
        made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    if icon is not None:
        set_icon(made, icon, INK.get(kind, "text"))
    spoken = accessible or words.replace("&", "")
    name(made, spoken, f"Key: {keys}" if keys else "")
    if keys:
        made.setToolTip(f"{spoken} ({keys})")
    if pressed is not None:
        made.clicked.connect(lambda _checked=False: pressed())
    return made


def icon_button(
    icon: str, accessible: str, pressed: Callable[[], object] | None = None, *, keys: str = ""
) -> QToolButton:
    """Make a button of an icon alone: its name is its tooltip."""
    made = QToolButton()
    made.setProperty("kind", "quiet")
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    set_icon(made, icon, "text_quiet")
    name(made, accessible, f"Key: {keys}" if keys else "")
    made.setToolTip(f"{accessible} ({keys})" if keys else accessible)
    if pressed is not None:
        made.clicked.connect(lambda _checked=False: pressed())
    return made
