"""Which database a command works on: `--database-url`, `--embedded --data-dir`, or the environment.

A command on an embedded centre that is being served joins the running PostgreSQL and leaves it running.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caller_app.base.errors import Refused, Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from caller_app.base.clock import Clock
    from caller_app.central.centre import Centre
    from caller_app.central.embedded import Embedded
    from caller_app.central.settings import Settings

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - the only name it has
else:
    Commands = Any


def add_database_options(parser: argparse.ArgumentParser) -> None:
    """Give a command the options that name its database."""
    place = parser.add_argument_group("the database")
    place.add_argument("--database-url", metavar="URL", help="a PostgreSQL 15 or newer, postgresql://…")
    place.add_argument("--embedded", action="store_true", help="PostgreSQL run inside --data-dir")
    place.add_argument("--data-dir", type=Path, metavar="DIR", help="the centre's own folder (with --embedded)")


@contextmanager
def located(options: argparse.Namespace) -> Iterator[tuple["Settings", "Embedded | None"]]:
    """Find (and for an embedded centre start) the database; gives the settings it is used under."""
    from caller_app.central.embedded import start_embedded
    from caller_app.central.settings import PREFIX, keep_stop_list_key, read_settings

    if not options.embedded:
        yield read_settings(database_url=options.database_url, data_dir=options.data_dir), None
        return
    if options.database_url:
        raise Refused("Give either --embedded or --database-url, not both.")
    folder = options.data_dir or Path(os.environ.get(PREFIX + "DATA_DIR", ""))
    if folder == Path():
        raise Refused(f"--embedded needs --data-dir: the folder that holds the centre's data (or {PREFIX}DATA_DIR).")
    server = start_embedded(folder)
    try:
        key = keep_stop_list_key(folder)
        yield read_settings(database_url=server.url, data_dir=folder, stop_list_key=key), server
    finally:
        server.stop()


@contextmanager
def opened(options: argparse.Namespace) -> Iterator["Centre"]:
    """Open the centre that the options name, migrated and checked; closes it at the end."""
    from caller_app.central.centre import open_centre

    with located(options) as (settings, _), reachable(settings) as engine:
        yield open_centre(settings, engine=engine, clock=clock_for(settings))


def clock_for(settings: "Settings") -> "Clock":
    """Give the machine's clock; in test mode the demo's, which may run ahead."""
    from caller_app.base.clock import SystemClock, demo_clock

    return demo_clock(os.environ) if settings.test_mode else SystemClock()


@contextmanager
def reachable(settings: "Settings") -> Iterator["Engine"]:
    """Make an engine and prove that the database answers, or say in one sentence that it does not."""
    from sqlalchemy import text
    from sqlalchemy.exc import OperationalError

    from caller_app.central.db import make_engine

    engine = make_engine(settings.database_url)
    try:
        try:
            with engine.connect() as conn:
                version = int(conn.execute(text("SHOW server_version_num")).scalar_one())
        except OperationalError:
            raise Unavailable(
                "The database cannot be reached. Check that PostgreSQL runs, and its address, name and password."
            ) from None
        if version < 150_000:
            raise Refused(f"The database is PostgreSQL {version // 10_000}. The centre needs 15 or newer.")
        yield engine
    finally:
        engine.dispose()
