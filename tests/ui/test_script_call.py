"""A whole call on its script, by keys, over a real store: one page at a time, the right one, and the right end."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from caller_app.commands.calls import save_page
from caller_app.domain.changes import AttemptRecorded, ReferralRequested
from tests.deeds import rig as deeds
from tests.ui.real_window import Stage, on_the_script

KEY = Qt.Key


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    with on_the_script(qtbot, tmp_path / "profile", deeds.item(1), deeds.item(2)) as made:
        yield made


def verified(stage: Stage) -> Stage:
    stage.answer("1", "Enter", "1", "Enter")
    stage.verify()
    stage.wait(lambda: stage.page == "p_intro")
    stage.wait(lambda: QApplication.focusWidget() is stage.screen.card_pane.script)
    return stage


def recorded(stage: Stage) -> AttemptRecorded:
    stage.wait(lambda: "attempt_recorded" in stage.rig.kinds(deeds.case(1)))
    return next(one.change for one in stage.rig.changes(deeds.case(1)) if isinstance(one.change, AttemptRecorded))


def words(stage: Stage) -> str:
    shown = stage.screen.card_pane.script.findChildren(QLabel)
    return " ".join(label.text() for label in shown if label.isVisible())


def test_no_answer_by_the_script_takes_two_keys_and_is_confirmed_in_words(stage: Stage) -> None:
    stage.answer("2")
    assert "This call ends as: No answer" in words(stage)
    assert "Rang out, no answer" in words(stage)
    assert stage.rig.kinds(deeds.case(1)) == []
    stage.answer("Enter")
    assert recorded(stage).outcome == "C01"
    assert recorded(stage).answers == {"connect": "noanswer"}


def test_a_whole_call_by_keys_ends_in_the_referral_its_answers_lead_to(stage: Stage) -> None:
    verified(stage)
    stage.answer("1", "Enter")
    assert stage.page == "why"
    stage.answer("1", "1", "Enter")
    assert stage.page == "check"
    stage.answer("1", "Enter")  # none of these; the walking question is still open
    assert "Still to answer" in words(stage)
    stage.answer("1")
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit), "the weight is typed"
    stage.answer("82,5", "Enter", "170", "Enter")
    assert stage.page == "offer"
    stage.answer("1", "Enter", "1", "1", "Enter")
    assert stage.page == "close"
    assert "This call ends as: Referred by us" in words(stage)
    assert "Refer to Healthier You" in words(stage)
    stage.answer("Enter")
    stage.wait(lambda: stage.screen.stack.currentWidget() is stage.screen.form)
    form = stage.screen.form.facts
    assert form.values()["pathway"] == "dpp_referral"
    assert "consent" not in form.values(), "agreement is never filled in"
    assert not {"given_by", "interpreter"} & form.values().keys(), "nor who gave it"
    stage.answer("1", "Enter", "1", "Enter")
    assert "attempt_recorded" not in stage.rig.kinds(deeds.case(1))
    stage.answer("1", "Enter")
    attempt = recorded(stage)
    assert (attempt.outcome, attempt.facts["consent"]) == ("A01", "yes")
    (referral,) = [one.change for one in stage.rig.changes(deeds.case(1)) if isinstance(one.change, ReferralRequested)]
    assert (referral.given_by, referral.interpreter) == ("patient", "")
    assert attempt.answers["weight_kg"] == "82.5"
    assert (attempt.opening, attempt.script) == (deeds.project().opening_script_id, deeds.project().script_id)


def test_enter_goes_on_only_when_the_page_is_done_and_backspace_goes_back(stage: Stage) -> None:
    stage.answer("Enter")
    assert stage.page == "p_connect"
    assert "Still to answer: What happened when you dialled?" in words(stage)
    stage.answer("1")
    assert "Still to answer" not in words(stage)
    stage.answer("Enter")
    assert stage.page == "p_who"
    stage.answer("Back")
    assert stage.page == "p_connect"
    assert "Step 1 of about 5" in words(stage)


def test_keys_faster_than_the_pages_are_kept_in_their_order(stage: Stage) -> None:
    verified(stage)
    pane = stage.screen.card_pane.script
    for key in (KEY.Key_1, KEY.Key_Return, KEY.Key_1, KEY.Key_2, KEY.Key_Return):
        stage.qtbot.keyClick(pane, key)
    stage.wait(lambda: stage.page == "objections")
    assert stage.state.answers["interest"] == "unsure"
    assert (stage.state.answers["ready"], stage.state.answers["aware"]) == ("yes", "yes")


def test_the_next_key_answers_the_question_that_the_last_answer_brought(stage: Stage) -> None:
    verified(stage)
    stage.answer("1", "Enter", "1", "2", "Enter")
    assert stage.page == "objections"
    for key in (KEY.Key_3, KEY.Key_1, KEY.Key_Return):
        stage.qtbot.keyClick(stage.screen.card_pane.script, key)
    stage.wait(lambda: stage.page == "check")
    assert (stage.state.answers["why_not"], stage.state.answers["interest2"]) == ("travel", "yes")


def test_a_constraint_is_said_in_its_place_and_holds_the_page(stage: Stage) -> None:
    verified(stage)
    stage.answer("1", "Enter", "1", "1", "Enter", "1")
    stage.answer("2")
    assert "None cannot be combined" in words(stage)
    stage.answer("Enter")
    assert stage.page == "check"
    stage.answer("2")
    stage.screen.card_pane.script._step_ask(1)
    stage.answer("1", "8", "Enter", "Enter", "Enter")
    assert "Between 25 and 350" in words(stage)
    assert stage.page == "check"


def test_an_earlier_answer_is_a_key_away_and_changing_it_drops_what_followed(stage: Stage) -> None:
    verified(stage)
    stage.answer("1", "Enter", "1", "1", "Enter", "1")
    said = [(one.line, one.answer) for one in stage.state.path.said]
    assert said[-1] == ("excl", "None of these")
    stage.answer("a")
    for _ in range(1):
        stage.qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Up)
    stage.qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Return)
    stage.wait(lambda: stage.page == "why")
    assert stage.screen.card_pane.script._current == "interest"
    stage.answer("4")
    assert stage.state.path.outcome == "A05"
    assert stage.state.answers["excl"] == ["none"], "kept, but it counts no more"
    assert "excl" not in [one.line for one in stage.state.path.said]


def test_a_result_that_contradicts_the_answers_is_refused_before_its_form_opens(stage: Stage) -> None:
    verified(stage)
    stage.answer("1", "Enter", "1", "4", "Enter")
    assert stage.page == "close"
    stage.screen.presenter.recording.on_outcome_chosen("D01")
    assert "Already has it" in stage.screen.banner.sentence()
    assert stage.screen.stack.currentWidget() is stage.screen.card_pane.script
    assert stage.rig.kinds(deeds.case(1)) == []


def test_f9_offers_what_the_answers_lead_to_and_enter_takes_it(stage: Stage) -> None:
    verified(stage)
    stage.answer("1", "Enter", "1", "4")
    stage.press(KEY.Key_F9)
    stage.wait(lambda: stage.screen.stack.currentWidget() is stage.screen.pad)
    said = [label.text() for label in stage.screen.pad.findChildren(QLabel) if label.isVisible()]
    assert "The answers lead to: Already has it" in said
    stage.press(KEY.Key_Return)
    stage.wait(lambda: stage.screen.stack.currentWidget() is stage.screen.form)


def test_breaking_off_keeps_what_was_said(stage: Stage) -> None:
    verified(stage)
    stage.answer("1", "Enter", "1")
    stage.press(KEY.Key_F9)
    stage.wait(lambda: stage.screen.stack.currentWidget() is stage.screen.pad)
    stage.qtbot.keyClicks(stage.screen.pad.search, "R04")
    stage.press(KEY.Key_Return)
    stage.wait(lambda: stage.screen.stack.currentWidget() is stage.screen.form)
    assert stage.screen.form.values()["point"] == "questions"
    stage.press(KEY.Key_Return)
    assert recorded(stage).answers["aware"] == "yes"


def test_what_is_being_typed_is_kept_when_the_call_breaks_off(stage: Stage) -> None:
    verified(stage)
    stage.answer("1", "Enter", "1", "1", "Enter", "1")
    stage.screen.card_pane.script._step_ask(1)
    stage.screen.card_pane.script._step_ask(1)
    stage.qtbot.keyClicks(QApplication.focusWidget(), "91")
    stage.screen.presenter.recording.on_outcome_chosen("R04")
    stage.wait(lambda: stage.screen.stack.currentWidget() is stage.screen.form)
    stage.press(KEY.Key_Return)
    assert recorded(stage).answers["weight_kg"] == "91"


def test_f1_finds_an_objection_by_a_word_and_gives_the_page_back(stage: Stage) -> None:
    verified(stage)
    stage.answer("1", "Enter")
    stage.press(KEY.Key_F1)
    stage.wait(lambda: stage.screen.what_if is not None and stage.screen.what_if.isVisible())
    pane = stage.screen.what_if
    assert pane is not None and len(pane.shown()) > 5
    stage.qtbot.keyClicks(QApplication.focusWidget(), "trav")
    assert pane.shown() == ["Travel"]
    stage.press(KEY.Key_F1)
    assert QApplication.focusWidget() is stage.screen.card_pane.script
    assert stage.page == "why"


def test_a_call_cut_off_by_a_crash_is_taken_up_at_its_page_with_its_answers(qtbot: QtBot, tmp_path: Path) -> None:
    with deeds.opened(tmp_path / "profile", deeds.item(1)) as rig:
        rig.call()
        rig.verify()
        answers = {"connect": "answered", "who": "patient", "ready": "yes", "aware": "yes", "interest": "unsure"}
        rig.write(save_page, case_id=deeds.case(1), page=4, answers=answers)
        rig.restart()
        made = Stage(qtbot, rig)
        try:
            made.wait(lambda: made.state.case_id == deeds.case(1) and made.state.opened and made.page == "why")
            assert made.state.answers == answers
        finally:
            made.close()


def test_after_an_undo_the_call_stands_at_the_last_page_it_had_reached(stage: Stage) -> None:
    verified(stage)
    stage.answer("1", "Enter", "1", "4", "Enter")
    assert stage.page == "close"
    stage.screen.presenter.recording.on_outcome_chosen("R04")
    stage.wait(lambda: stage.screen.stack.currentWidget() is stage.screen.form)
    stage.press(KEY.Key_Return)
    recorded(stage)
    stage.wait(lambda: stage.state.finished or stage.state.case_id != deeds.case(1))
    stage.screen.presenter.recording.on_undo_pressed()
    stage.wait(lambda: not stage.state.finished and stage.state.case_id == deeds.case(1))
    stage.wait(lambda: stage.state.opened and stage.state.answers != {})
    stage.wait(lambda: stage.page == "close")
    stage.answer("Back")
    assert stage.page == "why"
    assert stage.state.answers["interest"] == "done"


def test_a_failed_check_ends_the_call_politely_and_offers_its_result(stage: Stage) -> None:
    stage.answer("1", "Enter", "1", "Enter")
    stage.screen.presenter.identity.on_reveal_pressed()
    stage.wait(lambda: stage.state.card.identity.revealed)
    for field, tick in (("dob", "differs"), ("full_name", "declined"), ("address", "declined")):
        stage.screen.presenter.identity.on_ticked(field, tick)
    stage.wait(lambda: stage.state.card.identity.failed)
    stage.wait(lambda: stage.state.path.outcome == "R02")
    assert "I have not been able to match all the details" in words(stage)
    assert "This call ends as: Identity not confirmed" in words(stage)
    buttons = [one.accessibleName() for one in stage.screen.card_pane.script.foot.findChildren(QPushButton)]
    assert "Finish: Identity not confirmed" in buttons


def test_a_key_pressed_for_one_person_never_answers_for_the_next(stage: Stage) -> None:
    pane = stage.screen.card_pane.script
    pane.show_script(stage.state.path, 0, {}, settled=False)
    stage.qtbot.keyClick(pane, KEY.Key_2)
    stage.screen.open_person(deeds.case(2))
    stage.wait(lambda: stage.has_numbers_of(deeds.case(2)))
    stage.wait(lambda: stage.state.opened)
    assert stage.state.answers == {}
    stage.qtbot.keyClick(pane, KEY.Key_1)
    assert stage.state.answers == {"connect": "answered"}


def test_what_was_typed_for_one_person_is_not_in_the_box_of_the_next(stage: Stage) -> None:
    verified(stage)
    stage.answer("1", "Enter", "1", "1", "Enter", "1", "Enter", "1")
    box = QApplication.focusWidget()
    assert isinstance(box, QLineEdit)
    stage.qtbot.keyClicks(box, "91")
    stage.screen.open_person(deeds.case(2))
    stage.wait(lambda: stage.has_numbers_of(deeds.case(2)) and stage.state.opened)
    assert "91" not in [one.text() for one in stage.screen.findChildren(QLineEdit)]
    draft = stage.rig.read(lambda s: s.draft(deeds.case(1)))
    assert draft.answers["weight_kg"] == "91", "it is kept with whom it was said of"
    other = stage.rig.read(lambda s: s.draft(deeds.case(2)))
    assert "weight_kg" not in other.answers


def test_f12_opens_the_route_the_script_calls_for(stage: Stage) -> None:
    assert stage.screen.raised == ""
    stage.state.path = replace(stage.state.path, raises=("distress",))
    assert stage.screen.raised == "distress"
