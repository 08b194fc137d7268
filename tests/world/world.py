"""A world of workstations around one real centre: act on any of them, cut any line, settle, compare."""

import itertools
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from caller_app.central.db import writing
from caller_app.central.embedded import Embedded
from caller_app.central.rules import apply, durability
from caller_app.domain.projects import Project
from caller_app.domain.staff import User
from tests.support.centre import WORKER, Rig, _execute, make_rig
from tests.support.clock import StoppedClock
from tests.world.device import Device

_names = itertools.count(1)


class World:
    """One centre, one project and any number of workstations."""

    def __init__(self, rig: Rig, folder: Path, server: Embedded, *, project: Project | None = None) -> None:
        self.rig = rig
        self._server = server
        self._spare: list[Rig] = []
        self._copies: list[str] = []
        self.struck: Counter[str] = Counter()
        self.clock = rig.clock
        self.folder = folder
        self.project = project or rig.project()
        self.devices: list[Device] = []

    def user(self, name: str, **more: Any) -> User:
        return self.rig.user(name, **more)

    def device(self, user: User, *, clock: StoppedClock | None = None, signed_in: bool = True) -> Device:
        device = Device(self, user, self.folder / f"device-{len(self.devices)}", clock or self.clock)
        self.devices.append(device)
        return device.sign_in() if signed_in else device

    def clone(self, device: Device, *, clock: StoppedClock | None = None, signed_in: bool = True) -> Device:
        """Copy a workstation's disk as an image: both copies then live on."""
        folder = self.folder / f"device-{len(self.devices)}"
        self.image(device, folder)
        twin = Device(self, device.user, folder, clock or device.clock)
        self.devices.append(twin)
        return twin.sign_in() if signed_in else twin

    def image(self, device: Device, folder: Path) -> Path:
        """Copy a workstation's disk into a folder, as a backup program does."""
        device.store.outbox.checkpoint()
        device.store.lists.checkpoint()
        shutil.copytree(device.folder, folder)
        return folder

    def roll_back(self, device: Device, image: Path) -> None:
        """Put a workstation's disk back to an image; the tokens in memory go with the machine."""
        device.close()
        shutil.rmtree(device.folder)
        shutil.copytree(image, device.folder)
        device.open()

    # ---- the centre's database ---------------------------------------------------------------------------------

    def copy_centre(self) -> str:
        """Keep a copy of the centre's database as it stands; gives its address."""
        self.rig.engine.dispose()
        return self._copy(str(conninfo_to_dict(self.rig.url)["dbname"]))

    def put_back(self, url: str, *, lock_ms: int = 10_000) -> None:
        """Replace the centre by an earlier copy of itself: what happened since is lost there."""
        self.rig.engine.dispose()
        self._spare.append(self.rig)
        self.rig = make_rig(url, self.clock, lock_ms=lock_ms)
        for device in self.devices:
            device.adapter.app = self.rig.app

    def restore(self, url: str, *, lock_ms: int = 10_000) -> None:
        """Restore the centre from a copy that stays as it is, so that it can be restored from again."""
        self.put_back(self._copy(str(conninfo_to_dict(url)["dbname"])), lock_ms=lock_ms)

    def back_up(self) -> str:
        """Make a copy and let the workstations know, as `caller-central backup` does; gives the copy's address."""
        with self.rig.engine.connect() as conn:
            marks = durability.watermarks(conn)
        copy = self.copy_centre()
        writing(self.rig.engine, lambda conn: durability.confirm(conn, marks, now=self.clock.now()))
        return copy

    def call_durable(self) -> None:
        """Let the workstations know that all their work is durable, without a copy."""
        with self.rig.engine.connect() as conn:
            marks = durability.watermarks(conn)
        writing(self.rig.engine, lambda conn: durability.confirm(conn, marks, now=self.clock.now()))

    def _copy(self, name: str) -> str:
        fresh = f"copy{WORKER}_{next(_names)}"
        self._copies.append(fresh)
        _execute(self._server, f'CREATE DATABASE "{fresh}" TEMPLATE "{name}"')
        address: str = self._server.server.get_uri(database=fresh)
        return address

    def judge_waiting(self) -> int:
        """Let the centre's background worker judge what was left without a verdict."""
        now = self.clock.now()
        return apply.judge_waiting(self.rig.centre, older_than=now + timedelta(seconds=1), now=now)

    # ---- the end -------------------------------------------------------------------------------------------------

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
