"""The identity check: the patient states, the caller ticks (domain rules 2.10).

What a reader would get wrong: nothing is compared here and no expected value is kept here. The panel's values come
with the card after the audited reveal and go with it again when the check has passed or failed.
"""

from collections.abc import Callable
from typing import Any

from caller_app.base.errors import Refused
from caller_app.commands.calls import reveal_check_panel, tick_identity
from caller_app.queries.rows import Card
from ui.messages import sentence_of
from ui.screens.calling.view import CallingView, CallState
from ui.tasks import Work

TICKS = ("matches", "differs", "declined", "not_asked", "partial")  # in the order of keys 1 to 5


class IdentityCheck:
    """Reveals the panel and hands over the ticks."""

    def __init__(self, view: CallingView, work: Work, state: CallState, reread: Callable[[], None]) -> None:
        self._view = view
        self._work = work
        self._state = state
        self._reread = reread
        self._go_there = False  # to the first detail, once the card with the values has come
        self._given: dict[str, str] = {}  # ticked in this call; the card may still be on its way
        self._call_id: str | None = None

    def shown(self, card: Card) -> None:
        """A card is on the screen: after a reveal the keyboard goes to the first detail."""
        if self._go_there and card.identity.revealed:
            self._go_there = False
            self._view.focus_identity()

    def on_reveal_pressed(self) -> None:
        """Show what the patient should say; the reveal is on disk before a value is on the screen."""
        card = self._state.card
        if card is None or self._state.finished or card.identity.revealed or card.identity.passed:
            return
        self._work.write(reveal_check_panel, case_id=card.case_id, done=self._revealed, failed=self._failed)

    def _revealed(self, _result: Any) -> None:
        self._go_there = True
        self._reread()

    def on_ticked(self, field: str, tick: str) -> None:
        """One thing was stated, refused or not asked."""
        card = self._state.card
        if card is None or self._state.finished or tick not in TICKS:
            return
        if card.call_id != self._call_id:
            self._call_id, self._given = card.call_id, {}
        # Keys may come faster than the card is read again: an earlier tick must not be undone by a later one.
        self._given[field] = tick
        ticks = {one.name: one.tick for one in card.identity.fields} | self._given
        self._work.write(tick_identity, case_id=card.case_id, ticks=ticks, done=self._ticked, failed=self._failed)

    def _ticked(self, _panel: Any) -> None:
        self._view.clear_refusals()
        self._reread()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refused):
            self._view.show_refusal("identity", error.sentence, error.field)
        else:
            self._view.show_banner(sentence_of(error))
