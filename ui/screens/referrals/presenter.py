"""Decides the referrals: the list by state and pathway, one in full, the one act that moves it on.

What a reader would get wrong: the list is the centre's and has an age; a referral may have been moved on by a colleague
a moment ago. The centre says so, and the screen shows how it stands now.
"""

from typing import Protocol

from caller_app.base.clock import Clock
from caller_app.base.errors import Refused
from caller_app.protocol.referrals import (
    ReferralLine,
    ReferralMove,
    ReferralMoved,
    ReferralPathway,
    Referrals,
    ReferralSheet,
)
from caller_app.supervise.referrals import move_referral, referral, referrals
from ui.asking import AnswerAge
from ui.tasks import OwnWork

PAGE = 200
WHY_LONGEST = 300


class ReferralsView(Protocol):
    """The screen as its presenter sees it."""

    def show_page(self, offset: int, lines: tuple[ReferralLine, ...], total: int) -> None: ...
    def show_counts(self, by_state: dict[str, int]) -> None: ...
    def show_pathways(self, known: tuple[ReferralPathway, ...]) -> None: ...
    def show_age(self, sentence: str, *, old: bool) -> None: ...
    def show_sheet(self, sheet: ReferralSheet | None) -> None: ...
    def show_failure(self, fault: Exception) -> None: ...
    def clear_failure(self) -> None: ...
    def show_moving(self, moving: bool) -> None: ...
    def show_move_refused(self, fault: Exception) -> None: ...
    def show_moved(self, sentence: str, *, mine: bool) -> None: ...


class ReferralsPresenter:
    """What was agreed, and how far it has come."""

    def __init__(self, view: ReferralsView, work: OwnWork, clock: Clock) -> None:
        self._view, self._work = view, work
        self._age = AnswerAge(view, clock)
        self._shown: tuple[str, str | None] | None = None  # which list stands on the screen
        self.show = "open"
        self.pathway: str | None = None
        self.chosen: str | None = None
        self.sheet: ReferralSheet | None = None
        self._moving = False

    # ---- the list -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask for the first page again."""
        self.on_page_wanted(0)

    def on_filter(self, show: str) -> None:
        """Show everything underway, or one state."""
        self.show = show
        self.on_chosen(None)
        self.refresh()

    def on_pathway(self, key: str | None) -> None:
        """Show one pathway only, or all."""
        if key != self.pathway:
            self.pathway = key
            self.on_chosen(None)
            self.refresh()

    def on_page_wanted(self, offset: int) -> None:
        """Ask for one page."""
        asked = (self.show, self.pathway)

        def done(answer: Referrals) -> None:
            if asked != (self.show, self.pathway):
                return
            self._shown = asked
            self._age.came(answer.as_of)
            self._view.show_counts(answer.by_state)
            self._view.show_pathways(tuple(answer.pathways))
            self._view.show_page(offset, tuple(answer.lines), answer.total)
            self._follow(answer.lines)

        def failed(fault: Exception) -> None:
            self._age.failed(fault, old_says_it=self._shown == asked)

        self._work.ask(
            referrals, done=done, failed=failed, latest=f"page {offset}", show=self.show,
            pathway=self.pathway, offset=offset, limit=PAGE,
        )  # fmt: skip

    def show_age(self) -> None:
        """Say of when this is."""
        self._age.show()

    # ---- one referral -------------------------------------------------------------------------------------------

    def on_chosen(self, referral_id: str | None) -> None:
        """Ask for a referral in full; nothing of the one before stays on the screen."""
        if referral_id == self.chosen and self.sheet is not None:
            return
        self.chosen, self.sheet = referral_id, None
        self._view.show_sheet(None)
        if referral_id is not None:
            self._ask_sheet(referral_id)

    def _ask_sheet(self, referral_id: str) -> None:
        def done(answer: ReferralSheet) -> None:
            if referral_id == self.chosen:
                self.sheet = answer
                self._view.show_sheet(answer)

        def failed(fault: Exception) -> None:
            if referral_id == self.chosen:
                self._age.failed(fault)

        self._work.ask(referral, done=done, failed=failed, latest="sheet", referral_id=referral_id)

    def _follow(self, lines: list[ReferralLine]) -> None:
        """Ask for the open referral again where somebody else has moved it on meanwhile."""
        line = next((one for one in lines if one.referral_id == self.chosen), None)
        if line is not None and self.sheet is not None and line.since != self.sheet.line.since and not self._moving:
            self._ask_sheet(line.referral_id)

    def move_of(self, to: str) -> ReferralMove | None:
        """Give a way on of the referral that is open."""
        moves = self.sheet.moves if self.sheet is not None else []
        return next((one for one in moves if one.to == to), None)

    def on_move(self, to: str, why: str = "") -> None:
        """Move the open referral on."""
        move, sheet = self.move_of(to), self.sheet
        if self._moving or move is None or sheet is None:
            return
        reason = " ".join(why.split())
        if move.asks_why and not reason:
            self._view.show_move_refused(Refused("Say why: it is kept with the referral.", field="why"))
            return
        self._set_moving(True)

        def done(answer: ReferralMoved) -> None:
            self._set_moving(False)
            self._moved(answer)

        def failed(fault: Exception) -> None:
            self._set_moving(False)
            self._view.show_move_refused(fault)
            if isinstance(fault, Refused) and self.chosen is not None:
                self._ask_sheet(self.chosen)

        self._work.ask(
            move_referral, done=done, failed=failed, referral_id=sheet.line.referral_id, was=sheet.line.state, to=to,
            why=reason[:WHY_LONGEST],
        )  # fmt: skip

    def _set_moving(self, moving: bool) -> None:
        self._moving = moving
        self._view.show_moving(moving)

    def _moved(self, answer: ReferralMoved) -> None:
        self._view.show_moved(answer.sentence, mine=answer.done)
        if self.chosen == answer.referral_id:
            self.sheet = None
            self._ask_sheet(answer.referral_id)
        self.refresh()
