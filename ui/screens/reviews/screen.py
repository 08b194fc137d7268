"""The review desk: the cases a person has to decide, what concerns safety first, and beside them the one chosen."""

from datetime import datetime

from PySide6.QtCore import QItemSelection
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from caller_app.base.clock import from_text
from caller_app.domain.reviews import GROUPS, reason_words, settled_reason
from caller_app.protocol.supervision import ReviewLine, ReviewSheet
from ui.asking import AskingScreen
from ui.delegates.cells import Cells
from ui.models.paged import Column, PagedTable
from ui.screens.reviews.presenter import ReviewsPresenter
from ui.screens.reviews.settle import SettleDialog
from ui.screens.reviews.sheet import CaseSheet
from ui.tasks import Desk
from ui.widgets.empty import EmptyState
from ui.widgets.filter_row import FilterRow
from ui.widgets.panes import scrolling
from ui.widgets.sync_light import age
from ui.widgets.tables import Table
from ui.widgets.times import text_words

FILTERS = (("all", "All open"), *GROUPS.items(), ("settled", "Settled"))


class ReviewsScreen(AskingScreen):
    """Shows; asks again while it is on the screen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.presenter = ReviewsPresenter(self, desk.work(self), desk.clock)
        self._clock = desk.clock
        self._next = 0
        self._wanted: str | None = None
        column = self.page("Reviews")
        column.addLayout(self.head("Reviews"))
        column.addWidget(self.banner)
        self.filters = FilterRow("Which cases", FILTERS)
        self.filters.press("all")
        self.filters.chosen.connect(self._filtered)
        column.addWidget(self.filters)
        column.addWidget(self._lay(desk), 1)

    def _lay(self, desk: Desk) -> QSplitter:
        clock = desk.clock
        self.model: PagedTable[ReviewLine] = PagedTable(
            (
                Column("What", lambda row: row.title, tone=lambda row: "danger" if row.urgent and _open(row) else ""),
                Column("Person", lambda row: row.patient or "–"),
                Column("Recorded by", lambda row: row.who),
                Column("When", lambda row: _when(row, clock.now())),
            ),
            lambda row: row.review_id,
            parent=self,
        )
        self.model.wanted.connect(self.presenter.on_page_wanted)
        self.table = Table("Cases to decide, safety first, then the oldest")
        self.table.setModel(self.model)
        self.table.setItemDelegate(Cells(self.table))
        self.table.set_columns((0, 152, 112, 96), stretch=0)
        self.table.selectionModel().selectionChanged.connect(self._chosen)
        self.table.opened.connect(lambda _index: self._to_acts())
        self.empty = EmptyState("clock", "Not known yet", "The centre has not answered.")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        self.sheet = CaseSheet()
        self.sheet.act_pressed.connect(self.open_settle)
        self.beside = scrolling(self.sheet, accessible="The chosen case")
        self.beside.setMinimumWidth(360)
        self.beside.hide()
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(self.stack)
        split.addWidget(self.beside)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        split.setSizes([660, 660])
        return split

    # ---- life ---------------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """Gone to again: the list may be old."""
        if self.stack.currentWidget() is self.table:
            self.presenter.refresh()
        self.table.setFocus()

    def panes(self) -> list[QWidget]:
        """Give the panes F6 cycles through."""
        acts = [one for one in self.sheet.buttons if one.isVisible()]
        return [self.table, *acts[:1], self.filters.buttons["all"], self.refresh]

    def open_case(self, review_id: str) -> None:
        """Show one case, as when it is opened from the board."""
        self._wanted = review_id
        self.filters.press("all")
        self._filtered("all")

    def _filtered(self, key: str) -> None:
        self.model.forget()
        self._next = 0
        self.presenter.on_filter(key)

    def _chosen(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        rows = self.table.selectionModel().selectedRows()
        row = self.model.row(rows[0].row()) if rows else None
        if row is not None:
            self._next = rows[0].row()
            self.presenter.on_chosen(row.review_id)

    def _to_acts(self) -> None:
        first = next((one for one in self.sheet.buttons if one.isVisible()), None)
        if first is not None:
            first.setFocus()

    def open_settle(self, code: str) -> None:
        """Ask why, then settle."""
        act, sheet = self.presenter.act_of(code), self.presenter.sheet
        if act is None or sheet is None:
            return
        dialog = SettleDialog(self, sheet, act)
        self.ask_in(dialog, self.presenter.on_settle)

    # ---- as the presenter asks ----------------------------------------------------------------------------------

    def show_page(self, offset: int, lines: tuple[ReviewLine, ...], total: int) -> None:
        """Show one page; after a case was settled the next one is chosen."""
        self.model.show_page(offset, lines, total)
        settled = self.presenter.show == "settled"
        self.empty.say(
            "Nothing has been settled yet" if settled else "Nothing waits for a decision",
            "" if settled else "What the centre cannot decide by itself comes here, what concerns safety first.",
            icon="clock" if settled else "good",
        )
        self.stack.setCurrentWidget(self.table if total else self.empty)
        self.beside.setVisible(total > 0)
        wanted, self._wanted = self._wanted, None
        found = next((at for at, one in enumerate(lines) if one.review_id == wanted), None)
        if found is not None:
            self.table.selectRow(offset + found)
        elif total and not self.table.selectionModel().hasSelection():
            self.table.selectRow(min(self._next, total - 1))

    def show_counts(self, by_group: dict[str, int]) -> None:
        """Say how many are open in each group."""
        for key in GROUPS:
            self.filters.show_count(key, by_group.get(key, 0))
        self.filters.show_count("all", sum(by_group.values()))

    def show_sheet(self, sheet: ReviewSheet | None) -> None:
        """Show a case in full."""
        self.sheet.show_sheet(
            sheet,
            self._settled_words(sheet) if sheet is not None else "",
            fetching=self.presenter.chosen is not None,
        )

    def _settled_words(self, sheet: ReviewSheet) -> str:
        line = sheet.line
        if line.state != "resolved":
            return ""
        decided = reason_words(settled_reason(line.settled_as or "")).partition(": ")[2]
        when = text_words(line.settled_at, self._clock.now(), none="")
        words = f"Settled by {line.settled_by or 'somebody'}, {when}: {decided}."
        return f"{words} Why: {sheet.settled_why}" if sheet.settled_why else words

    def show_settling(self, settling: bool) -> None:
        """Show that the centre is being asked."""
        if self._dialog is not None:
            self._dialog.show_settling(settling)

    def show_settle_refused(self, fault: Exception) -> None:
        """Say in the dialog what is missing or went wrong."""
        self.say_refused(fault)

    def show_settled(self, sentence: str, *, mine: bool) -> None:
        """Say how it was settled, and by whom where it was somebody else."""
        self.say_done(sentence, "good" if mine else "info")
        self.table.clearSelection()
        self.table.setFocus()


def _open(row: ReviewLine) -> bool:
    return row.state != "resolved"


def _when(row: ReviewLine, now: datetime) -> str:
    if row.state == "resolved":
        return text_words(row.settled_at, now, none="")
    since = age(from_text(row.opened_at), now)
    return since if since == "just now" else f"{since} ago"
