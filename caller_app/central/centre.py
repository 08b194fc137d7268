"""The running centre: settings, engine, clock, identity and rulebook, handed to every route and command.

It holds no state a second instance would miss (`heads` is read anew each second): run as many as you like on one
database.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import Engine

from caller_app.base.clock import Clock, SystemClock
from caller_app.base.failpoints import arm
from caller_app.base.paths import resource_text
from caller_app.central.db import as_service, make_engine, writing
from caller_app.central.first_pages import FirstPages
from caller_app.central.heads import Heads
from caller_app.central.migrate import check_migrated
from caller_app.central.rules import history
from caller_app.central.rules.epoch import Standing, ensure_standing
from caller_app.central.settings import Settings
from caller_app.domain.rulebook import Rulebook, read_rulebook

SNAPSHOT_PLACES = 4


@dataclass
class Centre:
    """What every part of the centre needs to do its work."""

    settings: Settings
    engine: Engine
    clock: Clock
    standing: Standing
    snapshot_places: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(SNAPSHOT_PLACES)
    )

    @cached_property
    def heads(self) -> Heads:
        """The memory of everybody's newest number; `serve` starts it."""
        return Heads(self.engine, self.now)

    @cached_property
    def first_pages(self) -> FirstPages:
        """The short way to a first page; `serve` opens it."""
        return FirstPages(self.engine)

    @cached_property
    def rules(self) -> Rulebook:
        """The catalogues of outcomes and corrections, read once."""
        return read_rulebook(resource_text)

    def look_at_history(self) -> bool:
        """Ask again which history the database stands in, as after a failover; tells whether it is another one."""
        before = self.standing
        self.standing = _standing(self.engine, self.settings, self.clock)
        return self.standing.epoch != before.epoch

    def suspect_history(self, device_id: str, *, now: datetime) -> None:
        """A workstation knows more than this database: it was put back in a way that PostgreSQL cannot see."""
        epoch = self.standing.epoch
        writing(self.engine, lambda conn: history.suspected(conn, epoch, device_id=device_id, now=now))

    def now(self) -> datetime:
        """Tell the time by the centre's clock."""
        return self.clock.now()

    def close(self) -> None:
        """Give back every database connection."""
        self.engine.dispose()


def open_centre(settings: Settings, *, clock: Clock | None = None, engine: Engine | None = None) -> Centre:
    """Connect, refuse a database that is not migrated or not ours, and settle which history this is."""
    engine = engine or make_engine(settings.database_url)
    try:
        check_migrated(engine)
        as_service(engine)
        clock = clock or SystemClock()
        standing = _standing(engine, settings, clock)
    except BaseException:
        engine.dispose()
        raise
    if settings.test_mode:
        arm()
    return Centre(settings=settings, engine=engine, clock=clock, standing=standing)


def _standing(engine: Engine, settings: Settings, clock: Clock) -> Standing:
    return writing(
        engine,
        lambda conn: ensure_standing(
            conn, stop_list_key=settings.stop_list_key, test_mode=settings.test_mode, now=clock.now()
        ),
    )
