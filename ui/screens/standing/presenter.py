"""Decides what stands behind the sync light: figures from the client, every retained change from the outbox.

What a reader would get wrong: the outbox has no total worth counting; one more row than is known is shown as a
placeholder, and painting it asks for the next page.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from caller_app.base.clock import Clock
from caller_app.queries.outbox import entries
from caller_app.queries.rows import OutboxRow, Standing
from ui.tasks import OwnWork
from ui.widgets.sync_light import age
from ui.widgets.times import moment_words

PAGE = 200


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its caption and tone."""

    title: str
    value: str
    below: str = ""
    tone: str = ""


class StandingView(Protocol):
    """The screen as its presenter sees it."""

    def show_standing(self, standing: Standing, figures: tuple[Figure, ...]) -> None: ...
    def show_page(self, offset: int, rows: tuple[OutboxRow, ...], total: int) -> None: ...


class StandingPresenter:
    """What is sent and what is not."""

    def __init__(self, view: StandingView, work: OwnWork, clock: Clock, standing: Callable[[], Standing]) -> None:
        self._view, self._work, self._clock, self._standing = view, work, clock, standing

    def refresh(self) -> None:
        """Show the figures and the newest page."""
        self.show_figures()
        self.on_page_wanted(0)

    def show_figures(self) -> None:
        """Show the figures with their ages as of now."""
        one = self._standing()
        self._view.show_standing(one, figures_of(one, self._clock.now()))

    def on_notice(self, kinds: Iterable[str]) -> None:
        """Look again where the outbox or the standing altered."""
        if frozenset(kinds) & {"outbox", "standing"}:
            self.refresh()

    def on_page_wanted(self, offset: int) -> None:
        """Read one page."""

        def done(rows: Any) -> None:
            more = 1 if len(rows) == PAGE else 0
            self._view.show_page(offset, tuple(rows), offset + len(rows) + more)

        self._work.read(entries, done=done, latest=f"page {offset}", limit=PAGE, offset=offset)


def figures_of(one: Standing, now: datetime) -> tuple[Figure, ...]:
    """Put the standing into figures."""
    oldest = "" if one.unsent else "nothing waits"
    if one.unsent and one.oldest_unsent_at:
        oldest = f"oldest {age(one.oldest_unsent_at, now)}"
    figures = [
        Figure("Unsent", str(one.unsent), oldest, "caution" if one.unsent else ""),
        Figure("Being looked at", str(one.in_review), "by your supervisor" if one.in_review else "nothing"),
        Figure("Last receipt from the centre", *_moment(one.last_receipt_at, now)),
        Figure("Your list is as of", *_moment(one.list_as_of, now)),
    ]
    if one.clock_off_minutes:
        figures.append(
            Figure(
                "This computer's clock",
                f"{abs(one.clock_off_minutes)} min",
                "off; the centre's time is used",
                "caution",
            )
        )
    return tuple(figures)


def _moment(moment: datetime | None, now: datetime) -> tuple[str, str]:
    if moment is None:
        return "never", "not yet since sign-in"
    since = age(moment, now)
    return moment_words(moment, now), since if since == "just now" else f"{since} ago"
