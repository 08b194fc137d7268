"""Over a newer program's work the window says so across its whole width, and offers nothing that cannot be done."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from caller_app.store.local import NEEDS_NEWER
from tests.support.clock import StoppedClock
from tests.support.gallery_window import client_with
from tests.support.qt import desk_of, standing
from ui.navigation import Navigation


def test_it_is_said_that_calls_need_the_newer_program_without_a_deed_that_would_not_help(
    qtbot: QtBot, tmp_path: Path
) -> None:
    client = client_with("trouble", needs_newer=True, sentence=f"{NEEDS_NEWER} 2 entries are saved here.")
    window = Navigation(desk_of(client, StoppedClock(), tmp_path))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    with qtbot.waitActive(window):
        window.show()
    window.go("standing")
    assert window.banner.sentence().startswith(NEEDS_NEWER)
    assert window.banner._parts.deed.isHidden()
    assert window.built("standing").sentence.text().startswith(NEEDS_NEWER)

    client.now_standing = standing("trouble", sentence="The file was damaged.")
    window.refresh_light()
    assert window.banner._parts.deed.text() == "I have told my supervisor"
    assert not window.banner._parts.deed.isHidden()
