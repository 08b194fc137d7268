"""An answer to choose: one line where there is room, as many as its words need where there is not.

What a reader would get wrong: Qt's push button never wraps; at twice the text size a long answer pushed the script out
of its column. Frame and ground stay the style sheet's; only the words of a button that must wrap are painted here.
"""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from ui.theme.live import tokens

_EDGE = 12
_LEAST = 10  # this many letters wide at least


class AnswerButton(QPushButton):
    """Checkable, quiet, as wide as its words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "choice")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _metrics(self) -> QFontMetrics:
        # As wide as when it is chosen: choosing may not move the answers behind it.
        return QFontMetrics(self._font(chosen=True))

    def _font(self, *, chosen: bool) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
        return font

    def sizeHint(self) -> QSize:
        return QSize(self._metrics().horizontalAdvance(self.text()) + 2 * _EDGE + 2, tokens().control)

    def minimumSizeHint(self) -> QSize:
        least = self._metrics().averageCharWidth() * _LEAST + 2 * _EDGE
        return QSize(min(least, self.sizeHint().width()), tokens().control)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        hint = self.sizeHint()
        if width >= hint.width():
            return hint.height()
        words = QRect(0, 0, max(1, width - 2 * _EDGE), 10_000)
        metrics = self._metrics()
        needed = metrics.boundingRect(words, int(Qt.TextFlag.TextWordWrap), self.text()).height()
        return max(hint.height(), needed + hint.height() - metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.width() >= self.sizeHint().width():
            super().paintEvent(event)
            return
        look, option = tokens(), QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""  # type: ignore[attr-defined]
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        painter.setFont(self._font(chosen=self.isChecked()))
        ink = look.on_selected if self.isChecked() else look.text if self.isEnabled() else look.text_disabled
        painter.setPen(QColor(ink))
        lines = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(self.rect().adjusted(_EDGE, 0, -_EDGE, 0), lines, self.text())
        painter.end()
