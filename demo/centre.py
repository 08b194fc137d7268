"""The demo's centre: the real `caller-central` in processes of its own, on its embedded PostgreSQL."""

import json
import subprocess
import sys
import threading
from typing import Any

from demo.places import CALLERS, PASSWORD, PROJECT, ROOT, SUPERVISOR, Places

START_SECONDS = 90


class Centre:
    """Prepares, starts and stops one centre; `stop` is a pulled plug, `start` brings it back on the same port."""

    def __init__(self, places: Places, port: int) -> None:
        self._places = places
        self._port = port
        self._process: subprocess.Popen[str] | None = None
        self.url = f"http://127.0.0.1:{port}"

    def prepare(self) -> None:
        """Load practices, project, cohort and people, as a team would on its first day."""
        self.run("migrate")
        self.run("import-practices", str(ROOT / "resources" / "practices" / "epraccur.csv"))
        self.run("create-project", str(ROOT / "resources" / "demo" / "project.toml"))
        self.run(
            "import-cohort",
            str(ROOT / "resources" / "demo" / "cohort_demo.xlsx"),
            "--project",
            PROJECT,
            "--source",
            "Invented people of the demo",
            "--extracted-on",
            _today(),
            "--legal-basis",
            "Demonstration: invented people",
            "--opt-outs-applied-on",
            _today(),
        )
        for (name, shown), role in ((SUPERVISOR, "supervisor"), *((one, "caller") for one in CALLERS)):
            self.run("create-user", name, "--shown-name", shown, "--role", role, "--password-stdin", stdin=PASSWORD)
        self.run("assign", "--project", PROJECT, "--to", CALLERS[0][0], "--count", "30")
        self.run("assign", "--project", PROJECT, "--to", CALLERS[1][0], "--all")

    def run(self, command: str, *words: str, stdin: str | None = None) -> str:
        """Run one `caller-central` command on the demo's data folder and give what it printed."""
        done = subprocess.run(
            [*self._program(command), *words], input=stdin, capture_output=True, text=True, check=False, **self._where()
        )
        if done.returncode:
            raise SystemExit(f"caller-central {command} failed ({done.returncode}):\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def holds(self) -> dict[str, Any]:
        """Give what the centre holds, counted by itself."""
        counted: dict[str, Any] = json.loads(self.run("show", "--json"))
        return counted

    def start(self) -> None:
        """Start the service and wait for the line that says it listens."""
        log = (self._places.logs / "centre.log").open("a", encoding="utf-8")
        self._process = subprocess.Popen(
            [*self._program("serve"), "--port", str(self._port)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            **self._where(),
        )
        log.close()
        heard = threading.Event()
        threading.Thread(target=self._listen, args=(self._process, heard), name="demo-centre", daemon=True).start()
        if not heard.wait(START_SECONDS) or self._process.poll() is not None:
            self.stop()
            raise SystemExit(f"The demo's centre did not start; see {self._places.logs / 'centre.log'}.")

    def stop(self) -> None:
        """Pull the plug: terminate the service; a second go if it does not end."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(20)
        self._process = None

    @staticmethod
    def _listen(process: "subprocess.Popen[str]", heard: threading.Event) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("listening on"):
                heard.set()
        heard.set()

    def _program(self, command: str) -> list[str]:
        program = [sys.executable, "-m", "caller_app.central", command]
        return [*program, "--embedded", "--data-dir", str(self._places.centre)]

    def _where(self) -> dict[str, Any]:
        return {"cwd": ROOT, "env": {**self._places.environment(), "CALLER_CENTRAL_TEST_MODE": "1"}}


def _today() -> str:
    from caller_app.base.clock import SystemClock, london_day

    return london_day(SystemClock().now()).isoformat()
