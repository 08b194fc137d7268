"""What a supervisor may write into a script, on the caller's screen: languages, defaults, days, choices that depend."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from caller_app.script.compile import read_script
from tests.deeds import rig as deeds
from tests.script.books import book
from tests.ui.real_window import Stage

SURVEY: list[list[Any]] = [
    ["type", "name", "label", "label::Polish", "relevant", "required", "style", "default", "choice_filter",
     "sets_outcome", "raises", "constraint", "constraint_message"],
    ["begin_group", "one", "One", "Raz", None, None, None, None, None, None, None, None, None],
    ["note", "hello", "Good morning", "Dzień dobry", None, None, "say", None, None, None, None, None, None],
    ["select_one kind", "kind", "Which kind?", "Jaki?", None, "yes", "ask", "tea", None, None, None, None, None],
    ["select_one sort", "sort", "Which sort?", None, None, "yes", "ask", None, "of = ${kind}", None, None, None, None],
    ["date", "since", "Since when?", None, None, "no", "ask", None, None, None, None, ". <= today()", "Not to come"],
    ["end_group", "one", None, None, None, None, None, None, None, None, None, None, None],
    ["begin_group", "two", "Two", None, None, None, None, None, None, None, None, None, None],
    ["select_one yn", "safe", "Are you safe?", None, None, "yes", "ask", None, None, None, None, None, None],
    ["note", "help", "Open the panel.", None, "${safe} = 'n'", None, "warn", None, None, "E01", "SAFEGUARDING",
     None, None],
    ["text", "words", "What do you say?", None, "${safe} = 'y'", "yes", "ask", None, None, None, None, None, None],
    ["note", "bye", "Goodbye.", None, "${words} != ''", None, "say", None, None, "D01", None, None, None],
    ["end_group", "two", None, None, None, None, None, None, None, None, None, None, None],
]  # fmt: skip
CHOICES: list[list[Any]] = [
    ["list_name", "name", "label", "label::Polish", "of"],
    ["yn", "y", "Yes", "Tak", None],
    ["yn", "n", "No", "Nie", None],
    ["kind", "tea", "Tea", "Herbata", None],
    ["kind", "cake", "Cake", "Ciasto", None],
    ["sort", "green", "Green", None, "tea"],
    ["sort", "black", "Black", None, "tea"],
    ["sort", "apple", "Apple", None, "cake"],
]


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    script = read_script(book(tmp_path / "a.xlsx", survey=SURVEY, choices=CHOICES))
    with deeds.opened(tmp_path / "profile", deeds.item(1)) as rig:
        rig.take_scripts(script)
        rig.take_project(replace(deeds.project(), script_id=script.script_id))
        made = Stage(qtbot, rig)
        made.open(deeds.case(1))
        made.ring()
        made.verify()
        made.wait(lambda: made.page == "p_intro")
        made.answer("1", "Enter")
        assert made.page == "one"
        try:
            yield made
        finally:
            made.close()


def words(stage: Stage) -> list[str]:
    shown = stage.screen.card_pane.script.findChildren(QLabel)
    return [label.text() for label in shown if label.isVisible()]


def offered(stage: Stage, name: str) -> list[str]:
    lines = [line for page in stage.state.path.pages for line in page.lines if line.name == name]
    return [label for _, label in lines[0].choices]


def test_a_default_stands_there_as_chosen_and_is_an_answer_once_the_page_is_left(stage: Stage) -> None:
    assert stage.state.answers == {"ready": "yes"}
    assert offered(stage, "sort") == ["Green", "Black"]
    assert stage.screen.card_pane.script._current == "sort", "the first question that is open"
    stage.answer("2", "Enter", "Enter")
    assert stage.page == "two"
    assert (stage.state.answers["kind"], stage.state.answers["sort"]) == ("tea", "black")


def test_another_answer_changes_what_a_later_question_offers_and_drops_what_no_longer_fits(stage: Stage) -> None:
    stage.answer("1")
    stage.screen.presenter.script.on_answered("kind", "cake")
    stage.answer()
    assert offered(stage, "sort") == ["Apple"]
    assert "sort" in stage.state.path.pages[stage.state.page].missing or any(
        line.fault for line in stage.state.path.pages[stage.state.page].lines
    )


def test_the_language_is_switched_in_the_middle_and_kept_with_the_call(stage: Stage) -> None:
    assert "Good morning" in words(stage)
    stage.screen.card_pane.script.setFocus()
    stage.answer("l")
    assert "Dzień dobry" in words(stage)
    assert "Raz" in words(stage)
    assert "Which sort?" in words(stage), "what is not translated is read as it is"
    shown = [one.text() for one in stage.screen.card_pane.script.head.findChildren(QPushButton)]
    assert "Language: Polish" in shown
    stage.wait(lambda: stage.rig.read(lambda s: s.draft(deeds.case(1))).language == "Polish")
    stage.answer("l")
    assert "Good morning" in words(stage)


def test_a_day_is_typed_as_people_write_it_and_read_back_in_words(stage: Stage) -> None:
    stage.answer("1")
    box = QApplication.focusWidget()
    stage.qtbot.keyClicks(box, "1 mar")
    assert "Sunday 1 March 2026" in words(stage)
    stage.answer("Enter")
    assert stage.state.answers["since"] == "2026-03-01"
    assert stage.page == "two"


def test_a_fault_is_not_told_in_the_middle_of_typing(stage: Stage) -> None:
    stage.answer("1")
    box = QApplication.focusWidget()
    stage.qtbot.keyClicks(box, "tomorrow")
    stage.screen.card_pane.script._line().field._hand()
    stage.answer()
    assert stage.state.answers["since"] == "2026-03-04"
    assert "Not to come" not in words(stage)
    stage.answer("Enter")
    assert "Not to come" in words(stage)
    assert stage.page == "one"


def test_a_line_that_calls_for_help_opens_its_route_with_one_key(stage: Stage) -> None:
    stage.answer("1", "Enter", "Enter", "2")
    assert stage.state.path.raises == ("safeguarding",)
    assert stage.screen.raised == "safeguarding"
    help_button = next(
        one
        for one in stage.screen.card_pane.script.findChildren(QPushButton)
        if one.accessibleName() == "Open help now" and one.isVisible()
    )
    with stage.qtbot.waitSignal(stage.screen.worried):
        stage.qtbot.mouseClick(help_button, Qt.MouseButton.LeftButton)


def test_free_words_are_kept_as_typed_and_their_line_is_needed(stage: Stage) -> None:
    stage.answer("1", "Enter", "Enter", "1")
    assert stage.page == "two"
    stage.answer("Enter")
    assert "Still to answer: What do you say?" in words(stage)
    stage.answer("Thank you, 1 2 3 e i", "Enter")
    assert stage.state.answers["words"] == "Thank you, 1 2 3 e i"
    assert stage.state.path.outcome == "D01"
