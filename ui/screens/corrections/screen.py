"""Corrections as they came in: what we hold beside what was said, who said it, which practice is asked."""

from datetime import date

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from caller_app.base.paths import resource_text
from caller_app.domain.corrections import read_corrections
from caller_app.domain.phones import show
from caller_app.protocol.supervision import CorrectionItem
from ui.asking import AskingScreen
from ui.delegates.cells import Cells
from ui.models.paged import Column, PagedTable
from ui.screens.corrections.detail import CorrectionDetail
from ui.screens.corrections.presenter import CorrectionsPresenter
from ui.tasks import Desk
from ui.widgets.empty import EmptyState
from ui.widgets.tables import Table
from ui.widgets.texts import Text
from ui.widgets.times import text_words

SOURCES = {
    "patient": "the patient",
    "proxy": "who speaks for them",
    "third_party": "somebody else",
    "network": "the telephone network",
    "post": "returned post",
}
STATES = {
    "new": "new",
    "approved": "approved",
    "rejected": "rejected",
    "sent": "sent to the practice",
    "acknowledged": "acknowledged",
    "applied": "put right",
    "not_applied": "not put right",
    "candidate": "to be confirmed",
}


class CorrectionsScreen(AskingScreen):
    """Shows the table."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.presenter = CorrectionsPresenter(self, desk.work(self), desk.clock)
        clock = desk.clock
        catalogue = read_corrections(resource_text("corrections.csv"), resource_text("correction_fields.toml"))
        self._labels = labels = {one.code: one.label for one in catalogue.all()}
        self._clock = clock
        column = self.page("Corrections")
        self.count = Text("", "quiet")
        column.addLayout(self.head("Corrections", self.count))
        column.addWidget(self.banner)
        self.model: PagedTable[CorrectionItem] = PagedTable(
            (
                Column("Told", lambda row: text_words(row.told_at, clock.now())),
                Column("Patient", lambda row: row.patient),
                Column(
                    "What",
                    lambda row: labels.get(row.type, row.type),
                    tone=lambda row: "caution" if _urgent(row) else "",
                ),
                Column("We hold", lambda row: _value(row.old) or "nothing"),
                Column("We were told", lambda row: _value(row.new) or "it is wrong"),
                Column("Told by", lambda row: SOURCES.get(row.source, row.source)),
                Column("Told to", lambda row: row.told_to),
                Column(
                    "Practice",
                    lambda row: row.practice_name or row.practice_ods,
                    tip=lambda row: f"{row.practice_name} ({row.practice_ods})",
                ),
                Column("State", lambda row: STATES.get(row.state, row.state)),
            ),
            lambda row: row.correction_id,
            parent=self,
        )
        self.model.wanted.connect(self.presenter.on_page_wanted)
        self.table = Table("Corrections, newest first")
        self.table.setModel(self.model)
        self.table.setItemDelegate(Cells(self.table))
        self.table.set_columns((96, 168, 192, 168, 0, 128, 110, 152, 144), stretch=4)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_detail())
        self.stack = QStackedWidget()
        self.empty = EmptyState("clock", "Not known yet", "The centre has not answered.")
        self.stack.addWidget(self.empty)
        self.detail = CorrectionDetail()
        both = QWidget()
        below = QVBoxLayout(both)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(8)
        below.addWidget(self.table, 1)
        below.addWidget(self.detail)
        self._full = both
        self.stack.addWidget(both)
        column.addWidget(self.stack, 1)

    def shown(self) -> None:
        """Gone to again."""
        self.table.setFocus()

    def panes(self) -> list[QWidget]:
        """Give the panes F6 cycles through."""
        return [self.table, self.refresh]

    # ---- as the presenter asks ----------------------------------------------------------------------------------

    def show_page(self, offset: int, lines: tuple[CorrectionItem, ...], total: int) -> None:
        """Show one page."""
        self.model.show_page(offset, lines, total)
        self.empty.say(
            "No corrections have come in yet",
            "When a caller is told that a detail is wrong, it stands here with what we hold and what was said.",
            icon="correct",
        )
        self.count.setText("" if not total else "1 in all" if total == 1 else f"{total} in all")
        self.stack.setCurrentWidget(self._full if total else self.empty)
        if total and self.refresh.hasFocus() and not self.table.selectionModel().hasSelection():
            self.table.setFocus()
        if total and not self.table.selectionModel().hasSelection():
            self.table.selectRow(0)
        self._show_detail()

    def _show_detail(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        row = self.model.row(rows[0].row()) if rows else None
        self.detail.setVisible(row is not None)
        if row is not None:
            told = f"Told {text_words(row.told_at, self._clock.now())} to {row.told_to} by "
            self.detail.show_lines(
                f"{self._labels.get(row.type, row.type)}: {row.patient}",
                _value(row.old) or "nothing",
                _value(row.new) or "that it is wrong",
                f"{told}{SOURCES.get(row.source, row.source)}. Practice: {row.practice_name} ({row.practice_ods}). "
                f"State: {STATES.get(row.state, row.state)}.",
                row.urgency,
                urgent=_urgent(row),
            )


def _value(text: str | None) -> str:
    """Say a date or a number as people read it; everything else as it stands."""
    if text is not None and text.startswith("+44"):
        return show(text)
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return text or ""
    return f"{day.day} {day:%B %Y}"


def _urgent(row: CorrectionItem) -> bool:
    return row.urgency.casefold() not in ("", "routine", "normal", "monthly", "weekly")
