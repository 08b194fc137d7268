"""A table that reads its rows page by page and keeps selection, scroll and focus where they are.

What a reader would get wrong: rows are known by their id. When the rows are asked again they are compared by id, so
a selected row stays selected though it moved; cells of rows not yet read are quiet placeholders, never blank facts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui.theme.roles import ROW_ROLE, TONE_ROLE

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
PLACEHOLDER = "…"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: heading, how a row reads in it, and what a screen reader says where that is not enough."""

    title: str
    text: Callable[[Row], str]
    spoken: Callable[[Row], str] | None = None
    right: bool = False
    tone: Callable[[Row], str] | None = None
    tip: Callable[[Row], str] | None = None


class PagedTable(QAbstractTableModel, Generic[Row]):
    """Rows known so far of a total; `wanted(offset)` asks for the page that holds a row being painted."""

    wanted = Signal(int)

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], object],
        *,
        page: int = 200,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key = key
        self._page = page
        self._rows: dict[int, Row] = {}
        self._total = 0
        self._asked: set[int] = set()

    # ---- what is known --------------------------------------------------------------------------------------

    def show_page(self, offset: int, rows: Sequence[Row], total: int) -> None:
        """Take a page as it was read; a changed total resizes the table, and one page that is all is a whole list."""
        if offset == 0 and total == len(rows):
            self.show_all(rows)
            return
        if total < self._total:
            self._resize(total)
        # Known before they are announced: a view that asks at once must not ask for the page again.
        for at, row in enumerate(rows, offset):
            self._rows[at] = row
        self._asked.discard(offset // self._page)
        if total > self._total:
            self._resize(total)
        if rows:
            last = self.index(offset + len(rows) - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(offset, 0), last)

    def show_all(self, rows: Sequence[Row]) -> None:
        """Take a whole short list (one page); rows keep their place by id where they can."""
        old = [self._key(self._rows[at]) for at in range(self._total) if at in self._rows]
        new = [self._key(row) for row in rows]
        if len(old) == self._total and old == new:
            self._rows = dict(enumerate(rows))
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self._columns) - 1))
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = {at: self._key(row) for at, row in self._rows.items()}
        self._rows, self._total, self._asked = dict(enumerate(rows)), len(rows), set()
        places = {key: at for at, key in enumerate(new)}
        after = []
        for index in before:
            at = places.get(keys.get(index.row()))
            after.append(self.index(at, index.column()) if at is not None else QModelIndex())
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def stale(self) -> None:
        """Ask for the known pages again when they are next painted, keeping what is shown meanwhile."""
        for page in sorted({at // self._page for at in self._rows}):
            self.wanted.emit(page * self._page)

    def forget(self) -> None:
        """Begin anew."""
        self.beginResetModel()
        self._rows, self._total, self._asked = {}, 0, set()
        self.endResetModel()

    def row(self, at: int) -> Row | None:
        """Give a row; None while it has not been read."""
        return self._rows.get(at)

    def known(self) -> list[Row]:
        """Give the rows read so far, in order."""
        return [self._rows[at] for at in sorted(self._rows)]

    def _resize(self, total: int) -> None:
        if total > self._total:
            self.beginInsertRows(QModelIndex(), self._total, total - 1)
            self._total = total
            self.endInsertRows()
        else:
            self.beginRemoveRows(QModelIndex(), total, self._total - 1)
            self._total = total
            for at in [one for one in self._rows if one >= total]:
                del self._rows[at]
            self.endRemoveRows()

    # ---- what Qt asks --------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self._columns[section].right else _LEFT
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        at = index.row()
        row = self._rows.get(at)
        if row is None:
            page = at // self._page
            if page not in self._asked and at < self._total:
                self._asked.add(page)
                self.wanted.emit(page * self._page)
            return PLACEHOLDER if role == Qt.ItemDataRole.DisplayRole else None
        column = self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}: {(column.spoken or column.text)(row) or 'nothing'}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.right else _LEFT
        if role == TONE_ROLE:
            return column.tone(row) if column.tone is not None else ""
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.ToolTipRole:
            return (column.tip or column.text)(row)
        return None


_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
