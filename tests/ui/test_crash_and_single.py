"""Faults are told once and without anybody's data; one copy of the program per folder."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from caller_app.base.errors import CentreUnreachable, Refused, SignInNeeded, Unavailable
from ui import crash, single
from ui.messages import BUG, sentence_of, tell, tone_of
from ui.remember import SETTINGS, Remembered
from ui.single import AlreadyRunning, SingleInstance
from ui.widgets.banner import Banner
from ui.widgets.forms import Form


@pytest.mark.expects_log("bug: ValueError")
def test_a_fault_is_told_once_per_place_by_kind_and_place_only() -> None:
    crash.forget()
    told: list[str] = []
    crash.listen(told.append)
    restore = crash.install_hooks()
    try:

        def fail() -> None:
            raise ValueError("Ruth Oyelaran, 999 000 0018")

        for _ in range(3):
            thread = threading.Thread(target=fail, name="session-fails")
            thread.start()
            thread.join()
    finally:
        restore()
        crash.listen(None)
    assert len(told) == 1
    assert told[0].startswith("ValueError < fail:")
    assert "Ruth" not in told[0]


def test_the_hooks_are_given_back() -> None:
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    restore = crash.install_hooks()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) != before
    restore()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


def test_a_hard_crash_leaves_its_threads_for_the_next_start(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ui import crash; import faulthandler, os\n"
        "crash.open_native_log(Path(sys.argv[1]))\n"
        "faulthandler._sigsegv()\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=False)
    assert ended.returncode != 0
    left = crash.open_native_log(tmp_path)
    crash.close_native_log()
    assert "Segmentation fault" in left or "access violation" in left
    again = crash.open_native_log(tmp_path)
    crash.close_native_log()
    assert again == ""


@pytest.mark.parametrize("painted_first", [False, True], ids=["listens", "is about to listen"])
def test_a_second_copy_brings_the_first_to_the_front(tmp_path: Path, qtbot: QtBot, painted_first: bool) -> None:
    first = SingleInstance(tmp_path)
    first.take()
    fronted: list[int] = []
    if not painted_first:
        first.listen(lambda: fronted.append(1))
    said: list[str] = []
    asked = tmp_path / "asked"
    asks = (
        "import sys; from pathlib import Path; from ui import single; from ui.single import *\n"
        "name = single.socket_name\n"
        "single._LISTENS_MS = 15_000\n"
        "single.socket_name = lambda folder: (Path(sys.argv[2]).touch(), name(folder))[1]\n"
        "try: SingleInstance(Path(sys.argv[1])).take()\n"
        "except AlreadyRunning as other: print('told' if other.told else 'not told')"
    )

    def start_again() -> None:
        program = [sys.executable, "-c", asks, str(tmp_path), str(asked)]
        said.append(subprocess.run(program, capture_output=True, text=True, check=False).stdout.strip())

    other = threading.Thread(target=start_again, name="session-second-copy")
    other.start()
    if painted_first:
        qtbot.waitUntil(asked.exists, timeout=20_000)
        first.listen(lambda: fronted.append(1))
    qtbot.waitUntil(lambda: bool(said), timeout=20_000)
    other.join()
    assert (said, fronted) == (["told"], [1])
    first.release()
    second = SingleInstance(tmp_path)
    second.take()
    second.release()


def test_a_first_copy_that_hangs_is_not_taken_for_one_that_came_to_the_front(tmp_path: Path, qtbot: QtBot) -> None:
    first = SingleInstance(tmp_path)
    first.take()
    fronted: list[int] = []
    first.listen(lambda: fronted.append(1))
    with pytest.raises(AlreadyRunning) as refused:  # asked on the first copy's own thread: it cannot answer meanwhile
        SingleInstance(tmp_path).take()
    assert not refused.value.told
    first.release()


def test_a_second_copy_that_gets_no_answer_says_so(tmp_path: Path, qtbot: QtBot) -> None:
    first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
    first.take()
    with pytest.raises(AlreadyRunning) as refused:
        second.take()
    assert not refused.value.told
    first.release()


def test_another_folder_is_another_program(tmp_path: Path, qtbot: QtBot) -> None:
    first, second = SingleInstance(tmp_path / "a"), SingleInstance(tmp_path / "b")
    first.take()
    second.take()
    assert single.socket_name(tmp_path / "a") != single.socket_name(tmp_path / "b")
    first.release()
    second.release()


def test_the_machine_remembers_and_survives_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "window.json"
    remembered = Remembered(path)
    assert remembered.get("theme") == "light"
    remembered.set("theme", "dark")
    remembered.set("text_percent", 150)
    assert Remembered(path).get("theme") == "dark"
    assert Remembered(path).get("text_percent") == 150
    path.write_text("{not json", encoding="utf-8")
    assert Remembered(path).get("theme") == "light"
    path.write_text('{"theme": "pink", "text_percent": "huge", "tel_links": 1}', encoding="utf-8")
    assert [Remembered(path).get(key) for key in ("theme", "text_percent", "tel_links")] == ["light", 100, False]


def test_every_setting_has_its_default_among_its_choices() -> None:
    for setting in SETTINGS.values():
        assert not setting.choices or setting.default in [value for value, _words in setting.choices]


def test_an_unknown_setting_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        Remembered(tmp_path / "window.json").set("no_such", 1)


@pytest.mark.parametrize(
    ("fault", "tone"),
    [
        (Refused("Name the field."), "caution"),
        (SignInNeeded("Sign in."), "caution"),
        (CentreUnreachable("No reply."), "info"),
        (CentreUnreachable("A portal.", portal=True), "caution"),
        (Unavailable("The disk is full."), "caution"),
        (KeyError("Ruth"), "danger"),
    ],
)
def test_every_family_of_faults_has_its_tone(fault: Exception, tone: str) -> None:
    assert tone_of(fault) == tone
    assert "Ruth" not in sentence_of(fault)


def test_a_refusal_goes_to_its_field_and_everything_else_to_the_banner(qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QLineEdit

    form, banner = Form(), Banner()
    qtbot.addWidget(form)
    qtbot.addWidget(banner)
    form.add("name", "Name", QLineEdit())
    tell(Refused("Type a name.", field="name"), banner=banner, form=form)
    assert (form.error_of("name"), banner.sentence()) == ("Type a name.", "")
    tell(Refused("No such thing.", field="elsewhere"), banner=banner, form=form)
    assert banner.sentence() == "No such thing."
    tell(KeyError("Ruth"), banner=banner, form=form)
    assert banner.sentence() == BUG
    form.clear_errors()
    assert form.error_of("name") == ""
