"""Lines of facts in a grid: a label and what is said under it, once or side by side. Labels are reused.

What a reader would get wrong: words that are put away are wiped, so that nothing of a person stays in a hidden label.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.theme.live import follow, is_large
from ui.widgets.line_pool import wipe
from ui.widgets.texts import Text

Line = Sequence[str]


class LineGrid(QWidget):
    """Shows lines of one label and `values` values; with headings where two versions stand side by side."""

    def __init__(
        self, accessible: str, *, values: int = 1, letters: int = 0, shares: tuple[int, int] | None = None
    ) -> None:
        """Make it; `letters` is the least width of the labels, `shares` what labels and values get of the width."""
        super().__init__()
        self._accessible, self._values = accessible, values
        self._rows: list[list[Text]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        for at in range(values):
            self._grid.setColumnStretch(at + 1, shares[1] if shares else 1)
        if shares:
            self._grid.setColumnStretch(0, shares[0])
        if letters:
            follow(self, lambda: self._grid.setColumnMinimumWidth(0, 0 if is_large() else letters * 7))
        self._heads = [Text("", "section", wrap=True) for _ in range(values)]
        for at, head in enumerate(self._heads):
            self._grid.addWidget(head, 0, at + 1)
            head.hide()
        self.setAccessibleName(accessible)

    def show_heads(self, *words: str) -> None:
        """Head the values."""
        for head, said in zip(self._heads, words, strict=True):
            head.setText(said)
            head.setVisible(bool(said))

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines and no others."""
        while len(self._rows) < len(lines):
            self._add()
        spoken = []
        for at, row in enumerate(self._rows):
            given = lines[at] if at < len(lines) else None
            for place, cell in enumerate(row):
                if given is None:
                    wipe(cell)
                else:
                    cell.setText(given[place])
                cell.setVisible(given is not None)
            if given is not None:
                spoken.append(f"{given[0]}: {' / '.join(part or 'nothing' for part in given[1:])}")
        self.setAccessibleDescription("; ".join(spoken))
        self.updateGeometry()

    def _add(self) -> None:
        at = len(self._rows) + 1
        row = [Text("", "quiet", wrap=True), *(Text("", wrap=True, selectable=True) for _ in range(self._values))]
        for place, cell in enumerate(row):
            # Not an alignment of the layout: an aligned item is never asked how high it is at its width.
            cell.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(cell, at, place)
        self._rows.append(row)
