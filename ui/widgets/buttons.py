"""Buttons: always with words a reader can say; icon-only ones with name and tooltip."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QToolButton

from ui.a11y import name
from ui.theme.live import is_large, set_icon, tokens
from ui.widgets.key_cap import GAP, cap_width, paint_cap

ButtonKind = Literal["plain", "primary", "quiet", "danger", "worry", "link", "choice", "tab"]

INK = {"primary": "on_accent", "danger": "on_danger", "worry": "danger", "link": "link", "tab": "text_quiet"}


CAPS = {"Backspace": "⌫"}  # what is too long to stand on a button


class PushButton(QPushButton):
    """A push button that Enter presses when it has the focus, in every window and not only in dialogs."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


class CappedButton(PushButton):
    """A push button that shows its key at its right end, unless the text is so large that words need the room."""

    def __init__(self, words: str, cap: str) -> None:
        super().__init__(words)
        self._cap = cap
        self._room = True

    def show_cap(self, shown: bool) -> None:
        """Show the cap, or leave its room to the neighbours."""
        if shown != self._room:
            self._room = shown
            self.updateGeometry()
            self.update()

    def _more(self) -> int:
        return 0 if is_large() or not self._room else cap_width(self._cap, self.font()) + GAP

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + self._more(), hint.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()  # Qt's own asks sizeHint and would count the cap twice

    def paintEvent(self, event: QPaintEvent) -> None:
        more = self._more()
        if not more:
            super().paintEvent(event)
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QPainter(self)
        parts = QStyle.ControlElement
        self.style().drawControl(parts.CE_PushButtonBevel, option, painter, self)
        inside = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self)
        option.rect = inside.adjusted(0, 0, -more, 0)  # type: ignore[attr-defined]
        self.style().drawControl(parts.CE_PushButtonLabel, option, painter, self)
        look, kind = tokens(), str(self.property("kind") or "plain")
        live = self.isEnabled()
        ink = QColor(getattr(look, INK.get(kind, "text")) if live else look.text_disabled)
        solid = kind in ("primary", "danger") and live
        line = ink if solid or kind == "worry" else QColor(look.line_strong if live else look.line)
        fill = None if solid else QColor(look.sunken)
        paint_cap(painter, inside.adjusted(0, 0, 3, 0), self._cap, self.font(), ink=ink, line=line, fill=fill)
        painter.end()


def button(
    words: str,
    pressed: Callable[[], object] | None = None,
    *,
    kind: ButtonKind = "plain",
    icon: str | None = None,
    keys: str = "",
    cap: bool = True,
    accessible: str = "",
    checkable: bool = False,
) -> QPushButton:
    """Make a push button; `keys` stand on it and are told to readers, `accessible` where the words leave doubt."""
    made = CappedButton(words, CAPS.get(keys, keys)) if keys and cap else PushButton(words)
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
