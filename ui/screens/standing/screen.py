"""What is sent: the standing in words and figures, every change with its receipt, notices, what left the list."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from caller_app.base.notices import Notice
from caller_app.queries.rows import LeftRow, NoticeRow, OutboxCounts, OutboxDetail, OutboxRow, Standing
from ui.delegates.cells import Cells
from ui.messages import tell
from ui.models.paged import PagedTable
from ui.screens.standing.detail import ChangeDetail
from ui.screens.standing.export import ExportDialog
from ui.screens.standing.presenter import CHANGES, Figure, StandingPresenter
from ui.screens.standing.tables import (
    CHANGE_WIDTHS,
    LEFT_WIDTHS,
    TOLD_WIDTHS,
    change_columns,
    left_columns,
    told_columns,
)
from ui.tasks import Desk
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.empty import EmptyState
from ui.widgets.figures import FigureTile
from ui.widgets.filter_row import FilterRow
from ui.widgets.panes import SideBySide, scrolling
from ui.widgets.search import SearchBox
from ui.widgets.tables import Table
from ui.widgets.texts import Text

FILTERS = (
    ("all", "Everything"),
    ("waiting", "Waiting"),
    ("review", "Being looked at"),
    ("sent", "Received"),
    ("told", "From the centre"),
    ("left", "Left your list"),
)
_EMPTY = {
    "all": (
        "Nothing has been recorded on this computer yet",
        "Every result you record is listed here with its receipt.",
    ),
    "waiting": ("Nothing waits", "Everything recorded here has its receipt."),
    "review": ("Nothing is being looked at", "What a supervisor has to decide is listed here, with the reason."),
    "sent": ("No receipt yet", "What the centre has received is listed here."),
    "told": ("No notices", "What the centre or a supervisor tells you is listed here."),
    "left": ("Nobody has left your list", "Who leaves your list is noted here with the reason, without the name."),
}  # fmt: skip


class StandingScreen(QWidget):
    """Shows the outbox; `looked` when the centre's notices have been."""

    looked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        client = desk.client
        self.presenter = StandingPresenter(
            self, desk.work(self), desk.clock, client.standing, desk.settings, client.me.user_id
        )
        self._dialog: ExportDialog | None = None
        self._needs_newer = False
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(self._make_top(desk))
        self.banner = Banner(closable=True)
        column.addWidget(self.banner)
        self._tiles = [FigureTile() for _ in range(6)]
        tiles = QHBoxLayout()
        tiles.setSpacing(8)
        for tile in self._tiles:
            tiles.addWidget(tile, 1)
        column.addLayout(tiles)
        column.addLayout(self._make_filters())
        self.model: PagedTable[OutboxRow] = PagedTable(
            change_columns(desk.clock), lambda row: row.change_id, parent=self
        )
        self.told: PagedTable[NoticeRow] = PagedTable(told_columns(desk.clock), lambda row: row.notice_id, parent=self)
        self.left: PagedTable[LeftRow] = PagedTable(
            left_columns(desk.clock), lambda row: (row.mark, row.removed_at), parent=self
        )
        column.addWidget(self._lay_tables(), 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(page, accessible="What is sent"))

    def _make_top(self, desk: Desk) -> QHBoxLayout:
        top = QHBoxLayout()
        top.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(Text("What is sent", "title"))
        self.sentence = Text("", wrap=True)
        words.addWidget(self.sentence)
        top.addLayout(words, 1)
        self.export = button("For support …", self.open_export, icon="copy", accessible="Give support a copy")
        self.send = button("Send and look for news now", desk.client.nudge, icon="refresh", keys="Ctrl+R")
        for one in (self.export, self.send):
            top.addWidget(one, 0, Qt.AlignmentFlag.AlignTop)
        return top

    def _make_filters(self) -> QHBoxLayout:
        self.filters = FilterRow("What is shown", FILTERS)
        self.filters.press("all")
        self.filters.chosen.connect(self._filtered)
        self.search = SearchBox("What, state or receipt", accessible="Search what was recorded here")
        self.search.setFixedWidth(240)
        self.search.searched.connect(self._searched)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.filters, 1)
        line.addWidget(self.search, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _lay_tables(self) -> QSplitter:
        self.table = _table("Everything recorded on this computer, newest first", self.model, CHANGE_WIDTHS, 2)
        self.told_table = _table("What the centre told you, newest first", self.told, TOLD_WIDTHS, 1)
        self.left_table = _table("What left your list, newest first", self.left, LEFT_WIDTHS, 1)
        self.model.wanted.connect(self.presenter.on_page_wanted)
        self.table.selectionModel().selectionChanged.connect(self._change_chosen)
        self.told_table.selectionModel().selectionChanged.connect(self._told_chosen)
        self.empty = EmptyState("outbox", *_EMPTY["all"])
        self.stack = QStackedWidget()
        for one in (self.table, self.told_table, self.left_table, self.empty):
            self.stack.addWidget(one)
        self.detail = ChangeDetail()
        for table in (self.table, self.told_table):
            table.opened.connect(lambda _index: self.detail.press())
        self.search.went_down.connect(self.table.setFocus)
        self.beside = scrolling(self.detail, accessible="The chosen line", framed=True)
        return SideBySide((self.stack, 0), (self.beside, 320), shares=(920, 404))

    def start(self) -> None:
        """Show how things stand."""
        self.presenter.refresh()

    def shown(self) -> None:
        """Ages grew while another screen was shown."""
        self.presenter.show_figures()

    def on_notice(self, notice: Notice) -> None:
        """Rows altered."""
        self.presenter.on_notice(notice.kinds)

    def panes(self) -> list[QWidget]:
        """Give the panes F6 cycles through."""
        return [self.table, self.told_table, self.left_table, self.filters.buttons["all"], self.search, self.send]

    def go_to(self, kept: str) -> None:
        """Show one filter, as when the badge of the bar is pressed."""
        self.filters.press(kept)
        self._filtered(kept)

    def _filtered(self, kept: str) -> None:
        if kept not in CHANGES and self.search.text():
            self.search.clear()
            self.filters.press(kept)
        self.model.forget()
        self.detail.show_said("")
        self.presenter.on_filter(kept)

    def _searched(self, text: str) -> None:
        self.model.forget()
        self.presenter.on_searched(text)
        self.filters.press(self.presenter.kept)

    def _change_chosen(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        rows = self.table.selectionModel().selectedRows()
        row = self.model.row(rows[0].row()) if rows else None
        self.presenter.on_row_chosen(row.change_id if row else None)

    def _told_chosen(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        rows = self.told_table.selectionModel().selectedRows()
        row = self.told.row(rows[0].row()) if rows else None
        self.detail.show_said(row.words if row else "")
        self.presenter.on_row_chosen(row.change_id if row else None)

    def open_export(self) -> None:
        """Ask what support gets."""
        dialog = ExportDialog(self, noted=not self._needs_newer)
        self._dialog = dialog
        dialog.confirmed.connect(
            lambda folder, text, words: self.presenter.on_export(folder, text=text, with_words=words)
        )
        dialog.finished.connect(self._dialog_closed)
        dialog.open()

    def _dialog_closed(self) -> None:
        self._dialog = None

    # ---- as the presenter asks ----------------------------------------------------------------------------------

    def show_standing(self, standing: Standing, figures: tuple[Figure, ...]) -> None:
        """Show the sentence and the figures."""
        self._needs_newer = standing.needs_newer
        self.sentence.setText(standing.sentence)
        for tile, figure in zip(self._tiles, figures, strict=False):
            tile.show_figure(figure.title, figure.value, figure.below, figure.tone)
        for at, tile in enumerate(self._tiles):
            tile.setVisible(at < len(figures))

    def show_counts(self, counts: OutboxCounts, news: str) -> None:
        """Say how much each filter shows."""
        for key, count in (
            ("all", counts.everything),
            ("waiting", counts.waiting),
            ("review", counts.review),
            ("sent", counts.sent),
        ):
            self.filters.show_count(key, count)
        self.filters.show_count("told", None, news)

    def show_page(self, offset: int, rows: tuple[OutboxRow, ...], total: int) -> None:
        """Show one page of the outbox."""
        self.model.show_page(offset, rows, total)
        self._show_table(self.table, self.model)

    def show_told(self, rows: tuple[NoticeRow, ...]) -> None:
        """Show the notices."""
        self.told.show_all(rows)
        self._show_table(self.told_table, self.told)

    def show_seen(self) -> None:
        """The notices have been looked at: the bar counts them no more."""
        self.looked.emit()

    def show_left(self, rows: tuple[LeftRow, ...]) -> None:
        """Show what left the list."""
        self.left.show_all(rows)
        self._show_table(self.left_table, self.left)

    def _show_table(self, table: Table, model: PagedTable[Any]) -> None:
        empty = model.rowCount() == 0
        if empty:
            searched = self.search.text().strip()
            words = ("Nothing matches", "Any part of what, state, reason or receipt. Esc clears the search.")
            self.empty.say(
                *(words if searched else _EMPTY[self.presenter.kept]), icon="search" if searched else "outbox"
            )
        self.stack.setCurrentWidget(self.empty if empty else table)
        self.beside.setVisible(not empty and table is not self.left_table)
        if not empty and not table.selectionModel().hasSelection():
            table.selectRow(0)

    def show_detail(self, detail: OutboxDetail | None) -> None:
        """Show one change in full."""
        self.detail.show_detail(detail)

    def show_exported(self, path: Path, *, noted: bool) -> None:
        """Say where the file is, and that the centre hears of it."""
        if self._dialog is not None:
            self._dialog.accept()
        told = " That this copy was made is written down and sent to the centre." if noted else ""
        self.banner.say(f"Saved as {path.name} in {path.parent}. It is not encrypted.{told}", "good")

    def show_export_refused(self, fault: Exception) -> None:
        """Say in the dialog what went wrong."""
        if self._dialog is not None:
            self._dialog.show_saving(False)
            tell(fault, banner=self._dialog.banner, form=self._dialog.form)
        else:
            tell(fault, banner=self.banner)


def _table(accessible: str, model: PagedTable[Any], widths: tuple[int, ...], stretch: int) -> Table:
    made = Table(accessible)
    made.setModel(model)
    made.setItemDelegate(Cells(made))
    made.set_columns(widths, stretch=stretch)
    return made
