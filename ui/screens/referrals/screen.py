"""The referrals: what was agreed, how far it has come, what has to be cancelled first; beside them the one chosen."""

from datetime import datetime

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QSplitter, QWidget

from caller_app.base.clock import from_text
from caller_app.protocol.referrals import ReferralLine, ReferralPathway, ReferralSheet
from ui.a11y import name
from ui.choosing import ChoosingScreen
from ui.models.paged import Column
from ui.screens.referrals.move import MoveDialog
from ui.screens.referrals.presenter import ReferralsPresenter
from ui.screens.referrals.sheet import TONES, ReferralPane
from ui.tasks import Desk
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.filter_row import FilterRow
from ui.widgets.sync_light import age
from ui.widgets.texts import Text
from ui.widgets.times import text_words

FILTERS = (
    ("open", "All underway"), ("cancel_due", "To cancel"), ("recorded", "To be sent"), ("sent", "Sent"),
    ("received", "Received"), ("booked", "Booked"), ("returned", "Returned"), ("held_for_review", "Held"),
    ("attended", "Attended"), ("withdrawn", "Withdrawn"),
)  # fmt: skip
_OPEN = ("cancel_due", "held_for_review", "recorded", "sent", "received", "booked", "returned")


class ReferralsScreen(ChoosingScreen):
    """Shows; asks again while it is on the screen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.presenter = ReferralsPresenter(self, desk.work(self), desk.clock)
        self._clock = desk.clock
        self._known: tuple[ReferralPathway, ...] = ()
        column = self.page("Referrals")
        self.pathways = name(ChoiceBox(26), "Which pathway")
        self.pathways.addItem("Every pathway", None)
        self.pathways.currentIndexChanged.connect(lambda _at: self._pathway_chosen())
        which = Text("Pathway", "field")
        which.setBuddy(self.pathways)
        column.addLayout(self.head("Referrals", which, self.pathways))
        column.addWidget(self.banner)
        self.filters = FilterRow("Which referrals", FILTERS)
        self.filters.press("open")
        self.filters.chosen.connect(self._filtered)
        column.addWidget(self.filters)
        column.addWidget(self._lay(), 1)

    def _lay(self) -> QSplitter:
        self.sheet = ReferralPane()
        self.sheet.move_pressed.connect(self.open_move)
        return self.lay_list(
            "Referrals, what has to be cancelled first, then those longest in their state",
            (
                Column("Person", lambda row: row.patient),
                Column("Pathway", lambda row: row.pathway, tip=lambda row: f"{row.pathway}, {row.project}"),
                Column("State", _state, tone=lambda row: TONES.get(row.state, "")),
                Column("Since", lambda row: _since(row, self._clock.now()),
                       tip=lambda row: text_words(row.since, self._clock.now())),
                Column("Recorded by", lambda row: row.recorded_by or "–"),
            ),
            lambda row: row.referral_id,
            widths=(0, 168, 128, 80, 112), chosen="The chosen referral", sizes=(820, 500),
        )  # fmt: skip

    # ---- life ---------------------------------------------------------------------------------------------------

    def panes(self) -> list[QWidget]:
        """Give the panes F6 cycles through."""
        return [*self.panes_of_list("open"), self.pathways, self.refresh]

    def show_state(self, state: str) -> None:
        """Show the referrals of one state, of every pathway."""
        self.pathways.setCurrentIndex(0)
        if self.filters.key() != state:
            self.filters.press(state)
            self._filtered(state)

    def _pathway_chosen(self) -> None:
        self.forget_list()
        self.presenter.on_pathway(self.pathways.currentData())

    def open_move(self, to: str) -> None:
        """Move on at once, or ask why first."""
        move, sheet = self.presenter.move_of(to), self.presenter.sheet
        if move is None or sheet is None:
            return
        if not move.asks_why:
            self.presenter.on_move(to)
            return
        dialog = MoveDialog(self, sheet, move)
        self.ask_in(dialog, self.presenter.on_move)

    # ---- as the presenter asks ----------------------------------------------------------------------------------

    def show_page(self, offset: int, lines: tuple[ReferralLine, ...], total: int) -> None:
        """Show one page; the selected referral stays selected, or the next one takes its place."""
        underway = self.presenter.show == "open"
        self.empty.say(
            "No referral is underway" if underway else "There is none here",
            "What callers record with somebody's agreement comes here to be sent." if underway else "",
            icon="good" if underway else "sending",
        )
        self.show_lines(offset, lines, total)

    def show_counts(self, by_state: dict[str, int]) -> None:
        """Say how many are in each state."""
        for key, _words in FILTERS:
            count = sum(by_state.get(one, 0) for one in _OPEN) if key == "open" else by_state.get(key, 0)
            self.filters.show_count(key, count)

    def show_pathways(self, known: tuple[ReferralPathway, ...]) -> None:
        """Offer the pathways there are referrals of; the chosen one stays chosen."""
        if known == self._known:
            return
        self._known = known
        chosen = self.pathways.currentData()
        several = len({one.project for one in known}) > 1
        with QSignalBlocker(self.pathways):
            while self.pathways.count() > 1:
                self.pathways.removeItem(1)
            for one in known:
                self.pathways.addItem(f"{one.title} ({one.project})" if several else one.title, one.key)
            at = self.pathways.findData(chosen)
            self.pathways.setCurrentIndex(max(0, at))
        if at < 0:
            self._pathway_chosen()

    def show_sheet(self, sheet: ReferralSheet | None) -> None:
        """Show a referral in full."""
        now = self._clock.now()
        way = tuple(
            (text_words(one.at, now), ", ".join(part for part in (one.words, one.by) if part)
             + (f". Why: {one.why}" if one.why else ""))
            for one in (sheet.steps if sheet is not None else ())
        )  # fmt: skip
        since = f"since {text_words(sheet.line.since, now)}" if sheet is not None else ""
        self.sheet.show_sheet(sheet, since, way, fetching=self.presenter.chosen is not None)

    def show_moving(self, moving: bool) -> None:
        """Show that the centre is being asked."""
        self.sheet.show_moving(moving)
        if self._dialog is not None:
            self._dialog.show_moving(moving)

    def show_move_refused(self, fault: Exception) -> None:
        """Say in the dialog what is missing or went wrong."""
        self.say_refused(fault)

    def show_moved(self, sentence: str, *, mine: bool) -> None:
        """Say how it stands, and who moved it where it was somebody else."""
        self.say_done(sentence, "good" if mine else "info")
        self.table.setFocus()


def _state(row: ReferralLine) -> str:
    words = "to cancel" if row.state == "cancel_due" else row.state_words  # what stands in a column has to be short
    return words[:1].upper() + words[1:]


def _since(row: ReferralLine, now: datetime) -> str:
    since = age(from_text(row.since), now)
    return since if since == "just now" else f"{since}"
