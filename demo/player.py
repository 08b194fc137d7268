"""One act of the day: the real window in this process, driven by keys, talking to the stage by lines.

`python -m demo.player ACT --url … --user … --out …`; ACT is morning, afternoon or desk. What only the stage can do is
asked for on standard output and answered on standard input.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from caller_app.base.clock import demo_clock
from caller_app.base.paths import user_paths


def main(argv: list[str]) -> int:
    """Open the window and play one act."""
    parser = argparse.ArgumentParser(prog="python -m demo.player", description=__doc__)
    parser.add_argument("act", choices=("morning", "afternoon", "desk"))
    parser.add_argument("--url", required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--out", type=Path, required=True)
    words = parser.parse_args(argv)
    from demo import acts
    from demo.driver import Driver
    from ui import crash
    from ui.main import make_window, show

    paths = user_paths().make()
    restore = crash.install_hooks()
    window = make_window(paths, demo_clock(os.environ))
    window.resize(1366, 768)
    show(window)
    driver = Driver(words.out, words.act)
    driver.wait_for(lambda: bring_up(window), "the window to have the keyboard")
    try:
        told = getattr(acts, words.act)(driver, Stage(), words.url, words.user)
    finally:
        window.close()
        driver.settle(0.3)
        restore()
    Stage().say({"told": told})
    return 0


def bring_up(window: QWidget) -> bool:
    """Ask for the keyboard, as a click on the window would; tells whether it is there."""
    window.raise_()
    window.activateWindow()
    return window.isActiveWindow()


class Stage:
    """The line to whoever runs the play."""

    def say(self, word: dict[str, Any]) -> None:
        """Send one line."""
        sys.stdout.write(json.dumps(word, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def ask(self, deed: str) -> None:
        """Have something done that only the stage can do, and wait for it."""
        self.say({"ask": deed})
        if sys.stdin.readline().strip() != "done":
            raise SystemExit("the stage went away")

    def cut_power(self, told: dict[str, Any]) -> None:
        """Be killed where we stand: no goodbye, nothing flushed."""
        self.say({"kill": told})
        sys.stdin.readline()  # never answered


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
