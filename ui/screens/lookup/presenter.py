"""Someone rang me: any fragment of a number or name, offline, under five seconds.

What a reader would get wrong: no project and no reason appears here. Why we rang is said only once identity is
confirmed, on the same record, after the call is taken.
"""

from typing import Protocol

from caller_app.queries.lookups import who_rang
from caller_app.queries.rows import LookupRow
from ui.messages import sentence_of
from ui.tasks import Work

SHORTEST = 2


class LookupView(Protocol):
    """The screen as its presenter sees it."""

    def show_rows(self, rows: tuple[LookupRow, ...]) -> None: ...
    def show_sentence(self, sentence: str) -> None: ...
    def show_chosen(self, row: LookupRow | None) -> None: ...
    def take(self, case_id: str) -> None: ...


class LookupPresenter:
    """Asks as the caller types and hands over the person whose call is taken."""

    def __init__(self, view: LookupView, work: Work) -> None:
        self._view = view
        self._work = work
        self._fragment = ""
        self._rows: tuple[LookupRow, ...] = ()
        self._chosen: LookupRow | None = None
        self.is_asking = False  # an answer for what is typed is still on its way

    def start(self) -> None:
        """Begin with an empty search."""
        self.on_typed("")

    def on_typed(self, fragment: str) -> None:
        """The fragment changed."""
        self._fragment = fragment.strip()
        if len(self._fragment) < SHORTEST:
            self.is_asking = False
            self._show(())
            self._view.show_sentence(
                "Type any part of the number they rang from, or of their name. It works without the network."
            )
            return
        asked = self._fragment
        self.is_asking = True
        self._work.read(
            who_rang,
            fragment=asked,
            latest="lookup",
            done=lambda rows: self._found(rows, asked),
            failed=self._failed,
        )

    def _found(self, rows: tuple[LookupRow, ...], asked: str) -> None:
        if asked != self._fragment:
            return
        self.is_asking = False
        self._show(rows)
        if not rows:
            self._view.show_sentence(
                "Nobody on this workstation matches. Take their name and number, say that someone will ring back, "
                "and tell your supervisor."
            )
        elif len(rows) == 1:
            self._view.show_sentence("One person matches.")
        else:
            self._view.show_sentence(f"{len(rows)} people match. Ask for their name; do not read one out.")

    def _show(self, rows: tuple[LookupRow, ...]) -> None:
        self._rows = rows
        self._view.show_rows(rows)
        self.on_chosen(0 if rows else None)

    def on_chosen(self, index: int | None) -> None:
        """A line was highlighted."""
        inside = index is not None and 0 <= index < len(self._rows)
        self._chosen = self._rows[index] if inside and index is not None else None
        self._view.show_chosen(self._chosen)

    def on_taken(self) -> None:
        """Take the call on the record of the highlighted person."""
        if self._chosen is not None:
            self._view.take(self._chosen.case_id)

    def _failed(self, error: Exception) -> None:
        self.is_asking = False
        self._show(())
        self._view.show_sentence(sentence_of(error))
