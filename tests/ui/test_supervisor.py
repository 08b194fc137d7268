"""The board and the corrections: figures with their age, nothing claimed that is not known, moves confirmed."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from caller_app.base.clock import to_text
from caller_app.base.errors import CentreUnreachable, Refused
from caller_app.protocol.supervision import CorrectionItems, Reassigned
from caller_app.supervise.board import board, corrections, reassign
from tests.support.clock import StoppedClock
from tests.support.gallery_board import REPLY, correction_lines, full_board, supervisor
from tests.support.qt import NOW, FakeClient, desk_of
from ui.screens.board.presenter import moved_words
from ui.screens.board.screen import BoardScreen
from ui.screens.corrections.screen import CorrectionsScreen


class Desk:
    """A board with its fakes."""

    def __init__(self, qtbot: QtBot, folder: Path, client: FakeClient | None = None) -> None:
        self.qtbot = qtbot
        self.clock = StoppedClock()
        self.client = client or supervisor()
        self.desk = desk_of(self.client, self.clock, folder)
        self.screen = BoardScreen(self.desk)
        qtbot.addWidget(self.screen)
        self.screen.resize(1366, 768)
        self.screen.show()
        self.screen.start()

    def choose(self, row: int) -> None:
        self.qtbot.waitUntil(lambda: self.screen.callers.rowCount() == 4)
        self.screen.caller_table.selectRow(row)
        self.qtbot.waitUntil(lambda: self.screen.cases.row(0) is not None)

    def move(self, row: int = 1, taker: str = "Amina Yusuf", why: str = "on leave until Monday") -> Any:
        self.choose(row)
        self.screen.open_move()
        dialog = self.screen._dialog
        assert dialog is not None
        dialog.taker.setCurrentIndex(
            next(at for at in range(dialog.taker.count()) if taker in dialog.taker.itemText(at))
        )
        dialog.why.setText(why)
        return dialog


@pytest.fixture
def at_desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path)


def cells(table: Any, row: int) -> list[str]:
    return [table.index(row, column).data() for column in range(table.columnCount())]


def test_every_caller_has_counts_last_contact_and_the_age_of_what_their_workstation_said(at_desk: Desk) -> None:
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.callers.rowCount() == 4)
    assert cells(at_desk.screen.callers, 1) == [
        "Ben Carter", "40", "12", "3, 2 overdue", "41 calls, 17 reached", "09:56", "3 (2 h ago)",
    ]  # fmt: skip
    assert cells(at_desk.screen.callers, 2)[5:] == ["none yet", "not known"]
    assert at_desk.screen.as_of.text() == "As of 10:00:00"


def test_what_needs_attention_is_said_in_words_and_without_names(at_desk: Desk) -> None:
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.attention.rowCount() == 3)
    assert cells(at_desk.screen.attention, 0) == ["Concern: safeguarding", "Amina Yusuf", "6 min"]
    assert "Recorded after the person was passed to a colleague" in cells(at_desk.screen.attention, 1)[0]


def test_before_the_first_answer_nothing_is_claimed(qtbot: QtBot, tmp_path: Path) -> None:
    client = supervisor()
    client.set(board, CentreUnreachable("The centre cannot be reached."))
    desk = Desk(qtbot, tmp_path, client)
    qtbot.waitUntil(lambda: desk.screen.banner.sentence() == "The centre cannot be reached.")
    assert desk.screen.caller_stack.currentWidget() is desk.screen.unknown
    assert desk.screen.calm.accessibleName() == "Not known yet"
    assert desk.screen.stale.isVisible()


def test_an_old_board_stays_and_says_how_old_it_is(at_desk: Desk) -> None:
    screen = at_desk.screen
    at_desk.qtbot.waitUntil(lambda: screen.callers.rowCount() == 4)
    at_desk.client.set(board, CentreUnreachable("The centre cannot be reached."))
    at_desk.clock.pass_by(minutes=4)
    screen.presenter.refresh()
    at_desk.qtbot.waitUntil(screen.stale.isVisible)
    assert screen.as_of.text() == "As of 10:00:00, 4 min old: the centre cannot be reached"
    assert screen.callers.rowCount() == 4
    at_desk.client.set(board, full_board())
    screen.presenter.refresh()
    at_desk.qtbot.waitUntil(lambda: not screen.stale.isVisible())


def test_one_question_at_a_time(at_desk: Desk) -> None:
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.callers.rowCount() == 4)
    at_desk.client.pause()
    for _ in range(5):
        at_desk.screen.presenter.refresh()
    assert at_desk.client.names().count("board") == 2


def test_a_callers_list_comes_page_by_page_and_stays_with_its_caller(at_desk: Desk) -> None:
    at_desk.choose(0)
    assert at_desk.screen.list_title.text() == "Amina Yusuf's list: 56 people open"
    assert cells(at_desk.screen.cases, 1) == [
        "Ng, Jo", "Diabetes prevention", "Callback promised", "1", "", "", "11:00",
    ]  # fmt: skip
    at_desk.client.pause()
    at_desk.screen.caller_table.selectRow(1)
    at_desk.screen.caller_table.selectRow(2)
    assert at_desk.screen.cases.rowCount() == 0
    asked = [facts["user_id"] for name, facts in at_desk.client.asked if name == "caller_cases"]
    assert asked == [7, 8, 9]


def test_refreshing_keeps_the_chosen_caller_and_the_selected_people(at_desk: Desk) -> None:
    at_desk.choose(1)
    at_desk.screen.case_table.selectRow(4)
    at_desk.screen.presenter.refresh()
    at_desk.qtbot.waitUntil(lambda: at_desk.client.names().count("board") == 2)
    at_desk.qtbot.wait(0)
    assert at_desk.screen.presenter.caller_id == 8
    assert [one.case_id for one in at_desk.screen.selected_cases()] == ["k4"]
    assert at_desk.screen.move_button.text() == "Move 1 selected …"


def test_a_move_shows_what_it_will_do_before_it_is_done(at_desk: Desk) -> None:
    dialog = at_desk.move()
    preview = at_desk.screen.presenter.preview(7, None)
    assert preview is not None
    assert (preview.cases, preview.giver_before, preview.giver_after) == (40, 40, 0)
    assert (preview.taker_before, preview.taker_after) == (56, 96)
    assert any("3 promised callbacks" in note for note in preview.notes)
    assert any("3 results are unsent, 2 h ago" in note for note in preview.notes)
    assert dialog.deed.text() == "Move 40 people"
    assert "reassign" not in at_desk.client.names()


def test_a_move_needs_a_taker_and_a_reason(at_desk: Desk) -> None:
    dialog = at_desk.move(taker="Choose a caller", why="")
    dialog.deed.click()
    assert "Choose who takes" in dialog.form.error_of("taker")
    dialog.taker.setCurrentIndex(1)
    dialog.why.setText("   ")
    dialog.deed.click()
    assert "Say why" in dialog.form.error_of("why")
    assert "reassign" not in at_desk.client.names()


def test_everybody_open_is_moved_and_the_receipt_names_waiting_workstations(at_desk: Desk) -> None:
    dialog = at_desk.move()
    dialog.deed.click()
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.banner.sentence() != "")
    facts = next(facts for name, facts in at_desk.client.asked if name == "reassign")
    assert facts == {"from_user": 8, "to_user": 7, "why": "on leave until Monday", "case_ids": None}
    assert at_desk.screen.banner.sentence().startswith("Moved 56 people from Ben Carter to Amina Yusuf")
    assert "1 workstation of Ben Carter will hear of it" in at_desk.screen.banner.sentence()
    at_desk.screen.presenter.refresh()
    at_desk.qtbot.wait(0)
    assert at_desk.screen.banner.sentence() != "", "a refresh does not take the receipt away"


def test_only_the_selected_are_moved_by_their_ids(at_desk: Desk) -> None:
    at_desk.choose(1)
    at_desk.screen.case_table.selectRow(3)
    dialog = at_desk.move()
    assert dialog.some.isChecked()
    dialog.deed.click()
    at_desk.qtbot.waitUntil(lambda: "reassign" in at_desk.client.names())
    facts = next(facts for name, facts in at_desk.client.asked if name == "reassign")
    assert facts["case_ids"] == ["k3"]


def test_an_empty_selection_never_becomes_everybody(at_desk: Desk) -> None:
    at_desk.choose(1)
    at_desk.screen.presenter.on_move(7, (), "a reason")
    assert "reassign" not in at_desk.client.names()


def test_a_refused_move_stays_open_with_the_reason(at_desk: Desk) -> None:
    at_desk.client.set(reassign, Refused("This caller's account is closed.", field="taker"))
    dialog = at_desk.move()
    dialog.deed.click()
    at_desk.qtbot.waitUntil(lambda: dialog.form.error_of("taker") != "")
    assert dialog.isVisible()
    assert dialog.deed.isEnabled()
    at_desk.client.set(reassign, CentreUnreachable("The centre cannot be reached."))
    dialog.deed.click()
    at_desk.qtbot.waitUntil(lambda: dialog.banner.sentence() != "")
    assert dialog.why.text() == "on leave until Monday"


def test_pressing_twice_moves_once(at_desk: Desk) -> None:
    dialog = at_desk.move()
    at_desk.client.pause()
    dialog.deed.click()
    at_desk.screen.presenter.on_move(7, None, "again")
    assert at_desk.client.names().count("reassign") == 1


def test_the_receipt_counts_in_words() -> None:
    reply = Reassigned(**REPLY, moved=1, promises=1, devices_waiting=0)
    assert moved_words(reply, "Ben", "Amina") == "Moved 1 person from Ben to Amina, with 1 promised callback."


def corrections_screen(qtbot: QtBot, folder: Path, client: FakeClient) -> CorrectionsScreen:
    screen = CorrectionsScreen(desk_of(client, StoppedClock(), folder))
    qtbot.addWidget(screen)
    screen.resize(1366, 768)
    screen.show()
    screen.start()
    return screen


def test_corrections_show_what_we_hold_beside_what_we_were_told(qtbot: QtBot, tmp_path: Path) -> None:
    screen = corrections_screen(qtbot, tmp_path, supervisor())
    qtbot.waitUntil(lambda: screen.model.rowCount() == 3)
    row = cells(screen.model, 2)
    assert row[2:5] == ["Date of birth differs", "4 March 1951", "3 April 1951"]
    assert row[-1] == "sent to the practice"
    assert cells(screen.model, 0)[4] == "it is wrong"
    assert "07700 900123" in screen.detail.accessibleName()


def test_corrections_ask_for_the_next_page_when_it_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    client = supervisor()
    lines = [one for _ in range(100) for one in correction_lines()]
    client.set(
        corrections,
        lambda offset, limit: CorrectionItems(
            **REPLY, as_of=to_text(NOW), total=300, lines=lines[offset : offset + limit]
        ),
    )
    screen = corrections_screen(qtbot, tmp_path, client)
    qtbot.waitUntil(lambda: screen.model.rowCount() == 300)
    assert screen.count.text() == "300 in all"
    screen.table.scrollToBottom()
    screen.grab()
    qtbot.waitUntil(lambda: screen.model.row(299) is not None)
    assert [facts["offset"] for _name, facts in client.asked] == [0, 200]


def test_no_corrections_yet_says_so_and_an_unreachable_centre_says_that(qtbot: QtBot, tmp_path: Path) -> None:
    client = supervisor()
    client.set(corrections, CorrectionItems(**REPLY, as_of=to_text(NOW), total=0, lines=[]))
    screen = corrections_screen(qtbot, tmp_path, client)
    qtbot.waitUntil(lambda: screen.as_of.text() == "As of 10:00:00")
    assert screen.stack.currentWidget() is screen.empty
    assert screen.empty.accessibleName().startswith("No corrections have come in yet")
    client.set(corrections, CentreUnreachable("The centre cannot be reached."))
    qtbot.mouseClick(screen.refresh, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.stale.isVisible)
    assert screen.as_of.text().endswith("the centre cannot be reached")
    assert screen.banner.sentence() == "", "once is enough"


def test_naming_nobody_asks_the_centre_to_move_nobody() -> None:
    sent: list[Any] = []

    class Api:
        """Keeps what would be sent."""

        def ask(self, _method: str, _path: str, _shape: Any, *, params: Any = None, body: Any = None) -> Any:
            sent.append(body)
            return Reassigned(**REPLY, moved=0, promises=0, devices_waiting=0)

    reassign(Api(), from_user=8, to_user=7, why="a reason", case_ids=())
    reassign(Api(), from_user=8, to_user=7, why="a reason")
    assert [one.case_ids for one in sent] == [[], None]
