"""Decides what stands behind the sync light: figures, every retained change, notices of the centre, what left the list.

What a reader would get wrong: a page of the outbox has no total worth counting while it is searched; one more row than
is known is shown as a placeholder, and painting it asks for the next page. Words about people are read only when they
are asked for, and forgotten when another change is chosen.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from caller_app.base.clock import Clock
from caller_app.commands.copies import note_copy
from caller_app.queries.outbox import detail, entries, outbox_counts
from caller_app.queries.outbox_export import OutboxSheet, file_name, outbox_sheet, save_sheet
from caller_app.queries.rows import LeftRow, NoticeRow, OutboxCounts, OutboxDetail, OutboxRow, Standing
from caller_app.queries.told import left_list, notices
from ui.screens.standing.seen import mark_seen, unseen_words
from ui.tasks import OwnWork
from ui.widgets.sync_light import age
from ui.widgets.times import moment_words

PAGE = 200
CHANGES = ("all", "waiting", "review", "sent")  # the others are "told" and "left"


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
    def show_counts(self, counts: OutboxCounts, news: str) -> None: ...
    def show_page(self, offset: int, rows: tuple[OutboxRow, ...], total: int) -> None: ...
    def show_told(self, rows: tuple[NoticeRow, ...]) -> None: ...
    def show_seen(self) -> None: ...
    def show_left(self, rows: tuple[LeftRow, ...]) -> None: ...
    def show_detail(self, detail: OutboxDetail | None) -> None: ...
    def show_exported(self, path: Path, *, noted: bool) -> None: ...
    def show_export_refused(self, fault: Exception) -> None: ...


class StandingPresenter:
    """What is sent and what is not."""

    def __init__(
        self, view: StandingView, work: OwnWork, clock: Clock, standing: Callable[[], Standing], settings: Any, me: int
    ) -> None:
        self._view, self._work, self._clock, self._standing = view, work, clock, standing
        self._settings, self._me = settings, me
        self.kept = "all"
        self._search = ""
        self._chosen: str | None = None
        self._shown: OutboxDetail | None = None

    def refresh(self) -> None:
        """Show the figures and what the filter in force shows."""
        self.show_figures()
        self._work.read(outbox_counts, done=self._counted, latest="counts")
        if self.kept == "told":
            self._work.read(notices, done=self._told, latest="told")
        elif self.kept == "left":
            self._work.read(left_list, done=self._view.show_left, latest="left")
        else:
            self.on_page_wanted(0)
            if self._chosen is not None:
                self._read_chosen(self._chosen)

    def show_figures(self) -> None:
        """Show the figures with their ages as of now."""
        one = self._standing()
        self._view.show_standing(one, figures_of(one, self._clock.now()))

    def on_notice(self, kinds: Iterable[str]) -> None:
        """Look again where the outbox, the list or the standing altered."""
        if frozenset(kinds) & {"outbox", "standing", "list"}:
            self.refresh()

    def on_filter(self, kept: str) -> None:
        """Show something else."""
        if kept != self.kept:
            self.kept = kept
            self.on_row_chosen(None)
            self.refresh()

    def on_searched(self, text: str) -> None:
        """Search the changes."""
        self._search = text
        if self.kept not in CHANGES:
            self.kept = "all"
        self.refresh()

    def on_page_wanted(self, offset: int) -> None:
        """Read one page of the changes."""
        kept, search = self.kept, self._search
        if kept not in CHANGES:
            return

        def done(rows: Any) -> None:
            if (kept, search) == (self.kept, self._search):
                more = 1 if len(rows) == PAGE else 0
                self._view.show_page(offset, tuple(rows), offset + len(rows) + more)

        self._work.read(
            entries, done=done, latest=f"page {offset}", kept=kept, search=search, limit=PAGE, offset=offset
        )

    def on_row_chosen(self, change_id: str | None) -> None:
        """Read one change in full; nothing of the one before stays."""
        self._chosen = change_id
        if change_id is None:
            self._shown = None
            self._view.show_detail(None)
        else:
            self._read_chosen(change_id)

    def _read_chosen(self, change_id: str) -> None:
        """Read the chosen change; shown anew only where it altered, so that words laid open stay open."""

        def done(found: OutboxDetail | None) -> None:
            if change_id == self._chosen and (found != self._shown or found is None):
                self._shown = found
                self._view.show_detail(found)

        self._work.read(detail, done=done, latest="detail", change_id=change_id)

    def _counted(self, counts: OutboxCounts) -> None:
        self._view.show_counts(counts, unseen_words(self._standing().told_at, self._settings, self._me))

    def _told(self, rows: tuple[NoticeRow, ...]) -> None:
        self._view.show_told(rows)
        mark_seen(self._standing().told_at, self._settings, self._me)
        self._view.show_seen()
        self._work.read(outbox_counts, done=self._counted, latest="counts")

    # ---- for support --------------------------------------------------------------------------------------------

    def on_export(self, folder: str, *, text: bool, with_words: bool) -> None:
        """Write down that a copy is made, then write a sheet of everything retained here.

        Where a newer program's work waits nothing can be written down: then only a copy without words is made.
        """
        name = file_name(self._clock.now(), text=text)

        unnoted = self._standing().needs_newer and not with_words

        def read(sheet: OutboxSheet) -> None:
            self._work.job(
                save_sheet,
                done=lambda path: self._view.show_exported(path, noted=not unnoted),
                failed=self._view.show_export_refused,
                sheet=sheet,
                folder=Path(folder).expanduser(),
                name=name,
            )

        def noted(_people: object = None) -> None:
            self._work.read(outbox_sheet, done=read, failed=self._view.show_export_refused, with_words=with_words)

        if unnoted:
            noted()
        else:
            self._work.write(note_copy, done=noted, failed=self._view.show_export_refused, with_words=with_words)


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
    if one.unreadable:
        figures.append(Figure("Not on your list", str(one.unreadable), "cannot be read here", "caution"))
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
