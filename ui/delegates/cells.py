"""How a table cell is painted: text in its tone, with the tone's shape before it.

What a reader would get wrong: the delegate paints, the model decides. A tone comes from the model's TONE_ROLE.
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.theme.icons import tinted
from ui.theme.live import tokens
from ui.theme.roles import TONE_ROLE

_SHAPES = {"danger": "stop", "caution": "warning", "good": "good", "info": "info"}


class Cells(QStyledItemDelegate):
    """Paints every cell of our tables."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = tokens()
        box: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.fillRect(box, QColor(look.selected if selected else look.hover if hovered else look.surface))
        painter.setPen(QColor(look.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        tone = str(index.data(TONE_ROLE) or "")
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        inside = box.adjusted(8, 0, -8, 0)
        alignment = index.data(Qt.ItemDataRole.TextAlignmentRole) or int(Qt.AlignmentFlag.AlignVCenter)
        if tone in _SHAPES and text:
            size = look.icon - 4
            ink = look.on_selected if selected else getattr(look, tone)
            picture = tinted(_SHAPES[tone], ink, size, option.widget.devicePixelRatioF() if option.widget else 1.0)
            wide = min(inside.width(), option.fontMetrics.horizontalAdvance(text) + size + 8)  # rounded down
            left = inside.right() + 1 - wide if int(alignment) & int(Qt.AlignmentFlag.AlignRight) else inside.left()
            painter.drawPixmap(left, box.top() + (box.height() - size) // 2, picture)
            inside = QRect(left + size + 6, inside.top(), max(0, inside.right() - left - size - 5), inside.height())
        ink = look.on_selected if selected else getattr(look, tone) if tone == "danger" else look.text
        if tone == "quiet" and not selected:
            ink = look.text_quiet
        painter.setPen(QColor(ink))
        painter.setFont(option.font)
        shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, int(alignment) | int(Qt.TextFlag.TextSingleLine), shown)
        painter.restore()
