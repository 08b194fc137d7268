"""That a network came up is heard from the system where Qt knows how, and goes to sync; else nothing happens."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from tests.client.house import House, until
from tests.store import rig
from tests.support.centre import Rig, centre, database_server, empty_database
from ui.network import NetworkEar

__all__ = ["centre", "database_server", "empty_database"]

Reach = QNetworkInformation.Reachability


class Information(QObject):
    """The system, as Qt tells of it."""

    reachabilityChanged = Signal(Reach)  # noqa: N815 - Qt's name

    def __init__(self, reach: Reach) -> None:
        super().__init__()
        self._reach = reach

    def reachability(self) -> Reach:
        return self._reach

    def become(self, reach: Reach) -> None:
        self._reach = reach
        self.reachabilityChanged.emit(reach)


@pytest.fixture
def owner(qtbot: QtBot) -> Iterator[QObject]:
    yield QObject()


def test_only_reaching_further_than_before_is_news(owner: QObject) -> None:
    heard: list[int] = []
    ear = NetworkEar(owner, lambda: heard.append(1))
    system = Information(Reach.Online)
    assert ear.listen(system)
    counts = []
    for reach in (Reach.Disconnected, Reach.Local, Reach.Online, Reach.Online, Reach.Unknown, Reach.Disconnected,
                  Reach.Site, Reach.Local):  # fmt: skip
        system.become(reach)
        counts.append(len(heard))
    assert counts == [0, 1, 2, 2, 2, 2, 3, 3]


def test_where_nobody_tells_it_goes_on_as_before(owner: QObject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QNetworkInformation, "loadDefaultBackend", lambda: False)
    assert not NetworkEar(owner, lambda: None).listen()


def test_what_waits_goes_when_the_network_comes_up(centre: Rig, tmp_path: Path, owner: QObject) -> None:
    house = House(centre, tmp_path)
    try:
        cases = house.rig.cases(house.project, 1, to=house.anna)
        client: Any = house.sign_in()
        until(client, lambda light: light.state == "all_sent" and light.list_as_of is not None)
        house.cut = True
        client.write(lambda unit: unit.record(rig.attempt(unit.item(cases[0])))).result(20)
        until(client, lambda light: light.state == "offline" and light.unsent == 1)
        worker = client._worker
        with worker._wake:  # as after an hour without a network
            worker._until += 3600
            worker._rhythm = worker._rhythm.failed()
        house.cut = False
        ear = NetworkEar(owner, client.network_up)
        system = Information(Reach.Disconnected)
        ear.listen(system)
        system.become(Reach.Online)
        until(client, lambda light: light.state == "all_sent" and light.unsent == 0)
    finally:
        house.close()
