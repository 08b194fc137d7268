"""A world of workstations around one real centre: act on any of them, cut any line, settle, compare."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
from psycopg.conninfo import conninfo_to_dict

from caller_app.base.ids import new_id
from caller_app.base.notices import Board
from caller_app.central.embedded import Embedded
from caller_app.domain.changes import AttemptRecorded, Change
from caller_app.domain.items import Item
from caller_app.domain.staff import User
from caller_app.store import mirror, sending
from caller_app.store.local import LocalStore
from caller_app.store.opening import open_store
from caller_app.sync.api import Api
from caller_app.sync.credentials import Credentials
from caller_app.sync.engine import Outcome, run_once
from tests.store.rig import KEY, rules
from tests.support.asgi_adapter import AsgiAdapter
from tests.support.centre import BASE, PASSWORD, Rig, _execute, make_rig
from tests.support.clock import StoppedClock


class Line:
    """The line of one workstation: what happens to requests and replies is set by the test."""

    def __init__(self) -> None:
        self.cut = False
        self.before: Callable[[requests.PreparedRequest], None] | None = None
        self.after: Callable[[requests.PreparedRequest, requests.Response], requests.Response] | None = None
        self.paths: list[str] = []

    def on_request(self, request: requests.PreparedRequest) -> None:
        self.paths.append((request.path_url or "").split("?")[0])
        if self.cut:
            raise requests.ConnectionError("cut")
        if self.before is not None:
            self.before(request)

    def on_reply(self, request: requests.PreparedRequest, response: requests.Response) -> requests.Response:
        return response if self.after is None else self.after(request, response)


class Device:
    """One workstation: its own folder, its own clock if wanted, the real store and the real sync."""

    def __init__(self, world: "World", user: User, folder: Path, clock: StoppedClock) -> None:
        self.world = world
        self.user = user
        self.folder = folder
        self.clock = clock
        self.line = Line()
        self.credentials = Credentials()
        self.store: LocalStore
        self.open()

    def open(self) -> None:
        standing = self.world.rig.centre.standing
        self.store = open_store(
            self.folder,
            KEY,
            me=self.user,
            server_id=standing.server_id,
            rules=rules(),
            clock=self.clock,
            board=Board(),
            test_mode=True,
        )
        self.adapter = AsgiAdapter(self.world.rig.app, before=self.line.on_request, after=self.line.on_reply)
        self.api = Api(
            BASE,
            credentials=self.credentials,
            server_id=standing.server_id,
            transport=self.adapter,
            before_request=self.store.assert_free,
        )

    def sign_in(self) -> "Device":
        self.credentials.take(self.api.sign_in(self.user.name, PASSWORD))
        return self

    def close(self) -> None:
        self.api.close()
        self.store.close()

    def restart(self) -> None:
        self.close()
        self.open()

    def sync(self) -> Outcome:
        return run_once(self.store, self.api, self.clock)

    def record(self, change: Change) -> str:
        return self.store.write(lambda unit: unit.record(change))

    def attempt(self, case_id: str, outcome: str = "C01", **more: Any) -> str:
        item = self.item(case_id)
        assert item is not None
        return self.record(
            AttemptRecorded(
                case_id=case_id,
                act_id=new_id(),
                outcome=outcome,
                number=item.numbers[0].e164 if item.numbers else None,
                **more,
            )
        )

    def item(self, case_id: str) -> Item | None:
        return self.store.read(lambda view: view.item(case_id))

    def cases(self) -> set[str]:
        return set(
            self.store.read(lambda view: view.lists.exec_driver_sql("SELECT case_id FROM shown").scalars().all())
        )

    def bodies(self) -> dict[str, tuple[int, str]]:
        """The received rows: id -> (version, body)."""
        rows = self.store.read(lambda view: view.lists.exec_driver_sql("SELECT id, ver, body FROM record").all())
        return {row.id: (row.ver, row.body) for row in rows}

    def outbox(self) -> list[Any]:
        return self.store.read(
            lambda view: view.outbox.exec_driver_sql(
                "SELECT dseq, change_id, kind, state, verdict, reason, tries FROM outbox ORDER BY dseq"
            ).all()
        )

    def identity(self) -> sending.Identity:
        return self.store.read(lambda view: sending.identity(view.outbox))

    def unsent(self) -> int:
        return self.store.read(lambda view: sending.counts(view.outbox).unsent)

    def cursor(self) -> int:
        return mirror.position(self.store).cursor


class World:
    """One centre, one project and any number of workstations."""

    def __init__(self, rig: Rig, folder: Path, server: Embedded) -> None:
        self.rig = rig
        self._server = server
        self._spare: list[Rig] = []
        self._copies: list[str] = []
        self.clock = rig.clock
        self.folder = folder
        self.project = rig.project()
        self.devices: list[Device] = []

    def user(self, name: str, **more: Any) -> User:
        return self.rig.user(name, **more)

    def device(self, user: User, *, clock: StoppedClock | None = None, signed_in: bool = True) -> Device:
        device = Device(self, user, self.folder / f"device-{len(self.devices)}", clock or self.clock)
        self.devices.append(device)
        return device.sign_in() if signed_in else device

    def clone(self, device: Device) -> Device:
        """Copy a workstation's disk as an image: both copies then live on."""
        device.store.outbox.checkpoint()
        device.store.lists.checkpoint()
        folder = self.folder / f"device-{len(self.devices)}"
        shutil.copytree(device.folder, folder)
        twin = Device(self, device.user, folder, device.clock)
        self.devices.append(twin)
        return twin.sign_in()

    def copy_centre(self) -> str:
        """Keep a copy of the centre's database as it stands; gives its address."""
        name = f"copy_{id(self)}_{len(self._copies)}"
        self._copies.append(name)
        self.rig.engine.dispose()
        here = conninfo_to_dict(self.rig.url)["dbname"]
        _execute(self._server, f'CREATE DATABASE "{name}" TEMPLATE "{here}"')
        address: str = self._server.server.get_uri(database=name)
        return address

    def put_back(self, url: str) -> None:
        """Replace the centre by an earlier copy of itself: what happened since is lost there."""
        self._spare.append(self.rig)
        self.rig = make_rig(url, self.clock)
        for device in self.devices:
            device.adapter.app = self.rig.app

    def settle(self) -> None:
        """Let every workstation sync until nothing moves any more."""
        for _ in range(6):
            moved = 0
            for device in self.devices:
                outcome = device.sync()
                moved += outcome.pushed + outcome.pulled + outcome.removed + outcome.resets
            if not moved:
                return
        raise AssertionError("the world does not settle")

    def assert_converged(self) -> None:
        """Every workstation holds exactly what the centre shows its person, and nothing waits anywhere."""
        for device in self.devices:
            rows = self.rig.ask(
                "SELECT v.rec_id, b.body FROM visibility v JOIN rec_body b ON (b.kind, b.id) = (v.kind, v.rec_id)"
                " WHERE v.user_id = :u AND NOT v.gone",
                u=device.user.user_id,
            )
            assert {(str(row.rec_id), row.body) for row in rows} == {
                (name, body) for name, (_ver, body) in device.bodies().items()
            }
            assert device.unsent() == 0

    def close(self) -> None:
        for device in self.devices:
            device.close()
        if self._spare:
            self.rig.close()
            for rig in self._spare[1:]:
                rig.close()
        for name in self._copies:
            _execute(self._server, f'DROP DATABASE "{name}" WITH (FORCE)')
