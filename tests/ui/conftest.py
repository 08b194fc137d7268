"""Every test of the window begins in the light theme at 100 %, with nothing of another test on the screen."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from tests.support.qt import dressed
from ui.theme.live import look


@pytest.fixture(autouse=True, scope="package")
def collected_on_the_gui_thread() -> Iterator[None]:
    """As the program does: a widget collected on a lane would be destroyed off the GUI thread."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def dressed_application(qapp: QApplication) -> Iterator[None]:
    """Dress the application, and take away what the test left open."""
    if (look.theme, look.percent, bool(qapp.styleSheet())) != ("light", 100, True):
        dressed()
    yield
    for window in QApplication.topLevelWidgets():
        window.hide()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect(1)
