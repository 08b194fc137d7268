"""The real programs in processes of their own: `caller-central serve`, and a workstation (tests/wire/driver.py).

What a reader would get wrong: nothing of a centre or a workstation runs in the test's own process here; what is looked
at is the database, and what the workstation's process answers.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import requests

from caller_app.domain.staff import User
from tests.support.centre import KEY, PASSWORD

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90


def free_port() -> int:
    """Give a port nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def environment(**more: str) -> dict[str, str]:
    """Give the environment of our programs: none of the settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CALLER_", "CALLSYNC_"))}
    return {**kept, "CALLER_CENTRAL_STOP_LIST_KEY": KEY.hex(), "CALLER_CENTRAL_TEST_MODE": "1", **more}


class CentreProcess:
    """`caller-central serve` on a database by its address."""

    def __init__(self, database_url: str, *, port: int | None = None) -> None:
        self.database_url = database_url
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[str] | None = None

    def start(self, **settings: str) -> "CentreProcess":
        """Start it and wait for the line that says it listens."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "caller_app.central", "serve", "--database-url", self.database_url, "--port",
             str(self.port)],
            cwd=ROOT, env=environment(CALLER_CENTRAL_LOG_LEVEL="error", **settings), stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            code = self.process.wait(PATIENCE)
            self.close()
            raise AssertionError(f"the centre did not start: {line!r} (exit code {code})")
        return self

    def runs(self) -> bool:
        """Tell whether it is alive."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Kill it as it stands."""
        assert self.process is not None
        self.process.kill()
        self._gone()

    def stop(self) -> int:
        """Ask it to stop and give its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self._gone()

    def wait_for_its_end(self) -> int:
        """Wait until it has ended by itself, as at a failpoint."""
        return self._gone()

    def healthy(self) -> bool:
        """Ask whether it and its database answer."""
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"{self.url}/health", timeout=30).status_code == 200

    def close(self) -> None:
        """End it, whatever it does."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
        if self.process is not None:
            self._gone()

    def _gone(self) -> int:
        assert self.process is not None
        code = self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


class Workstation:
    """A workstation in a process of its own; the test tells it what to do, line by line."""

    def __init__(self, url: str, user: User, server_id: str, folder: Path) -> None:
        self.user = user
        about = {"url": url, "server_id": server_id, "folder": str(folder), "user_id": user.user_id, "name": user.name,
                 "shown_name": user.shown_name}  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.wire.driver", json.dumps(about)],
            cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.recorded: list[str] = []
        self._asked: threading.Thread | None = None
        self._answer: dict[str, Any] = {}

    def ask(self, do: str, **what: Any) -> dict[str, Any]:
        """Tell it one thing to do and give its answer."""
        self.begin(do, **what)
        return self.finish()

    def begin(self, do: str, **what: Any) -> None:
        """Tell it one thing to do and go on; `finish` gives the answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self.process.stdin.flush()

    def finish(self) -> dict[str, Any]:
        """Wait for the answer to what was begun."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the workstation's process ended"
        answer: dict[str, Any] = json.loads(line)
        assert "bug" not in answer, answer["bug"]
        return answer

    def sign_in(self) -> "Workstation":
        """Sign in over the wire."""
        assert self.ask("sign_in", password=PASSWORD) == {"ok": True}
        return self

    def note(self, case_id: str, count: int = 1, words: str = "rang twice") -> list[str]:
        """Record notes; gives their ids once they are committed."""
        return self._record(self.ask("note", case=case_id, count=count, words=words))

    def attempt(self, case_id: str, outcome: str = "C01") -> list[str]:
        """Record an attempt."""
        return self._record(self.ask("attempt", case=case_id, outcome=outcome))

    def concern(self, case_id: str) -> list[str]:
        """Record a concern, which goes before everything else."""
        return self._record(self.ask("concern", case=case_id))

    def sync(self) -> dict[str, Any]:
        """Run one pass: what it did, or the `fault` that ended it."""
        return self.ask("sync")

    def settle(self) -> dict[str, Any]:
        """Run passes until one finds nothing to do; every one has to go well."""
        for _ in range(8):
            done = self.sync()
            assert "fault" not in done, done
            if not any(done[name] for name in ("pushed", "pulled", "removed", "resets", "registered", "unsent")):
                return done
        raise AssertionError(f"it does not settle: {done}")

    def state(self) -> dict[str, Any]:
        """Give what lies in its two files."""
        return self.ask("state")

    def close(self) -> None:
        """End it in due form."""
        assert self.process.stdin is not None and self.process.stdout is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(PATIENCE)
        self.process.stdin.close()
        self.process.stdout.close()

    def _record(self, answer: dict[str, Any]) -> list[str]:
        ids: list[str] = answer["ids"]
        self.recorded += ids
        return ids
