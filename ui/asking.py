"""What every screen of a supervisor has that shows answers of the centre: it asks now and then, and says what fails.

What a reader would get wrong: a failure leaves what is shown as it is, and its banner goes only with the next answer.
Screens that are out of sight do not ask.
"""

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from caller_app.base.notices import Notice
from ui.messages import tell
from ui.widgets.banner import Banner


class AskingScreen(QWidget):
    """The life of such a screen; whoever derives sets `presenter` (show_age, refresh) and `banner`."""

    ask_every_ms = 20_000
    presenter: Any
    banner: Banner

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._failure_shown = False
        self._timer = QTimer(self)
        self._timer.setInterval(self.ask_every_ms)
        self._timer.timeout.connect(self._ask_again)

    def start(self) -> None:
        """Ask for the first time."""
        self.presenter.show_age()
        self.presenter.refresh()
        self._timer.start()

    def on_notice(self, notice: Notice) -> None:
        """The centre sent news."""
        if notice.by == "centre" and self.isVisible():
            self.presenter.refresh()

    def close_down(self) -> None:
        """Ask no more."""
        self._timer.stop()

    def show_failure(self, fault: Exception) -> None:
        """Say what went wrong; what is shown stays."""
        self._failure_shown = True
        tell(fault, banner=self.banner)

    def clear_failure(self) -> None:
        """The centre answered."""
        if self._failure_shown:
            self._failure_shown = False
            self.banner.clear()

    def _ask_again(self) -> None:
        self.presenter.show_age()
        if self.isVisible():
            self.presenter.refresh()
