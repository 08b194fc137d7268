"""One referral in full: who and where to, how it stands, the ways on, what was agreed, and its way so far."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from caller_app.protocol.referrals import ReferralMove, ReferralSheet
from ui.widgets.buttons import button
from ui.widgets.chips import Chip
from ui.widgets.empty import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.line_grid import LineGrid
from ui.widgets.panes import Pane
from ui.widgets.texts import Text, rule

TONES = {
    "cancel_due": "danger",
    "held_for_review": "caution",
    "returned": "caution",
    "recorded": "info",
    "attended": "good",
}
_HELD = "It is held for review: decide it under Reviews."


class ReferralPane(Pane):
    """The pane beside the list; `move_pressed` carries the state a way on leads to."""

    move_pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__(margin=16, gap=10)
        # The words' height at the width there is decides, not the height they would need in a narrow column.
        self.setMinimumHeight(1)
        self.nothing = EmptyState("sending", "Choose a referral", "What was agreed and how it stands is shown here.")
        self.title = Text("", "section", wrap=True, selectable=True)
        self._pathway = Text("", "large", wrap=True)
        self._state = Chip("")
        self._since = Text("", "quiet", wrap=True)
        state = QHBoxLayout()
        state.setSpacing(8)
        state.addWidget(self._state)
        state.addWidget(self._since, 1)
        self._moves = QWidget()
        self._flow = FlowLayout(self._moves, gap=8, line_gap=8)
        self.buttons: list[QPushButton] = []
        self._to: list[str] = []
        self._will = Text("", "quiet", wrap=True)
        self._line = rule()
        self._facts_head = Text("What was agreed", "overline")
        self._facts = LineGrid("What was agreed", letters=21)
        self._way_head = Text("Its way so far", "overline")
        self._way = LineGrid("Its way so far", letters=21)
        head = QVBoxLayout()
        head.setSpacing(4)
        for part in (self.title, self._pathway):
            head.addWidget(part)
        self.column.addWidget(self.nothing, 1)
        self.column.addLayout(head)
        self.column.addLayout(state)
        for below in (self._moves, self._will, self._line, self._way_head, self._way, self._facts_head, self._facts):
            self.column.addWidget(below)
        self.column.addStretch(1)
        self._all = (
            self.title, self._pathway, self._state, self._since, self._moves, self._will, self._line, self._facts,
            self._facts_head, self._way_head, self._way,
        )  # fmt: skip
        self.show_sheet(None, "", ())

    def show_sheet(
        self, sheet: ReferralSheet | None, since: str, way: tuple[tuple[str, str], ...], *, fetching: bool = False
    ) -> None:
        """Show a referral; `since` and `way` are its times in words. Without one: being fetched, or none chosen."""
        if sheet is None and fetching:
            self.nothing.say("Asking the centre …", icon="clock")
        elif sheet is None:
            self.nothing.say("Choose a referral", "What was agreed and how it stands is shown here.", icon="sending")
        for part in self._all:
            part.setVisible(sheet is not None)
        self.nothing.setVisible(sheet is None)
        if sheet is None:
            for words in (self.title, self._pathway, self._since, self._will):
                words.setText("")
            self._facts.show_lines(())
            self._way.show_lines(())
            self._show_moves([])
            return
        line = sheet.line
        self.title.setText(line.patient)
        self._pathway.setText(" · ".join(part for part in (line.pathway, line.project) if part))
        stands = line.state_words
        self._state.show_state(stands[:1].upper() + stands[1:], TONES.get(line.state, ""))
        self._since.setText(since)
        self._facts.show_lines([(one.label, one.value) for one in sheet.facts])
        self._way.show_lines(way)
        self._show_moves(sheet.moves)
        if line.state == "held_for_review":
            self._will.setText(_HELD)
            self._will.show()

    def show_moving(self, moving: bool) -> None:
        """Show that the centre is being asked."""
        for one in self.buttons:
            one.setEnabled(not moving)

    def _show_moves(self, moves: list[ReferralMove]) -> None:
        while len(self.buttons) < len(moves):
            first = not self.buttons
            made = button("", partial(self._pressed, len(self.buttons)), kind="primary" if first else "plain")
            self.buttons.append(made)
            self._flow.addWidget(made)
        self._to = [one.to for one in moves]
        for at, made in enumerate(self.buttons):
            move = moves[at] if at < len(moves) else None
            made.setVisible(move is not None)
            label = f"{move.label} …" if move is not None and move.asks_why else move.label if move else ""
            made.setText(label)
            made.setAccessibleName(label.removesuffix(" …"))
            made.setAccessibleDescription(move.will if move else "")
            made.setToolTip(move.will if move else "")
        self._moves.setVisible(bool(moves))
        self._will.setText("\n".join(f"{one.label}: {one.will}" for one in moves))
        self._will.setVisible(bool(moves))

    def _pressed(self, at: int) -> None:
        if at < len(self._to):
            self.move_pressed.emit(self._to[at])
