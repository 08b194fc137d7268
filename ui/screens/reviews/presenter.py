"""Decides the review desk: the list by group and state, one case in full, the one act that settles it.

What a reader would get wrong: the list is the centre's and has an age; a case may have been settled by a colleague a
moment ago. The centre says so, and the screen says who did it and shows how it stands now.
"""

from collections.abc import Callable
from typing import Literal, Protocol

from caller_app.base.clock import Clock
from caller_app.base.errors import Refused
from caller_app.domain.reviews import Group
from caller_app.protocol.supervision import ReviewAct, ReviewLine, Reviews, ReviewSettled, ReviewSheet
from caller_app.supervise.reviews import review, reviews, settle_review
from ui.asking import AnswerAge
from ui.tasks import OwnWork

PAGE = 200
WHY_LONGEST = 300
Show = Literal["open", "settled"]


class ReviewsView(Protocol):
    """The screen as its presenter sees it."""

    def show_page(self, offset: int, lines: tuple[ReviewLine, ...], total: int) -> None: ...
    def show_counts(self, by_group: dict[str, int]) -> None: ...
    def show_age(self, sentence: str, *, old: bool) -> None: ...
    def show_sheet(self, sheet: ReviewSheet | None) -> None: ...
    def show_failure(self, fault: Exception) -> None: ...
    def clear_failure(self) -> None: ...
    def show_settling(self, settling: bool) -> None: ...
    def show_settle_refused(self, fault: Exception) -> None: ...
    def show_settled(self, sentence: str, *, mine: bool) -> None: ...


class ReviewsPresenter:
    """What waits for a person's decision."""

    def __init__(self, view: ReviewsView, work: OwnWork, clock: Clock) -> None:
        self._view, self._work = view, work
        self._age = AnswerAge(view, clock)
        self._shown: tuple[Show, Group | None] | None = None  # which list stands on the screen
        self.show: Show = "open"
        self.group: Group | None = None
        self.chosen: str | None = None
        self.sheet: ReviewSheet | None = None
        self._settling = False

    # ---- the list -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask for the first page again."""
        self.on_page_wanted(0)

    def on_filter(self, key: str) -> None:
        """Show a group of the open cases, all of them, or what has been settled."""
        self.show = "settled" if key == "settled" else "open"
        self.group = None if key in ("settled", "all") else key  # type: ignore[assignment]
        self.on_chosen(None)
        self.refresh()

    def on_page_wanted(self, offset: int) -> None:
        """Ask for one page."""
        asked = (self.show, self.group)

        def done(answer: Reviews) -> None:
            if asked != (self.show, self.group):
                return
            self._shown = asked
            self._age.came(answer.as_of)
            self._view.show_counts(answer.open_by_group)
            self._view.show_page(offset, tuple(answer.lines), answer.total)

        def failed(fault: Exception) -> None:
            self._age.failed(fault, old_says_it=self._shown == asked)

        self._work.ask(
            reviews, done=done, failed=failed, latest=f"page {offset}", show=self.show, group=self.group,
            offset=offset, limit=PAGE,
        )  # fmt: skip

    def show_age(self) -> None:
        """Say of when this is."""
        self._age.show()

    # ---- one case -----------------------------------------------------------------------------------------------

    def on_chosen(self, review_id: str | None) -> None:
        """Ask for a case in full; nothing of the one before stays on the screen."""
        if review_id == self.chosen and self.sheet is not None:
            return
        self.chosen, self.sheet = review_id, None
        self._view.show_sheet(None)
        if review_id is not None:
            self._ask_sheet(review_id)

    def _ask_sheet(self, review_id: str) -> None:
        def done(answer: ReviewSheet) -> None:
            if review_id == self.chosen:
                self.sheet = answer
                self._view.show_sheet(answer)

        def failed(fault: Exception) -> None:
            if review_id == self.chosen:
                self._age.failed(fault)

        self._work.ask(review, done=done, failed=failed, latest="sheet", review_id=review_id)

    def act_of(self, code: str) -> ReviewAct | None:
        """Give an act of the case that is open."""
        acts = self.sheet.acts if self.sheet is not None else []
        return next((one for one in acts if one.code == code), None)

    def on_settle(self, code: str, why: str) -> None:
        """Settle the open case."""
        act, review_id = self.act_of(code), self.chosen
        if self._settling or act is None or review_id is None:
            return
        reason = " ".join(why.split())
        if act.asks_why and not reason:
            self._view.show_settle_refused(Refused("Say why: it is kept with the case.", field="why"))
            return
        self._settling = True
        self._view.show_settling(True)

        def ended(then: Callable[[], object]) -> None:
            self._settling = False
            self._view.show_settling(False)
            then()

        def done(answer: ReviewSettled) -> None:
            ended(lambda: self._settled(answer))

        def failed(fault: Exception) -> None:
            ended(lambda: self._view.show_settle_refused(fault))

        self._work.ask(settle_review, done=done, failed=failed, review_id=review_id, act=code, why=reason[:WHY_LONGEST])

    def _settled(self, answer: ReviewSettled) -> None:
        self._view.show_settled(answer.sentence, mine=answer.done)
        if self.chosen == answer.review_id:
            self.on_chosen(None)
        self.refresh()
