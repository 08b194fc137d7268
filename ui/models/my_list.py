"""My list as a list model: headings between the groups, one row per person.

What a reader would get wrong: headings are rows too, but can be neither selected nor focused, so row numbers here are
not positions in the answer of the query; ask `row_at` and `index_of`.
"""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from caller_app.queries.rows import ListRow

HEADINGS = {
    "parked": "Half done",
    "overdue": "Promised and overdue",
    "due": "Due now",
    "promised": "Promised later",
    "retry": "Try again",
    "fresh": "Not rung yet",
    "waiting": "Not yet",
    "held": "On hold",
}
RowRole = int(Qt.ItemDataRole.UserRole)
HeadingRole = RowRole + 1

Index = QModelIndex | QPersistentModelIndex


class MyListModel(QAbstractListModel):
    """Rows in the order of the query; asks for more when the view comes to the end."""

    more_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[ListRow | str] = []
        self._at: dict[str, int] = {}
        self._more = False

    def show(self, rows: tuple[ListRow, ...], *, more: bool) -> bool:
        """Take the rows of a fresh answer; tells whether anything changed on the screen."""
        entries = _with_headings(rows, None)
        self._more = more
        if entries == self._entries:
            return False
        if len(entries) == len(self._entries):
            # Same shape: repaint the rows that differ, so that scroll, selection and focus stay put.
            changed = [at for at, (old, new) in enumerate(zip(self._entries, entries, strict=True)) if old != new]
            self._take(entries)
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
            return True
        self.beginResetModel()
        self._take(entries)
        self.endResetModel()
        return True

    def add(self, rows: tuple[ListRow, ...], *, more: bool) -> None:
        """Take the next page."""
        last = next((one.group for one in reversed(self._entries) if isinstance(one, ListRow)), None)
        entries = _with_headings(rows, last)
        self._more = more
        if entries:
            self.beginInsertRows(QModelIndex(), len(self._entries), len(self._entries) + len(entries) - 1)
            self._take(self._entries + entries)
            self.endInsertRows()

    def _take(self, entries: list[ListRow | str]) -> None:
        self._entries = entries
        self._at = {one.case_id: at for at, one in enumerate(entries) if isinstance(one, ListRow)}

    def row_at(self, index: Index) -> ListRow | None:
        """Give the person at an index; None for a heading."""
        entry = self._entries[index.row()] if index.isValid() and index.row() < len(self._entries) else None
        return entry if isinstance(entry, ListRow) else None

    def is_heading(self, at: int) -> bool:
        """Tell whether a line is a heading."""
        return isinstance(self._entries[at], str)

    def index_of(self, case_id: str | None) -> QModelIndex:
        """Give the index of a person; invalid where the person is not among the rows."""
        at = self._at.get(case_id or "")
        return self.index(at) if at is not None else QModelIndex()

    def first_person(self) -> QModelIndex:
        """Give the index of the first person."""
        return self.index(min(self._at.values())) if self._at else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._entries)

    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not parent.isValid()

    def fetchMore(self, _parent: Index) -> None:
        self._more = False
        self.more_wanted.emit()

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.row_at(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == RowRole:
            return entry if isinstance(entry, ListRow) else None
        if role == HeadingRole:
            return HEADINGS[entry] if isinstance(entry, str) else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return HEADINGS[entry] if isinstance(entry, str) else row_in_words(entry, role)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(entry, ListRow):
            looked_at = "\nbeing looked at by the supervisor" if entry.waiting_for_review else ""
            return f"{entry.shown_name}\n{entry.why}{looked_at}"
        return None


def row_in_words(row: ListRow, role: int) -> str:
    """Give a row as a screen reader says it; as plain display text just the name, for typing ahead."""
    if role == Qt.ItemDataRole.DisplayRole:
        return row.shown_name
    tail = ", being looked at by the supervisor" if row.waiting_for_review else ""
    return f"{row.shown_name}, {HEADINGS[row.group]}: {row.why}{tail}"


def _with_headings(rows: tuple[ListRow, ...], last: str | None) -> list[ListRow | str]:
    entries: list[ListRow | str] = []
    for row in rows:
        if row.group != last:
            entries.append(row.group)
            last = row.group
        entries.append(row)
    return entries
