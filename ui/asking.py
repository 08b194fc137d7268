"""What every screen of a supervisor has that shows answers of the centre: their age, asking now and then, what failed.

What a reader would get wrong: a failure leaves what is shown as it is, and its banner goes only with the next answer.
Screens that are out of sight do not ask. What is asked in a dialog is refused there, where it can be put right.
"""

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from caller_app.base.clock import Clock, from_text
from caller_app.base.errors import Unavailable
from caller_app.base.notices import Notice
from ui.actions import action
from ui.messages import tell
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.chips import Chip
from ui.widgets.panes import scrolling
from ui.widgets.sync_light import age
from ui.widgets.texts import Text
from ui.widgets.times import exact_words


class ShowsAge(Protocol):
    """The screen as the age of its answers sees it."""

    def show_age(self, sentence: str, *, old: bool) -> None: ...
    def show_failure(self, fault: Exception) -> None: ...
    def clear_failure(self) -> None: ...


class AnswerAge:
    """Of when the newest answer is, and whether the centre could be reached since; a presenter holds one."""

    def __init__(self, view: ShowsAge, clock: Clock, *, nothing: str = "") -> None:
        self._view, self._clock, self._nothing = view, clock, nothing
        self._as_of: str | None = None
        self._reachable = True

    def came(self, as_of: str) -> None:
        """The centre answered."""
        self._as_of, self._reachable = as_of, True
        self._view.clear_failure()
        self.show()

    def failed(self, fault: Exception, *, old_says_it: bool = False) -> None:
        """It did not; with `old_says_it` that an old answer is shown is enough, where no more is to be said."""
        self._reachable = not isinstance(fault, Unavailable)
        if not old_says_it or self._reachable or self._as_of is None or getattr(fault, "portal", False):
            self._view.show_failure(fault)
        self.show()

    def show(self) -> None:
        """Say it; ages grow although nothing is asked."""
        if self._as_of is None:
            self._view.show_age("Asking the centre …" if self._reachable else self._nothing, old=not self._reachable)
            return
        as_of = from_text(self._as_of)
        words = f"As of {exact_words(as_of)}"
        if not self._reachable:
            words += f", {age(as_of, self._clock.now())} old: the centre cannot be reached"
        self._view.show_age(words, old=not self._reachable)


class AskingScreen(QWidget):
    """The life of such a screen; whoever derives sets `presenter` (show_age, refresh) and lays out `page`."""

    ask_every_ms = 20_000
    presenter: Any

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner(closable=True)
        self.as_of = Text("", "quiet")
        self.stale = Chip("Not up to date", "caution", icon="offline")
        self.stale.hide()
        self._dialog: Any = None  # of ui/screens, with a banner and a form
        self._failure_shown = False
        self._timer = QTimer(self)
        self._timer.setInterval(self.ask_every_ms)
        self._timer.timeout.connect(self._ask_again)

    def page(self, title: str) -> QVBoxLayout:
        """Give the column of a page that scrolls where it is higher than the screen: at 200 % text it can be."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(inside, accessible=title))
        return column

    def head(self, title: str, *beside: QWidget, ask: Callable[[], object] | None = None) -> QHBoxLayout:
        """Give the line on top: the title, what stands beside it, the age of what is shown, and asking again."""
        ask = ask or self.presenter.refresh
        self.refresh = button("Ask again", self.presenter.refresh, icon="refresh", keys="F5")
        action(self, "refresh_board", ask)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(Text(title, "title"))
        for part in beside:
            line.addWidget(part)
        line.addStretch(1)
        for part in (self.stale, self.as_of, self.refresh):
            line.addWidget(part)
        return line

    # ---- life ---------------------------------------------------------------------------------------------------

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

    def _ask_again(self) -> None:
        self.presenter.show_age()
        if self.isVisible():
            self.presenter.refresh()

    # ---- as the presenter asks ----------------------------------------------------------------------------------

    def show_age(self, sentence: str, *, old: bool) -> None:
        """Say of when this is."""
        self.as_of.setText(sentence)
        self.stale.setVisible(old)

    def show_failure(self, fault: Exception) -> None:
        """Say what went wrong; what is shown stays."""
        self._failure_shown = True
        tell(fault, banner=self.banner)

    def clear_failure(self) -> None:
        """The centre answered."""
        if self._failure_shown:
            self._failure_shown = False
            self.banner.clear()

    # ---- a deed that is asked about first -----------------------------------------------------------------------

    def ask_in(self, dialog: Any, confirmed: Callable[..., object]) -> None:
        """Open a dialog; it stays until the deed is done or given up."""
        self._dialog = dialog
        dialog.confirmed.connect(confirmed)
        dialog.finished.connect(self._dialog_closed)
        dialog.open()

    def say_refused(self, fault: Exception) -> None:
        """Say what is missing or went wrong: in the dialog where it was asked."""
        if self._dialog is not None:
            tell(fault, banner=self._dialog.banner, form=self._dialog.form)
        else:
            tell(fault, banner=self.banner)

    def say_done(self, sentence: str, tone: str = "good") -> None:
        """Say what was done; the dialog has ended."""
        if self._dialog is not None:
            self._dialog.accept()
        self._failure_shown = False
        self.banner.say(sentence, tone)

    def _dialog_closed(self) -> None:
        self._dialog = None
