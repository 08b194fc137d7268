"""`python -m demo`: with a display it opens the client, without one it plays the shift offscreen."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from demo.centre import Centre
from demo.places import CALLERS, PASSWORD, ROOT, SUPERVISOR, Places, free_port, fresh, seconds_to_working_hours


def main(argv: list[str]) -> int:
    """Prepare a centre and a workstation, then either hand over to a person or play the day."""
    parser = argparse.ArgumentParser(prog="./run demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "demo-out", help="where pictures and summary are left")
    parser.add_argument("--data", type=Path, default=ROOT / "demo-data", help="the demo's throw-away data folder")
    parser.add_argument("--play", action="store_true", help="play the shift offscreen although there is a display")
    words = parser.parse_args(argv)
    places = fresh(words.data.resolve(), words.out.resolve())
    centre = Centre(places, free_port())
    os.environ.setdefault("CALLER_APP_CLOCK_AHEAD", str(seconds_to_working_hours()))
    _say("Preparing the centre: database, practices, project, cohort, people (about half a minute)")
    centre.prepare()
    centre.start()
    try:
        if words.play or not _has_display():
            from demo.day import play

            return play(places, centre)
        return _hand_over(places, centre)
    finally:
        centre.stop()


def _has_display() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _hand_over(places: Places, centre: Centre) -> int:
    _say(f"The client asks for the centre's address first: {centre.url}")
    for name, shown in (*CALLERS, SUPERVISOR):
        _say(f"  {shown:14} signs in as {name:16} password: {PASSWORD}")
    _say("Everyone on the lists is invented. Close the window to end the demo.")
    environment = {key: value for key, value in places.environment().items() if key != "QT_QPA_PLATFORM"}
    return subprocess.run([sys.executable, "-m", "ui"], cwd=ROOT, env=environment, check=False).returncode


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
