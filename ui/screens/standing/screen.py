"""What is sent: the standing in words and figures, and every change of the outbox with its state."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from caller_app.base.notices import Notice
from caller_app.queries.rows import OutboxRow, Standing
from ui.delegates.cells import Cells
from ui.models.paged import Column, PagedTable
from ui.screens.standing.presenter import Figure, StandingPresenter
from ui.tasks import Desk
from ui.widgets.buttons import button
from ui.widgets.empty import EmptyState
from ui.widgets.figures import FigureTile
from ui.widgets.tables import Table
from ui.widgets.texts import Text
from ui.widgets.times import moment_words


class StandingScreen(QWidget):
    """Shows the outbox."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._clock = desk.clock
        self.presenter = StandingPresenter(self, desk.work(self), desk.clock, desk.client.standing)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        top = QHBoxLayout()
        top.setSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(Text("What is sent", "title"))
        self.sentence = Text("", wrap=True)
        words.addWidget(self.sentence)
        top.addLayout(words, 1)
        self.send = button("Send and look for news now", desk.client.nudge, icon="refresh", keys="Ctrl+R")
        top.addWidget(self.send)
        column.addLayout(top)
        self._tiles = [FigureTile() for _ in range(5)]
        tiles = QHBoxLayout()
        tiles.setSpacing(8)
        for tile in self._tiles:
            tiles.addWidget(tile, 1)
        column.addLayout(tiles)
        self.model: PagedTable[OutboxRow] = PagedTable(
            (
                Column("No.", lambda row: str(row.dseq), right=True),
                Column("Recorded", lambda row: moment_words(row.recorded_at, self._clock.now())),
                Column("What", lambda row: row.title),
                Column("State", _state, tone=_tone, tip=_state),
                Column("Reason", _reason),
                Column("Tries", lambda row: str(row.tries) if row.tries else "", right=True),
            ),
            lambda row: row.change_id,
            parent=self,
        )
        self.model.wanted.connect(self.presenter.on_page_wanted)
        self.table = Table("Everything recorded on this computer, newest first")
        self.table.setModel(self.model)
        self.table.setItemDelegate(Cells(self.table))
        self.table.set_columns((64, 136, 320, 300, 0, 64), stretch=4)
        column.addWidget(self.table, 1)
        self.empty = EmptyState(
            "outbox",
            "Nothing has been recorded on this computer yet",
            "Every result you record is listed here with its receipt.",
        )
        column.addWidget(self.empty, 1)
        self.empty.hide()

    def start(self) -> None:
        """Show how things stand."""
        self.presenter.refresh()

    def shown(self) -> None:
        """Ages grew while another screen was shown."""
        self.presenter.show_figures()

    def on_notice(self, notice: Notice) -> None:
        """Rows altered."""
        self.presenter.on_notice(notice.kinds)

    def panes(self) -> list[QWidget]:
        """Give the panes F6 cycles through."""
        return [self.table, self.send]

    # ---- as the presenter asks ----------------------------------------------------------------------------------

    def show_standing(self, standing: Standing, figures: tuple[Figure, ...]) -> None:
        """Show the sentence and the figures."""
        self.sentence.setText(standing.sentence)
        for tile, figure in zip(self._tiles, figures, strict=False):
            tile.show_figure(figure.title, figure.value, figure.below, figure.tone)
        for at, tile in enumerate(self._tiles):
            tile.setVisible(at < len(figures))

    def show_page(self, offset: int, rows: tuple[OutboxRow, ...], total: int) -> None:
        """Show one page of the outbox."""
        if offset == 0 and total <= len(rows):
            self.model.show_all(rows)
        else:
            self.model.show_page(offset, rows, total)
        empty = self.model.rowCount() == 0
        self.empty.setVisible(empty)
        self.table.setVisible(not empty)


def _state(row: OutboxRow) -> str:
    words = row.state.partition(":")[0]  # the reason has its own column
    return words[:1].upper() + words[1:]


def _tone(row: OutboxRow) -> str:
    if row.verdict in ("applied_review", "quarantined"):
        return "caution"
    if row.verdict == "applied":
        return "good"
    return "info" if row.verdict is None and not row.state.startswith("sent") else ""


def _reason(row: OutboxRow) -> str:
    return row.reason or ""
