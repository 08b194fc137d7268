"""Ctrl+K: everything that can be done now, found by typing; Enter does it."""

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from ui.delegates.cells import Cells
from ui.dialogs.base import Dialog
from ui.models.paged import Column, PagedTable
from ui.shortcuts import SHORTCUTS, Shortcut, shown_keys
from ui.widgets.search import SearchBox
from ui.widgets.tables import Table


class PaletteDialog(Dialog):
    """A search box over a list of actions."""

    def __init__(self, parent: QWidget, actions: Sequence[QAction]) -> None:
        super().__init__(parent, "All commands", width=520)
        self._actions = {one.objectName(): one for one in actions}
        self.search = SearchBox("Type what you want to do", accessible="Find a command")
        self.model: PagedTable[Shortcut] = PagedTable(
            (
                Column("What", lambda row: row.words, tip=lambda row: row.more),
                Column("Key", shown_keys, tone=lambda _row: "quiet", right=True),
            ),
            lambda row: row.name,
            parent=self,
        )
        self.rows = Table("Commands")
        self.rows.setModel(self.model)
        self.rows.setItemDelegate(Cells(self.rows))
        self.rows.horizontalHeader().hide()
        self.rows.set_columns((0, 136))
        self.rows.setMinimumHeight(320)
        self.body.addWidget(self.search)
        self.body.addWidget(self.rows, 1)
        # Few rows: found at every letter, without the pause of a search that asks a store.
        self.search.textChanged.connect(self._show)
        self.search.went_down.connect(self.rows.setFocus)
        self.search.returnPressed.connect(self.do_current)
        self.rows.opened.connect(lambda _index: self.do_current())
        self.add_button("Close", self.reject)
        self.add_button("Do it", self.do_current, kind="primary")
        self._show("")
        self.search.setFocus()

    def do_current(self) -> None:
        """Close, then do what is chosen: an action may open something of its own."""
        row = self.model.row(self.rows.currentIndex().row())
        if row is None or self.isHidden():
            return
        chosen = self._actions[row.name]
        self.accept()
        chosen.trigger()

    def _show(self, text: str) -> None:
        wanted = text.casefold().split()
        rows = [SHORTCUTS[name] for name in self._actions]
        fitting = [
            row
            for row in rows
            if all(word in f"{row.words} {row.more} {row.group} {row.keys}".casefold() for word in wanted)
        ]
        self.model.show_all(fitting)
        self.rows.selectRow(0)
