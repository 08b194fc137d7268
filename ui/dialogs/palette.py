"""Ctrl+K: everything that can be done now, found by typing; Enter does it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from ui.a11y import name
from ui.dialogs.base import Dialog
from ui.shortcuts import SHORTCUTS
from ui.widgets.search import SearchBox

_AT = int(Qt.ItemDataRole.UserRole)


class PaletteDialog(Dialog):
    """A search box over a list of actions."""

    def __init__(self, parent: QWidget, actions: Sequence[QAction]) -> None:
        super().__init__(parent, "All commands", width=520)
        self._actions = tuple(actions)
        self.search = SearchBox("Type what you want to do", accessible="Find a command")
        self.rows = QListWidget()
        name(self.rows, "Commands")
        self.rows.setMinimumHeight(320)
        self.body.addWidget(self.search)
        self.body.addWidget(self.rows, 1)
        # Few rows: found at every letter, without the pause of a search that asks a store.
        self.search.textChanged.connect(self._show)
        self.search.went_down.connect(self.rows.setFocus)
        self.search.returnPressed.connect(self.do_current)
        self.rows.itemActivated.connect(lambda _item: self.do_current())
        self.add_button("Close", self.reject)
        self.add_button("Do it", self.do_current, kind="primary")
        self._show("")
        self.search.setFocus()

    def do_current(self) -> None:
        """Close, then do what is chosen: an action may open something of its own."""
        item = self.rows.currentItem()
        if item is None or self.isHidden():
            return
        chosen = self._actions[item.data(_AT)]
        self.accept()
        chosen.trigger()

    def _show(self, text: str) -> None:
        wanted = text.casefold().split()
        self.rows.clear()
        for at, one in enumerate(self._actions):
            row = SHORTCUTS[one.objectName()]
            if all(word in f"{row.words} {row.more} {row.group} {row.keys}".casefold() for word in wanted):
                item = QListWidgetItem(f"{row.words}   ({row.keys})")
                item.setData(_AT, at)
                self.rows.addItem(item)
        self.rows.setCurrentRow(0)
