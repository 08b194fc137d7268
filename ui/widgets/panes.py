"""Panes: the quiet surfaces everything lies on, on an 8 px grid."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget


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
