"""A whole call with somebody who speaks for the person, by keys, over a real store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from caller_app.domain.changes import AttemptRecorded, ReferralRequested
from caller_app.domain.items import Authority
from tests.deeds import rig as deeds
from tests.ui.real_window import Stage, on_the_script

NAME = "Gwenllian Testwell-Harrow"
MOTHER = Authority(
    authority_id="a1", kind="lpa_health", name=NAME, relationship="daughter", from_on="2026-01-01", may_agree=True
)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    with on_the_script(qtbot, tmp_path / "profile", deeds.item(1, authorities=(MOTHER,)), deeds.item(2)) as made:
        yield made


def words(stage: Stage) -> str:
    return " ".join(label.text() for label in stage.screen.findChildren(QLabel) if label.isVisible())


def to_the_check(stage: Stage) -> None:
    stage.answer("1", "Enter", "2")
    assert stage.page == "p_who"
    stage.answer("Enter")
    assert stage.page == "p_id"


def checked(stage: Stage) -> None:
    to_the_check(stage)
    stage.verify()
    stage.wait(lambda: stage.page == "p_intro")
    stage.wait(lambda: QApplication.focusWidget() is stage.screen.card_pane.script)


def test_who_it_should_be_is_shown_only_in_the_panel(stage: Stage) -> None:
    to_the_check(stage)
    assert NAME not in words(stage)
    stage.reveal()
    assert f"{NAME} (daughter)" in words(stage)
    assert "Their own name and relationship: attorney for health and welfare" in words(stage)


def test_the_call_ends_in_a_referral_that_cites_the_authority(stage: Stage) -> None:
    checked(stage)
    assert f"You speak with {NAME} (daughter)" in words(stage)
    stage.answer("1", "Enter", "1", "1", "Enter", "1", "Enter", "1", "82", "Enter", "170", "Enter")
    stage.answer("1", "Enter", "1", "1", "Enter")
    assert stage.page == "close"
    stage.answer("Enter")
    stage.wait(lambda: stage.screen.stack.currentWidget() is stage.screen.form)
    asked = stage.screen.form.facts.row("given_by")
    assert asked is not None and asked.field.choices == (("proxy", f"{NAME} (daughter)"),)
    stage.answer("1", "Enter", "1", "Enter", "1", "Enter")
    stage.wait(lambda: "attempt_recorded" in stage.rig.kinds(deeds.case(1)))
    said = [one.change for one in stage.rig.changes(deeds.case(1))]
    (attempt,) = [one for one in said if isinstance(one, AttemptRecorded)]
    (referral,) = [one for one in said if isinstance(one, ReferralRequested)]
    assert attempt.identity is not None and attempt.identity.authority == "a1"
    assert (referral.given_by, referral.authority) == ("proxy", "a1")


def test_when_somebody_else_takes_the_telephone_the_card_closes_again(stage: Stage) -> None:
    checked(stage)
    assert deeds.project().name in words(stage)
    stage.answer("Back", "Back")
    assert stage.page == "p_who"
    stage.press(Qt.Key.Key_Up)  # from what the record answers to who it is
    stage.answer("1")
    stage.wait(lambda: NAME not in words(stage))
    assert deeds.project().name not in words(stage)
    assert stage.screen.card_pane.identity.isVisible()


def test_day_and_month_are_ticked_with_5_for_the_date_of_birth_only(stage: Stage) -> None:
    to_the_check(stage)
    stage.reveal()
    shown = stage.screen.card_pane.identity._rows.lines()
    assert [row._group.button(4).isVisible() for row in shown] == [False, True, False, False]
    shown[0].setFocus(Qt.FocusReason.OtherFocusReason)
    stage.answer("5")
    assert stage.rig.read(lambda s: s.draft(deeds.case(1))).ticks == {}, "a name is not said in part"
    shown[1].setFocus(Qt.FocusReason.OtherFocusReason)
    stage.answer("5")
    stage.wait(lambda: stage.rig.read(lambda s: s.draft(deeds.case(1))).ticks.get("dob") == "partial")


def test_a_page_that_was_begun_opens_where_it_goes_on(stage: Stage) -> None:
    to_the_check(stage)
    stage.answer("Back")
    view = stage.screen.card_pane.script
    (asked,) = [one for one in view._lines.lines() if one.name == "tp_authorised"]
    stage.wait(lambda: not asked.visibleRegion().isEmpty())
    assert view._current == "tp_authorised", "what a key would answer is what is seen"


def test_when_the_person_hands_over_to_who_speaks_for_them_the_check_begins_again(stage: Stage) -> None:
    stage.answer("1", "Enter", "1", "Enter")
    stage.verify()
    stage.wait(lambda: stage.page == "p_intro")
    stage.answer("Back", "Back", "2")
    stage.wait(lambda: stage.state.path.taken.get("tp_authorised") == "y")
    stage.wait(lambda: deeds.project().name not in words(stage))
    stage.answer("Enter")
    assert stage.page == "p_id"
