"""The referrals: listed by what has to be done, moved on by one act and once, with a reason where it asks for one."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from caller_app.base.errors import CentreUnreachable, Refused
from caller_app.protocol.referrals import ReferralMoved, Referrals
from caller_app.protocol.supervision import AttentionLine
from caller_app.supervise.board import board
from caller_app.supervise.referrals import move_referral, referral, referrals
from tests.support.clock import StoppedClock
from tests.support.gallery_board import REPLY, ago, full_board
from tests.support.gallery_referrals import LINES, PATHWAYS, line, referral_client, sheet_of
from tests.support.qt import desk_of
from ui.navigation import Navigation
from ui.screens.referrals.screen import ReferralsScreen


class Desk:
    """The referrals with their fakes."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.clock, self.client = qtbot, StoppedClock(), referral_client()
        self.screen: Any = ReferralsScreen(desk_of(self.client, self.clock, folder))
        qtbot.addWidget(self.screen)
        self.screen.resize(1366, 768)
        self.screen.show()
        self.screen.start()
        qtbot.waitUntil(lambda: self.screen.model.rowCount() == len(LINES))
        qtbot.waitUntil(lambda: self.screen.presenter.sheet is not None)

    def cells(self, row: int) -> list[str]:
        return [self.screen.model.index(row, column).data() for column in range(5)]

    def choose(self, row: int) -> None:
        self.screen.table.selectRow(row)
        wanted = self.screen.model.row(row).referral_id
        self.qtbot.waitUntil(
            lambda: self.screen.presenter.sheet is not None and self.screen.presenter.sheet.line.referral_id == wanted
        )

    def moves(self) -> list[str]:
        return [one.text() for one in self.screen.sheet.buttons if one.isVisible()]

    def press(self, words: str) -> None:
        next(one for one in self.screen.sheet.buttons if one.isVisible() and one.text() == words).click()

    def names(self, question: Any) -> list[dict[str, Any]]:
        return [facts for name, facts in self.client.asked if name == question.__name__]


@pytest.fixture
def at_desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path)


def test_a_line_says_who_what_how_it_stands_and_since_when(at_desk: Desk) -> None:
    assert at_desk.cells(0) == ["Ruth Oyelaran-Whitcombe", "Refer to Healthier You", "To cancel", "20 h", "Amina Yusuf"]
    assert at_desk.screen.filters.buttons["open"].text() == "All underway 8"
    assert at_desk.screen.filters.buttons["recorded"].text() == "To be sent 2"


def test_the_next_step_is_one_press_and_asked_once(at_desk: Desk) -> None:
    at_desk.choose(2)
    assert at_desk.moves() == ["Mark as sent", "Withdraw …"]
    at_desk.client.pause()
    at_desk.press("Mark as sent")
    at_desk.screen.presenter.on_move("sent")
    assert at_desk.names(move_referral) == [{"referral_id": "f9", "was": "recorded", "to": "sent", "why": ""}]
    at_desk.client.let_through()
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.banner.sentence() == "The referral is now sent.")


def test_a_step_that_asks_why_waits_for_it(at_desk: Desk) -> None:
    at_desk.choose(4)
    at_desk.press("Mark as returned …")
    dialog = at_desk.screen._dialog
    dialog.deed.click()
    assert "Say why" in dialog.form.error_of("why")
    assert at_desk.names(move_referral) == []
    dialog.why.setText("could not reach them")
    dialog.deed.click()
    at_desk.qtbot.waitUntil(lambda: at_desk.screen._dialog is None)
    assert at_desk.names(move_referral)[0]["why"] == "could not reach them"


def test_what_a_colleague_did_already_is_said(at_desk: Desk) -> None:
    words = "Una has done this already: the referral is sent."
    at_desk.client.set(
        move_referral,
        ReferralMoved(**REPLY, referral_id="f9", done=False, state="sent", by="Una", at=ago(), sentence=words),
    )
    at_desk.choose(2)
    at_desk.press("Mark as sent")
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.banner.sentence() == words)


def test_a_refused_step_shows_how_it_stands_now(at_desk: Desk) -> None:
    at_desk.choose(2)
    at_desk.client.set(move_referral, Refused("It has moved meanwhile: it is now sent. Look at it again."))
    asked = len(at_desk.names(referral))
    at_desk.press("Mark as sent")
    at_desk.qtbot.waitUntil(lambda: "moved meanwhile" in at_desk.screen.banner.sentence())
    at_desk.qtbot.waitUntil(lambda: len(at_desk.names(referral)) == asked + 1)


def test_what_somebody_else_moved_on_is_asked_again(at_desk: Desk) -> None:
    at_desk.choose(2)
    moved = [line(9, "sent", "Moved Person", since=ago(minutes=1))]
    at_desk.client.set(
        referrals, Referrals(**REPLY, as_of=ago(), total=1, lines=moved, by_state={"sent": 1}, pathways=PATHWAYS)
    )
    at_desk.client.set(referral, sheet_of(moved[0]))
    at_desk.screen.presenter.refresh()
    at_desk.qtbot.waitUntil(lambda: "Mark as received" in at_desk.moves())


def test_what_is_held_is_decided_under_reviews(at_desk: Desk) -> None:
    at_desk.choose(1)
    assert at_desk.moves() == []
    assert "under Reviews" in at_desk.screen.sheet._will.text()


def test_the_list_can_be_of_one_state_or_one_pathway(at_desk: Desk) -> None:
    at_desk.screen.filters.buttons["attended"].click()
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.model.rowCount() == 1)
    at_desk.screen.filters.buttons["open"].click()
    at_desk.screen.pathways.setCurrentIndex(2)
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.model.rowCount() == 1)
    assert at_desk.names(referrals)[-1]["pathway"] == "p2/blood_test"
    at_desk.screen.presenter.refresh()
    assert at_desk.screen.pathways.currentIndex() == 2, "what was chosen stays chosen"


def test_nothing_of_the_one_before_stays_while_the_next_is_asked(at_desk: Desk) -> None:
    at_desk.client.pause()
    at_desk.screen.table.selectRow(4)
    assert at_desk.screen.sheet.title.text() == ""
    assert at_desk.moves() == []
    at_desk.client.let_through()


def test_without_the_centre_the_last_answer_stays_with_its_age(at_desk: Desk) -> None:
    at_desk.client.set(referrals, CentreUnreachable("The centre cannot be reached."))
    at_desk.clock.pass_by(minutes=4)
    at_desk.screen.presenter.refresh()
    at_desk.qtbot.waitUntil(at_desk.screen.stale.isVisible)
    assert at_desk.screen.as_of.text() == "As of 10:00:00, 4 min old: the centre cannot be reached"
    assert at_desk.screen.model.rowCount() == len(LINES)


def test_an_empty_list_says_what_comes_here(qtbot: QtBot, tmp_path: Path) -> None:
    screen: Any = ReferralsScreen(desk_of(referral_client(()), StoppedClock(), tmp_path))
    qtbot.addWidget(screen)
    screen.show()
    screen.start()
    qtbot.waitUntil(lambda: "No referral is underway" in screen.empty.accessibleName())
    assert not screen.beside.isVisible()


@pytest.mark.parametrize("filtered", [False, True])
def test_enter_on_a_referral_to_be_cancelled_leads_from_the_board_to_those_that_have_to_be(
    qtbot: QtBot, tmp_path: Path, filtered: bool
) -> None:
    client = referral_client()
    due = AttentionLine(what="referral", case_id="k4", at=ago(hours=20), who="Amina Yusuf", reason="cancel_due")
    client.set(board, msgspec.structs.replace(full_board(), attention=[due]))
    window: Any = Navigation(desk_of(client, StoppedClock(), tmp_path))
    qtbot.addWidget(window)
    window.show()
    if filtered:  # as somebody left it before
        desk = window.go("referrals")
        qtbot.waitUntil(lambda: desk.pathways.count() > 1)
        desk.filters.buttons["sent"].click()
        desk.pathways.setCurrentIndex(1)
    window.go("board")
    shown = window.built("board")
    qtbot.waitUntil(lambda: shown.attention.rowCount() == 1)
    shown.attention_table.selectRow(0)
    qtbot.keyClick(shown.attention_table, Qt.Key.Key_Return)
    assert window.here == "referrals"
    screen = window.built("referrals")
    due_ones = [one for one in LINES if one.state == "cancel_due"]
    qtbot.waitUntil(lambda: screen.model.rowCount() == len(due_ones))
    assert [screen.model.row(at).state for at in range(len(due_ones))] == ["cancel_due"] * len(due_ones)
    assert (screen.filters.key(), screen.pathways.currentData()) == ("cancel_due", None)
