"""One workstation of the world: its own folder, its own clock if wanted, the real store and the real sync."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from caller_app.base.ids import new_id
from caller_app.base.notices import Board
from caller_app.central.db import writing
from caller_app.central.rules import accounts
from caller_app.domain.changes import AttemptRecorded, Change
from caller_app.domain.items import Item
from caller_app.domain.staff import User
from caller_app.protocol.messages import SignedIn
from caller_app.store import bodies, mirror, sending
from caller_app.store.local import LocalStore
from caller_app.store.opening import open_store
from caller_app.sync.api import Api
from caller_app.sync.credentials import Credentials
from caller_app.sync.engine import Outcome, run_once
from caller_app.sync.memory import Memory
from caller_app.sync.push import Pace
from tests.store.rig import KEY, rules
from tests.support.centre import BASE, PASSWORD
from tests.support.clock import StoppedClock
from tests.world.line import Line, Wire

if TYPE_CHECKING:
    from tests.world.world import World


class Device:
    """One workstation of one person."""

    def __init__(self, world: "World", user: User, folder: Path, clock: StoppedClock) -> None:
        self.world = world
        self.user = user
        self.folder = folder
        self.clock = clock
        self.small_batches = False
        self.line = Line(world.struck)
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
        self.memory = self.learnt_nothing()
        self.adapter = Wire(self.world.rig.app, self.line)
        self.api = Api(
            BASE,
            credentials=self.credentials,
            server_id=standing.server_id,
            transport=self.adapter,
            before_request=self.store.assert_free,
        )

    def learnt_nothing(self) -> Memory:
        """Give what a program that was just started knows: with small batches every queue is a long one."""
        return Memory(takes_turns=True, pace=Pace(2, 1) if self.small_batches else Pace())

    def sign_in(self) -> "Device":
        self.credentials.take(self.api.sign_in(self.user.name, PASSWORD))
        return self

    def sign_in_a_day_later(self) -> "Device":
        self.clock.pass_by(hours=25)
        return self.sign_in()

    def let_in(self) -> "Device":
        """Open a session by the centre's own rules, without the price of a password check."""
        rig = self.world.rig
        made = writing(rig.engine, lambda conn: accounts.open_session(conn, self.user, rig.clock.now()))
        self.credentials.take(
            SignedIn(
                request_id="", server_id="", epoch="", server_time="", user_id=self.user.user_id, name=self.user.name,
                shown_name=self.user.shown_name, role=self.user.role, access_token=made.access_token, access_until="",
                refresh_token=made.refresh_token, refresh_until="",
            )
        )  # fmt: skip
        return self

    def close(self) -> None:
        self.api.close()
        self.store.close()

    def restart(self) -> None:
        self.close()
        self.open()

    def sync(self) -> Outcome:
        return run_once(self.store, self.api, self.clock, memory=self.memory)

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
        return {row.id: (row.ver, bodies.unpack(row.body).decode()) for row in rows}

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
