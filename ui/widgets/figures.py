"""A figure with its caption: big number, what it counts, one quiet line."""

from PySide6.QtWidgets import QSizePolicy

from ui.theme.live import set_property
from ui.widgets.panes import Pane, row
from ui.widgets.shapes import Shape
from ui.widgets.texts import Text


class FigureTile(Pane):
    """One figure; read out as one sentence."""

    def __init__(self) -> None:
        super().__init__(margin=12, gap=2)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._title = Text("", "overline")
        self._value = Text("", "title")
        self._shape = Shape("warning", "caution")
        self._below = Text("", "small")
        self.column.addWidget(self._title)
        self.column.addLayout(row(self._shape, self._value, None))
        self.column.addWidget(self._below)

    def show_figure(self, title: str, value: str, below: str = "", tone: str = "") -> None:
        """Show a figure; a tone brings its shape."""
        self._title.setText(title)
        self._value.setText(value)
        self._below.setText(below)
        self._shape.setVisible(bool(tone))
        if tone:
            self._shape.show_shape({"danger": "stop", "caution": "warning", "good": "good"}.get(tone, "info"), tone)
        set_property(self, "tone", tone)
        self.setAccessibleName(f"{title}: {value}, {below}")
