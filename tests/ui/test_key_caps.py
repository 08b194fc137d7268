"""Keys stand on the buttons they press, words never give way to them, and what is cut off says so."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from caller_app.queries.script_rows import ScriptLine, ScriptPage, ScriptPath
from tests.support.qt import dressed
from ui.screens.calling.script_head import ScriptHead
from ui.widgets.buttons import CappedButton, button
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.script_line import ScriptLineView
from ui.widgets.texts import Text
from ui.widgets.yielding_area import RestStack

LONG = "Nobody: every value is typed below, one after the other"


def test_a_key_stands_on_the_button_it_presses_and_is_told_to_readers(qtbot: QtBot) -> None:
    plain, keyed = button("Finish"), button("Finish", keys="Enter")
    for one in (plain, keyed):
        qtbot.addWidget(one)
    assert isinstance(keyed, CappedButton)
    assert keyed.sizeHint().width() > plain.sizeHint().width() + keyed.fontMetrics().horizontalAdvance("Enter") // 2
    assert keyed.minimumSizeHint() == keyed.sizeHint()
    assert (keyed.text(), keyed.accessibleDescription(), keyed.toolTip()) == ("Finish", "Key: Enter", "Finish (Enter)")
    keyed.show_cap(False)
    assert keyed.sizeHint().width() == plain.sizeHint().width()


@pytest.mark.parametrize("kind", ["plain", "primary", "quiet", "danger", "worry"])
def test_the_key_is_painted_in_every_kind_of_button_pressable_or_not(qtbot: QtBot, kind: str) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    one = button("Finish", kind=kind, keys="Enter")  # type: ignore[arg-type]
    assert isinstance(one, CappedButton)
    column.addWidget(one, 0, Qt.AlignmentFlag.AlignLeft)
    page.show()
    for pressable in (True, False):
        one.setEnabled(pressable)
        right = one.grab().toImage()
        edge = right.copy(right.width() - 60, 0, 52, right.height())
        assert len({edge.pixel(x, y) for x in range(edge.width()) for y in range(edge.height())}) > 2


def test_at_twice_the_text_size_the_words_have_the_room_of_the_key(qtbot: QtBot, qapp: QApplication) -> None:
    plain, keyed = button("Finish"), button("Finish", keys="Enter")
    for one in (plain, keyed):
        qtbot.addWidget(one)
    dressed("light", 200)
    assert keyed.sizeHint().width() == plain.sizeHint().width()
    dressed()
    assert keyed.sizeHint().width() > plain.sizeHint().width()


def head(qtbot: QtBot) -> ScriptHead:
    page = QWidget()
    qtbot.addWidget(page)
    made = ScriptHead(page)
    made.show_step(ScriptPath(pages=(ScriptPage(title="Before you say goodbye", lines=(), name="close"),)), 0)
    page.show()
    page.resize(2000, 100)
    made.page = page  # type: ignore[attr-defined] # lives as long as what is in it
    return made


def buttons_of(made: ScriptHead) -> list[CappedButton]:
    return [one for one in made._buttons if isinstance(one, CappedButton) and not one.isHidden()]


def test_where_the_line_of_the_script_is_short_icons_go_first_then_keys_and_the_title_last(qtbot: QtBot) -> None:
    made = head(qtbot)

    def state() -> tuple[bool, bool]:
        return (any(one.iconSize().width() for one in buttons_of(made)), all(one._more() for one in buttons_of(made)))

    seen = []
    for width in range(1400, 300, -20):
        made.resize(width, 40)
        if not seen or seen[-1] != state():
            seen.append(state())
    assert seen == [(True, True), (False, True), (False, False), (True, False)], "the last are icons in place of words"
    assert [one.text() for one in buttons_of(made)] == ["", "", "Back", "Next"]
    made.resize(1400, 40)
    assert state() == (True, True)


def test_the_line_of_the_script_says_where_answers_to_objections_are(qtbot: QtBot) -> None:
    made = head(qtbot)
    asked: list[bool] = []
    made.what_if_wanted.connect(lambda: asked.append(True))
    (found,) = [one for one in buttons_of(made) if one.accessibleDescription() == "Key: F1"]
    found.click()
    assert asked == [True]


def test_a_choice_too_long_for_its_box_ends_in_an_ellipsis_and_is_told_in_full(qtbot: QtBot) -> None:
    box = ChoiceBox(8)
    qtbot.addWidget(box)
    box.addItems([LONG, "Ann"])
    box.resize(120, 34)
    box.show()
    assert box.sizeHint().width() < box.fontMetrics().horizontalAdvance(LONG)
    assert box.toolTip() == LONG
    long = box.grab().toImage()
    box.resize(box.fontMetrics().horizontalAdvance(LONG) + 80, 34)
    assert box.toolTip() == ""
    box.resize(120, 34)
    box.setCurrentIndex(1)
    assert box.toolTip() == ""
    assert box.grab().toImage() != long


def test_pages_that_scroll_take_what_height_is_left_and_ask_for_none(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    head, rest = QLabel("head"), RestStack()
    head.setMinimumHeight(40)
    long = Text("words " * 2000, wrap=True)
    rest.addWidget(long)
    rest.setMinimumHeight(50)
    assert long.hasHeightForWidth() and not rest.hasHeightForWidth()
    column.addWidget(head)
    column.addWidget(rest, 1)
    page.resize(300, 200)
    page.show()
    assert head.height() >= 40 and page.height() == 200


def test_help_is_named_once_on_its_button(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    line = ScriptLineView(page, today=lambda: date(2026, 3, 3))
    line.fill(ScriptLine(name="risk", style="warn", text="Thank the person.", raises="IMMEDIATE_RISK"), None)
    assert line._help is not None
    assert (line._help.text(), line._help.accessibleDescription()) == ("Open help now", "Key: F12")
