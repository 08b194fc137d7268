"""A receipt: what was just done, with *Undo* while that is possible. It takes no focus.

What a reader would get wrong: it does not float. It has a place of its own in the heading line of its screen, so that
it never lies over the words to be read out or the button to be pressed next.
"""

from collections.abc import Callable

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from ui.a11y import announce
from ui.theme.live import set_tone, tokens
from ui.widgets.buttons import button
from ui.widgets.shapes import Shape
from ui.widgets.texts import Text, key_cap

_LEAST = 160


class Toast(QFrame):
    """Stands in a heading line; gone after `toast_ms`. What it offers stays reachable by Ctrl+Z elsewhere."""

    ended = Signal()
    changed = Signal()  # shown, reworded or gone: the heading line shares out its room anew

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "toast")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._act: Callable[[], object] | None = None
        line = self._line = QHBoxLayout(self)
        line.setContentsMargins(12, 1, 4, 1)
        line.setSpacing(8)
        self._shape = Shape("good", "good")
        self._words = Text("")
        self._deed = button("Undo", self._pressed, kind="quiet", icon="undo", keys="Ctrl+Z", cap=False)
        self._keys = key_cap("Ctrl+Z")
        for part in (self._shape, self._words, self._deed, self._keys):
            line.addWidget(part)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.end)
        self.hide()

    def say(
        self,
        sentence: str,
        *,
        deed: str = "",
        act: Callable[[], object] | None = None,
        keys: str = "",
        tone: str = "good",
        icon: str = "",
        stay_ms: int | None = None,
    ) -> None:
        """Show what was done; `deed`/`act` offer the way back."""
        self._words.setText(sentence)
        self.setAccessibleName(sentence)
        self._shape.show_shape(icon or {"good": "good", "info": "info"}.get(tone, "warning"), tone)
        self._act = act
        self._deed.setVisible(act is not None)
        self._deed.setText(deed or "Undo")
        self._deed.setAccessibleName(deed or "Undo")
        self._keys.setVisible(act is not None and bool(keys))
        self._keys.setText(keys)
        set_tone(self, tone)
        self.show()
        self.changed.emit()
        self._timer.start(tokens().toast_ms if stay_ms is None else stay_ms)
        announce(self, sentence)

    def end(self) -> None:
        """Go away; what could be undone no longer can from here."""
        self._timer.stop()
        self._act = None
        if not self.isHidden():
            self.hide()
            self.changed.emit()
            self.ended.emit()

    def sentence(self) -> str:
        """Give what is being said; empty while hidden."""
        return "" if self.isHidden() else self._words.text()

    def minimumSizeHint(self) -> QSize:
        # A long sentence breaks into lines; it never makes the window wider.
        return QSize(min(_LEAST, super().minimumSizeHint().width()), super().minimumSizeHint().height())

    def fit(self, room: int) -> bool:
        """Break the sentence into lines only where it is longer than the room; say whether it fits on one."""
        self._words.setWordWrap(False)
        self._line.setStretchFactor(self._words, 0)
        fits = self.sizeHint().width() <= room
        self._words.setWordWrap(not fits)
        self._line.setStretchFactor(self._words, 0 if fits else 1)
        return fits

    def _pressed(self) -> None:
        # Not by end(): what hears that the receipt is gone forgets what there was to undo.
        act, self._act = self._act, None
        self._timer.stop()
        self.hide()
        self.changed.emit()
        if act is not None:
            act()
