"""Paints one telephone number: figures of one width, what happened on it, and the mark of the best one."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.models.numbers import BestRole, NumberRole, SaidRole, may_ring
from ui.theme.live import tokens


class NumberDelegate(QStyledItemDelegate):
    """One line of fixed height."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, tokens().row + 4)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = tokens()
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        font: QFont = option.font  # type: ignore[attr-defined]
        number = index.data(NumberRole)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        usable = may_ring(number)
        painter.save()
        if selected:
            painter.fillRect(rect, QColor(look.selected))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(look.hover))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        quiet = look.on_selected if selected else look.text_quiet

        font.setPixelSize(look.type_large)
        font.setWeight(QFont.Weight.Medium)
        font.setStrikeOut(not usable)
        painter.setFont(font)
        painter.setPen(QColor((look.on_selected if selected else look.text) if usable else quiet))
        text = str(index.data())
        at = rect.left() + 12
        wide = painter.fontMetrics().horizontalAdvance("07700 900000") + 16
        painter.drawText(QRect(at, rect.top(), max(wide, 0), rect.height()), middle, text)
        at += max(wide, painter.fontMetrics().horizontalAdvance(text) + 16)
        font.setStrikeOut(False)

        right = rect.right() - 12
        if index.data(BestRole) and usable:
            right = _chip(painter, font, rect, right, "best now") - 12
        font.setPixelSize(look.type_body)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(quiet))
        said = painter.fontMetrics().elidedText(
            str(index.data(SaidRole)), Qt.TextElideMode.ElideRight, max(right - at, 0)
        )
        painter.drawText(QRect(at, rect.top(), max(right - at, 0), rect.height()), middle, said)
        painter.restore()


def _chip(painter: QPainter, font: QFont, rect: QRect, right: int, words: str) -> int:
    look = tokens()
    font.setPixelSize(look.type_small)
    font.setWeight(QFont.Weight.Medium)
    painter.setFont(font)
    wide = painter.fontMetrics().horizontalAdvance(words) + 16
    high = painter.fontMetrics().height() + 6
    box = QRect(right - wide, rect.center().y() - high // 2, wide, high)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(look.good), 1))
    painter.setBrush(QColor(look.good_fill))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(QColor(look.good_text))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    return box.left()
