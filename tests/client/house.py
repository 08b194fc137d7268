"""One computer at a real centre: its folder, its key store, its line, and whoever is signed in."""

import threading
from collections.abc import Callable
from pathlib import Path

import requests

from caller_app.base.notices import Notice
from caller_app.base.paths import Paths
from caller_app.base.secrets import MemorySecrets
from caller_app.client import Client, Doorway
from caller_app.queries.rows import Standing
from tests.support.asgi_adapter import AsgiAdapter
from tests.support.centre import BASE, PASSWORD, Rig

PATIENCE = 20.0  # seconds until a condition that should have come is given up


class House:
    """What stays on the computer between two starts of the program."""

    def __init__(self, rig: Rig, home: Path) -> None:
        self.rig = rig
        self.clock = rig.clock
        self.paths = Paths(home).make()
        self.secrets = MemorySecrets()
        self.cut = False
        self.project = rig.project()
        self.anna = rig.user("anna")
        self.ben = rig.user("ben")
        self._open: list[Client | Doorway] = []

    def door(self) -> Doorway:
        door = Doorway(self.paths, self.clock, self.secrets, transport=self.transport)
        if door.remembered() is None:
            door.remember_centre(BASE)
        self._open.append(door)
        return door

    def sign_in(self, name: str = "anna", password: str = PASSWORD) -> Client:
        client = self.door().sign_in(name, password).result(PATIENCE)
        self._open.append(client)
        return client

    def leave(self, client: Client) -> None:
        self._open.remove(client)
        client.close()

    def transport(self) -> AsgiAdapter:
        return AsgiAdapter(self.rig.app, before=self._before)

    def close(self) -> None:
        for one in reversed(self._open):
            one.close()

    def _before(self, request: requests.PreparedRequest) -> None:
        if self.cut:
            raise requests.ConnectionError("cut")


def until(client: Client, wanted: Callable[[Standing], bool]) -> Standing:
    """Wait until the light says what is wanted, and knows of all that was recorded before."""
    client.read(lambda _view: None).result(PATIENCE)  # the light is worked out on this lane, in the order of asking
    changed = threading.Event()

    def heard(_one: Notice) -> None:
        changed.set()

    leave = client.notices.subscribe(heard)
    try:
        rounds = int(PATIENCE / 0.1)
        for _ in range(rounds):
            if wanted(client.standing()):
                return client.standing()
            changed.wait(0.1)
            changed.clear()
    finally:
        leave()
    raise AssertionError(f"the light stays at {client.standing()}")
