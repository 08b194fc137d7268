"""Installs the peers into a folder of their own, outside the repository; where it cannot, says exactly what is missing.

The folder is `caller-app-peers` in the person's cache, or what CALLER_BENCH_PEERS names. What is in it is told by a
stamp of the locks, so a second run installs nothing. Nothing of it is ever imported by the program or its tests.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
WHERE = "CALLER_BENCH_PEERS"
SECONDS = 1_200
NODE_NEEDS = (
    "npm could not install WatermelonDB and PouchDB; building better-sqlite3 and leveldown needs a C++ compiler, make, "
    "python3 and Node's headers (Debian: g++ make libnode-dev)"
)


class Missing(Exception):
    """A peer cannot be had on this machine; the sentence says what it needs."""


@dataclass(frozen=True, slots=True)
class Node:
    """Node with the packages of package-lock.json."""

    program: str
    modules: Path
    given: Mapping[str, str] = field(default_factory=dict)  # settings for our scripts

    @property
    def environment(self) -> dict[str, str]:
        """Give what a script of ours needs to find the packages, run as in production."""
        return {
            **os.environ,
            "NODE_PATH": str(self.modules),
            "NODE_ENV": "production",
            "NODE_OPTIONS": "",
            **self.given,
        }


def cache() -> Path:
    """Give the folder the peers live in."""
    named = os.environ.get(WHERE)
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "caller-app-peers"


def node() -> Node:
    """Give Node with WatermelonDB and PouchDB; raises Missing."""
    program, npm = shutil.which("node"), shutil.which("npm")
    absent = [name for name, found in (("node", program), ("npm", npm)) if found is None]
    if program is None or npm is None:
        raise Missing(f"{' and '.join(absent)} is not there. On Debian, as root: apt-get install nodejs npm")
    folder = cache() / "node"
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    if not _stamped(folder, version, "package.json", "package-lock.json"):
        _emptied(folder)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        # Built here: the packages' own way, fetching what somebody built elsewhere, is not in the lock.
        more = {"npm_config_build_from_source": "true", **_headers(Path(program))}
        command = [npm, "ci", "--omit=dev", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved=true"]
        _install(command, folder, more, NODE_NEEDS)
        _stamp(folder, version, "package.json", "package-lock.json")
    return Node(program, folder / "node_modules")


def anki() -> str:
    """Give the Python of an environment that holds Anki; raises Missing."""
    folder = cache() / "anki"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not _stamped(folder, sys.version, "anki.txt"):
        _emptied(folder)
        venv.create(folder, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
                   "-r", str(HERE / "anki.txt")]  # fmt: skip
        _install(command, folder, {}, "pip could not install Anki")
        _stamp(folder, sys.version, "anki.txt")
    return str(python)


def _headers(program: Path) -> dict[str, str]:
    """Name the folder of Node's headers where they lie beside it, or building would want to fetch them."""
    prefix = program.resolve().parents[1]
    return {"npm_config_nodedir": str(prefix)} if (prefix / "include" / "node" / "node.h").is_file() else {}


def _install(command: list[str], folder: Path, more: dict[str, str], what: str) -> None:
    print(f"installing into {folder} ({Path(command[0]).name}); this happens once", file=sys.stderr)
    environment = {**os.environ, **more}
    done = subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=SECONDS
    )
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise Missing(f"{what}. What it said last:\n{last}")


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _wanted(version: str, *locks: str) -> str:
    return hashlib.sha256(version.encode() + b"".join((HERE / one).read_bytes() for one in locks)).hexdigest()


def _stamped(folder: Path, version: str, *locks: str) -> bool:
    stamp = folder / "installed"
    return stamp.is_file() and stamp.read_text() == _wanted(version, *locks)


def _stamp(folder: Path, version: str, *locks: str) -> None:
    (folder / "installed").write_text(_wanted(version, *locks))
