"""Every key: no clash, every action has words, and runs."""

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.actions import action, commands
from ui.shortcuts import SHORTCUTS, Shortcut, keys_of, sheet

# Contexts that can hold at the same time: everywhere, in a call, with the script focused, as supervisor.
_TOGETHER = {frozenset(pair) for pair in itertools.combinations_with_replacement(("window", "call", "script"), 2)} | {
    frozenset({"supervisor"}),
    frozenset({"supervisor", "window"}),
}


def test_no_two_keys_clash_in_contexts_that_hold_together() -> None:
    clashes = [
        (one.name, other.name)
        for one, other in itertools.combinations(SHORTCUTS.values(), 2)
        if one.keys.casefold() == other.keys.casefold() and frozenset({one.context, other.context}) in _TOGETHER
    ]
    assert clashes == []


@pytest.mark.parametrize("one", SHORTCUTS.values(), ids=lambda one: one.name)
def test_every_key_keeps_off_what_belongs_to_the_desktop(one: Shortcut) -> None:
    keys = one.keys
    assert "Ctrl+Alt" not in keys  # AltGr
    assert not keys.startswith("Alt+")
    assert keys not in ("F10", "Alt+F4")
    assert one.words


@pytest.mark.parametrize("one", SHORTCUTS.values(), ids=lambda one: one.name)
def test_a_single_letter_acts_only_while_the_script_has_the_focus(one: Shortcut) -> None:
    if len(one.keys) == 1 or one.keys in ("1…9", "Enter", "Backspace"):
        assert one.context == "script"


@pytest.mark.parametrize("name", [name for name in SHORTCUTS if "…" not in SHORTCUTS[name].keys])
def test_every_action_has_keys_that_qt_understands_and_runs_once(name: str, qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    ran: list[str] = []
    made = action(owner, name, lambda: ran.append(name))
    assert made.shortcut() == QKeySequence(SHORTCUTS[name].keys)
    assert not made.shortcut().isEmpty()
    assert SHORTCUTS[name].words in made.toolTip()
    made.trigger()
    assert ran == [name]


def test_the_keys_reach_the_action_and_only_inside_where_asked(qtbot: QtBot) -> None:
    window = QWidget()
    inside, outside = QWidget(window), QWidget(window)
    for one in (inside, outside):
        one.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    qtbot.addWidget(window)
    ran: list[str] = []
    action(inside, "correct", lambda: ran.append("inside"), inside_only=True)
    action(window, "commands", lambda: ran.append("window"))
    with qtbot.waitActive(window):
        window.show()
    outside.setFocus()
    qtbot.keyClick(outside, Qt.Key.Key_E)
    assert ran == []
    inside.setFocus()
    qtbot.keyClick(inside, Qt.Key.Key_E)
    qtbot.keyClick(outside, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert ran == ["inside", "window"]


def test_the_commands_are_what_can_be_done_now_in_the_order_of_the_table(qtbot: QtBot) -> None:
    window = QWidget()
    hidden = QWidget(window)
    qtbot.addWidget(window)
    action(window, "keys", lambda: None)
    action(window, "commands", lambda: None)
    action(window, "send_now", lambda: None).setEnabled(False)
    action(hidden, "undo", lambda: None)
    window.show()
    hidden.hide()
    assert [one.objectName() for one in commands(window)] == ["commands", "keys"]


def test_the_help_sheet_shows_every_key_that_fits_the_role() -> None:
    caller = [one.name for rows in sheet(supervisor=False).values() for one in rows]
    supervisor = [one.name for rows in sheet(supervisor=True).values() for one in rows]
    assert set(supervisor) == set(SHORTCUTS)
    assert set(SHORTCUTS) - set(caller) == {one.name for one in SHORTCUTS.values() if one.context == "supervisor"}


def test_keys_are_shown_as_they_stand_on_the_keyboard() -> None:
    assert keys_of("save_and_next") == "Ctrl+Enter"
