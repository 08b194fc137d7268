"""The review desk: safety first, both versions side by side, one act with its reason, told who was faster."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from caller_app.base.clock import to_text
from caller_app.base.errors import CentreUnreachable, Refused
from caller_app.protocol.supervision import ReviewSettled
from caller_app.supervise.reviews import review, reviews, settle_review
from tests.support.clock import StoppedClock
from tests.support.gallery_board import REPLY
from tests.support.gallery_desk import OPEN, desk_client
from tests.support.qt import NOW, FakeClient, desk_of
from ui.navigation import Navigation
from ui.screens.reviews.screen import ReviewsScreen


class Desk:
    """A review desk with its fakes."""

    def __init__(self, qtbot: QtBot, folder: Path, client: FakeClient | None = None) -> None:
        self.qtbot, self.clock = qtbot, StoppedClock()
        self.client = client or desk_client()
        self.screen: Any = ReviewsScreen(desk_of(self.client, self.clock, folder))
        qtbot.addWidget(self.screen)
        self.screen.resize(1366, 768)
        with qtbot.waitActive(self.screen):
            self.screen.show()
        self.screen.start()

    def choose(self, row: int = 2) -> None:
        self.qtbot.waitUntil(lambda: self.screen.model.rowCount() == len(OPEN))
        self.screen.table.selectRow(row)
        self.qtbot.waitUntil(lambda: self.screen.presenter.sheet is not None)

    def acts(self) -> list[str]:
        return [one.text() for one in self.screen.sheet.buttons if one.isVisible()]

    def press(self, act: str) -> Any:
        next(one for one in self.screen.sheet.buttons if one.text() == act).click()
        assert self.screen._dialog is not None
        return self.screen._dialog

    def asked(self, question: Any) -> list[dict[str, Any]]:
        return [facts for name, facts in self.client.asked if name == question.__name__]


@pytest.fixture
def at_desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path)


def test_the_list_says_what_whom_and_how_long_ago_safety_in_red(at_desk: Desk) -> None:
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.model.rowCount() == len(OPEN))
    model = at_desk.screen.model
    assert [model.index(1, column).data() for column in range(4)] == [
        "Contact after the person asked us to stop", "Ruth Oyelaran-Whitcombe", "Ben Carter", "2 h ago",
    ]  # fmt: skip
    assert "Cases to decide, safety first" in at_desk.screen.table.accessibleName()
    buttons = at_desk.screen.filters.buttons
    assert [buttons[key].text() for key in ("all", "safety", "promises", "settled")] == [
        "All open 7", "Safety first 2", "Promises and referrals 1", "Settled",
    ]  # fmt: skip


def test_a_case_is_read_aloud_whole_with_both_versions(at_desk: Desk) -> None:
    at_desk.choose()
    grid = at_desk.screen.sheet._grid
    assert "What: Call: Declined this time / Call: Will refer or book themselves" in grid.accessibleDescription()
    assert [head.text() for head in grid._heads] == ["From Ben Carter", "From Amina Yusuf"]
    assert at_desk.acts() == ["The earlier result stands", "This result stands", "Back to dialling"]
    assert "Back to dialling: No result stands" in at_desk.screen.sheet._will.text()


def test_a_filter_asks_for_its_group(at_desk: Desk) -> None:
    at_desk.choose()
    at_desk.screen.filters.buttons["corrections"].click()
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.model.rowCount() == 1)
    assert at_desk.asked(reviews)[-1] == {"show": "open", "group": "corrections", "offset": 0, "limit": 200}
    at_desk.screen.filters.buttons["settled"].click()
    at_desk.qtbot.waitUntil(lambda: "Settled by Sian Pritchard" in at_desk.screen.sheet._settled.text())
    assert at_desk.acts() == []
    assert "Why: spoke with both callers" in at_desk.screen.sheet._settled.text()


def test_by_keyboard_alone_from_the_list_to_settled(at_desk: Desk) -> None:
    at_desk.choose()
    screen = at_desk.screen
    screen.table.setFocus()
    at_desk.qtbot.keyClick(screen.table, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is screen.sheet.buttons[0]
    at_desk.qtbot.keyClick(screen.sheet.buttons[0], Qt.Key.Key_Return)
    dialog = screen._dialog
    at_desk.qtbot.keyClicks(dialog.why, "spoke with both")
    at_desk.qtbot.keyClick(dialog.why, Qt.Key.Key_Return)
    at_desk.qtbot.waitUntil(lambda: screen.banner.sentence() == "Settled: it was taken over.")
    assert at_desk.asked(settle_review) == [{"review_id": "r50", "act": "earlier", "why": "spoke with both"}]


def test_an_act_that_asks_why_is_not_done_without(at_desk: Desk) -> None:
    at_desk.choose()
    dialog = at_desk.press("This result stands")
    dialog.why.setText("   ")
    dialog.deed.click()
    assert "Say why" in dialog.form.error_of("why")
    assert at_desk.asked(settle_review) == []


def test_an_act_that_changes_nothing_may_be_done_without_a_reason(at_desk: Desk) -> None:
    at_desk.choose(5)
    dialog = at_desk.press("Let it stand")
    assert "may be left out" in dialog.form.fields["why"].label.text()
    dialog.deed.click()
    at_desk.qtbot.waitUntil(lambda: at_desk.asked(settle_review) != [])


def test_who_was_faster_is_said_and_the_list_is_asked_again(at_desk: Desk) -> None:
    at_desk.choose()
    answer = ReviewSettled(
        **REPLY, review_id="r50", done=False, by="Una Walsh", at=to_text(NOW), act="take",
        sentence="Una Walsh has settled this already: it was taken over.",
    )  # fmt: skip
    at_desk.client.set(settle_review, answer)
    before = len(at_desk.asked(reviews))
    dialog = at_desk.press("Back to dialling")
    dialog.why.setText("a reason")
    dialog.deed.click()
    at_desk.qtbot.waitUntil(lambda: "Una Walsh has settled this already" in at_desk.screen.banner.sentence())
    assert len(at_desk.asked(reviews)) == before + 1
    assert at_desk.screen._dialog is None


def test_a_refusal_stays_in_the_dialog_and_pressing_twice_settles_once(at_desk: Desk) -> None:
    at_desk.choose()
    at_desk.client.set(settle_review, Refused("This cannot be done here, or not any more. Look at the case again."))
    dialog = at_desk.press("This result stands")
    dialog.why.setText("a reason")
    at_desk.client.pause()
    dialog.deed.click()
    at_desk.screen.presenter.on_settle("take", "again")
    assert len(at_desk.asked(settle_review)) == 1
    assert not dialog.deed.isEnabled()
    at_desk.client.let_through()
    at_desk.qtbot.waitUntil(lambda: "not any more" in dialog.banner.sentence())
    assert dialog.deed.isEnabled() and dialog.why.text() == "a reason"


def test_a_late_sheet_of_another_case_is_not_shown(at_desk: Desk) -> None:
    at_desk.choose()
    at_desk.client.pause()
    at_desk.screen.table.selectRow(3)
    at_desk.screen.table.selectRow(4)
    at_desk.client.let_through()
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.sheet.title.text() == "Two promised calls")


def test_while_a_case_is_fetched_nothing_of_the_one_before_stays(at_desk: Desk) -> None:
    at_desk.choose()
    at_desk.client.pause()
    at_desk.screen.table.selectRow(3)
    sheet = at_desk.screen.sheet
    assert (sheet.title.text(), sheet._grid.accessibleDescription(), at_desk.acts()) == ("", "", [])


def test_without_the_centre_the_last_answer_stays_with_its_age(at_desk: Desk) -> None:
    at_desk.choose()
    at_desk.client.set(reviews, CentreUnreachable("The centre cannot be reached."))
    at_desk.clock.pass_by(minutes=4)
    at_desk.screen.presenter.refresh()
    at_desk.qtbot.waitUntil(at_desk.screen.stale.isVisible)
    assert at_desk.screen.as_of.text() == "As of 10:00:00, 4 min old: the centre cannot be reached"
    assert at_desk.screen.model.rowCount() == len(OPEN)


def test_nothing_to_decide_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qtbot, tmp_path, desk_client(()))
    qtbot.waitUntil(lambda: desk.screen.empty.accessibleName().startswith("Nothing waits for a decision"))
    assert not desk.screen.beside.isVisible()


def test_a_case_is_opened_from_the_board(qtbot: QtBot, tmp_path: Path) -> None:
    client = desk_client()
    window = Navigation(desk_of(client, StoppedClock(), tmp_path))
    qtbot.addWidget(window)
    window.show()
    window.go("board")
    board: Any = window.built("board")
    qtbot.waitUntil(lambda: board.attention.rowCount() == 3)
    board.attention_table.opened.emit(board.attention.index(0, 0))
    assert window.here == "board", "a concern has no case of its own"
    client.set(review, lambda review_id: desk_client().give(review, {"review_id": review_id}).result())
    window.open_review("r30")
    desk: Any = window.built("reviews")
    qtbot.waitUntil(lambda: desk.sheet.title.text() == "A correction that clashes")
    assert window.here == "reviews"
