"""Parts side by side while they fit, one below the other where they do not: text at 200 % on a small screen.

What a reader would get wrong: one part gives way (`giving`), the others keep their width; only when what is left for it
would be too narrow to read do all of them stand below each other. Nothing is ever cut off at the right.
"""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayoutItem, QWidget

from ui.theme.live import tokens
from ui.widgets.flow import FlowLayout, FlowRow, LayoutByWidth

_READABLE = 9  # times the size of the letters


class FoldLayout(LayoutByWidth):
    """A row that becomes a column."""

    def __init__(self, parent: QWidget | None = None, *, giving: int = 0, gap: int = 12, line_gap: int = 4) -> None:
        super().__init__(parent, gap, line_gap)
        self._giving = giving

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def sizeHint(self) -> QSize:
        shown = self._shown()
        wide = sum(_width(one) for one in shown) + self._gap * max(0, len(shown) - 1)
        return self._with_margins(QSize(wide, max((one.sizeHint().height() for one in shown), default=0)))

    def minimumSize(self) -> QSize:
        size = QSize()
        for one in self._shown():
            size = size.expandedTo(one.minimumSize())
        return self._with_margins(size)

    def _with_margins(self, size: QSize) -> QSize:
        edge = self.contentsMargins()
        return size + QSize(edge.left() + edge.right(), edge.top() + edge.bottom())

    def _shown(self) -> list[QLayoutItem]:
        return [one for one in self._items if not one.isEmpty()]

    def _beside(self, width: int) -> list[int] | None:
        """Share a width out; None where it is too little for all of them in one row."""
        shown = self._shown()
        giving = self._items[self._giving] if self._giving < len(self._items) else None
        widths = [_width(one) for one in shown]
        rest = width - self._gap * max(0, len(shown) - 1) - sum(widths)
        if giving is not None and giving in shown:
            at = shown.index(giving)
            widths[at] += rest
            readable = min(_width(giving), tokens().type_body * _READABLE)
            return widths if widths[at] >= max(readable, giving.minimumSize().width()) else None
        return widths if rest >= 0 else None

    def _lay(self, rect: QRect, *, place: bool) -> int:
        edge = self.contentsMargins()
        inside = rect.marginsRemoved(edge)
        widths = self._beside(inside.width())
        tall = self._lay_down(inside, place=place) if widths is None else self._lay_across(inside, widths, place=place)
        return tall + edge.top() + edge.bottom()

    def _lay_across(self, inside: QRect, widths: list[int], *, place: bool) -> int:
        heights = [_height(one, width) for one, width in zip(self._shown(), widths, strict=True)]
        tall, x = max(heights, default=0), inside.x()
        if place:
            for one, width, height in zip(self._shown(), widths, heights, strict=True):
                one.setGeometry(QRect(x, inside.y() + (max(tall, inside.height()) - height) // 2, width, height))
                x += width + self._gap
        return tall

    def _lay_down(self, inside: QRect, *, place: bool) -> int:
        y = inside.y()
        for one in self._shown():
            flows = one.hasHeightForWidth()
            width = inside.width() if flows else min(_width(one), inside.width())
            height = _height(one, width)
            if place:
                one.setGeometry(QRect(inside.x(), y, width, height))
            y += height + self._line_gap
        return max(0, y - self._line_gap - inside.y())


def foot_line(words: QWidget, *buttons: QWidget) -> FoldLayout:
    """Lay the foot of a form: what follows, and the buttons together beside or below it."""
    made, together = FoldLayout(giving=0, gap=8, line_gap=8), FlowRow(gap=8)
    for one in buttons:
        together.flow.addWidget(one)
    made.addWidget(words)
    made.addWidget(together)
    return made


def _width(item: QLayoutItem) -> int:
    widget = item.widget()
    inside = widget.layout() if widget is not None else None
    return inside.one_line() if isinstance(inside, FlowLayout) else item.sizeHint().width()


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
