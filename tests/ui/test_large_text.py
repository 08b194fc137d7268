"""At twice the text size on the smallest screen nothing of a call is cut off at the right: it wraps, folds, scrolls."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.support import calling_rows as rows
from tests.support.gallery import PICTURES, Stage, load
from tests.support.gallery_calling import screen, settle
from tests.support.qt import dressed
from ui.screens.calling.detail_grid import DetailCell
from ui.screens.calling.screen import CallingScreen
from ui.screens.calling.script_foot import ScriptFoot
from ui.theme.live import tokens
from ui.widgets.answer_button import AnswerButton
from ui.widgets.flow import FlowRow
from ui.widgets.fold import FoldLayout
from ui.widgets.panes import SideBySide
from ui.widgets.texts import Text

DETAIL = f"phone:{rows.MOBILE}"
STATES = (
    "calling_card", "calling_many_needs", "calling_held", "calling_dialled", "calling_identity",
    "calling_identity_failed", "calling_verified", "calling_correction", "calling_callback",
)  # fmt: skip


@pytest.fixture
def large(qapp: QApplication) -> Iterator[None]:
    dressed("light", 200)
    yield
    dressed()


@pytest.mark.parametrize("state", STATES)
def test_what_scrolls_is_never_wider_than_what_shows_it(qtbot: QtBot, tmp_path: Path, large: None, state: str) -> None:
    load()
    made = PICTURES[state][0](Stage(tmp_path)).window()
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    settle()
    areas = [one for one in made.findChildren(QScrollArea) if one.isVisible()]
    assert areas
    wide = {
        one.accessibleName(): (one.widget().width(), one.viewport().width())
        for one in areas
        if one.widget().width() > one.viewport().width()
    }
    assert wide == {}


def test_a_long_answer_wraps_and_is_whole(qtbot: QtBot) -> None:
    page = FlowRow()
    qtbot.addWidget(page)
    short, long = AnswerButton(page), AnswerButton(page)
    short.setText("1  Yes")
    long.setText("2  " + "Somebody else in the household who takes messages " * 2)
    page.flow.addWidget(short)
    page.flow.addWidget(long)
    page.resize(300, 400)
    page.show()
    assert short.height() == tokens().control
    assert long.width() == 300
    assert long.height() == long.heightForWidth(300) > 2 * long.fontMetrics().height()
    page.resize(1200, 400)
    assert long.height() == tokens().control
    assert short.geometry().right() < long.geometry().left()


def test_a_folding_row_stands_below_itself_only_where_it_must(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    fold = FoldLayout(page, giving=1)
    head, words, tail = (
        Text("Check identity", "section"),
        Text("Name and date of birth must match.", wrap=True),
        Text("Show"),
    )
    for part in (head, words, tail):
        fold.addWidget(part)
    page.resize(600, 200)
    page.show()
    assert head.geometry().right() < words.geometry().left() < tail.geometry().left()
    assert tail.geometry().right() == 599
    page.resize(160, 200)
    assert head.geometry().bottom() < words.geometry().top() < tail.geometry().top()
    assert fold.heightForWidth(160) > fold.heightForWidth(600)
    assert page.minimumSizeHint().width() <= 160
    words.hide()
    assert fold.count() == 3 and fold.heightForWidth(600) == max(head.height(), tail.height())
    assert fold.takeAt(5) is None and fold.itemAt(5) is None
    taken = fold.takeAt(1)
    assert taken is not None and taken.widget() is words


def correction(qtbot: QtBot, width: int = 1366, height: int = 768) -> CallingScreen:
    made = screen(rows.verified_card())
    qtbot.addWidget(made)
    made.resize(width, height)
    made.show()
    made.presenter.details.on_detail_chosen(DETAIL)
    settle()
    return made


def test_a_correction_opens_at_its_top_each_time_with_the_focus_in_sight(qtbot: QtBot, large: None) -> None:
    made = correction(qtbot)
    area = made.editor.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    for _ in range(2):
        assert area.verticalScrollBar().value() == 0
        focused = made.focusWidget()
        assert focused is not None and made.editor.isAncestorOf(focused)
        view = area.viewport()
        assert view.rect().intersects(QRect(focused.mapTo(view, QPoint(0, 0)), focused.size()))
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
        assert area.verticalScrollBar().value() > 0
        made.turn_to("script")
        made.presenter.details.on_detail_chosen(DETAIL)
        settle()


def test_the_keys_of_the_evidence_work_from_the_first_question(qtbot: QtBot, large: None) -> None:
    made = correction(qtbot)
    focused = made.focusWidget()
    assert focused is not None
    before = made.editor._types.chosen() if made.editor._types is not None else []
    qtbot.keyClick(focused, Qt.Key.Key_2)
    assert made.editor._evidence is not None and len(made.editor._evidence.chosen()) == 1
    assert (made.editor._types.chosen() if made.editor._types is not None else []) == before


def test_a_label_in_a_folding_row_keeps_its_words_whole(qtbot: QtBot, large: None) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    fold = FoldLayout(giving=0)
    words = Text("First line of address and postcode, as the person says them", wrap=True)
    fold.addWidget(words)
    fold.addWidget(QLabel("not asked"))
    column.addLayout(fold)
    column.addStretch(1)
    page.resize(420, 600)
    page.show()
    settle()
    assert words.height() >= words.heightForWidth(words.width())


@pytest.mark.parametrize("name", ["scripts-walk", "referrals", "reviews", "standing", "script_language"])
def test_panes_beside_each_other_stand_below_each_other_where_text_is_large(
    qtbot: QtBot, tmp_path: Path, large: None, name: str
) -> None:
    load()
    made = PICTURES[name][0](Stage(tmp_path)).window()
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    settle()
    beside = [one for one in made.findChildren(SideBySide) if one.isVisible()]
    assert all(one.orientation() == Qt.Orientation.Vertical for one in beside)
    areas = [one for one in made.findChildren(QScrollArea) if one.isVisible()]
    assert [one.accessibleName() for one in areas if one.widget().width() > one.viewport().width()] == []
    dressed("light", 100)
    assert all(one.orientation() == Qt.Orientation.Horizontal for one in beside)


def test_details_stand_in_one_column_and_the_result_keeps_its_key_in_sight_where_text_is_large(
    qtbot: QtBot, tmp_path: Path, large: None
) -> None:
    load()
    details = PICTURES["calling_details"][0](Stage(tmp_path)).window()
    close = PICTURES["script_dpp_close"][0](Stage(tmp_path)).window()
    for window in (details, close):
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        settle()
    cells = [one for one in details.findChildren(DetailCell) if one.isVisible()]
    assert len(cells) > 4 and len({one.x() for one in cells}) == 1
    foot = close.findChildren(ScriptFoot)[0]
    assert foot._take.isVisible()
    assert foot.rect().contains(QRect(foot._take.mapTo(foot, QPoint(0, 0)), foot._take.size()))
    assert "because" in foot._end.accessibleName()
