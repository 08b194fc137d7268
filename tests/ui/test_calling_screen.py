"""The caller's window by keyboard: where the focus lands, which keys act where, and that every control has a name."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from caller_app.base.errors import Refused
from caller_app.commands.attempts import RecordedAct
from caller_app.queries.rows import Card, SafetyLine
from tests.support import calling_rows as rows
from tests.support import gallery_calling as gallery
from tests.support.fake_client import CallClient
from tests.support.gallery_calling import settle
from ui.screens.calling.screen import CallingScreen
from ui.theme.live import look
from ui.theme.tokens import LIGHT

ACT = RecordedAct("a1", ("a1",), "No answer: recorded.", None, rows.NOW)
KEY = Qt.Key


def shown(qtbot: QtBot, card: Card | None = None, *, opened: bool = True, **answers: Any) -> CallingScreen:
    screen = gallery.screen(card, opened=opened, **answers)
    qtbot.addWidget(screen)
    screen.resize(1366, 700)
    with qtbot.waitActive(screen):
        screen.show()
    settle()
    if opened:
        screen.turn_to("script")
        screen.focus_numbers()
    return screen


def client(screen: CallingScreen) -> CallClient:
    found = screen.fake  # type: ignore[attr-defined]
    assert isinstance(found, CallClient)
    return found


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    where = QApplication.focusWidget()
    assert where is not None, "no key may leave the window without a focus"
    qtbot.keyClick(where, key, modifier)
    settle()


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


DIALLED: dict[str, Any] = {"dialled_number": rows.HOME, "dialled_at": rows.NOW}


def test_enter_rings_the_best_number_and_the_script_takes_the_focus(qtbot: QtBot) -> None:
    screen = shown(qtbot)
    assert focused() is screen.card_pane.numbers.list
    press(qtbot, KEY.Key_Return)
    assert client(screen).last("record_dial") == {"case_id": "c2", "number": rows.HOME}
    assert focused() is screen.card_pane.script
    assert QApplication.clipboard().text() == "01632 960456"


def test_the_clipboard_is_cleared_but_only_of_our_number(qtbot: QtBot) -> None:
    screen = shown(qtbot)
    press(qtbot, KEY.Key_Return)
    screen.card_pane.numbers.clear_clipboard()
    assert QApplication.clipboard().text() == ""
    screen.hand_over_number(rows.HOME)
    QApplication.clipboard().setText("something of their own")
    screen.card_pane.numbers.clear_clipboard()
    assert QApplication.clipboard().text() == "something of their own"


def test_f2_records_and_stands_on_the_numbers_of_the_next_person(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(**DIALLED), record_attempt=ACT)
    screen.card_pane.script.setFocus()
    press(qtbot, KEY.Key_F2)
    assert client(screen).last("record_attempt")["outcome"] == "C01"
    assert screen.presenter.state.case_id == "c6"
    assert screen.toast.sentence() == "No answer: recorded."
    assert screen.isAncestorOf(focused())


def test_control_z_takes_the_last_result_back(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(**DIALLED), record_attempt=ACT)
    press(qtbot, KEY.Key_F2)
    press(qtbot, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert client(screen).last("supersede_attempt") == {"attempt_id": "a1"}
    assert screen.presenter.state.case_id == "c2"


def test_undo_pressed_with_the_mouse_takes_the_last_result_back(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(**DIALLED), record_attempt=ACT)
    press(qtbot, KEY.Key_F2)
    undo = next(one for one in screen.toast.findChildren(QPushButton) if one.text() == "Undo")
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    settle()
    assert client(screen).last("supersede_attempt") == {"attempt_id": "a1"}
    assert screen.presenter.state.case_id == "c2"


@pytest.mark.parametrize("percent", [100, 200])
def test_a_long_receipt_is_whole_and_covers_nothing(qtbot: QtBot, percent: int) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    screen = shown(qtbot, rows.card(**DIALLED))
    screen.resize(1366, 768)
    look.wear(app, "light", percent)
    try:
        settle()
        call = screen.splitter.geometry()
        sentence = "Callback agreed: recorded. Promised for Wednesday 23 November, 12:00 to 13:00."
        screen.show_receipt(sentence, undo=True)
        settle()
        assert screen.header.rect().contains(screen.toast.geometry())
        assert not screen.header.geometry().intersects(screen.splitter.geometry())
        words = next(one for one in screen.toast.findChildren(QLabel) if one.text() == sentence)
        assert words.height() >= words.heightForWidth(words.width()) or not words.wordWrap()
        assert words.wordWrap() or words.width() >= words.sizeHint().width()
        if percent == 100:
            assert screen.splitter.geometry() == call
        screen.hide_receipt()
        settle()
        assert screen.splitter.geometry() == call
    finally:
        look.wear(app)


def test_every_pane_can_be_stood_on(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.verified_card(), outcome_pad=rows.pad(dialled=True, verified=True))
    for open_it in (
        lambda: screen.turn_to("script"),
        screen.presenter.recording.on_pad_wanted,
        lambda: screen.presenter.recording.on_outcome_chosen("D01"),
        screen.presenter.details.on_details_wanted,
        lambda: screen.presenter.details.on_detail_chosen(f"phone:{rows.MOBILE}"),
    ):
        open_it()
        settle()
        for pane in screen.panes():
            if pane.isVisible():
                pane.setFocus(Qt.FocusReason.ShortcutFocusReason)
                assert pane is focused() or pane.isAncestorOf(focused()) or pane.focusProxy() is not None
        screen.turn_to("script")


def test_a_wrong_number_takes_three_keys(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(**DIALLED), record_attempt=ACT)
    press(qtbot, KEY.Key_F4)
    press(qtbot, KEY.Key_2)
    press(qtbot, KEY.Key_Return)
    said = client(screen).last("record_attempt")
    assert said["outcome"] == "P02"
    assert said["corrections"][0].values["how_known"] == "business"


def test_voicemail_shows_the_neutral_words_first(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(**DIALLED), record_attempt=ACT)
    press(qtbot, KEY.Key_F3)
    assert "record_attempt" not in client(screen).commands()
    assert rows.MESSAGE in {label.text() for label in screen.form.findChildren(type(screen.form._say))}
    press(qtbot, KEY.Key_1)  # the greeting named nobody, or the person
    press(qtbot, KEY.Key_Return)
    said = client(screen).last("record_attempt")
    assert (said["outcome"], said["facts"]["greeting"]) == ("C03", "own")


def test_died_takes_two_steps(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(**DIALLED), record_attempt=ACT)
    press(qtbot, KEY.Key_F4, Qt.KeyboardModifier.ControlModifier)
    assert screen.stack.currentWidget() is screen.form
    press(qtbot, KEY.Key_3)
    press(qtbot, KEY.Key_Return)
    assert client(screen).last("record_attempt")["facts"]["who"] == "child"


def test_a_call_back_is_promised_with_two_keys_after_f7(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(**DIALLED), record_attempt=ACT)
    press(qtbot, KEY.Key_F7)
    press(qtbot, KEY.Key_2)
    press(qtbot, KEY.Key_M)
    press(qtbot, KEY.Key_Return)
    facts = client(screen).last("record_attempt")["facts"]
    assert facts == {"date": "2026-11-25", "time": "09:00-12:00", "anyone": "me", "callback_number": rows.MOBILE}


def test_a_call_back_at_no_time_is_asked_for_its_time(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(**DIALLED), record_attempt=ACT)
    press(qtbot, KEY.Key_F7)
    press(qtbot, KEY.Key_Return)
    assert "record_attempt" not in client(screen).commands()
    assert "Choose when" in screen.form._refusal.text()


def test_no_to_asking_again_turns_the_decline_round(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.verified_card(), record_attempt=ACT, outcome_pad=rows.pad(dialled=True, verified=True))
    press(qtbot, KEY.Key_F8)
    press(qtbot, KEY.Key_4)
    press(qtbot, KEY.Key_N)
    row = screen.form.facts.row("scope")
    assert row is not None
    row.set_value("season")
    press(qtbot, KEY.Key_Return)
    said = client(screen).last("record_attempt")
    assert (said["outcome"], said["facts"]) == ("D02", {"scope": "season", "reason": "travel"})


def test_plain_keys_answer_in_the_script_and_are_text_in_the_note(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(**DIALLED))
    screen.card_pane.script.setFocus()
    press(qtbot, KEY.Key_1)
    assert screen.presenter.state.answers == {"who": "patient"}
    screen.side.note.setFocus()
    for key in (KEY.Key_2, KEY.Key_N, KEY.Key_I, KEY.Key_E):
        press(qtbot, key)
    assert screen.side.note.toPlainText().lower() == "2nie"
    assert screen.presenter.state.answers == {"who": "patient"}
    assert screen.presenter.state.note.lower() == "2nie"


def test_a_note_never_grows_beyond_its_limit(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(**DIALLED))
    screen.side.note.setPlainText("x" * 400)
    assert len(screen.presenter.state.note) == 300


def test_the_identity_panel_is_ticked_by_digits_down_to_the_script(qtbot: QtBot) -> None:
    revealed = rows.card(identity=rows.panel(revealed=True), **DIALLED)
    screen = shown(qtbot, revealed)
    screen.focus_identity()
    first = focused()
    press(qtbot, KEY.Key_1)
    assert client(screen).last("tick_identity")["ticks"]["full_name"] == "matches"
    assert focused() is not first
    press(qtbot, KEY.Key_2)
    assert client(screen).last("tick_identity")["ticks"]["dob"] == "differs"


def test_escape_leads_back_to_the_script_from_everywhere(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.verified_card(), outcome_pad=rows.pad(dialled=True, verified=True))
    for open_it in (
        screen.presenter.recording.on_pad_wanted,
        lambda: screen.presenter.recording.on_outcome_chosen("D01"),
        screen.presenter.details.on_details_wanted,
        lambda: screen.presenter.details.on_detail_chosen(f"phone:{rows.MOBILE}"),
    ):
        open_it()
        settle()
        assert screen.stack.currentWidget() is not screen.card_pane.script
        press(qtbot, KEY.Key_Escape)
        assert screen.stack.currentWidget() is screen.card_pane.script
        assert focused() is screen.card_pane.script


def test_the_pad_finds_a_result_by_word_and_by_code(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(**DIALLED), record_attempt=ACT)
    press(qtbot, KEY.Key_F9)
    assert focused() is screen.pad.search
    qtbot.keyClicks(screen.pad.search, "engag")
    assert screen.pad.found() == ["C02"]
    screen.pad.search.setText("t01")
    assert screen.pad.found() == ["T01"]
    press(qtbot, KEY.Key_Return)
    assert screen.stack.currentWidget() is screen.form or client(screen).last("record_attempt")["outcome"] == "T01"


def test_the_pad_holds_every_code_but_the_one_of_the_system(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(**DIALLED))
    assert len(screen.pad.found()) == 33
    assert "C06" not in screen.pad.found()


def test_an_impossible_result_on_the_pad_says_why(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(**DIALLED), record_attempt=ACT)
    press(qtbot, KEY.Key_F9)
    screen.pad.search.setText("A01")
    press(qtbot, KEY.Key_Return)
    assert "record_attempt" not in client(screen).commands()
    assert "identity check" in screen.pad._reason.text()


def test_every_result_has_a_form_that_can_be_filled_and_recorded(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.verified_card(), record_attempt=ACT, outcome_pad=rows.pad(dialled=True, verified=True))
    for one in rows.rules().outcomes.on_pad():
        screen.show_form(rows.form(one.code), alternative=None, evidence=(), wordings={})
        asked = {row.field.name for row in screen.form.facts.rows}
        needed = {
            field.name for field in one.fields if field.required and not field.filled_from and len(field.choices) != 1
        }
        assert needed <= asked, one.code
        screen.form.focus()


def test_a_refusal_stands_at_its_field(qtbot: QtBot) -> None:
    screen = shown(
        qtbot,
        rows.verified_card(),
        record_attempt=Refused("Reason: choose one of the answers.", field="reason"),
        outcome_pad=rows.pad(dialled=True, verified=True),
    )
    press(qtbot, KEY.Key_F8)
    press(qtbot, KEY.Key_1)
    press(qtbot, KEY.Key_Return)
    row = screen.form.facts.row("reason")
    assert row is not None
    assert row._fault.text() == "Reason: choose one of the answers."
    assert row.isAncestorOf(focused())


def test_a_correction_shows_old_beside_new_and_takes_its_evidence_by_key(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.verified_card(), propose_correction="k1")
    screen.card_pane.script.setFocus()
    press(qtbot, KEY.Key_E)
    for _ in range(3):
        press(qtbot, KEY.Key_Down)
    press(qtbot, KEY.Key_E)
    assert screen.stack.currentWidget() is screen.editor
    assert screen.editor._old.text() == "07700 900123"
    press(qtbot, KEY.Key_2)
    press(qtbot, KEY.Key_Return)
    assert client(screen).last("propose_correction") == {
        "case_id": "c2", "type": "PHONE_WRONG", "source": "third_party", "evidence": "household_said",
        "values": {"number_on_record": rows.MOBILE, "how_known": "someone_else"},
    }  # fmt: skip


def test_opening_asks_for_help_whoever_is_highlighted(qtbot: QtBot) -> None:
    screen = shown(qtbot, opened=False)
    assert screen.case_id == "c0"
    with qtbot.waitSignal(screen.worried):
        screen.bar.worry.click()


def test_the_list_keeps_its_place_when_figures_change(qtbot: QtBot) -> None:
    screen = shown(qtbot, opened=False)
    screen.list_pane.list.setCurrentIndex(screen.list_pane.model.index_of("c4"))
    changed = tuple(rows.ROWS[:4] + rows.ROWS[5:] + (rows.ROWS[4],))
    client(screen).set("my_list", changed)
    screen.presenter.listing.refresh()
    settle()
    chosen = screen.list_pane.selected()
    assert chosen is not None
    assert chosen.case_id == "c4"


@pytest.mark.parametrize("name", [name for name in gallery.SCREENS if name.startswith("calling_")])
def test_every_control_has_a_name(qtbot: QtBot, name: str) -> None:
    made = gallery.SCREENS[name]()
    qtbot.addWidget(made)
    made.resize(1366, 700)
    made.show()
    settle()
    nameless = [
        f"{type(one).__name__} in {type(one.parent()).__name__}"
        for one in made.findChildren(QWidget)
        if isinstance(one, QAbstractButton | QLineEdit | QPlainTextEdit | QAbstractItemView)
        and one.isVisibleTo(made)
        and one.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name).strip()
    ]
    assert nameless == []
    assert [one for one in QApplication.topLevelWidgets() if one.isVisible()] == [made], "a part became a window"


def test_the_words_of_a_reused_badge_take_the_colour_of_their_new_tone(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(warnings=(SafetyLine("stop", "Do not leave a message."),)))
    (line,) = screen.card_pane.head._warnings.lines()
    stop = line._text.palette().color(line._text.foregroundRole()).name()
    line.fill("info", "Last call: no answer.")
    assert line._text.palette().color(line._text.foregroundRole()).name() != stop
    assert stop == LIGHT.danger_text
