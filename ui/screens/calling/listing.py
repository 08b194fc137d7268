"""My list at the left: rows, search, counts. Asks again when a notice says that the list changed.

The list is never filtered here: search is a question to the store, so that accents, apostrophes and inner digits
are found the same way everywhere.
"""

from collections.abc import Callable

from caller_app.queries.lists import list_counts, my_list
from caller_app.queries.rows import ListCounts, ListRow
from ui.screens.calling.view import CallingView, CallState
from ui.tasks import Work

PAGE = 200


class Listing:
    """Keeps the list and the header figures true."""

    def __init__(self, view: CallingView, work: Work, state: CallState, *, arrived: Callable[[], None]) -> None:
        self._view = view
        self._work = work
        self._state = state
        self._arrived = arrived
        self.search = ""
        self.rows: tuple[ListRow, ...] = ()
        self.unsearched: tuple[ListRow, ...] = ()  # who comes next does not depend on what is looked for
        self.counts: ListCounts | None = None

    def refresh(self) -> None:
        """Ask for the rows and the figures again; the shown length is kept, so the scroll position stays."""
        wanted = max(PAGE, len(self.rows))
        search = self.search
        self._work.read(
            my_list,
            search=search,
            limit=wanted,
            offset=0,
            latest="list",
            done=lambda rows: self._listed(rows, wanted, search),
        )
        self._work.read(list_counts, latest="counts", done=self._counted)

    def on_searched(self, text: str) -> None:
        """The person typed in the search box."""
        self.search = text.strip()
        self.rows = ()
        self.refresh()

    def on_more_wanted(self) -> None:
        """The end of the list came into sight."""
        offset = len(self.rows)
        search = self.search
        self._work.read(
            my_list,
            search=search,
            limit=PAGE,
            offset=offset,
            latest="list",
            done=lambda rows: self._added(rows, offset, search),
        )

    def first(self) -> ListRow | None:
        """Give the row the order puts first, if it may be rung now."""
        return next((row for row in self.unsearched if row.group not in ("waiting", "held")), None)

    def _listed(self, rows: tuple[ListRow, ...], wanted: int, search: str) -> None:
        if search != self.search:
            return
        self.rows = rows
        self._view.show_list(rows, more=len(rows) >= wanted, search=search)
        self._view.mark_open(self._state.case_id)
        if not search:
            self.unsearched = rows
            self._arrived()

    def _added(self, rows: tuple[ListRow, ...], offset: int, search: str) -> None:
        if search != self.search or offset != len(self.rows):
            return
        self.rows += rows
        self._view.add_to_list(rows, more=len(rows) >= PAGE)

    def _counted(self, counts: ListCounts) -> None:
        self.counts = counts
        self.show_counts()
        self._arrived()

    def show_counts(self) -> None:
        """Show the figures; the project is named between calls and once identity is confirmed, never before."""
        if self.counts is not None:
            card = self._state.card
            between = self._state.case_id is None
            verified = card is not None and card.project_name is not None
            self._view.show_counts(self.counts, with_project=between or verified)
