"""My day: my own calls in a table, searchable; open the person, or take an earlier result back with a reason."""

from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from caller_app.base.clock import london, london_day
from caller_app.base.notices import Notice
from caller_app.domain.phones import show as show_phone
from caller_app.queries.rows import CallLine
from ui.a11y import announce, name
from ui.screens.my_day.presenter import MyDayPresenter
from ui.tasks import Desk
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.empty import EmptyState
from ui.widgets.panes import Pane, row
from ui.widgets.search import SearchBox
from ui.widgets.tables import Table
from ui.widgets.texts import Text
from ui.widgets.toast import Toast

HEADINGS = ("When", "Person", "Result", "Number", "How far it has got")
Index = QModelIndex | QPersistentModelIndex


class CallsModel(QAbstractTableModel):
    """My calls, newest first; asks for more when the view comes to the end."""

    more_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[CallLine, ...] = ()
        self._more = False
        self.today: date | None = None

    def show(self, lines: tuple[CallLine, ...], *, more: bool) -> None:
        """Take a fresh answer; where only states moved on, the rows stay where they are."""
        self._more = more
        if [one.attempt_id for one in lines] == [one.attempt_id for one in self._lines]:
            self._lines = lines
            if lines:
                self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, len(HEADINGS) - 1))
            return
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def add(self, lines: tuple[CallLine, ...], *, more: bool) -> None:
        """Take the next page."""
        self._more = more
        if lines:
            self.beginInsertRows(QModelIndex(), len(self._lines), len(self._lines) + len(lines) - 1)
            self._lines += lines
            self.endInsertRows()

    def line(self, index: Index) -> CallLine | None:
        """Give the call at an index."""
        return self._lines[index.row()] if index.isValid() and index.row() < len(self._lines) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(HEADINGS)

    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not parent.isValid()

    def fetchMore(self, _parent: Index) -> None:
        self._more = False
        self.more_wanted.emit()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.line(index)
        if line is None:
            return None
        words = self._cells(line)[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{HEADINGS[index.column()]}: {words}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return words or None
        return None

    def _cells(self, line: CallLine) -> tuple[str, ...]:
        at = london(line.at)
        when = f"{at:%H:%M}" if at.date() == self.today else f"{at:%a %-d %b, %H:%M}"
        person = line.shown_name if line.still_on_list else f"{line.shown_name} (no longer on my list)"
        return when, person, line.outcome_label, show_phone(line.number) if line.number else "", line.state


class MyDayScreen(QWidget):
    """Search, table, and what can be done with a line."""

    person_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 16, 16, 16)
        box.setSpacing(12)
        self.search = SearchBox("Name, number or result", accessible="Search my calls by name, number or result")
        self.search.setFixedWidth(320)
        private = Text("Only you see this page.", "quiet")
        self.toast = Toast()
        box.addLayout(row(Text("My day", "title"), 16, private, 16, self.toast, None, self.search))
        self.banner = Banner(closable=True)
        box.addWidget(self.banner)
        self.model = CallsModel(self)
        self.table = Table("My calls")
        self.table.setModel(self.model)
        self.table.set_columns((170, 360, 220, 150, 200), stretch=4)
        self._empty = EmptyState(
            "day", "No calls yet", "Every result you record appears here, with how far it has got."
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        box.addWidget(self._stack, 1)
        self._make_foot(box)
        self.presenter = MyDayPresenter(self, desk.work(self))
        self.search.searched.connect(self.presenter.on_searched)
        self.search.went_down.connect(self.table.setFocus)
        self.model.more_wanted.connect(self.presenter.on_more_wanted)
        self.table.opened.connect(lambda index: self._with(index, self.presenter.on_person_wanted))
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_possible())

    def _make_foot(self, box: QVBoxLayout) -> None:
        self._open = button("Open the person", lambda: self._chosen("on_person_wanted"), icon="user", keys="Enter")
        self._wrong = button("This result was wrong …", lambda: self._chosen("on_correct_wanted"), icon="undo")
        self._deeds = QWidget()
        self._deeds.setLayout(row(self._open, self._wrong, None))
        box.addWidget(self._deeds)
        self._ask = Pane(margin=16, gap=8)
        self._what = Text("", "section", wrap=True)
        self._reason = name(QLineEdit(), "Why was it wrong?")
        self._reason.setMaxLength(200)
        self._reason.setPlaceholderText("In a few words: pressed the wrong key, rang back a minute later …")
        self._refusal = Text("", "error", wrap=True)
        self._refusal.hide()
        take_back = button("Take the result back", self._give_reason, kind="primary", keys="Enter")
        leave = button("Leave it", self._leave_it, keys="Esc")
        self._reason.returnPressed.connect(self._give_reason)
        for part in (self._what, self._reason, self._refusal):
            self._ask.column.addWidget(part)
        self._ask.column.addLayout(row(take_back, leave, None))
        self._ask.hide()
        box.addWidget(self._ask)

    def start(self) -> None:
        """Read the first page."""
        self.presenter.start()

    def shown(self) -> None:
        """Stand on the newest call."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_notice(self, notice: Notice) -> None:
        """Something was recorded, sent or judged."""
        self.presenter.on_notice(notice.kinds, notice.ids, notice.by)

    def panes(self) -> list[QWidget]:
        """List the places F6 goes round."""
        return [self.search, self.table, self._open]

    # ---- what the presenter asks ---------------------------------------------------------------------------------

    def show_lines(self, lines: tuple[CallLine, ...], *, more: bool, search: str) -> None:
        self.model.today = london_day(self._desk.clock.now())
        self.model.show(lines, more=more)
        if search:
            self._empty.say(
                "Nothing matches", "Any part of a name, number or result. Esc clears the search.", icon="search"
            )
        else:
            self._empty.say(
                "No calls yet", "Every result you record appears here, with how far it has got.", icon="day"
            )
        self._stack.setCurrentIndex(0 if lines else 1)
        if lines and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self._show_possible()

    def add_lines(self, lines: tuple[CallLine, ...], *, more: bool) -> None:
        self.model.add(lines, more=more)

    def ask_reason(self, line: CallLine) -> None:
        at = london(line.at)
        self._what.setText(f"Take back “{line.outcome_label}” for {line.shown_name} at {at:%H:%M}?")
        self._reason.clear()
        self._refusal.hide()
        self._deeds.hide()
        self._ask.show()
        self._reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_reason(self) -> None:
        self._ask.hide()
        self._deeds.show()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_refusal(self, sentence: str) -> None:
        self._refusal.setText(sentence)
        self._refusal.show()
        announce(self._reason, sentence)

    def show_banner(self, sentence: str) -> None:
        self.banner.say(sentence, "caution")

    def say(self, sentence: str) -> None:
        self.toast.say(sentence, tone="info")

    def open_person(self, case_id: str) -> None:
        self.person_wanted.emit(case_id)

    # ---- what is pressed -----------------------------------------------------------------------------------------

    def _show_possible(self) -> None:
        line = self.model.line(self.table.currentIndex())
        self._open.setEnabled(line is not None and line.still_on_list)
        self._wrong.setEnabled(line is not None)

    def _chosen(self, handler: str) -> None:
        self._with(self.table.currentIndex(), getattr(self.presenter, handler))

    def _with(self, index: QModelIndex, act: Any) -> None:
        line = self.model.line(index)
        if line is not None:
            act(line)

    def _leave_it(self) -> None:
        self.presenter.on_correct_given_up()

    def _give_reason(self) -> None:
        self.presenter.on_reason_given(self._reason.text())

    def keyPressEvent(self, event: Any) -> None:
        if event.key() == Qt.Key.Key_Escape and not self._ask.isHidden():
            self.presenter.on_correct_given_up()
            return
        super().keyPressEvent(event)
