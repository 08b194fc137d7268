"""My list: search box above, rows below, and what stands there when nothing does."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from caller_app.queries.rows import ListCounts, ListRow
from ui.delegates.my_list_row import MyListDelegate
from ui.models.my_list import MyListModel
from ui.widgets.empty import EmptyState
from ui.widgets.panes import row
from ui.widgets.search import SearchBox
from ui.widgets.tables import Rows
from ui.widgets.texts import Text


class ListPane(QFrame):
    """The list and its search."""

    searched = Signal(str)
    person_opened = Signal(str)
    more_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._open_case: str | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(2, 10, 2, 2)
        box.setSpacing(8)
        top = QVBoxLayout()
        top.setContentsMargins(12, 0, 12, 0)
        top.setSpacing(8)
        self._left = Text("", "small")
        top.addLayout(row(Text("My list", "section"), None, self._left))
        self.search = SearchBox("Name or number", accessible="Search my list by name or number")
        self.search.searched.connect(self.searched)
        self.search.went_down.connect(self.focus)
        top.addWidget(self.search)
        box.addLayout(top)
        self.model = MyListModel(self)
        self.model.more_wanted.connect(self.more_wanted)
        self.list = Rows("My list")
        self.list.setUniformItemSizes(False)
        self.list.setModel(self.model)
        self._delegate = MyListDelegate(self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setMouseTracking(True)
        self.list.opened.connect(self._opened)
        # The first look at a widget Qt made itself has PySide make all the classes it might be: here, behind sign-in.
        self.list.viewport().setObjectName("rows")
        self._empty = EmptyState("list", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        box.addWidget(self._stack, 1)

    def show_rows(self, rows: tuple[ListRow, ...], *, more: bool, search: str) -> None:
        """Show a fresh answer; selection, scroll and focus stay with their person."""
        before = self.model.row_at(self.list.currentIndex())
        scroll = self.list.verticalScrollBar().value()
        if self.model.show(rows, more=more):
            index = self.model.index_of(before.case_id if before is not None else self._open_case)
            self.list.setCurrentIndex(index if index.isValid() else self.model.first_person())
            self.list.verticalScrollBar().setValue(scroll)
        if not rows and search:
            self._empty.say(
                "Nobody matches", "Any part of a name or number will do. Esc clears the search.", icon="search"
            )
        elif not rows:
            self._empty.say("Your list is empty", "People arrive here when they are assigned to you.", icon="list")
        self._stack.setCurrentIndex(0 if rows else 1)

    def add_rows(self, rows: tuple[ListRow, ...], *, more: bool) -> None:
        """Show the next page below."""
        self.model.add(rows, more=more)

    def show_counts(self, counts: ListCounts) -> None:
        """Say how many are left."""
        self._left.setText(f"{counts.left} left")

    def mark_open(self, case_id: str | None) -> None:
        """Mark the person whose card is open."""
        if case_id != self._open_case:
            self._open_case = self._delegate.open_case = case_id
            index = self.model.index_of(case_id)
            if index.isValid():
                self.list.setCurrentIndex(index)
            self.list.viewport().update()

    def selected(self) -> ListRow | None:
        """Give the highlighted person."""
        return self.model.row_at(self.list.currentIndex())

    def focus(self) -> None:
        """Go to the rows, or to the search box where there are none."""
        if self._stack.currentIndex() == 0:
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _opened(self, index: QModelIndex) -> None:
        person = self.model.row_at(index)
        if person is not None:
            self.person_opened.emit(person.case_id)
