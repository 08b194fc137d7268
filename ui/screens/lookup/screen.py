"""Someone rang me: one box, the people it may be, and what to say. Enter takes the call on the same record."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from caller_app.base.clock import london
from caller_app.domain.phones import show as show_phone
from caller_app.queries.rows import LookupRow
from ui.a11y import announce
from ui.screens.lookup.presenter import LookupPresenter
from ui.tasks import Desk
from ui.widgets.buttons import button
from ui.widgets.empty import EmptyState
from ui.widgets.panes import Pane, row
from ui.widgets.search import SearchBox
from ui.widgets.tables import Table
from ui.widgets.texts import Text

HEADINGS = ("Person", "Number", "Last rung", "By", "What was left")
Index = QModelIndex | QPersistentModelIndex


class LookupModel(QAbstractTableModel):
    """The people a fragment may mean."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[LookupRow, ...] = ()

    def show(self, rows: tuple[LookupRow, ...]) -> None:
        """Take a fresh answer."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        words = _cells(self._rows[index.row()])[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{HEADINGS[index.column()]}: {words}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return words or None
        return None


def _cells(one: LookupRow) -> tuple[str, ...]:
    when = f"{london(one.last_at):%a %-d %b, %H:%M}" if one.last_at is not None else "never"
    number = show_phone(one.number) if one.number else ""
    return one.shown_name, number, when, one.last_caller, one.what_was_left


class LookupScreen(QWidget):
    """Search box, table, and the words to say."""

    call_taken = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 16, 16, 16)
        box.setSpacing(12)
        top = Pane(margin=16, gap=8)
        top.column.addWidget(Text("Someone rang me", "title"))
        self.search = SearchBox("Any part of a number or name", accessible="Any part of a number or name")
        self._sentence = Text("", "quiet", wrap=True)
        top.column.addWidget(self.search)
        top.column.addWidget(self._sentence)
        box.addWidget(top)
        self.model = LookupModel(self)
        self.table = Table("People it may be")
        self.table.setModel(self.model)
        self.table.set_columns((264, 136, 164, 168, 200), stretch=4)
        self._empty = EmptyState("phone-in", "Who rang?", "The people it may be appear here as you type.")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        box.addWidget(self._stack, 1)
        self._say = Pane("sunken", margin=16, gap=8)
        self._who = Text("", "section")
        self._words = Text("", "read", wrap=True, selectable=True)
        self._say.column.addWidget(self._who)
        self._say.column.addWidget(self._words)
        self._take = button("Take the call", kind="primary", icon="phone-in", keys="Enter")
        line: QHBoxLayout = row(self._take, gap=12)
        line.addWidget(Text("Identity first: why we rang is said only after the check.", "quiet", wrap=True), 1)
        self._say.column.addLayout(line)
        box.addWidget(self._say)
        self._go_when_found = False
        self.presenter = LookupPresenter(self, desk.work(self))
        self._take.clicked.connect(lambda _checked=False: self.presenter.on_taken())
        self.search.searched.connect(self.presenter.on_typed)
        self.search.returnPressed.connect(self._enter)
        self.search.went_down.connect(self._to_rows)
        self.table.opened.connect(lambda _: self.presenter.on_taken())
        self.table.selectionModel().currentRowChanged.connect(
            lambda now, _: self.presenter.on_chosen(now.row() if now.isValid() else None)
        )

    def start(self) -> None:
        """Begin with an empty search."""
        self.presenter.start()

    def shown(self) -> None:
        """Somebody is on the line: the box is ready to type in."""
        self.search.clear()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[QWidget]:
        """List the places F6 goes round."""
        return [self.search, self.table, self._take]

    def show_rows(self, rows: tuple[LookupRow, ...]) -> None:
        self.model.show(rows)
        self._stack.setCurrentIndex(0 if rows else 1)
        go, self._go_when_found = self._go_when_found, False
        if go:
            self._to_rows()
        if rows:
            self.table.selectRow(0)

    def show_sentence(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        announce(self.search, sentence)
        typed = bool(self.search.text().strip())
        line = "Nobody matches" if typed else "Who rang?"
        self._empty.say(line, "" if typed else "The people it may be appear here as you type.")

    def show_chosen(self, row: LookupRow | None) -> None:
        self._say.setVisible(row is not None)
        if row is not None:
            self._who.setText(f"Call from or about {row.shown_name}:")
            self._words.setText(row.what_to_say)

    def take(self, case_id: str) -> None:
        self.call_taken.emit(case_id)

    def _enter(self) -> None:
        """Enter goes to the rows; there Enter takes the call, so that nobody is taken by typing too fast."""
        if self.presenter.is_asking:
            self._go_when_found = True
        else:
            self._to_rows()

    def _to_rows(self) -> None:
        if self.model.rowCount():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.shown()
            return
        super().keyPressEvent(event)
