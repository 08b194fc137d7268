"""The review desk: the cases a person has to decide, what concerns safety first, and beside them the one chosen."""

from datetime import datetime

from PySide6.QtWidgets import QSplitter, QWidget

from caller_app.base.clock import from_text
from caller_app.domain.reviews import GROUPS, reason_words, settled_reason
from caller_app.protocol.supervision import ReviewLine, ReviewSheet
from ui.choosing import ChoosingScreen
from ui.models.paged import Column
from ui.screens.reviews.presenter import ReviewsPresenter
from ui.screens.reviews.settle import SettleDialog
from ui.screens.reviews.sheet import CaseSheet
from ui.tasks import Desk
from ui.widgets.filter_row import FilterRow
from ui.widgets.sync_light import age
from ui.widgets.times import text_words

FILTERS = (("all", "All open"), *GROUPS.items(), ("settled", "Settled"))


class ReviewsScreen(ChoosingScreen):
    """Shows; asks again while it is on the screen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.presenter = ReviewsPresenter(self, desk.work(self), desk.clock)
        self._clock = desk.clock
        self._wanted: str | None = None
        column = self.page("Reviews")
        column.addLayout(self.head("Reviews"))
        column.addWidget(self.banner)
        self.filters = FilterRow("Which cases", FILTERS)
        self.filters.press("all")
        self.filters.chosen.connect(self._filtered)
        column.addWidget(self.filters)
        column.addWidget(self._lay(desk), 1)

    def _lay(self, desk: Desk) -> QSplitter:
        clock = desk.clock
        self.sheet = CaseSheet()
        self.sheet.act_pressed.connect(self.open_settle)
        return self.lay_list(
            "Cases to decide, safety first, then the oldest",
            (
                Column("What", lambda row: row.title, tone=lambda row: "danger" if row.urgent and _open(row) else ""),
                Column("Person", lambda row: row.patient or "–"),
                Column("Recorded by", lambda row: row.who),
                Column("When", lambda row: _when(row, clock.now())),
            ),
            lambda row: row.review_id,
            widths=(0, 152, 112, 96),
            chosen="The chosen case",
            sizes=(660, 660),
        )

    # ---- life ---------------------------------------------------------------------------------------------------

    def panes(self) -> list[QWidget]:
        """Give the panes F6 cycles through."""
        return [*self.panes_of_list("all"), self.refresh]

    def open_case(self, review_id: str) -> None:
        """Show one case, as when it is opened from the board."""
        self._wanted = review_id
        self.filters.press("all")
        self._filtered("all")

    def open_settle(self, code: str) -> None:
        """Ask why, then settle."""
        act, sheet = self.presenter.act_of(code), self.presenter.sheet
        if act is None or sheet is None:
            return
        dialog = SettleDialog(self, sheet, act)
        self.ask_in(dialog, self.presenter.on_settle)

    # ---- as the presenter asks ----------------------------------------------------------------------------------

    def show_page(self, offset: int, lines: tuple[ReviewLine, ...], total: int) -> None:
        """Show one page; after a case was settled the next one is chosen."""
        settled = self.presenter.show == "settled"
        self.empty.say(
            "Nothing has been settled yet" if settled else "Nothing waits for a decision",
            "" if settled else "What the centre cannot decide by itself comes here, what concerns safety first.",
            icon="clock" if settled else "good",
        )
        wanted, self._wanted = self._wanted, None
        self.show_lines(offset, lines, total, wanted=wanted)

    def show_counts(self, by_group: dict[str, int]) -> None:
        """Say how many are open in each group."""
        for key in GROUPS:
            self.filters.show_count(key, by_group.get(key, 0))
        self.filters.show_count("all", sum(by_group.values()))

    def show_sheet(self, sheet: ReviewSheet | None) -> None:
        """Show a case in full."""
        self.sheet.show_sheet(
            sheet,
            self._settled_words(sheet) if sheet is not None else "",
            fetching=self.presenter.chosen is not None,
        )

    def _settled_words(self, sheet: ReviewSheet) -> str:
        line = sheet.line
        if line.state != "resolved":
            return ""
        decided = reason_words(settled_reason(line.settled_as or "")).partition(": ")[2]
        when = text_words(line.settled_at, self._clock.now(), none="")
        words = f"Settled by {line.settled_by or 'somebody'}, {when}: {decided}."
        return f"{words} Why: {sheet.settled_why}" if sheet.settled_why else words

    def show_settling(self, settling: bool) -> None:
        """Show that the centre is being asked."""
        if self._dialog is not None:
            self._dialog.show_settling(settling)

    def show_settle_refused(self, fault: Exception) -> None:
        """Say in the dialog what is missing or went wrong."""
        self.say_refused(fault)

    def show_settled(self, sentence: str, *, mine: bool) -> None:
        """Say how it was settled, and by whom where it was somebody else."""
        self.say_done(sentence, "good" if mine else "info")
        self.table.clearSelection()
        self.table.setFocus()


def _open(row: ReviewLine) -> bool:
    return row.state != "resolved"


def _when(row: ReviewLine, now: datetime) -> str:
    if row.state == "resolved":
        return text_words(row.settled_at, now, none="")
    since = age(from_text(row.opened_at), now)
    return since if since == "just now" else f"{since} ago"
