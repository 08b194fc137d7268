"""Where the demo keeps its things: all in one folder that may be thrown away, marked as ours before it is.

The demo's people are invented, so its keys may lie in a file; the window says so.
"""

import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MARK = ".caller-demo"

SUPERVISOR = ("sam.supervisor", "Sam Okafor")
CALLERS = (("alex.caller", "Alex Hughes"), ("bo.caller", "Bo Lindqvist"))
PASSWORD = "correct horse battery demo"
PROJECT = "Diabetes prevention demo"


@dataclass(frozen=True, slots=True)
class Places:
    """Folders of one demo: the centre's data, the client's home, and what is left to look at."""

    folder: Path
    out: Path

    @property
    def centre(self) -> Path:
        return self.folder / "centre"

    @property
    def home(self) -> Path:
        return self.folder / "workstation"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def environment(self) -> dict[str, str]:
        """Give the variables a client of this demo runs under."""
        return {
            **os.environ,
            "CALLER_APP_HOME": str(self.home),
            "CALLER_APP_DEMO_KEYS": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", "")))),
        }


def fresh(folder: Path, out: Path) -> Places:
    """Make the folders anew; a folder that the demo did not make itself is never emptied."""
    for one in (folder, out):
        if one.exists() and any(one.iterdir()) and not (one / MARK).exists():
            raise SystemExit(f"{one} is not empty and was not made by the demo: name another folder.")
        if one.exists():
            shutil.rmtree(one)
        one.mkdir(parents=True)
        (one / MARK).touch()
    places = Places(folder, out)
    for one in (places.centre, places.home, places.logs):
        one.mkdir(mode=0o700)
    return places


def free_port() -> int:
    """Give a port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
