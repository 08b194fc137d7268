"""The caller's window over a real store and real lanes, driven by keys; for the tests of the calling screens."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from caller_app.domain.items import Item
from tests.deeds import rig as deeds
from tests.deeds.rig import Rig
from tests.support.fake_client import StoreClient
from ui.bridge import Bridge
from ui.screens.calling.screen import CallingScreen
from ui.tasks import Desk, Tasks

KEY = Qt.Key


class Stage:
    """Window, store and the patience to wait for lanes."""

    def __init__(self, qtbot: QtBot, rig: Rig) -> None:
        self.qtbot, self.rig = qtbot, rig
        self.client = StoreClient(rig.store)
        self.bridge = Bridge()
        self.screen = CallingScreen(Desk(self.client, Tasks(self.bridge), self.bridge, rig.clock, {}))
        self.bridge.noticed.connect(self.screen.on_notice)
        self.unsubscribe = self.client.notices.subscribe(self.bridge.notice)
        qtbot.addWidget(self.screen)
        self.screen.resize(1366, 700)
        with qtbot.waitActive(self.screen):
            self.screen.show()
        self.screen.start()
        self.wait(lambda: self.screen.list_pane.model.rowCount() > 0)

    def wait(self, holds: object) -> None:
        self.qtbot.waitUntil(holds, timeout=5000)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            where = QApplication.focusWidget()
            assert where is not None
            self.qtbot.keyClick(where, key)

    def open(self, case_id: str) -> None:
        self.screen.open_person(case_id)
        self.wait(lambda: self.has_numbers_of(case_id))
        self.wait(lambda: "C01" in self.state.outcomes)

    def has_numbers_of(self, case_id: str) -> bool:
        card = self.state.card
        return card is not None and card.case_id == case_id and bool(card.numbers)

    def ring(self) -> None:
        self.screen.presenter.on_dial_pressed()
        self.wait(lambda: self.state.card is not None and self.state.card.dialled_number is not None)
        self.wait(lambda: self.state.outcomes["C01"].possible)

    def reveal(self) -> None:
        self.screen.presenter.identity.on_reveal_pressed()
        self.wait(lambda: self.state.card is not None and self.state.card.identity.revealed)
        self.screen.focus_identity()

    def verify(self) -> None:
        """Tick that everything matches; with somebody who speaks for the person, who they are as well."""
        self.reveal()
        *before, _last = [one.name for one in self.state.card.identity.fields]
        for name in before:
            self.press(KEY.Key_1)
            self.wait(lambda name=name: self.ticked(name))
        self.press(KEY.Key_1)
        self.wait(lambda: self.state.card is not None and self.state.card.identity.passed)

    def ticked(self, name: str) -> bool:
        card = self.state.card
        return card is not None and any(one.name == name and one.tick == "matches" for one in card.identity.fields)

    @property
    def state(self):  # type: ignore[no-untyped-def]
        return self.screen.presenter.state

    def answer(self, *keys: str) -> None:
        """Type keys into the script one after the other, each once the pages for it are there."""
        for key in keys:
            self.wait(lambda: not self.screen.presenter.script._asking)
            where = QApplication.focusWidget()
            assert where is not None
            if key == "Enter":
                self.qtbot.keyClick(where, Qt.Key.Key_Return)
            elif key == "Back":
                self.qtbot.keyClick(where, Qt.Key.Key_Backspace)
            else:
                self.qtbot.keyClicks(where, key)
        self.wait(lambda: not self.screen.presenter.script._asking)

    @property
    def page(self) -> str:
        """Name the page that is read."""
        path = self.state.path
        return path.pages[self.state.page].name if path.pages else ""

    def close(self) -> None:
        self.unsubscribe()
        self.screen.close_down()
        self.bridge.close()
        self.client.close()


@contextmanager
def on_the_script(qtbot: QtBot, folder: Path, *items: Item) -> Iterator[Stage]:
    """Give a window whose first person has been rung, with the script before the caller."""
    with deeds.opened(folder, *items) as rig:
        stage = Stage(qtbot, rig)
        stage.open(deeds.case(1))
        stage.ring()
        stage.screen.turn_to("script")
        try:
            yield stage
        finally:
            stage.close()
