"""One quiet sheet in the middle of an empty window: first run and sign-in."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.live import follow, tokens
from ui.widgets.panes import Pane, scrolling
from ui.widgets.shapes import Shape
from ui.widgets.texts import Text


class Sheet(QWidget):
    """Program name above, a pane with title and column below; scrolls where the text is large."""

    def __init__(self, title: str, parent: QWidget | None = None, *, width: int = 464) -> None:
        super().__init__(parent)
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        middle = QWidget()
        # From the outside in, else Qt asks the style sheet anew for all inside, each time it is put further out.
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(middle, accessible=title))
        column = QVBoxLayout(middle)
        column.setContentsMargins(16, 32, 16, 32)
        column.setSpacing(16)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addStretch(1)
        head.addWidget(Shape("phone", "accent"))
        head.addWidget(Text("Caller", "section"))
        head.addStretch(1)
        self.pane = Pane(margin=32, gap=16, parent=middle)
        self.pane.column.addWidget(Text(title, "title", wrap=True))
        follow(self, lambda: self.pane.setFixedWidth(round(width * max(1.0, min(1.6, tokens().type_body / 14)))))
        self.under = QVBoxLayout()
        self.under.setSpacing(4)
        column.addStretch(2)
        column.addLayout(head)
        # Stretches and not an alignment: an aligned item is never asked how high it is at its width.
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self.pane)
        across.addStretch(1)
        column.addLayout(across)
        column.addLayout(self.under)
        column.addStretch(3)
