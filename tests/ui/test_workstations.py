"""The workstations: ages with every claim, what is still there, who has taken what, taking one out of use once."""

from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from caller_app.base.errors import CentreUnreachable, Refused
from caller_app.protocol.supervision import RecordsToGo
from caller_app.supervise.workstations import records_to_go, revoke_workstation, workstations
from tests.support.clock import StoppedClock
from tests.support.gallery_board import REPLY, ago
from tests.support.gallery_desk import TO_GO, desk_client
from tests.support.qt import desk_of
from ui.screens.workstations.screen import WorkstationsScreen


class Desk:
    """The workstations with their fakes."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.clock, self.client = qtbot, StoppedClock(), desk_client()
        self.screen: Any = WorkstationsScreen(desk_of(self.client, self.clock, folder))
        qtbot.addWidget(self.screen)
        self.screen.resize(1366, 768)
        self.screen.show()
        self.screen.start()
        qtbot.waitUntil(lambda: self.screen.model.rowCount() == 5)

    def cells(self, model: Any, row: int) -> list[str]:
        return [model.index(row, column).data() for column in range(model.columnCount())]

    def choose(self, row: int) -> None:
        self.screen.table.selectRow(row)
        self.qtbot.wait(0)

    def names(self, question: Any) -> list[dict[str, Any]]:
        return [facts for name, facts in self.client.asked if name == question.__name__]


@pytest.fixture
def at_desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path)


def test_every_claim_carries_its_age(at_desk: Desk) -> None:
    assert at_desk.cells(at_desk.screen.model, 0) == [
        "Ben Carter", "26 h ago", "3 (26 h ago)", "3, since yesterday 08:00", "in use", "0.1.0",
    ]  # fmt: skip
    assert at_desk.cells(at_desk.screen.model, 3)[1:] == ["never", "not known", "nothing", "hands in only", "not known"]


def test_what_should_be_gone_is_named_with_why_and_since(at_desk: Desk) -> None:
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.to_go.rowCount() == 3)
    assert at_desk.cells(at_desk.screen.to_go, 1)[1:] == ["passed to a colleague", "07:00", "yes"]
    assert "1 kept for a call in hand" in at_desk.screen.says.text()
    at_desk.choose(2)
    assert at_desk.screen.to_go_stack.currentWidget() is at_desk.screen.clean
    assert at_desk.screen.clean.accessibleName() == "Nothing on it that should be gone"
    assert [one["device_id"] for one in at_desk.names(records_to_go)] == ["d2"], "nothing is asked where nothing is"


def test_a_move_says_which_workstations_have_taken_it_and_when(at_desk: Desk) -> None:
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.orders.rowCount() == 3)
    taken = [at_desk.cells(at_desk.screen.orders, row)[3] for row in range(3)]
    assert taken == ["not taken, last heard 26 h ago", "taken 1 Mar 11:00", "none had them"]
    assert at_desk.cells(at_desk.screen.orders, 0)[1] == "Ben Carter → Amina Yusuf"


def test_a_list_that_has_locked_itself_is_said_as_expected_not_as_known(at_desk: Desk) -> None:
    at_desk.choose(1)
    assert "its list has locked itself by now" in at_desk.screen.says.text()
    assert not at_desk.screen.revoke.isVisible(), "it is out of use already"


def test_ones_own_workstation_cannot_be_taken_out_of_use_from_itself(at_desk: Desk) -> None:
    at_desk.choose(4)
    assert "you are working on" in at_desk.screen.says.text()
    assert not at_desk.screen.revoke.isEnabled()


def test_taking_out_of_use_says_what_it_means_needs_a_reason_and_is_done_once(at_desk: Desk) -> None:
    at_desk.screen.revoke.click()
    dialog = at_desk.screen._dialog
    assert "3 results are unsent" in dialog.sentence.text()
    dialog.deed.click()
    assert "Say why" in dialog.form.error_of("why")
    dialog.why.setText("stolen from a car")
    at_desk.client.pause()
    dialog.deed.click()
    at_desk.screen.presenter.on_revoke("again")
    assert at_desk.names(revoke_workstation) == [{"device_id": "d2", "why": "stolen from a car"}]
    at_desk.client.let_through()
    at_desk.qtbot.waitUntil(lambda: "out of use" in at_desk.screen.banner.sentence())
    assert at_desk.screen._dialog is None
    assert len(at_desk.names(workstations)) == 2


def test_a_refused_revocation_stays_open(at_desk: Desk) -> None:
    at_desk.client.set(revoke_workstation, Refused("There is no such workstation."))
    at_desk.screen.revoke.click()
    dialog = at_desk.screen._dialog
    dialog.why.setText("stolen")
    dialog.deed.click()
    at_desk.qtbot.waitUntil(lambda: dialog.banner.sentence() == "There is no such workstation.")
    assert dialog.isVisible() and dialog.deed.isEnabled()


def test_the_records_of_a_workstation_chosen_before_do_not_come_late(at_desk: Desk) -> None:
    at_desk.choose(2)
    at_desk.client.pause()
    at_desk.choose(0)
    at_desk.choose(2)
    at_desk.client.let_through()
    at_desk.qtbot.wait(0)
    assert at_desk.screen.to_go.rowCount() == 0


def test_many_records_come_page_by_page(at_desk: Desk) -> None:
    lines = [TO_GO[at % 3] for at in range(250)]
    at_desk.client.set(
        records_to_go,
        lambda offset, limit, **_which: RecordsToGo(
            **REPLY, as_of=ago(), total=250, lines=lines[offset : offset + limit]
        ),
    )
    at_desk.choose(1)
    at_desk.qtbot.waitUntil(lambda: at_desk.screen.to_go.rowCount() == 250)


def test_without_the_centre_the_last_answer_stays_with_its_age(at_desk: Desk) -> None:
    at_desk.client.set(workstations, CentreUnreachable("The centre cannot be reached."))
    at_desk.clock.pass_by(minutes=4)
    at_desk.screen.presenter.refresh()
    at_desk.qtbot.waitUntil(at_desk.screen.stale.isVisible)
    assert at_desk.screen.as_of.text() == "As of 10:00:00, 4 min old: the centre cannot be reached"
    assert at_desk.screen.model.rowCount() == 5
