"""What stands where nothing is: says why it is empty and what to do next."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.buttons import button
from ui.widgets.shapes import Shape
from ui.widgets.texts import Text


class EmptyState(QWidget):
    """Icon, one line, one sentence and at most one button, in the middle of the pane."""

    def __init__(
        self, icon: str, line: str, sentence: str = "", *, deed: str = "", act: Callable[[], object] | None = None
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        self._shape = Shape(icon, "line_strong", large=True)
        self._line = Text(line, "section", wrap=True)
        self._sentence = Text(sentence, "quiet", wrap=True)
        self._deed = button(deed, act)
        column.addStretch(2)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(self._shape, 0, middle)
        for words in (self._line, self._sentence):
            words.setAlignment(middle)
            column.addWidget(words)
        column.addSpacing(8)
        column.addWidget(self._deed, 0, middle)
        column.addStretch(3)
        self.say(line, sentence, icon=icon, deed=deed)

    def say(self, line: str, sentence: str = "", *, icon: str = "", deed: str = "") -> None:
        """Say something else."""
        self._line.setText(line)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self._deed.setText(deed)
        self._deed.setAccessibleName(deed)
        self._deed.setVisible(bool(deed))
        if icon:
            self._shape.show_shape(icon, "line_strong")
        self.setAccessibleName(f"{line} {sentence}".strip())
