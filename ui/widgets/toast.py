"""A toast: what was just done, with *Undo* while that is possible. It covers no control and takes no focus."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QHBoxLayout, QWidget

from ui.a11y import announce
from ui.theme.live import tokens
from ui.widgets.buttons import button
from ui.widgets.shapes import Shape
from ui.widgets.texts import Text, key_cap


class Toast(QFrame):
    """Floats at the foot of its host; gone after `toast_ms`. What it offers stays reachable by Ctrl+Z elsewhere."""

    ended = Signal()

    def __init__(self, host: QWidget, *, lift: int = 16) -> None:
        super().__init__(host)
        self.setProperty("part", "toast")
        self._host, self._lift = host, lift
        self._act: Callable[[], object] | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 6, 8, 6)
        line.setSpacing(8)
        self._shape = Shape("good", "good")
        self._words = Text("")
        self._deed = button("Undo", self._pressed, kind="quiet", icon="undo", keys="Ctrl+Z")
        self._keys = key_cap("Ctrl+Z")
        for part in (self._shape, self._words, self._deed, self._keys):
            line.addWidget(part)
        shade = QGraphicsDropShadowEffect(self)
        shade.setBlurRadius(16)
        shade.setOffset(0, 2)
        self.setGraphicsEffect(shade)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.end)
        host.installEventFilter(self)
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
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self._timer.start(tokens().toast_ms if stay_ms is None else stay_ms)
        announce(self, sentence)

    def end(self) -> None:
        """Go away; what could be undone no longer can from here."""
        self._timer.stop()
        self._act = None
        if not self.isHidden():
            self.hide()
            self.ended.emit()

    def sentence(self) -> str:
        """Give what is being said; empty while hidden."""
        return "" if self.isHidden() else self._words.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        room = self._host.width() - 32
        self.resize(min(self.sizeHint().width(), room), self.sizeHint().height())
        self.move((self._host.width() - self.width()) // 2, self._host.height() - self.height() - self._lift)

    def _pressed(self) -> None:
        act = self._act
        self.end()
        if act is not None:
            act()
