"""The form of a result: what is read out or may not be, and who agreed; agreement is never answered beforehand."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from caller_app.base.errors import Refused
from tests.support import calling_rows as rows
from tests.support.gallery_calling import settle
from tests.ui.test_calling_screen import ACT, DIALLED, client, press, shown
from ui.screens.calling.screen import CallingScreen

KEY = Qt.Key
WHY = "Leave no message: they do not want messages."


def words(screen: CallingScreen) -> list[str]:
    return [one.text() for one in screen.form.findChildren(QLabel) if one.isVisible() and one.text()]


def asked(qtbot: QtBot, code: str, **answers: Any) -> CallingScreen:
    """The form of a result after the check."""
    pad = rows.pad(dialled=True, verified=True)
    screen = shown(qtbot, rows.verified_card(), outcome_pad=pad, record_attempt=ACT, **answers)
    screen.presenter.recording.on_outcome_chosen(code)
    settle()
    return screen


def test_where_no_message_may_be_left_the_form_says_why_and_still_records_what_happened(qtbot: QtBot) -> None:
    form = replace(rows.form("C03"), say="", warn=WHY)
    screen = shown(qtbot, rows.card(**DIALLED), record_attempt=ACT, outcome_form=form)
    press(qtbot, KEY.Key_F3)
    assert WHY in words(screen) and rows.MESSAGE not in words(screen)
    press(qtbot, KEY.Key_1)
    screen.form.facts.row("although").set_value("yes")
    press(qtbot, KEY.Key_Return)
    said = client(screen).last("record_attempt")
    assert (said["outcome"], said["facts"]["although"]) == ("C03", "yes")


def test_the_warning_of_one_person_does_not_stay_for_the_next(qtbot: QtBot) -> None:
    screen = shown(qtbot, rows.card(**DIALLED), outcome_form=replace(rows.form("C03"), say="", warn=WHY))
    press(qtbot, KEY.Key_F3)
    screen.form.forget()
    assert WHY not in " ".join(one.text() + one.accessibleName() for one in screen.form.findChildren(QLabel))
    screen.form.show_form(rows.form("C03"), alternative=None, evidence=(), wordings={})
    assert WHY not in words(screen) and rows.MESSAGE in words(screen)


def test_a_referral_is_recorded_only_when_it_was_said_who_agreed_and_whether_somebody_interpreted(qtbot: QtBot) -> None:
    screen = asked(qtbot, "A01")
    assert "given_by" not in screen.form.values() and "interpreter" not in screen.form.values()
    for _question in ("pathway", "consent", "given_by"):
        press(qtbot, KEY.Key_1)
        press(qtbot, KEY.Key_Return)
    assert "record_attempt" not in client(screen).commands()
    press(qtbot, KEY.Key_1)
    press(qtbot, KEY.Key_Return)
    said = client(screen).last("record_attempt")
    assert said["facts"] == {"pathway": "dpp", "consent": "yes"}
    assert said["referral"] == {"given_by": "patient", "interpreter": "no"}


def test_where_nothing_leaves_us_nobody_is_asked_who_agreed(qtbot: QtBot) -> None:
    screen = asked(qtbot, "A07")
    facts = screen.form.facts
    for name, value in (("pathway", "dpp"), ("consent", "not_needed")):
        facts.row(name).set_value(value)
    assert facts.row("given_by").isHidden() and facts.row("interpreter").isHidden()
    facts.row("consent").set_value("yes")
    assert not facts.row("given_by").isHidden() and not facts.row("interpreter").isHidden()
    screen.form.submit()
    assert "record_attempt" not in client(screen).commands()


def test_a_refusal_about_who_agreed_is_said_at_its_question(qtbot: QtBot) -> None:
    refusal = Refused("Only the person can agree.", field="given_by")
    pad = rows.pad(dialled=True, verified=True)
    screen = shown(qtbot, rows.verified_card(), outcome_pad=pad, record_attempt=refusal)
    screen.presenter.recording.on_outcome_chosen("A03")
    settle()
    for _question in ("pathway", "consent", "given_by", "interpreter"):
        press(qtbot, KEY.Key_1)
        press(qtbot, KEY.Key_Return)
    assert screen.stack.currentWidget() is screen.form
    assert refusal.sentence in [one.text() for one in screen.form.facts.row("given_by").findChildren(QLabel)]
