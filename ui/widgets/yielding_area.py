"""A scroll area as tall as what is in it, which gives way when the window is low: then it scrolls.

The card's head is usually short; with eight needs and four warnings it may not push the script off the screen.
"""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy


class SnugFrame(QFrame):
    """A frame whose least height is that of its content at its width, no more."""

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.height_at(max(self.width(), 1)))

    def height_at(self, width: int) -> int:
        """Give the height the content takes at a width."""
        layout = self.layout()
        if layout is None:
            return 0
        return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()


class YieldingArea(QScrollArea):
    """Prefers the height of its content, accepts `floor`."""

    def __init__(self, inside: SnugFrame, *, floor: int, accessible: str) -> None:
        super().__init__()
        self._inside = inside
        self._floor = floor
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(accessible)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(inside)
        inside.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self._inside:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._inside.sizeHint().width(), self._inside.height_at(max(self.width(), 1)))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), min(self._floor, self.sizeHint().height()))
