"""A button with its key beside the words: "No answer [F2]". Words and key cap are painted, the name read out says both.

What a reader would get wrong: a button that is not possible now stays in the tab order and can be pressed; it then
says why. Only its paint changes: asking the style sheet again for thirty buttons would cost more than the next card.
"""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from ui.theme.live import tokens
from ui.widgets.key_cap import GAP, cap_width, paint_cap


class KeyButton(QPushButton):
    """Words at the left, key cap at the right. kind "pad" is a row without a frame, else a framed button."""

    def __init__(self, words: str, key: str = "", *, kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._key = words, key
        self._pad = kind == "pad"
        self._possible = True
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("part", "key")
        if kind:
            self.setProperty("kind", kind)
        horizontal = QSizePolicy.Policy.Preferred if self._pad else QSizePolicy.Policy.Fixed
        self.setSizePolicy(horizontal, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{words}, key {key}" if key else words)

    def set_possible(self, possible: bool, why_not: str = "") -> None:
        """Show whether pressing does something now; the reason is the tooltip and the description."""
        if possible != self._possible:
            self._possible = possible
            self.update()
        reason = "" if possible else why_not
        if reason != self.toolTip():
            self.setToolTip(reason)
            self.setAccessibleDescription(f"Not now: {reason}" if reason else "")

    def is_possible(self) -> bool:
        """Tell whether pressing does something now."""
        return self._possible

    def _font(self) -> QFont:
        font = QFont(self.font())
        look = tokens()
        font.setPixelSize(look.type_body - 1 if self._pad else look.type_body)
        font.setWeight(QFont.Weight.Normal if self._pad else QFont.Weight.Medium)
        return font

    def _edge(self) -> int:
        return 6 if self._pad else 12

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self._font()).horizontalAdvance(self._words)
        cap = cap_width(self._key, self.font()) + GAP if self._key else 0
        height = tokens().control - 6 if self._pad else tokens().control
        return QSize(words + cap + 2 * self._edge() + 2, height)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(64, hint.height()) if self._pad else hint

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        live = self._possible and self.isEnabled()
        if not live:
            option.state &= ~QStyle.StateFlag.State_Enabled  # type: ignore[attr-defined]
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = self.rect().adjusted(self._edge(), 0, -self._edge(), 0)
        ink = QColor(look.text if live else look.text_disabled)
        if self._key:
            inside = self._paint_cap(painter, inside, ink, live=live)
        painter.setFont(self._font())
        painter.setPen(ink)
        words = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        painter.end()

    def _paint_cap(self, painter: QPainter, inside: QRect, ink: QColor, *, live: bool) -> QRect:
        look = tokens()
        line, fill = QColor(look.line_strong if live else look.line), QColor(look.sunken)
        paint_cap(painter, inside.adjusted(0, 0, 4, 0), self._key, self.font(), ink=ink, line=line, fill=fill)
        return inside.adjusted(0, 0, -(cap_width(self._key, self.font()) + GAP - 5), 0)
