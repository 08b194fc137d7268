"""Scripts: versions with their steps, workbooks checked by the real rules, a walk by keys that ends where calls end."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from caller_app.base.errors import CentreUnreachable, Refused
from caller_app.supervise.scripts import add_script, script_versions, step_script
from tests.script.books import PACKS
from tests.support.clock import StoppedClock
from tests.support.gallery_scripts import scripts_client, with_examples
from tests.support.qt import desk_of
from ui.screens.scripts.screen import ScriptsScreen


class Desk:
    """The screen with a centre that answers and workbooks that are really read."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.clock, self.client = qtbot, StoppedClock(), scripts_client()
        self.screen: Any = ScriptsScreen(desk_of(self.client, self.clock, folder))
        qtbot.addWidget(self.screen)
        self.screen.resize(1366, 768)
        self.screen.show()
        self.screen.start()
        qtbot.waitUntil(lambda: self.screen.model.rowCount() == 7)

    @property
    def rehearsal(self) -> Any:
        return self.screen.rehearsal

    @property
    def page(self) -> Any:
        return self.screen.rehearsal.walking.page

    def choose(self, row: int) -> None:
        self.screen.table.selectRow(row)

    def cells(self, model: Any, row: int) -> list[str]:
        return [model.index(row, column).data() for column in range(model.columnCount())]

    def asked(self, question: Any) -> list[dict[str, Any]]:
        return [facts for name, facts in self.client.asked if name == question.__name__]

    def read(self, path: Path) -> None:
        self.screen.presenter.on_file(path)
        self.qtbot.waitUntil(lambda: self.screen.in_rehearsal)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.settle()
            self.qtbot.keyClick(self.page, key)
        self.settle()

    def settle(self) -> None:
        """Let the walk be worked out."""
        presenter = self.rehearsal.presenter
        self.qtbot.waitUntil(lambda: presenter._asked == 0 and not presenter._waiting)

    def title(self) -> str:
        return str(self.page._title.text())


@pytest.fixture
def at_desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path)


def test_a_version_says_who_did_what_and_when(at_desk: Desk) -> None:
    assert at_desk.cells(at_desk.screen.model, 0)[:3] == ["2026112203", "In use", "Ben Carter"]
    at_desk.choose(3)
    history = at_desk.screen.sheet.history.accessibleDescription()
    assert "Sent back by Wilhelmina" in history and "far too long" in history
    assert [one.text() for one in at_desk.screen.sheet.buttons if one.isVisible()] == [
        "Publish", "Send back", "Give up",
    ]  # fmt: skip


def test_who_wrote_it_cannot_approve_it_and_is_told_why(at_desk: Desk) -> None:
    at_desk.choose(2)
    approve = at_desk.screen.sheet.buttons[0]
    assert (approve.text(), approve.isEnabled()) == ("Approve", False)
    assert "somebody else" in at_desk.screen.sheet._will.text()
    at_desk.screen.presenter.on_step("approve", "")
    assert at_desk.asked(step_script) == []


def test_a_step_that_asks_why_is_taken_once_and_with_a_reason(at_desk: Desk) -> None:
    at_desk.choose(3)
    at_desk.screen.open_step("send_back")
    dialog = at_desk.screen._dialog
    dialog.deed.click()
    assert "Say why" in dialog.form.error_of("why")
    dialog.why.setText("  the second page  is too long ")
    at_desk.client.pause()
    dialog.deed.click()
    at_desk.screen.presenter.on_step("send_back", "again")
    assert at_desk.asked(step_script) == [
        {"version_id": "v5", "step": "send_back", "why": "the second page is too long"}
    ]
    at_desk.client.let_through()
    at_desk.qtbot.waitUntil(lambda: "sent back" in at_desk.screen.banner.sentence())
    assert at_desk.screen._dialog is None
    assert len(at_desk.asked(script_versions)) == 2


def test_a_refused_step_stays_open_with_the_sentence(at_desk: Desk) -> None:
    at_desk.client.set(step_script, Refused("The script has errors. survey!C4: the words are missing."))
    at_desk.choose(3)
    at_desk.screen.open_step("publish")
    dialog = at_desk.screen._dialog
    dialog.deed.click()
    at_desk.qtbot.waitUntil(lambda: "survey!C4" in dialog.banner.sentence())
    assert dialog.isVisible() and dialog.deed.isEnabled()


def test_mistakes_are_listed_with_cell_and_remedy_and_can_be_copied_and_saved(at_desk: Desk, tmp_path: Path) -> None:
    at_desk.read(with_examples(tmp_path, spoiled=True))
    found = at_desk.rehearsal.findings
    assert at_desk.cells(found.model, 0) == [
        "survey!D1", "Error", "the column relevent is not known here", "perhaps relevant is meant",
    ]  # fmt: skip
    assert found.full.text().startswith("survey!D1: the column relevent")
    assert not at_desk.rehearsal.add.isEnabled()
    assert not at_desk.rehearsal.looks.buttons["walk"].isEnabled()
    at_desk.qtbot.keyClick(found.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == found.model.rowCount()
    assert lines[0] == "survey!D1\tError\tthe column relevent is not known here\tperhaps relevant is meant"
    import openpyxl

    at_desk.rehearsal.presenter.save_findings(tmp_path / "list.xlsx")
    at_desk.qtbot.waitUntil(lambda: "list.xlsx" in at_desk.rehearsal.banner.sentence())
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx")["Findings"]
    assert sheet.max_row == found.model.rowCount() + 1
    assert sheet["A2"].value == "survey!D1"
    at_desk.screen.presenter.on_add()
    assert at_desk.asked(add_script) == []


def test_a_file_that_is_no_workbook_leaves_the_versions_where_they_are(at_desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "no.xlsx").write_bytes(b"nothing")
    for path in (tmp_path / "no.xlsx", tmp_path / "missing.xlsx"):
        at_desk.screen.presenter.on_file(path)
        at_desk.qtbot.waitUntil(at_desk.screen.open.isEnabled)
        assert at_desk.screen.banner.sentence() and "Reading" not in at_desk.screen.banner.sentence()
        assert not at_desk.screen.in_rehearsal


def test_the_table_of_examples_marks_what_ends_elsewhere_and_walks_there(at_desk: Desk, tmp_path: Path) -> None:
    at_desk.read(with_examples(tmp_path))
    endings = at_desk.rehearsal.endings
    assert at_desk.rehearsal.looks.key() == "examples", "what is wrong is shown first"
    assert [at_desk.cells(endings.model, row)[1] for row in range(4)] == ["Yes", "Yes", "Differs", "Stops"]
    assert at_desk.cells(endings.model, 2)[2:] == [
        "A02", "A03", "The person refers themselves", "A blood test at the practice",
    ]  # fmt: skip
    assert "2 of 4 example patients end as expected" in at_desk.rehearsal.says.text()
    assert endings.full.text().endswith("(examples!Q4)")
    at_desk.qtbot.keyClick(endings.table, Qt.Key.Key_Return)
    at_desk.settle()
    walked = at_desk.rehearsal.presenter.walked
    assert (walked.finished, walked.outcome, walked.pathways) == (
        True, "A03", ("A blood test at the practice (blood_test)",),
    )  # fmt: skip
    assert at_desk.rehearsal.walking.outcome.text().startswith("A03")


def test_a_walk_is_done_by_keys_and_ends_where_the_call_would(at_desk: Desk) -> None:
    at_desk.read(PACKS / "diabetes_prevention.xlsx")
    at_desk.rehearsal.look_at("walk")
    presenter = at_desk.rehearsal.presenter
    for name, value in (("hba1c", "44"), ("result_months", "7"), ("has_dm", "n"), ("max_months", "12")):
        presenter.on_given(name, value)
    at_desk.settle()
    first = at_desk.title()
    at_desk.press(Qt.Key.Key_Return)
    assert at_desk.title() == first, "a page whose questions are open is not left"
    assert at_desk.page._missing.isVisible()
    at_desk.press(Qt.Key.Key_2, Qt.Key.Key_3)
    assert (presenter.answers["aware"], presenter.answers["interest"]) == ("no", "no")
    at_desk.press(Qt.Key.Key_Return)
    assert at_desk.title() != first
    at_desk.press(Qt.Key.Key_Backspace)
    assert at_desk.title() == first
    at_desk.press(Qt.Key.Key_1)
    for _ in range(30):
        if presenter.walked.finished:
            break
        at_desk.press(Qt.Key.Key_1, Qt.Key.Key_Return)
    assert presenter.walked.finished
    assert at_desk.rehearsal.walking.state.words() in ("Ends here", "Ends with no outcome")
    before = dict(presenter.answers)
    presenter.on_begin_anew()
    at_desk.settle()
    assert before and presenter.answers == {} and at_desk.title() == first


def test_keys_pressed_before_the_page_is_worked_out_are_not_lost(at_desk: Desk) -> None:
    at_desk.read(PACKS / "diabetes_prevention.xlsx")
    at_desk.rehearsal.look_at("walk")
    presenter = at_desk.rehearsal.presenter
    for name, value in (("hba1c", "44"), ("result_months", "7"), ("has_dm", "n"), ("max_months", "12")):
        presenter.on_given(name, value)
    at_desk.settle()
    first = at_desk.title()
    at_desk.client.pause()
    presenter.on_answered("aware", "no")
    presenter.on_answered("interest", "yes")
    presenter.on_moved(1)
    assert at_desk.title() == first
    at_desk.client.let_through()
    at_desk.qtbot.waitUntil(lambda: at_desk.title() != first)
    assert (presenter.answers["aware"], presenter.answers["interest"]) == ("no", "yes")


def test_what_is_read_again_is_what_was_saved_meanwhile(at_desk: Desk, tmp_path: Path) -> None:
    path = with_examples(tmp_path, spoiled=True)
    at_desk.read(path)
    assert not at_desk.rehearsal.add.isEnabled()
    path.write_bytes((PACKS / "diabetes_prevention.xlsx").read_bytes())
    at_desk.rehearsal.again.click()
    at_desk.qtbot.waitUntil(at_desk.rehearsal.add.isEnabled)
    assert at_desk.rehearsal.findings.model.rowCount() == 0


def test_what_was_checked_is_what_is_added_and_only_once(at_desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "dpp.xlsx"
    body = (PACKS / "diabetes_prevention.xlsx").read_bytes()
    path.write_bytes(body)
    at_desk.read(path)
    path.write_bytes(b"saved over meanwhile")
    at_desk.client.set(add_script, CentreUnreachable("The centre does not answer."))
    at_desk.rehearsal.add.click()
    at_desk.qtbot.waitUntil(lambda: "does not answer" in at_desk.rehearsal.banner.sentence())
    assert at_desk.screen.in_rehearsal and at_desk.rehearsal.add.isEnabled()
    at_desk.client._answers.update(scripts_client()._answers)
    at_desk.rehearsal.add.click()
    at_desk.qtbot.waitUntil(lambda: "as a draft" in at_desk.screen.banner.sentence())
    first, second = at_desk.asked(add_script)
    assert first == second, "the same number and the same bytes: the centre adds it once"
    assert (first["workbook"], first["project_id"]) == (body, "p1")
    assert not at_desk.screen.in_rehearsal


def test_a_version_is_rehearsed_from_the_workbook_the_centre_keeps(at_desk: Desk) -> None:
    at_desk.choose(2)
    at_desk.screen.sheet.rehearse.click()
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.in_rehearsal)
    assert not at_desk.rehearsal.add.isVisible() and not at_desk.rehearsal.again.isVisible()
    at_desk.qtbot.keyClick(at_desk.page, Qt.Key.Key_Escape)
    assert not at_desk.screen.in_rehearsal
    at_desk.choose(6)
    assert not at_desk.screen.sheet._tools.isVisible(), "it was made with the project: there is no workbook"


def test_a_file_that_was_chosen_before_does_not_come_late(at_desk: Desk, tmp_path: Path) -> None:
    at_desk.client.pause()
    at_desk.screen.presenter.on_file(with_examples(tmp_path, spoiled=True))
    at_desk.screen.presenter.on_file(PACKS / "diabetes_prevention.xlsx")
    at_desk.client.let_through()
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.in_rehearsal)
    assert at_desk.screen.presenter.rehearsal.file_name == "diabetes_prevention.xlsx"


def test_another_project_shows_nothing_of_the_one_before(at_desk: Desk) -> None:
    at_desk.client.pause()
    at_desk.screen._project_chosen(1)
    assert at_desk.screen.model.rowCount() == 0
    assert at_desk.screen.sheet.title.isHidden()
    at_desk.client.let_through()
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.empty.accessibleName().startswith("No script yet"))
    assert at_desk.asked(script_versions)[-1] == {"project_id": "p2"}


def test_without_the_centre_the_last_answer_stays_with_its_age(at_desk: Desk) -> None:
    at_desk.client.set(script_versions, CentreUnreachable("The centre cannot be reached."))
    at_desk.clock.pass_by(minutes=4)
    at_desk.screen.presenter.refresh()
    at_desk.qtbot.waitUntil(at_desk.screen.stale.isVisible)
    assert "4 min old" in at_desk.screen.as_of.text()
    assert at_desk.screen.model.rowCount() == 7
