"""Tables read page by page and keep what the person had chosen."""

from dataclasses import dataclass

from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from ui.delegates.cells import Cells
from ui.models.paged import PLACEHOLDER, Column, PagedTable
from ui.theme.roles import ROW_ROLE, TONE_ROLE
from ui.widgets.tables import Table


@dataclass(frozen=True)
class Person:
    """A row of these tests."""

    key: int
    name: str
    late: int = 0


def model(page: int = 10) -> PagedTable[Person]:
    made: PagedTable[Person] = PagedTable(
        (
            Column("Name", lambda row: row.name),
            Column(
                "Late",
                lambda row: str(row.late),
                spoken=lambda row: f"late by {row.late} days",
                tone=lambda row: "danger" if row.late else "",
                right=True,
            ),
        ),
        lambda row: row.key,
        page=page,
    )
    made.tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)  # type: ignore[attr-defined]
    return made


def people(first: int, count: int) -> list[Person]:
    return [Person(at, f"Person {at}") for at in range(first, first + count)]


def test_rows_not_read_yet_are_placeholders_and_ask_for_their_page_once() -> None:
    table = model()
    asked: list[int] = []
    table.wanted.connect(asked.append)
    table.show_page(0, people(0, 10), 35)
    assert table.rowCount() == 35
    assert asked == []
    for row in (31, 32, 31):
        assert table.index(row, 0).data() == PLACEHOLDER
    assert asked == [30]
    table.show_page(30, people(30, 5), 35)
    assert table.index(31, 0).data() == "Person 31"
    assert table.row(12) is None


def test_a_list_that_grows_and_shrinks_keeps_its_known_rows() -> None:
    table = model()
    table.show_page(0, people(0, 10), 10)
    table.show_page(10, people(10, 3), 13)
    assert [row.key for row in table.known()] == list(range(13))
    table.show_page(0, people(0, 5), 5)
    assert table.rowCount() == 5
    assert [row.key for row in table.known()] == list(range(5))


def test_the_chosen_person_stays_chosen_when_rows_move() -> None:
    table = model()
    table.show_all(people(0, 5))
    chosen = QPersistentModelIndex(table.index(3, 0))
    gone = QPersistentModelIndex(table.index(1, 0))
    table.show_all([Person(9, "New"), Person(3, "Person 3"), Person(0, "Person 0")])
    assert chosen.row() == 1
    assert table.row(chosen.row()) == Person(3, "Person 3")
    assert not gone.isValid()


def test_the_same_people_again_only_repaint() -> None:
    table = model()
    table.show_all(people(0, 3))
    laid_out: list[object] = []
    changed: list[object] = []
    table.layoutChanged.connect(lambda *_: laid_out.append(1))
    table.dataChanged.connect(lambda *_: changed.append(1))
    table.show_all([Person(at, f"Person {at}", late=at) for at in range(3)])
    assert laid_out == []
    assert changed == [1]
    assert table.index(2, 1).data() == "2"


def test_a_cell_is_spoken_with_its_heading_and_meaning() -> None:
    table = model()
    table.show_all([Person(1, "Jo Ng", late=2)])
    assert table.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "Late: late by 2 days"
    assert table.index(0, 1).data(TONE_ROLE) == "danger"
    assert table.index(0, 0).data(ROW_ROLE) == Person(1, "Jo Ng", late=2)
    assert table.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) == "Late"


def test_stale_pages_are_asked_for_again_while_the_old_ones_stay() -> None:
    table = model()
    table.show_page(0, people(0, 10), 20)
    asked: list[int] = []
    table.wanted.connect(asked.append)
    table.stale()
    assert asked == [0]
    assert table.index(0, 0).data() == "Person 0"
    table.forget()
    assert table.rowCount() == 0


def test_a_hundred_thousand_rows_ask_only_for_the_pages_on_the_screen(qtbot: QtBot) -> None:
    view = Table("People")
    qtbot.addWidget(view)
    table: PagedTable[Person] = PagedTable((Column("Name", lambda row: row.name),), lambda row: row.key, page=200)
    asked: list[int] = []

    def answer(offset: int) -> None:
        asked.append(offset)
        table.show_page(offset, people(offset, 200), 100_000)

    table.wanted.connect(answer)
    view.setModel(table)
    view.setItemDelegate(Cells(view))
    view.set_columns((0,))
    view.resize(600, 400)
    table.show_page(0, people(0, 200), 100_000)
    with qtbot.waitExposed(view):
        view.show()
    view.grab()
    view.scrollToBottom()
    view.grab()
    assert 1 <= len(asked) <= 3
    assert max(asked) == 99_800
    assert len(table.known()) <= 800


def test_enter_opens_the_row_and_one_column_takes_the_rest(qtbot: QtBot) -> None:
    view = Table("People")
    qtbot.addWidget(view)
    table = model()
    view.setModel(table)
    view.set_columns((0, 80))
    view.resize(500, 200)
    view.show()
    table.show_all(people(0, 3))
    opened: list[int] = []
    view.opened.connect(lambda index: opened.append(index.row()))
    view.selectRow(1)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened == [1]
    assert view.columnWidth(0) == view.viewport().width() - 80
    view.resize(150, 200)
    assert view.columnWidth(0) >= 136


def test_columns_of_words_share_in_what_is_left_until_they_are_drawn_by_hand(qtbot: QtBot) -> None:
    view = Table("Corrections")
    qtbot.addWidget(view)
    view.setModel(QStandardItemModel(2, 4, view))
    view.set_columns((160, 60, 0, 200), stretch=2)
    view.resize(600, 300)
    view.show()
    narrow = [view.columnWidth(at) for at in range(4)]
    view.resize(1400, 300)
    wide = [view.columnWidth(at) for at in range(4)]
    assert wide[0] > narrow[0] and wide[3] > narrow[3] and wide[1] == narrow[1] == 60
    assert sum(wide) == view.viewport().width()
    view.setColumnWidth(0, 90)
    view.resize(1600, 300)
    assert view.columnWidth(0) == 90
    assert sum(view.columnWidth(at) for at in range(4)) == view.viewport().width()
