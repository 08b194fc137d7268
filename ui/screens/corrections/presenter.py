"""Decides the corrections that came in: page by page from the centre, with the age of what is shown."""

from typing import Protocol

from caller_app.base.clock import Clock, from_text
from caller_app.base.errors import Unavailable
from caller_app.protocol.supervision import CorrectionItem, CorrectionItems
from caller_app.supervise.board import corrections
from ui.tasks import OwnWork
from ui.widgets.sync_light import age
from ui.widgets.times import exact_words

PAGE = 200


class CorrectionsView(Protocol):
    """The screen as its presenter sees it."""

    def show_page(self, offset: int, lines: tuple[CorrectionItem, ...], total: int) -> None: ...
    def show_age(self, sentence: str, *, old: bool) -> None: ...
    def show_failure(self, fault: Exception) -> None: ...
    def clear_failure(self) -> None: ...


class CorrectionsPresenter:
    """What patients told us is wrong in the record."""

    def __init__(self, view: CorrectionsView, work: OwnWork, clock: Clock) -> None:
        self._view, self._work, self._clock = view, work, clock
        self._as_of: str | None = None
        self._reachable = True

    def refresh(self) -> None:
        """Ask for the first page again."""
        self.on_page_wanted(0)

    def on_page_wanted(self, offset: int) -> None:
        """Ask for one page."""

        def done(answer: CorrectionItems) -> None:
            self._as_of, self._reachable = answer.as_of, True
            self._view.clear_failure()
            self._view.show_page(offset, tuple(answer.lines), answer.total)
            self.show_age()

        def failed(fault: Exception) -> None:
            self._reachable = not isinstance(fault, Unavailable)
            self._view.show_failure(fault)
            self.show_age()

        self._work.ask(corrections, done=done, failed=failed, latest=f"page {offset}", offset=offset, limit=PAGE)

    def show_age(self) -> None:
        """Say of when this is."""
        if self._as_of is None:
            self._view.show_age("Asking the centre …" if self._reachable else "", old=not self._reachable)
            return
        as_of = from_text(self._as_of)
        words = f"As of {exact_words(as_of)}"
        if not self._reachable:
            words += f", {age(as_of, self._clock.now())} old: the centre cannot be reached"
        self._view.show_age(words, old=not self._reachable)
