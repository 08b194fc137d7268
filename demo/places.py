"""Where the demo keeps its things: all in one folder that may be thrown away, marked as ours before it is.

The demo's people are invented, so its keys may lie in a file; the window says so.
"""

import os
import shutil
import socket
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from caller_app.base.clock import LONDON, SystemClock, london
from caller_app.base.paths import resource_text
from caller_app.base.secrets import DEMO_MARK, DEMO_VARIABLE
from caller_app.domain.rulebook import read_holidays

ROOT = Path(__file__).resolve().parents[1]
MARK = ".caller-demo"

SUPERVISOR = ("sam.supervisor", "Sam Okafor")
CALLERS = (("alex.caller", "Alex Hughes"), ("bo.caller", "Bo Lindqvist"))
PASSWORD = "correct horse battery demo"
PROJECT = "Healthier You, winter 2026"


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
            DEMO_VARIABLE: "1",
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
    (places.home / DEMO_MARK).touch()
    return places


def seconds_to_working_hours() -> int:
    """Give how far the demo's clock runs ahead, so that it stands on a working day whenever the demo is played.

    People may not be rung at night, on Sundays or on bank holidays, and the demo keeps that rule like everybody.
    """
    holidays = read_holidays(resource_text("bank_holidays.csv"))
    now = london(SystemClock().now())

    def works(day: date) -> bool:
        return day.weekday() < 4 and day not in holidays

    if works(now.date()) and time(9, 30) <= now.time() <= time(15, 30):
        return 0
    day = now.date() + timedelta(days=1)
    while not works(day):
        day += timedelta(days=1)
    ten = datetime.combine(day, time(10), LONDON)
    return int((ten - now).total_seconds())


def free_port() -> int:
    """Give a port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
