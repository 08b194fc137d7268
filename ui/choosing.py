"""A list of the centre's, and beside it the chosen one in full, with what can be done about it: reviews, referrals.

What a reader would get wrong: what was chosen stays chosen by its id; where it has left the list, whatever now stands
in its place is chosen, so that a supervisor works down the list with one key.
"""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QItemSelection
from PySide6.QtWidgets import QPushButton, QSplitter, QStackedWidget, QWidget

from ui.asking import AskingScreen
from ui.delegates.cells import Cells
from ui.models.paged import Column, PagedTable
from ui.widgets.empty import EmptyState
from ui.widgets.filter_row import FilterRow
from ui.widgets.panes import SideBySide, scrolling
from ui.widgets.tables import Table


class ChoosingScreen(AskingScreen):
    """The list and the one beside it; whoever derives sets `sheet` (a pane with `buttons`) before it lays the list."""

    sheet: Any
    filters: FilterRow
    model: PagedTable[Any]

    def lay_list(
        self,
        accessible: str,
        columns: Sequence[Column[Any]],
        key: Callable[[Any], str],
        *,
        widths: tuple[int, ...],
        chosen: str,
        sizes: tuple[int, int],
    ) -> QSplitter:
        """Make the table and its pane; `chosen` is the pane's name, `sizes` the pixels of both at the least width."""
        self._next = 0
        self._id_of = key
        self.model = PagedTable(tuple(columns), key, parent=self)
        self.model.wanted.connect(self.presenter.on_page_wanted)
        self.table = Table(accessible)
        self.table.setModel(self.model)
        self.table.setItemDelegate(Cells(self.table))
        self.table.set_columns(widths, stretch=0)
        self.table.selectionModel().selectionChanged.connect(self._chosen)
        self.table.opened.connect(lambda _index: self._to_first_deed())
        self.empty = EmptyState("clock", "Not known yet", "The centre has not answered.")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        self.beside = scrolling(self.sheet, accessible=chosen, framed=True)
        self.beside.hide()
        return SideBySide((self.stack, 0), (self.beside, 360), shares=sizes)

    def shown(self) -> None:
        """Gone to again: the list may be old."""
        if self.stack.currentWidget() is self.table:
            self.presenter.refresh()
        self.table.setFocus()

    def deeds(self) -> list[QPushButton]:
        """Give the buttons of what can be done about the chosen one."""
        return [one for one in self.sheet.buttons if one.isVisible()]

    def show_lines(self, offset: int, lines: Sequence[Any], total: int, *, wanted: str | None = None) -> None:
        """Show one page; the wanted one is chosen, else one is where none is."""
        self.model.show_page(offset, lines, total)
        self.stack.setCurrentWidget(self.table if total else self.empty)
        self.beside.setVisible(total > 0)
        found = next((at for at, one in enumerate(lines) if self._id_of(one) == wanted), None)
        if found is not None:
            self.table.selectRow(offset + found)
        elif total and not self.table.selectionModel().hasSelection():
            self.table.selectRow(min(self._next, total - 1))

    def forget_list(self) -> None:
        """Another list comes."""
        self.model.forget()
        self._next = 0

    def panes_of_list(self, first_filter: str) -> list[QWidget]:
        """Give the panes F6 cycles through, but for what a screen has beside."""
        return [self.table, *self.deeds()[:1], self.filters.buttons[first_filter]]

    def _filtered(self, key: str) -> None:
        self.forget_list()
        self.presenter.on_filter(key)

    def _chosen(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        rows = self.table.selectionModel().selectedRows()
        row = self.model.row(rows[0].row()) if rows else None
        if row is not None:
            self._next = rows[0].row()
            self.presenter.on_chosen(self._id_of(row))

    def _to_first_deed(self) -> None:
        for one in self.deeds()[:1]:
            one.setFocus()
