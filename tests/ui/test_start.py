"""Start-up: nothing heavy before the first paint, honest words from a real doorway, two copies, an orderly end."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from caller_app.base.paths import Paths
from caller_app.base.secrets import MemorySecrets
from caller_app.client import Doorway
from tests.support.clock import StoppedClock
from ui import main as start
from ui.remember import Remembered
from ui.screens.setup.presenter import NOBODY, PORTAL
from ui.screens.setup.screen import SetupScreen
from ui.single import SingleInstance
from ui.window import Window

ROOT = Path(__file__).resolve().parents[2]


def run(code: str, home: Path, *, seconds: float = 60) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CALLER_APP_HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )


def test_nothing_heavy_is_loaded_before_sign_in_is_painted(tmp_path: Path) -> None:
    ended = run(
        "import sys\n"
        "from caller_app.base.clock import SystemClock\n"
        "from caller_app.base.paths import user_paths\n"
        "from ui.main import make_window\n"
        "window = make_window(user_paths().make(), SystemClock())\n"
        "window.start(); window.show(); window.grab()\n"
        "heavy = ('sqlalchemy', 'alembic', 'requests', 'keyring', 'openpyxl', 'argon2',\n"
        "         'phonenumbers', 'sqlcipher3')\n"
        "print('loaded:', [name for name in heavy if name in sys.modules])\n"
        "window.close()\n",
        tmp_path,
    )
    assert ended.returncode == 0, ended.stderr
    assert "loaded: []" in ended.stdout


def test_the_store_refuses_the_thread_of_the_window_in_every_build(tmp_path: Path) -> None:
    ended = run(
        "import threading\n"
        "from caller_app.base.clock import SystemClock\n"
        "from caller_app.base.paths import user_paths\n"
        "from ui.main import make_window\n"
        "window = make_window(user_paths().make(), SystemClock())\n"
        "from caller_app.store.engine import CipherFile\n"
        "file = CipherFile(user_paths().make().home / 'made.db', bytes(32))\n"
        "def touch(said):\n"
        "    for deed in (file.write, file.read):\n"
        "        try:\n"
        "            with deed():\n"
        "                said.append('in')\n"
        "        except RuntimeError:\n"
        "            said.append('refused')\n"
        "here, beside = [], []\n"
        "touch(here)\n"
        "thread = threading.Thread(target=touch, args=(beside,))\n"
        "thread.start(); thread.join(); file.close(); window.close()\n"
        "print(here, beside)\n",
        tmp_path,
    )
    assert ended.returncode == 0, ended.stderr
    assert "['refused', 'refused'] ['in', 'in']" in ended.stdout


def test_the_program_starts_writes_its_log_and_ends_in_order(tmp_path: Path) -> None:
    ended = run(
        "import sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from ui import main\n"
        "app = main.make_application(['caller-app'])\n"
        "QTimer.singleShot(0, lambda: QTimer.singleShot(0, app.closeAllWindows))\n"
        "sys.exit(main.main(['caller-app']))\n",
        tmp_path,
    )
    assert ended.returncode == 0, ended.stderr
    log = (tmp_path / "logs" / "caller-app.log").read_text(encoding="utf-8")
    assert "started" in log
    assert "ended" in log
    assert "ERROR" not in log


@pytest.mark.qt_log_ignore("does not support raise")
def test_a_second_start_ends_at_once_and_leaves_the_first_alone(tmp_path: Path, qtbot: QtBot) -> None:
    first = SingleInstance(tmp_path)
    first.take()
    fronted: list[int] = []
    first.listen(lambda: fronted.append(1))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "crash.log").write_text("kept", encoding="utf-8")
    ended: list[subprocess.CompletedProcess[str]] = []
    second = threading.Thread(
        target=lambda: ended.append(
            run("import sys; from ui.main import main; sys.exit(main(['caller-app']))", tmp_path)
        ),
        name="session-second-copy",
    )
    second.start()
    qtbot.waitUntil(lambda: bool(ended), timeout=60_000)
    second.join()
    first.release()
    assert ended[0].returncode == 0, ended[0].stderr
    assert fronted == [1]
    assert (tmp_path / "logs" / "crash.log").read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize("kind", ["a file in the way", "no room"])
def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path, kind: str) -> None:
    home = tmp_path / "home"
    full = ""
    if kind == "a file in the way":
        home.touch()
    elif sys.platform == "win32":
        pytest.skip("NOT TESTED HERE: this system cannot forbid a process to write files")
    else:  # as on a full disk: the lock file cannot be written, and nobody holds it, so it is not "already open"
        full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); "
    program = full + (
        "import sys; from PySide6.QtCore import QTimer; from ui import main as start; "
        "app = start.make_application(['caller-app']); QTimer.singleShot(0, app.closeAllWindows); "
        "sys.exit(start.main(['caller-app']))"
    )
    ended = run(program, home)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    said = next(one for one in ended.stderr.splitlines() if "cannot write to its folder" in one)
    assert str(home) in said
    assert "already open" not in ended.stderr


class Portal(BaseHTTPRequestHandler):
    """A hotel's log-in page: 200 and HTML, whatever is asked."""

    def do_GET(self) -> None:
        page = b"<html><body>Welcome! Please log in to our Wi-Fi.</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def portal() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="portal")
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def real_window(qtbot: QtBot, folder: Path) -> Window:
    start.make_application(["caller-app"])
    made = Window(
        Doorway(Paths(folder).make(), StoppedClock(), MemorySecrets()),
        StoppedClock(),
        Remembered(folder / "window.json"),
    )
    qtbot.addWidget(made)
    made.start()
    made.show()
    return made


def checked(qtbot: QtBot, made: Window, address: str) -> str:
    screen = made.stack.currentWidget()
    assert isinstance(screen, SetupScreen)
    screen.url.setText(address)
    screen.check.click()
    qtbot.waitUntil(lambda: screen.check.isEnabled() and screen.banner.sentence() != "", timeout=20_000)
    assert not screen.go_on.isVisible()
    return screen.banner.sentence()


def test_a_captive_portal_is_called_what_it_is(qtbot: QtBot, tmp_path: Path, portal: str, qapp: QApplication) -> None:
    made = real_window(qtbot, tmp_path)
    assert checked(qtbot, made, portal) == PORTAL
    assert not (tmp_path / "centre.json").exists()
    made.close()


def test_nobody_at_the_address_is_said_in_words(qtbot: QtBot, tmp_path: Path, portal: str) -> None:
    made = real_window(qtbot, tmp_path)
    said = checked(qtbot, made, "http://127.0.0.1:1")
    assert said == NOBODY  # and not that one can go on working, with nothing here to work on
    made.close()


def test_tls_where_there_is_none_is_said_in_words(qtbot: QtBot, tmp_path: Path, portal: str) -> None:
    made = real_window(qtbot, tmp_path)
    said = checked(qtbot, made, portal.replace("http://", "https://"))
    assert "SSL" not in said
    assert said != PORTAL
    made.close()


def test_python_imports_as_python_does_and_qt_s_names_stay_as_they_are(tmp_path: Path) -> None:
    ended = run(
        "import PySide6.QtCore, builtins\n"
        "replaced = builtins.__import__ is not builtins.__orig_import__\n"
        "import ui.main, json.tool, linecache\n"
        "from PySide6.QtWidgets import QLabel\n"
        "print(replaced, builtins.__import__ is builtins.__orig_import__)\n"
        "print([one for one in linecache.cache if 'tool.py' in one or 'window.py' in one])\n"
        "print(hasattr(QLabel, 'setText'), hasattr(QLabel, 'set_text'))\n",
        tmp_path,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == ["True True", "[]", "True False"]
