"""The look in force: one style sheet on the application, palette beside it, icons that follow.

What a reader would get wrong: state is shown by dynamic properties (`set_tone(widget, "danger")`), never by a style
sheet of a widget's own; `repolish` makes Qt look at a changed property again.
"""

import weakref
from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from shiboken6 import isValid

from ui.theme.fonts import app_font, load_fonts
from ui.theme.icons import icon
from ui.theme.marks import draw_marks
from ui.theme.stylesheet import stylesheet
from ui.theme.tokens import LIGHT, THEMES, Tokens, scaled

FOLLOW_SYSTEM = "system"
_LARGE = 20  # pixels of body text


class Look(QObject):
    """The tokens in force; `changed` after the application wears them."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens: Tokens = LIGHT
        self.theme = "light"
        self.percent = 100
        self._icons: weakref.WeakKeyDictionary[QAbstractButton, tuple[str, str]] = weakref.WeakKeyDictionary()

    def wear(self, app: QApplication, theme: str = "light", percent: int = 100, *, marks: bool = True) -> None:
        """Dress the application in a theme ("system" follows the desktop) at a text size.

        Without `marks` ticks and arrows are left for `draw_marks`, which must come before the first control with one.
        """
        self.theme, self.percent = theme, percent
        self.tokens = scaled(THEMES.get(_named(theme), LIGHT), percent)
        load_fonts()
        if marks:
            self.draw_marks()
        app.setFont(app_font(self.tokens.type_body))
        app.setPalette(_palette(self.tokens))
        app.setStyleSheet(stylesheet(self.tokens))
        for button in list(self._icons):
            if isValid(button):
                self._dress(button)
        self.changed.emit()

    def draw_marks(self) -> None:
        """Lay ticks and arrows where the style sheet finds them."""
        draw_marks(self.tokens)

    def set_icon(self, button: QAbstractButton, name: str, role: str = "text") -> None:
        """Give a button an icon that follows the theme."""
        self._icons[button] = (name, role)
        self._dress(button)

    def _dress(self, button: QAbstractButton) -> None:
        name, role = self._icons[button]
        gap = self.tokens.half if button.text() else 0
        button.setIcon(icon(name, self.tokens, role, gap=gap))
        button.setIconSize(QSize(self.tokens.icon + gap, self.tokens.icon))


look = Look()


def tokens() -> Tokens:
    """Give the tokens in force."""
    return look.tokens


def is_large() -> bool:
    """Tell whether text is so large (about 150 % and more) that things stand below each other, without what adorns."""
    return look.tokens.type_body > _LARGE


def set_icon(button: QAbstractButton, name: str, role: str = "text") -> None:
    """Give a button an icon that follows the theme."""
    look.set_icon(button, name, role)


def follow(owner: QObject, redraw: Callable[[], object]) -> None:
    """Call `redraw` now and whenever the look changes, as long as the owner lives."""

    def again() -> None:
        if isValid(owner):
            redraw()

    connection = look.changed.connect(again)
    # Quietly: at the end of the program the look may be gone before its followers.
    owner.destroyed.connect(lambda: QObject.disconnect(connection))
    redraw()


def repolish(widget: QWidget) -> None:
    """Make the style look at a widget's dynamic properties again."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property the style sheet looks at; nothing happens where it stands already."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        repolish(widget)


def set_tone(widget: QWidget, tone: str) -> None:
    """Give a widget one of the tones: "", "danger", "caution", "good", "info".

    The words inside take their colour from the tone around them, and Qt does not look at them again by itself.
    """
    if widget.property("tone") != tone:
        set_property(widget, "tone", tone)
        for label in widget.findChildren(QLabel):
            repolish(label)


def _named(theme: str) -> str:
    if theme != FOLLOW_SYSTEM:
        return theme
    return "dark" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def _palette(one: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, one.window),
        (role.WindowText, one.text),
        (role.Base, one.surface),
        (role.AlternateBase, one.sunken),
        (role.Text, one.text),
        (role.Button, one.raised),
        (role.ButtonText, one.text),
        (role.PlaceholderText, one.text_quiet),
        (role.Highlight, one.selected),
        (role.HighlightedText, one.on_selected),
        (role.ToolTipBase, one.raised),
        (role.ToolTipText, one.text),
        (role.Link, one.link),
        (role.LinkVisited, one.link),
        (role.Mid, one.line),
        (role.Dark, one.line_strong),
        (role.Light, one.hover),
    ):
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(one.text_disabled))
    return palette
