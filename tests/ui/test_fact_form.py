"""Forms of facts: what they give, how keys fill them, where faults stand."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from caller_app.domain.facts import FactField, check_values
from ui.widgets.fact_form import FactForm

TODAY = date(2026, 11, 24)
WHO = (("partner", "Partner"), ("child", "Child"), ("other", "Other"))
FIELDS = (
    FactField("who", "Who answered?", "choice", choices=WHO),
    FactField("needs", "Needs", "multi", choices=(("bsl", "Sign language"), ("slow", "More time")), required=False),
    FactField("words", "Words used", "text", max_length=80),
    FactField("date", "Better day", "date", required=False, day="future"),
    FactField("time", "From and to", "time_range", required=False),
    FactField("tries", "Tries", "number", required=False),
    FactField("sure", "Are you sure?", "bool", required=False),
    FactField("language", "Language", "text", required=False, required_when="needs=bsl"),
    FactField("wording", "Wording", "text", filled_from="pathway.consent"),
)


@pytest.fixture
def form(qtbot: QtBot) -> FactForm:
    made = FactForm(today=lambda: TODAY)
    qtbot.addWidget(made)
    made.show_fields(FIELDS, {})
    with qtbot.waitActive(made):
        made.show()
    return made


def row(form: FactForm, name: str):  # type: ignore[no-untyped-def]
    found = form.row(name)
    assert found is not None
    return found


def test_values_are_what_the_record_wants(form: FactForm) -> None:
    for name, value in {
        "who": "child", "needs": ["slow"], "words": "Not now", "date": "fri", "time": "2-430", "tries": "3",
        "sure": True,
    }.items():  # fmt: skip
        row(form, name).set_value(value)
    given = form.values()
    assert given == {
        "who": "child", "needs": ["slow"], "words": "Not now", "date": "2026-11-27", "time": "14:00-16:30", "tries": 3,
        "sure": True,
    }  # fmt: skip
    assert check_values(FIELDS[:-1], given, today=TODAY) == given


def test_what_a_pathway_fills_is_not_asked(form: FactForm) -> None:
    assert form.row("wording") is None


def test_a_field_with_a_condition_appears_when_it_holds(form: FactForm) -> None:
    assert row(form, "language").isHidden()
    row(form, "needs").set_value(["bsl"])
    assert not row(form, "language").isHidden()


def test_digits_choose_and_enter_goes_on_to_what_is_missing(qtbot: QtBot, form: FactForm) -> None:
    form.focus_first()
    with qtbot.assertNotEmitted(form.submitted):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_2)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert form.values()["who"] == "child"
    assert row(form, "words").isAncestorOf(QApplication.focusWidget())
    qtbot.keyClicks(QApplication.focusWidget(), "3 times no")
    assert form.values()["words"] == "3 times no"
    with qtbot.waitSignal(form.submitted):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def test_enter_twice_on_an_empty_field_says_what_is_missing(qtbot: QtBot, form: FactForm) -> None:
    form.focus_first()
    form.go_on()
    form.go_on()
    assert row(form, "who")._fault.text() == "Please fill in: Who answered?"


def test_a_fault_stands_at_its_field_and_goes_when_it_is_touched(form: FactForm) -> None:
    assert form.set_fault("words", "Words used: write at most 80 characters.")
    assert row(form, "words").isAncestorOf(QApplication.focusWidget())
    assert not row(form, "words")._fault.isHidden()
    row(form, "words").set_value("shorter")
    assert row(form, "words")._fault.isHidden()
    assert not form.set_fault("nobody asked this", "…")


def test_a_day_is_said_back_in_words(form: FactForm) -> None:
    day = row(form, "date")
    day.set_value("24/11")
    assert day._said.text() == "Tuesday 24 November 2026"
    day._control.setText("nonsense")
    assert day._said.text() == "not a date yet"
    assert day.value() == "nonsense"
