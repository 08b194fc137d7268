"""The help sheet: every key with what it does, from the one table; it can be printed as text."""

from PySide6.QtWidgets import QGridLayout, QWidget

from ui.dialogs.base import Dialog
from ui.shortcuts import Shortcut, sheet, shown_keys
from ui.widgets.texts import Text, key_cap


class KeysDialog(Dialog):
    """Shift+F1."""

    def __init__(self, parent: QWidget, *, supervisor: bool) -> None:
        super().__init__(parent, "Keys", width=880)
        groups = sheet(supervisor=supervisor)
        page = QWidget()
        across = QGridLayout(page)
        across.setContentsMargins(0, 0, 0, 0)
        across.setHorizontalSpacing(40)
        columns: list[list[str]] = [[], []]
        heights = [0, 0]
        for group, rows in groups.items():
            at = 0 if heights[0] <= heights[1] else 1
            columns[at].append(group)
            heights[at] += len(rows) + 2
        for at, names in enumerate(columns):
            grid = QGridLayout()
            grid.setHorizontalSpacing(16)
            grid.setVerticalSpacing(8)
            line = 0
            for group in names:
                if line:
                    grid.setRowMinimumHeight(line, 8)
                    line += 1
                grid.addWidget(Text(group, "overline"), line, 0, 1, 2)
                line += 1
                for one in groups[group]:
                    grid.addWidget(key_cap(shown_keys(one)), line, 0)
                    grid.addWidget(Text(_words(one), wrap=True), line, 1)
                    line += 1
            grid.setColumnStretch(1, 1)
            grid.setRowStretch(line, 1)
            across.addLayout(grid, 0, at)
            across.setColumnStretch(at, 1)
        self.body.addWidget(page)
        close = self.add_button("Close", self.accept, kind="primary")
        close.setFocus()


def _words(one: Shortcut) -> str:
    return f"{one.words}. {one.more}." if one.more else one.words
