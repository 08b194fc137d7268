"""A box to choose from whose words end in an ellipsis where it is too narrow, with the whole of them as its tooltip.

What a reader would get wrong: under a style sheet Qt cuts the words of a combo box off without a mark.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget


class ChoiceBox(QComboBox):
    """As wide as `letters` letters at least, however long its choices are."""

    def __init__(self, letters: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(letters)
        self.currentTextChanged.connect(lambda _words: self._explain())

    def _room(self, option: QStyleOptionComboBox) -> int:
        parts = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        return self.style().subControlRect(parts[0], option, parts[1], self).width() - 2

    def _option(self) -> QStyleOptionComboBox:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return option

    def _explain(self) -> None:
        cut = self.fontMetrics().horizontalAdvance(self.currentText()) > self._room(self._option())
        self.setToolTip(self.currentText() if cut else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, _event: QPaintEvent) -> None:
        option, painter = self._option(), QStylePainter(self)
        words = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, self._room(option))
        option.currentText = words  # type: ignore[attr-defined]
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
