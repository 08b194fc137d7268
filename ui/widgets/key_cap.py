"""The picture of a key on a button, painted: Qt's buttons hold one text and one icon, and a label inside costs more.

What a reader would get wrong: the cap is decoration. Readers are told the key by the button's description, and where
text is large the button leaves the cap out rather than its words.
"""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from ui.theme.live import tokens

GAP = 8


def cap_font(like: QFont) -> QFont:
    """Give the font of a cap on a button with this font."""
    font = QFont(like)
    font.setPixelSize(tokens().type_small)
    font.setWeight(QFont.Weight.Medium)
    return font


def cap_width(keys: str, like: QFont) -> int:
    """Give the width of the cap alone."""
    return QFontMetrics(cap_font(like)).horizontalAdvance(keys) + 12 if keys else 0


def paint_cap(
    painter: QPainter, inside: QRect, keys: str, like: QFont, *, ink: QColor, line: QColor, fill: QColor | None
) -> None:
    """Paint the cap at the right end of a rectangle, in the middle of its height."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(cap_font(like))
    wide, high = cap_width(keys, like), painter.fontMetrics().height() + 4
    cap = QRect(inside.right() - wide + 1, inside.center().y() - high // 2 + 1, wide, high)
    painter.setPen(QPen(line, 1))
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setPen(ink)
    painter.drawText(cap, int(Qt.AlignmentFlag.AlignCenter), keys)
    painter.restore()
