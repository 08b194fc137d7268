"""The caller's window over a real store: real commands, real queries, real lanes; nothing masked reaches a widget."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from caller_app.base.notices import notice
from caller_app.commands.calls import open_call, save_page
from tests.deeds import rig as deeds
from tests.ui.real_window import Stage

KEY = Qt.Key
# Words of the record that nobody may see before the check has passed (tests/deeds/rig.py invents them).
MASKED = ("Quillfeather", "Wymondgate", "NR99", "1961", "Larkspur", "9990123454", "3454", "HbA1c", "hba1c")


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    with deeds.opened(tmp_path / "profile", *(deeds.item(number) for number in range(1, 6))) as rig:
        made = Stage(qtbot, rig)
        try:
            yield made
        finally:
            made.close()


def everything_said(window: QWidget) -> str:
    """Give every text that a widget of the window holds: shown, in a tooltip, for a screen reader, in a model."""
    said: list[str] = [window.windowTitle()]
    for one in (window, *window.findChildren(QWidget)):
        said += [one.toolTip(), one.accessibleName(), one.accessibleDescription(), one.windowTitle()]
        if isinstance(one, QLabel | QLineEdit):
            said.append(one.text())
        elif isinstance(one, QPlainTextEdit):
            said.append(one.toPlainText())
        elif isinstance(one, QAbstractItemView) and (model := one.model()) is not None:
            said += _of_model(model)
    return "\n".join(said)


def _of_model(model: QAbstractItemModel) -> list[str]:
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    rows = (model.index(row, 0) for row in range(model.rowCount()))
    return [str(index.data(role) or "") for index in rows for role in roles]


def test_no_answer_takes_two_keys_to_the_next_person_and_is_on_disk(stage: Stage) -> None:
    stage.open(deeds.case(1))
    stage.press(KEY.Key_Return)
    stage.wait(lambda: stage.state.card.dialled_number is not None and stage.state.outcomes["C01"].possible)
    stage.press(KEY.Key_F2)
    stage.wait(lambda: stage.state.finished or stage.state.case_id != deeds.case(1))
    assert stage.rig.kinds(deeds.case(1)) == ["attempt_recorded"]
    if stage.state.finished:  # the other number of the same person is offered first
        stage.press(KEY.Key_N)
        stage.wait(lambda: stage.state.case_id not in (None, deeds.case(1)))
    stage.wait(lambda: bool(stage.state.card and stage.state.card.numbers))


def test_nothing_of_the_record_is_in_any_widget_before_the_check(stage: Stage) -> None:
    project = deeds.project().name
    stage.open(deeds.case(1))
    stage.ring()
    said = everything_said(stage.screen)
    assert [word for word in (*MASKED, project) if word in said] == []
    stage.verify()
    said = everything_said(stage.screen)
    assert "Larkspur" in said
    assert project in said


def test_the_values_of_the_check_are_gone_again_once_it_has_failed(stage: Stage) -> None:
    stage.open(deeds.case(1))
    stage.ring()
    stage.screen.presenter.identity.on_reveal_pressed()
    stage.wait(lambda: "Quillfeather" in everything_said(stage.screen))
    stage.screen.presenter.identity.on_ticked("dob", "differs")
    stage.wait(lambda: stage.state.card.identity.fields[1].tick == "differs" or stage.state.card.identity.failed)
    stage.screen.presenter.identity.on_ticked("full_name", "declined")
    stage.screen.presenter.identity.on_ticked("address", "declined")
    stage.wait(lambda: stage.state.card.identity.failed)
    assert [word for word in MASKED if word in everything_said(stage.screen)] == []


def test_the_next_person_starts_unchecked_and_nothing_of_the_last_one_stays(stage: Stage) -> None:
    stage.open(deeds.case(1))
    stage.ring()
    stage.verify()
    stage.screen.presenter.details.on_details_wanted()
    stage.screen.open_person(deeds.case(2))
    stage.wait(lambda: stage.has_numbers_of(deeds.case(2)))
    assert [word for word in MASKED if word in everything_said(stage.screen)] == []


def test_a_correction_in_place_is_recorded_and_stands_beside_the_old_value(stage: Stage) -> None:
    stage.open(deeds.case(1))
    stage.ring()
    stage.verify()
    stage.screen.presenter.details.on_detail_chosen("name")
    stage.wait(lambda: stage.screen.stack.currentWidget() is stage.screen.editor)
    names = [row.field.name for row in stage.screen.editor.facts.rows]
    family = stage.screen.editor.facts.row("family")
    assert family is not None, names
    given = stage.screen.editor.facts.row("given")
    if given is not None:
        given.set_value("Siân")
    family.set_value("Newname")
    reason = stage.screen.editor.facts.row("reason")
    if reason is not None and reason.field.choices:
        reason.set_value(reason.field.choices[0][0])
    stage.screen.editor._evidence.choose("patient_confirmed")
    stage.screen.editor._go_on()
    stage.wait(lambda: "correction_proposed" in stage.rig.kinds(deeds.case(1)))
    stage.wait(lambda: any(one.pending for one in stage.state.card.details))


def test_undo_gives_the_person_back(stage: Stage) -> None:
    stage.open(deeds.case(1))
    stage.ring()
    stage.screen.presenter.recording.on_outcome_chosen("C01")
    stage.wait(lambda: stage.state.finished or stage.state.case_id != deeds.case(1))
    stage.screen.presenter.recording.on_undo_pressed()
    stage.wait(lambda: stage.rig.kinds(deeds.case(1)) == ["attempt_recorded", "attempt_superseded"])
    stage.wait(lambda: stage.state.case_id == deeds.case(1) and stage.state.opened)


def test_a_call_broken_off_by_a_crash_is_taken_up_where_it_was(qtbot: QtBot, tmp_path: Path) -> None:
    with deeds.opened(tmp_path / "profile", deeds.item(1), deeds.item(2)) as rig:
        rig.write(open_call, case_id=deeds.case(2))
        rig.write(save_page, case_id=deeds.case(2), page=1, answers={"connect": "answered", "note": "half a note"})
        rig.restart()
        made = Stage(qtbot, rig)
        try:
            made.wait(lambda: made.state.case_id == deeds.case(2) and made.state.opened)
            made.wait(lambda: made.state.page == 1)
            assert made.screen.side.note.toPlainText() == "half a note"
        finally:
            made.close()


def test_a_case_taken_away_during_the_call_is_said_and_the_result_still_recorded(stage: Stage) -> None:
    stage.open(deeds.case(1))
    stage.ring()
    stage.rig.lose(deeds.item(1))
    stage.rig.store.board.post(notice("list", "case", ids=[deeds.case(1)], by="centre"))
    stage.wait(lambda: bool(stage.screen.banner.sentence()))
    stage.screen.presenter.recording.on_outcome_chosen("C01")
    stage.wait(lambda: stage.state.finished or stage.state.case_id != deeds.case(1))


def test_search_finds_by_a_fragment_and_hostile_text_is_only_text(stage: Stage) -> None:
    for text in ("brook3", "900001", "O'T", '"', "%", "a OR b", "NEAR(", "-x", "*"):
        stage.screen.presenter.listing.on_searched(text)
        asked = text
        stage.wait(lambda asked=asked: stage.screen.presenter.listing.search == asked)
    stage.screen.presenter.listing.on_searched("brook3")
    stage.wait(lambda: [row.case_id for row in stage.screen.presenter.listing.rows] == [deeds.case(3)])
