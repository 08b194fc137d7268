"""Paints one line of My list: a shape for the group, the name, and why the person stands here.

Shapes, never colour alone: a triangle is overdue (the only red), a full disc is due, a ring is promised, two bars are
half done, an arrow is a retry, a small dot is new, a dash may not be rung yet, a square is on hold.
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from caller_app.queries.rows import ListRow
from ui.models.my_list import HeadingRole, MyListModel, RowRole
from ui.theme.live import tokens


class MyListDelegate(QStyledItemDelegate):
    """Fixed heights: a heading is one line, a person two."""

    open_case: str | None = None

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        look, model = tokens(), index.model()
        # Asked for every row before the first is painted; through the roles it would be asked twice as long.
        heading = model.is_heading(index.row()) if isinstance(model, MyListModel) else bool(index.data(HeadingRole))
        return QSize(160, look.row if heading else look.row_tall)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = tokens()
        rect: QRect = option.rect  # type: ignore[attr-defined]
        font: QFont = option.font  # type: ignore[attr-defined]
        heading = index.data(HeadingRole)
        painter.save()
        if heading:
            font.setPixelSize(look.type_small)
            font.setWeight(QFont.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(QColor(look.text_quiet))
            painter.drawText(
                rect.adjusted(16, 0, -8, -look.half),
                int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft),
                painter.fontMetrics().elidedText(heading, Qt.TextElideMode.ElideRight, rect.width() - 24),
            )
            painter.restore()
            return
        row: ListRow = index.data(RowRole)
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, QColor(look.selected))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(look.hover))
        if row.case_id == self.open_case:
            painter.fillRect(QRect(rect.left(), rect.top(), 4, rect.height()), QColor(look.accent))
        ink = look.on_selected if selected else look.text
        quiet = look.on_selected if selected else look.text_quiet
        size = look.type_small - 1
        middle = rect.top() + 7 + (rect.height() // 2 - 6) / 2
        _shape(painter, row.group, QRectF(rect.left() + 16, middle - size / 2, size, size), quiet)

        left = rect.left() + 28 + look.type_small
        width = rect.right() - 8 - left
        upper = QRect(left, rect.top() + 7, width, rect.height() // 2 - 6)
        lower = QRect(left, rect.top() + rect.height() // 2, width, rect.height() // 2 - 6)
        font.setPixelSize(look.type_body)
        font.setWeight(QFont.Weight.Medium)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        name = painter.fontMetrics().elidedText(row.shown_name, Qt.TextElideMode.ElideRight, width)
        painter.drawText(upper, int(Qt.AlignmentFlag.AlignVCenter), name)

        font.setPixelSize(look.type_small)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(look.danger if row.group == "overdue" and not selected else quiet))
        why = f"{row.why} · being looked at" if row.waiting_for_review else row.why
        painter.drawText(
            lower,
            int(Qt.AlignmentFlag.AlignVCenter),
            painter.fontMetrics().elidedText(why, Qt.TextElideMode.ElideRight, width),
        )
        painter.restore()


def _shape(painter: QPainter, group: str, box: QRectF, quiet: str) -> None:
    look = tokens()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor({"overdue": look.danger, "due": look.accent, "promised": look.accent}.get(group, quiet))
    pen = QPen(colour, 1.6)
    painter.setPen(pen)
    middle = box.center()
    match group:
        case "overdue":
            painter.setBrush(colour)
            painter.drawPolygon(QPolygonF([QPointF(middle.x(), box.top()), box.bottomRight(), box.bottomLeft()]))
        case "due":
            painter.setBrush(colour)
            painter.drawEllipse(box)
        case "promised":
            painter.drawEllipse(box.adjusted(0.8, 0.8, -0.8, -0.8))
        case "parked":
            painter.fillRect(
                QRectF(box.left() + box.width() * 0.14, box.top(), box.width() * 0.27, box.height()), colour
            )
            painter.fillRect(
                QRectF(box.left() + box.width() * 0.59, box.top(), box.width() * 0.27, box.height()), colour
            )
        case "retry":
            painter.drawArc(box.adjusted(1, 1, -1, -1), 60 * 16, 270 * 16)
            painter.setBrush(colour)
            tip = QPointF(middle.x() + 2.4, box.top() + 1.2)
            painter.drawPolygon(QPolygonF([tip + QPointF(3, 0.4), tip + QPointF(-1.4, -2.6), tip + QPointF(-1.2, 3)]))
        case "fresh":
            painter.setBrush(colour)
            painter.drawEllipse(middle, 2.2, 2.2)
        case "waiting":
            painter.fillRect(QRectF(box.left() + 1, middle.y() - 1, box.width() - 2, 2), colour)
        case _:
            painter.drawRect(box.adjusted(1.5, 1.5, -1.5, -1.5))
    painter.restore()
