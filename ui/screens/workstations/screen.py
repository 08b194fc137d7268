"""Workstations: what each last said, what is still on it that should be gone, and who has taken which reassignment."""

from typing import Any

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from caller_app.protocol.supervision import MoveOrder, RecordToGo, Workstation, Workstations
from ui.asking import AskingScreen
from ui.delegates.cells import Cells
from ui.models.paged import PagedTable
from ui.screens.workstations.columns import order_columns, state_words, to_go_columns, workstation_columns
from ui.screens.workstations.presenter import WorkstationsPresenter
from ui.screens.workstations.revoke import RevokeDialog
from ui.tasks import Desk
from ui.widgets.buttons import button
from ui.widgets.empty import EmptyState
from ui.widgets.tables import Table
from ui.widgets.texts import Text
from ui.widgets.times import text_words


class WorkstationsScreen(AskingScreen):
    """Shows; asks again while it is on the screen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.presenter = WorkstationsPresenter(self, desk.work(self), desk.clock)
        self._clock = desk.clock
        column = self.page("Workstations")
        column.addLayout(self.head("Workstations"))
        column.addWidget(self.banner)
        self.model: PagedTable[Workstation] = PagedTable(
            workstation_columns(desk.clock), lambda row: row.device_id, parent=self
        )
        self.to_go: PagedTable[RecordToGo] = PagedTable(to_go_columns(desk.clock), lambda row: row.rec_id, parent=self)
        self.orders: PagedTable[MoveOrder] = PagedTable(
            order_columns(desk.clock), lambda row: row.reassign_id, parent=self
        )
        column.addWidget(self._lay(), 1)

    def _lay(self) -> QSplitter:
        self.table = _table(
            "Workstations, those with something to look at first", self.model, (0, 136, 176, 280, 152, 104)
        )
        self.table.selectionModel().selectionChanged.connect(self._chosen)
        self.unknown = EmptyState("clock", "Not known yet", "The centre has not answered.")
        self.stack = _stacked(self.unknown, self.table)
        self.title = Text("", "section", wrap=True)
        self.says = Text("", "quiet", wrap=True)
        self.revoke = button("Take it out of use …", self.open_revoke, icon="lock")
        self.to_go_table = _table("What is on it and should be gone", self.to_go, (0, 176, 136, 88))
        self.to_go.wanted.connect(self.presenter.on_to_go_wanted)
        self.clean = EmptyState("good", "Nothing to look at", "")
        self.to_go_stack = _stacked(self.clean, self.to_go_table)
        head = QHBoxLayout()
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.title)
        words.addWidget(self.says)
        head.addLayout(words, 1)
        head.addWidget(self.revoke, 0, Qt.AlignmentFlag.AlignTop)
        self.order_table = _table("Reassignments, newest first", self.orders, (112, 216, 64, 0, 136), stretch=3)
        self.no_orders = EmptyState("move", "Nobody has been moved yet", "Who has taken a move is shown here.")
        self.order_stack = _stacked(self.no_orders, self.order_table)
        lower = QSplitter()
        lower.setChildrenCollapsible(False)
        lower.addWidget(_under(Text("Still on it that should be gone", "overline"), self.to_go_stack))
        lower.addWidget(_under(Text("Reassignments, and who has taken them", "overline"), self.order_stack))
        lower.setSizes([560, 760])
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(lower, 1)
        whole = QSplitter(Qt.Orientation.Vertical)
        whole.setChildrenCollapsible(False)
        whole.addWidget(self.stack)
        whole.addWidget(below)
        whole.setSizes([300, 350])
        return whole

    # ---- life ---------------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """Gone to again: what is shown may be old."""
        if self.presenter.answer is not None:
            self.presenter.refresh()
        self.table.setFocus()

    def panes(self) -> list[QWidget]:
        """Give the panes F6 cycles through."""
        return [self.table, self.revoke, self.to_go_table, self.order_table, self.refresh]

    def _chosen(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        rows = self.table.selectionModel().selectedRows()
        row = self.model.row(rows[0].row()) if rows else None
        if row is not None:
            self.presenter.on_chosen(row.device_id)

    def open_revoke(self) -> None:
        """Ask before a workstation is taken out of use."""
        one = self.presenter.line(self.presenter.chosen)
        if one is None:
            return
        dialog = RevokeDialog(self, one)
        self.ask_in(dialog, self.presenter.on_revoke)

    # ---- as the presenter asks ----------------------------------------------------------------------------------

    def show_workstations(self, answer: Workstations) -> None:
        """Show the centre's answer; the selected row stays selected."""
        self.model.show_all(answer.lines)
        self.unknown.say("No workstation yet", "Whoever signs in for the first time is listed here.", icon="home")
        self.stack.setCurrentWidget(self.table if answer.lines else self.unknown)
        self.orders.show_all(answer.orders)
        self.order_stack.setCurrentWidget(self.order_table if answer.orders else self.no_orders)
        if answer.lines and not self.table.selectionModel().hasSelection():
            self.table.selectRow(0)

    def show_chosen(self, chosen: Workstation | None, *, own: bool) -> None:
        """Show one workstation."""
        self.revoke.setVisible(chosen is not None and chosen.status != "revoked")
        self.revoke.setEnabled(not own)
        if chosen is None:
            self.title.setText("A workstation")
            self.says.setText("")
            self.clean.say("Choose a workstation", "What is still on it is shown here.", icon="home")
            return
        self.title.setText(f"{chosen.person}'s workstation: {state_words(chosen)}")
        self.says.setText(self._says(chosen, own=own))
        self.clean.say("Nothing on it that should be gone", "", icon="good")

    def _says(self, one: Workstation, *, own: bool) -> str:
        now = self._clock.now()
        words = [f"In use since {text_words(one.registered_at, now)}, {one.received} entries received from it."]
        if one.list_locked:
            words.append("Not heard from for more than three days: its list has locked itself by now.")
        if one.held_open:
            words.append(f"{one.held_open} kept for a call in hand, at most 30 minutes.")
        if own:
            words.append("This is the workstation you are working on.")
        return " ".join(words)

    def show_to_go(self, offset: int, lines: tuple[RecordToGo, ...], total: int) -> None:
        """Show one page of what should be gone."""
        self.to_go.show_page(offset, lines, total)
        self.to_go_stack.setCurrentWidget(self.to_go_table if total else self.clean)

    def show_revoking(self, revoking: bool) -> None:
        """Show that the centre is being asked."""
        if self._dialog is not None:
            self._dialog.show_revoking(revoking)

    def show_revoke_refused(self, fault: Exception) -> None:
        """Say in the dialog what is missing or went wrong."""
        self.say_refused(fault)

    def show_revoked(self, sentence: str) -> None:
        """Say what was done."""
        self.say_done(sentence)


def _table(accessible: str, model: PagedTable[Any], widths: tuple[int, ...], *, stretch: int = 0) -> Table:
    made = Table(accessible)
    made.setModel(model)
    made.setItemDelegate(Cells(made))
    made.set_columns(widths, stretch=stretch)
    return made


def _stacked(*parts: QWidget) -> QStackedWidget:
    made = QStackedWidget()
    for one in parts:
        made.addWidget(one)
    return made


def _under(title: Text, below: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addWidget(title)
    column.addWidget(below, 1)
    return holder
