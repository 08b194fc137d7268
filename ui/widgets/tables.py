"""Tables and lists set up the one way that stays quick: fixed rows, stored widths, no cell widgets."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QListView, QTableView

from ui.a11y import name
from ui.theme.live import follow, tokens

_LEAST_STRETCHED = 136
_LEAST_WORDS = 112  # narrower columns hold figures


class Table(QTableView):
    """A table of rows; Enter or a double click emits `opened`."""

    opened = Signal(QModelIndex)
    _stretched: int | None = None

    def __init__(self, accessible: str, *, several: bool = False) -> None:
        super().__init__()
        self._least: dict[int, int] = {}
        self._given: dict[int, int] = {}
        name(self, accessible)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        upright, across = self.verticalHeader(), self.horizontalHeader()
        upright.hide()
        upright.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        across.setMinimumSectionSize(48)
        name(across, f"{accessible}: headings")
        follow(self, lambda: upright.setDefaultSectionSize(tokens().row))
        self.doubleClicked.connect(self.opened)

    def set_columns(self, widths: tuple[int, ...], *, stretch: int = 0) -> None:
        """Give least widths (pixels at 100 %, growing with the text); one column takes what is left.

        Where much is left, columns of words share in it, unless the person has drawn them to another width.
        """

        def lay() -> None:
            factor = tokens().type_body / 14
            for at, width in enumerate(widths):
                self.horizontalHeader().setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)
                if at != stretch:
                    self._least[at] = round(width * factor)
                    self._give(at, self._least[at])
            self._stretched = stretch
            self._give_the_rest()

        follow(self, lay)

    def _give_the_rest(self) -> None:
        """Let one column take what is left, but never less than a name needs: then the table scrolls sideways."""
        at = self._stretched
        if at is None:
            return
        least = round(_LEAST_STRETCHED * tokens().type_body / 14)
        words = round(_LEAST_WORDS * tokens().type_body / 14)
        spare = (self.viewport().width() - least - sum(self._least.values())) * 2 // 3
        for one, width in self._least.items():
            drawn = self.columnWidth(one) != self._given.get(one)
            if not drawn and width >= words:
                more = max(0, spare) * width // max(1, sum(self._least.values()))
                self._give(one, width + min(more, width * 2 // 3))
        others = sum(self.columnWidth(one) for one in range(self.horizontalHeader().count()) if one != at)
        self.setColumnWidth(at, max(least, self.viewport().width() - others))

    def _give(self, at: int, width: int) -> None:
        self.setColumnWidth(at, width)
        self._given[at] = width

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_the_rest()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
            event.accept()
        else:
            super().keyPressEvent(event)


class Rows(QListView):
    """A list of one- or two-line rows painted by a delegate; Enter or a double click emits `opened`."""

    opened = Signal(QModelIndex)

    def __init__(self, accessible: str) -> None:
        super().__init__()
        name(self, accessible)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("frame", "none")
        self.doubleClicked.connect(self.opened)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
            event.accept()
        else:
            super().keyPressEvent(event)

    def select_first(self) -> None:
        """Go to the first row where nothing is chosen."""
        model: QAbstractItemModel | None = self.model()
        if model is not None and model.rowCount() and not self.currentIndex().isValid():
            self.setCurrentIndex(model.index(0, 0))
