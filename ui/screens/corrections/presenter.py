"""Decides the corrections that came in: page by page from the centre, with the age of what is shown."""

from typing import Protocol

from caller_app.base.clock import Clock
from caller_app.protocol.supervision import CorrectionItem, CorrectionItems
from caller_app.supervise.board import corrections
from ui.asking import AnswerAge
from ui.tasks import OwnWork

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
        self._view, self._work = view, work
        self._age = AnswerAge(view, clock)

    def refresh(self) -> None:
        """Ask for the first page again."""
        self.on_page_wanted(0)

    def on_page_wanted(self, offset: int) -> None:
        """Ask for one page."""

        def done(answer: CorrectionItems) -> None:
            self._age.came(answer.as_of)
            self._view.show_page(offset, tuple(answer.lines), answer.total)

        def failed(fault: Exception) -> None:
            self._age.failed(fault, old_says_it=True)

        self._work.ask(corrections, done=done, failed=failed, latest=f"page {offset}", offset=offset, limit=PAGE)

    def show_age(self) -> None:
        """Say of when this is."""
        self._age.show()
