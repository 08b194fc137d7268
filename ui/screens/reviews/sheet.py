"""One case in full: what happened in a sentence, what stands beside what came, and the acts that would settle it."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from caller_app.protocol.supervision import ReviewAct, ReviewSheet
from ui.widgets.buttons import button
from ui.widgets.chips import Chip
from ui.widgets.empty import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.line_grid import LineGrid
from ui.widgets.panes import Pane
from ui.widgets.texts import Text, rule


class CaseSheet(Pane):
    """The pane beside the list; `act_pressed` carries the code of an act."""

    act_pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__(margin=16, gap=10)
        # The words' height at the width there is decides, not the height they would need in a narrow column.
        self.setMinimumHeight(1)
        self.nothing = EmptyState("board", "Choose a case", "What happened and what can be done is shown here.")
        self.title = Text("", "section", wrap=True)
        self._urgent = Chip("Before all others", "danger")
        self._person = Text("", "large", wrap=True, selectable=True)
        self._happened = Text("", wrap=True)
        self._when = Text("", "quiet", wrap=True)
        self._grid = LineGrid("What stands and what came, side by side", values=2)
        self._line = rule()
        self._settled = Text("", wrap=True)
        self._acts = QWidget()
        self._flow = FlowLayout(self._acts, gap=8, line_gap=8)
        self.buttons: list[QPushButton] = []
        self._will = Text("", "quiet", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._urgent)
        head.addStretch(1)
        told = QVBoxLayout()
        told.setSpacing(4)
        for part in (self._happened, self._when):
            told.addWidget(part)
        self.column.addWidget(self.nothing, 1)
        self.column.addWidget(self.title)
        self.column.addLayout(head)
        self.column.addWidget(self._person)
        self.column.addLayout(told)
        for part in (self._grid, self._line, self._settled, self._acts, self._will):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self._all = (
            self.title, self._person, self._happened, self._when, self._grid, self._line, self._acts, self._will,
        )  # fmt: skip
        self.show_sheet(None, "")

    def show_sheet(self, sheet: ReviewSheet | None, settled: str, *, fetching: bool = False) -> None:
        """Show a case; `settled` says who settled it where somebody has. Without one: being fetched, or none chosen."""
        if sheet is None and fetching:
            self.nothing.say("Asking the centre …", icon="clock")
        elif sheet is None:
            self.nothing.say("Choose a case", "What happened and what can be done is shown here.", icon="board")
        for part in self._all:
            part.setVisible(sheet is not None)
        self.nothing.setVisible(sheet is None)
        self._urgent.setVisible(sheet is not None and sheet.line.urgent and not settled)
        self._settled.setVisible(bool(settled))
        self._settled.setText(settled)
        if sheet is None:
            for words in (self.title, self._person, self._happened, self._when, self._will):
                words.setText("")
            self._grid.show_lines(())
            self._show_acts([])
            return
        line = sheet.line
        self.title.setText(line.title)
        self._person.setText(" · ".join(part for part in (line.patient, line.project) if part))
        self._person.setVisible(bool(line.patient))
        self._happened.setText(sheet.happened)
        self._when.setText(sheet.when)
        self._when.setVisible(bool(sheet.when))
        self._grid.show_heads(sheet.held_by, sheet.came_by)
        self._grid.show_lines([(row.label, row.held or "", row.came or "") for row in sheet.rows])
        self._show_acts([] if settled else sheet.acts)

    def _show_acts(self, acts: list[ReviewAct]) -> None:
        while len(self.buttons) < len(acts):
            made = button("", partial(self._pressed, len(self.buttons)))
            self.buttons.append(made)
            self._flow.addWidget(made)
        self._codes = [one.code for one in acts]
        for at, made in enumerate(self.buttons):
            made.setVisible(at < len(acts))
            act = acts[at] if at < len(acts) else None
            made.setText(act.label if act else "")
            made.setAccessibleName(act.label if act else "")
            made.setAccessibleDescription(act.will if act else "")
            made.setToolTip(act.will if act else "")
        self._acts.setVisible(bool(acts))
        self._will.setText("\n".join(f"{one.label}: {one.will}" for one in acts))
        self._will.setVisible(bool(acts))

    def _pressed(self, at: int) -> None:
        if at < len(self._codes):
            self.act_pressed.emit(self._codes[at])
