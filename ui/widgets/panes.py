"""Panes: the quiet surfaces everything lies on, on an 8 px grid."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from ui.theme.live import follow, is_large, tokens


class Pane(QFrame):
    """A surface with a column in it. kind: "true" framed, "flat", "sunken", "bar" (line below), "foot" (line above)."""

    def __init__(self, kind: str = "true", *, margin: int = 16, gap: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", kind)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(margin, margin, margin, margin)
        self.column.setSpacing(gap)


def row(*parts: QWidget | int | None, gap: int = 8, margin: int = 0) -> QHBoxLayout:
    """Lay parts in a row; a number is a fixed gap, None gives way."""
    made = QHBoxLayout()
    made.setContentsMargins(margin, 0, margin, 0)
    made.setSpacing(gap)
    fill_row(made, *parts)
    return made


def fill_row(layout: QHBoxLayout, *parts: QWidget | int | None) -> None:
    """Add parts to a row as `row` does."""
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        else:
            layout.addWidget(part)


def ground(*, margin: int = 16, gap: int = 16) -> tuple[QWidget, QVBoxLayout]:
    """Give an empty page with its column."""
    page = QWidget()
    page.setObjectName("ground")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(page)
    column.setContentsMargins(margin, margin, margin, margin)
    column.setSpacing(gap)
    return page, column


class SideBySide(QSplitter):
    """Panes beside each other, or one above the other on a page that scrolls where the text is large."""

    def __init__(self, *parts: tuple[QWidget, int], shares: tuple[int, ...]) -> None:
        """Make it of panes with their least widths; `shares` are their pixels at the least width of the window."""
        super().__init__()
        self.setChildrenCollapsible(False)
        self._parts = parts
        self._shares = shares
        for (part, _), share in zip(parts, shares, strict=True):
            self.addWidget(part)
            self.setStretchFactor(self.indexOf(part), share)
        follow(self, self._turn)

    def _turn(self) -> None:
        large = is_large()
        self.setOrientation(Qt.Orientation.Vertical if large else Qt.Orientation.Horizontal)
        for part, least in self._parts:
            part.setMinimumWidth(0 if large else least)
            part.setMinimumHeight(tokens().type_body * 14 if large else 0)
        self.setSizes(list(self._shares))


def scrolling(inside: QWidget, *, accessible: str, framed: bool = False) -> QScrollArea:
    """Put a widget into a scroll area that never scrolls sideways; framed: what scrolls in a pane is not its frame."""
    area = QScrollArea()
    if framed:
        inside.setProperty("pane", "inside")
        area.setProperty("pane", "true")
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setAccessibleName(accessible)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area
