"""The supervisor's board: projects, callers with the age of every figure, what needs attention, one caller's list."""

from typing import Any

from PySide6.QtCore import QItemSelection, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from caller_app.base.paths import resource_text
from caller_app.domain.outcomes import read_outcomes
from caller_app.protocol.supervision import AttentionLine, Board, CallerLine, CaseLine
from caller_app.queries.outbox import reason_in_words
from ui.asking import AskingScreen
from ui.delegates.cells import Cells
from ui.models.paged import PagedTable
from ui.screens.board.columns import attention_columns, caller_columns, case_columns
from ui.screens.board.presenter import BoardPresenter
from ui.screens.board.reassign import ReassignDialog
from ui.screens.board.tiles import ProjectTile
from ui.tasks import Desk
from ui.widgets.buttons import button
from ui.widgets.empty import EmptyState
from ui.widgets.tables import Table
from ui.widgets.texts import Text


class BoardScreen(AskingScreen):
    """Shows; asks again while it is on the screen. What needs attention leads to where it is dealt with."""

    ask_every_ms = 15_000
    review_wanted = Signal(str)
    referrals_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.presenter = BoardPresenter(self, desk.work(self), desk.clock)
        column = self.page("Board")
        column.addLayout(self.head("Board"))
        column.addWidget(self.banner)
        self._tiles: list[ProjectTile] = []
        self._tile_row = QHBoxLayout()
        self._tile_row.setSpacing(8)
        self._tile_row.addStretch(1)
        column.addLayout(self._tile_row)

        self.callers: PagedTable[CallerLine] = PagedTable(
            caller_columns(desk.clock), lambda row: row.user_id, parent=self
        )
        self.caller_table = _table("Callers", self.callers, (0, 60, 80, 136, 164, 108, 148), 0)
        self.attention: PagedTable[AttentionLine] = PagedTable(
            attention_columns(desk.clock, reason_in_words),
            lambda row: (row.what, row.case_id, row.at, row.review_id),
            parent=self,
        )
        self.attention_table = _table("Needs attention, oldest first", self.attention, (0, 108, 84), 0)
        catalogue = read_outcomes(resource_text("outcomes.csv"), resource_text("outcome_fields.toml"))
        labels = {one.code: one.label for one in catalogue.all()}
        self.cases: PagedTable[CaseLine] = PagedTable(
            case_columns(desk.clock, labels), lambda row: row.case_id, parent=self
        )
        self.case_table = _table(
            "The chosen caller's list", self.cases, (0, 208, 152, 104, 240, 136, 152), 0, several=True
        )
        self.cases.wanted.connect(self.presenter.on_cases_wanted)
        column.addWidget(self._lay_tables(), 1)
        self.caller_table.selectionModel().selectionChanged.connect(self._caller_selected)
        self.case_table.selectionModel().selectionChanged.connect(lambda *_: self._name_move())
        self.attention_table.opened.connect(self._attend)

    def _lay_tables(self) -> QSplitter:
        upper = QSplitter()
        upper.setChildrenCollapsible(False)
        self.unknown = EmptyState(
            "users", "Not known yet", "The centre has not answered yet; it is asked again by itself."
        )
        self.caller_stack = QStackedWidget()
        self.caller_stack.addWidget(self.unknown)
        self.caller_stack.addWidget(self.caller_table)
        upper.addWidget(_under(Text("Callers", "section"), self.caller_stack))
        self.calm = EmptyState("clock", "Not known yet")
        self.attention_stack = QStackedWidget()
        self.attention_stack.addWidget(self.calm)
        self.attention_stack.addWidget(self.attention_table)
        upper.addWidget(_under(Text("Needs attention", "section"), self.attention_stack))
        upper.setStretchFactor(0, 2)
        upper.setStretchFactor(1, 1)
        upper.setSizes([880, 446])
        self.list_title = Text("", "section")
        self.move_button = button("Move people …", self.open_move, icon="move")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.list_title)
        head.addStretch(1)
        head.addWidget(self.move_button)
        self.unchosen = EmptyState(
            "users", "Choose a caller", "Their list is shown here, and can be moved to a colleague."
        )
        self.list_stack = QStackedWidget()
        self.list_stack.addWidget(self.unchosen)
        self.list_stack.addWidget(self.case_table)
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(8)
        below.addLayout(head)
        below.addWidget(self.list_stack, 1)
        whole = QSplitter(Qt.Orientation.Vertical)
        whole.setChildrenCollapsible(False)
        whole.addWidget(upper)
        whole.addWidget(lower)
        whole.setSizes([420, 480])
        self.show_caller(None)
        return whole

    # ---- life ---------------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """Gone to again: the board may be old."""
        if self.presenter.board is not None:
            self.presenter.refresh()
        self.caller_table.setFocus()

    def panes(self) -> list[QWidget]:
        """Give the panes F6 cycles through."""
        return [self.caller_table, self.attention_table, self.case_table, self.refresh]

    def _caller_selected(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        rows = self.caller_table.selectionModel().selectedRows()
        chosen = self.callers.row(rows[0].row()) if rows else None
        if chosen is not None:
            self.presenter.on_caller_chosen(chosen.user_id)

    def _attend(self, index: QModelIndex) -> None:
        line = self.attention.row(index.row())
        if line is not None and line.review_id:
            self.review_wanted.emit(line.review_id)
        elif line is not None and line.what == "referral":
            self.referrals_wanted.emit()

    def selected_cases(self) -> tuple[CaseLine, ...]:
        """Give the people selected in the list."""
        found = (self.cases.row(one.row()) for one in self.case_table.selectionModel().selectedRows())
        return tuple(one for one in found if one is not None)

    def open_move(self) -> None:
        """Ask whom to move, to whom and why."""
        caller_id = self.presenter.caller_id
        giver = self.presenter.caller(caller_id) if caller_id is not None else None
        if giver is None:
            return
        dialog = ReassignDialog(self, giver, self.presenter.takers(), self.selected_cases(), self.presenter.preview)
        self.ask_in(dialog, self.presenter.on_move)

    def _name_move(self) -> None:
        count = len(self.case_table.selectionModel().selectedRows())
        self.move_button.setText(f"Move {count} selected …" if count else "Move people …")
        self.move_button.setAccessibleName(self.move_button.text())

    # ---- as the presenter asks ----------------------------------------------------------------------------------

    def show_board(self, board: Board) -> None:
        """Show the centre's answer; the selected row stays selected."""
        while len(self._tiles) < len(board.projects):
            tile = ProjectTile()
            self._tiles.append(tile)
            self._tile_row.insertWidget(self._tile_row.count() - 1, tile, 2)
        for at, tile in enumerate(self._tiles):
            tile.setVisible(at < len(board.projects))
            if at < len(board.projects):
                tile.show_project(board.projects[at])
        self.callers.show_all(board.callers)
        self.attention.show_all(board.attention)
        self.calm.say("Nothing needs attention", "Concerns and results to look at come here.", icon="good")
        self.attention_stack.setCurrentWidget(self.attention_table if board.attention else self.calm)
        first = self.caller_stack.currentWidget() is not self.caller_table
        self.caller_stack.setCurrentWidget(self.caller_table)
        if first and self.refresh.hasFocus():
            self.caller_table.setFocus()

    def show_caller(self, caller: CallerLine | None) -> None:
        """Show whose list it is."""
        self.move_button.setVisible(caller is not None)
        self.list_stack.setCurrentWidget(self.unchosen if caller is None else self.case_table)
        if caller is None:
            self.list_title.setText("A caller's list")
            return
        self.move_button.setEnabled(caller.open_cases > 0)
        people = "1 person" if caller.open_cases == 1 else f"{caller.open_cases} people"
        self.list_title.setText(f"{caller.shown_name}'s list: {people} open")

    def show_cases(self, offset: int, lines: tuple[CaseLine, ...], total: int) -> None:
        """Show a page of the list."""
        self.cases.show_page(offset, lines, total)

    def show_moving(self, moving: bool) -> None:
        """Show that people are being moved."""
        if self._dialog is not None:
            self._dialog.show_moving(moving)

    def show_move_refused(self, fault: Exception) -> None:
        """Say in the dialog what is missing or went wrong."""
        self.say_refused(fault)

    def show_moved(self, sentence: str, *, waiting: bool) -> None:
        """Say what was moved."""
        self.case_table.clearSelection()
        self.say_done(sentence, "caution" if waiting else "good")


def _table(
    accessible: str, model: PagedTable[Any], widths: tuple[int, ...], stretch: int, *, several: bool = False
) -> Table:
    made = Table(accessible, several=several)
    made.setModel(model)
    made.setItemDelegate(Cells(made))
    made.set_columns(widths, stretch=stretch)
    return made


def _under(title: Text, table: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    column.addWidget(title)
    column.addWidget(table, 1)
    return holder
