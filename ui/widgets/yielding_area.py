"""A scroll area as tall as what is in it, which gives way when the window is low: then it scrolls.

The card's head is usually short; with eight needs and four warnings it may not push the script off the screen.
"""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QStackedWidget


class SnugFrame(QFrame):
    """What lies in a scroll area: its height is that of its words at its width, no more.

    A wrapped label claims the height it would need if it were narrow, so without this an area scrolls over nothing.
    The hint may not depend on the width: QScrollArea would resize to and fro for ever. It asks heightForWidth itself.
    """

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        layout = self.layout()
        return QSize(hint.width(), 0) if layout is not None and layout.hasHeightForWidth() else hint


class RestStack(QStackedWidget):
    """Pages that scroll by themselves and take what height is left: Qt would ask for that of the tallest of them."""

    def hasHeightForWidth(self) -> bool:
        return False


class YieldingArea(QScrollArea):
    """A pane that prefers the height of its content, accepts `floor`."""

    def __init__(self, inside: SnugFrame, *, floor: int, accessible: str) -> None:
        super().__init__()
        self._inside = inside
        self._floor = floor
        self._known: tuple[int, int] | None = None  # width, height: asked dozens of times for each card
        self.setWidgetResizable(True)
        self.setProperty("pane", "true")  # the frame stands, what is in it scrolls
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(accessible)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(inside)
        inside.installEventFilter(self)

    def set_floor(self, floor: int) -> None:
        """Give way further, or less far."""
        if floor != self._floor:
            self._floor = floor
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self._inside:
            self._known = None
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def _height(self) -> int:
        edges = 2 * self.frameWidth()
        width = max(self.width() - edges, 1)
        if self._known is None or self._known[0] != width:
            layout = self._inside.layout()
            tall = 0
            if layout is not None:
                flows = layout.hasHeightForWidth()
                tall = layout.totalHeightForWidth(width) if flows else layout.totalSizeHint().height()
            self._known = (width, tall + edges)
        return self._known[1]

    def sizeHint(self) -> QSize:
        return QSize(self._inside.sizeHint().width(), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), min(self._floor, self._height()))
