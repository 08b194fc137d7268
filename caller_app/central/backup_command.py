"""`backup`: one consistent file of the whole database, by PostgreSQL's own pg_dump, listed again before it counts.

Only after the file is finished and readable do the workstations hear that their work is durable: until then they keep
it. The stop-list key is not in the file and has to be kept apart, or the stop list in it cannot be read.
"""

import argparse
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from caller_app.base.errors import Refused, Unavailable
from caller_app.central.database_options import Commands, add_database_options, clock_for, located, reachable

if TYPE_CHECKING:
    from caller_app.central.embedded import Embedded


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("backup", help="write the whole database into one file")
    parser.add_argument("--out", required=True, type=Path, help="the file to write; it must not exist yet")
    add_database_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write, check and count a backup."""
    from caller_app.central.centre import open_centre
    from caller_app.central.db import writing
    from caller_app.central.rules import durability

    out: Path = options.out.expanduser().absolute()
    if out.exists():
        raise Refused(f"{out} exists already. Name a new file: a backup never overwrites another.")
    if not out.parent.is_dir():
        raise Refused(f"The folder {out.parent} is not there.")
    with located(options) as (settings, embedded), reachable(settings) as engine:
        centre = open_centre(settings, engine=engine, clock=clock_for(settings))
        with engine.connect() as conn:
            marks = durability.watermarks(conn)
        part = out.with_name(out.name + ".part")
        try:
            try:
                part.touch(mode=0o600, exist_ok=False)
            except OSError as fault:
                raise Refused(f"Nothing can be written to the folder {out.parent}: {fault.strerror}.") from None
            _dump(settings.database_url, part, embedded)
            listed = _listed(part, embedded)
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.rename(out)
        finally:
            part.unlink(missing_ok=True)
        covered = writing(engine, lambda conn: durability.confirm(conn, marks, now=centre.now()))
    print(f"Backup written: {out} ({out.stat().st_size:,} bytes, {listed} tables). {covered} workstations told so.")
    print("It holds patient data: keep it encrypted and apart. Keep the stop-list key too, in another place.")
    return 0


def _dump(url: str, out: Path, embedded: "Embedded | None") -> None:
    from sqlalchemy.engine import make_url

    address = make_url(url)
    environment = {**os.environ, "PGCONNECT_TIMEOUT": "10"}
    if address.password:
        environment["PGPASSWORD"] = str(address.password)  # never on the command line, where others can read it
    words = [str(_tool("pg_dump", embedded)), "--format=custom", "--no-owner", "--no-privileges", "--file", str(out)]
    host = address.host or address.query.get("host")
    for option, value in (
        ("--host", host),
        ("--port", address.port),
        ("--username", address.username),
        ("--dbname", address.database),
    ):
        if value:
            words += [option, str(value)]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our words
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise Unavailable(f"pg_dump could not write the backup: {last[0]}")


def _listed(out: Path, embedded: "Embedded | None") -> int:
    words = [str(_tool("pg_restore", embedded)), "--list", str(out)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our words
    tables = sum(" TABLE DATA " in line for line in done.stdout.splitlines())
    if done.returncode or not tables:
        raise Unavailable("The backup that was written cannot be read again, so it was thrown away.")
    return tables


def _tool(name: str, embedded: "Embedded | None") -> Path:
    if embedded is not None:
        for candidate in (embedded.tools / name, embedded.tools / f"{name}.exe"):
            if candidate.is_file():
                return candidate
    found = shutil.which(name)
    if found is None:
        raise Refused(f"{name} is not installed here. Install PostgreSQL's client programs, or back up on the server.")
    return Path(found)
