"""On a low screen the caller sees what they have to read next: no answer leaves its words below the edge."""

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from caller_app.queries.script_rows import ScriptLine, ScriptPage, ScriptPath
from ui.screens.calling.script_view import ScriptView
from ui.widgets.script_line import ScriptLineView

MANY = tuple((str(at), f"One of many answers, each of them long, number {at}") for at in range(6))
FEELS = ScriptLine(name="feels", style="ask", text="How do you feel about it?", choices=MANY, kind="select_one")
MIND = ScriptLine(name="mind", style="ask", text="What is on your mind?", choices=MANY, kind="select_one")
REPLY = ScriptLine(name="reply", style="say", text="Many people ask that, and here is what is known about it.")
MORE = ScriptLine(
    name="more", style="ask", text="Would you like to know more?", choices=(("y", "Yes"),), kind="select_one"
)


@pytest.fixture
def view(qtbot: QtBot) -> ScriptView:
    made = ScriptView(today=lambda: date(2026, 3, 3))
    qtbot.addWidget(made)
    made.resize(700, 420)
    made.show()
    return made


def show(view: ScriptView, answers: dict[str, Any], *lines: ScriptLine) -> None:
    page = ScriptPage(name="p", title="Intention", lines=lines)
    view.show_script(ScriptPath(pages=(page,)), 0, answers)
    for _ in range(4):
        QApplication.processEvents()


def in_sight(view: ScriptView, name: str) -> bool:
    line: ScriptLineView = next(one for one in view._lines.lines() if one.name == name)
    port = view._area.viewport()
    return port.rect().contains(QRect(line.mapTo(port, QPoint(0, 0)), line.size()))


def test_what_an_answer_brings_to_be_said_comes_into_sight(view: ScriptView) -> None:
    show(view, {}, FEELS, MIND)
    show(view, {"feels": "1"}, FEELS, MIND)
    show(view, {"feels": "1", "mind": "2"}, FEELS, MIND, REPLY)
    assert in_sight(view, "reply")


def test_what_is_said_before_the_next_question_comes_into_sight_with_it(view: ScriptView) -> None:
    show(view, {}, FEELS, MIND)
    show(view, {"feels": "1"}, FEELS, MIND)
    show(view, {"feels": "1", "mind": "2"}, FEELS, MIND, REPLY, MORE)
    assert view._current == "more"
    assert in_sight(view, "reply") and in_sight(view, "more")


def test_where_not_all_of_it_has_room_what_is_read_first_is_in_sight(view: ScriptView) -> None:
    long = ScriptLine(name="reply", style="say", text="Many people ask that. " * 60)
    show(view, {}, FEELS)
    show(view, {"feels": "1"}, FEELS, long, MORE)
    line = next(one for one in view._lines.lines() if one.name == "reply")
    assert 0 <= line.mapTo(view._area.viewport(), QPoint(0, 0)).y() <= 8


def test_help_comes_into_sight_before_anything_else_also_where_a_call_is_taken_up_there(view: ScriptView) -> None:
    help_line = ScriptLine(name="help", style="warn", text="Open the panel.", raises="SAFEGUARDING")
    show(view, {"feels": "1", "mind": "2"}, FEELS, MIND, help_line)
    assert in_sight(view, "help")
