"""One change in full: where it stands and its receipt at once; whom and what it was about only when asked for."""

from PySide6.QtWidgets import QHBoxLayout

from caller_app.queries.rows import OutboxDetail
from ui.a11y import announce
from ui.widgets.buttons import button
from ui.widgets.chips import Chip
from ui.widgets.empty import EmptyState
from ui.widgets.line_grid import LineGrid
from ui.widgets.panes import Pane
from ui.widgets.texts import Text, rule

_SHOW, _HIDE = "Show what was recorded", "Hide what was recorded"


class ChangeDetail(Pane):
    """The pane beside the table."""

    def __init__(self) -> None:
        super().__init__(margin=16, gap=10)
        # The words' height at the width there is decides, not the height they would need in a narrow column.
        self.setMinimumHeight(1)
        self._found: OutboxDetail | None = None
        self._nothing = EmptyState("outbox", "Choose a line", "Its way and its receipt are shown here.")
        self._said = Text("", wrap=True, selectable=True)
        self._said_line = rule()
        self.title = Text("", "section", wrap=True)
        self._state = Chip("")
        self._why = Text("", wrap=True)
        self._way = LineGrid("The way of this change")
        self._line = rule()
        self.reveal = button(_SHOW, self.toggle, icon="eye", keys="Enter", checkable=True)
        self._about = Text("", "section", wrap=True, selectable=True)
        self._words = LineGrid("What was recorded")
        head = QHBoxLayout()
        head.addWidget(self._state)
        head.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.reveal)
        foot.addStretch(1)
        self.column.addWidget(self._said)
        self.column.addWidget(self._said_line)
        self.column.addWidget(self._nothing, 1)
        self.column.addWidget(self.title)
        self.column.addLayout(head)
        for part in (self._why, self._way, self._line):
            self.column.addWidget(part)
        self.column.addLayout(foot)
        for part in (self._about, self._words):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self.show_said("")
        self.show_detail(None)

    def show_said(self, words: str) -> None:
        """Show what the centre said, in full; nothing where the words are empty."""
        self._said.setText(words)
        self._said.setVisible(bool(words))
        self._said_line.setVisible(bool(words) and self._found is not None)

    def show_detail(self, found: OutboxDetail | None) -> None:
        """Show one change, or ask to choose one; its words stay hidden until they are asked for again."""
        same = found is not None and self._found is not None and found.row.change_id == self._found.row.change_id
        self._found = found
        self._nothing.setVisible(found is None and self._said.isHidden())
        self._said_line.setVisible(found is not None and not self._said.isHidden())
        for part in (self.title, self._state, self._way, self._line, self.reveal):
            part.setVisible(found is not None)
        if not same:
            self.reveal.setChecked(False)
        if found is None:
            self._why.hide()
            self._way.show_lines(())
            self.title.setText("")
        else:
            row = found.row
            self.title.setText(row.title)
            words = row.state.partition(":")[0]
            tone = "caution" if row.in_review else "good" if row.verdict == "applied" else ""
            self._state.show_state(words[:1].upper() + words[1:], tone)
            why = row.reason or ""
            self._why.setText(why[:1].upper() + why[1:] + ("." if why else ""))
            self._why.setVisible(bool(why))
            self._way.show_lines(found.way)
        self._show_words()

    def toggle(self) -> None:
        """Show or hide whom and what it was about."""
        self._show_words()

    def press(self) -> None:
        """Enter in the table does what the button does."""
        if self._found is not None:
            self.reveal.setChecked(not self.reveal.isChecked())
            self._show_words()

    def _show_words(self) -> None:
        found = self._found if self.reveal.isChecked() else None
        self.reveal.setText(_HIDE if found else _SHOW)
        self.reveal.setAccessibleName(self.reveal.text())
        self._about.setText(found.about if found else "")
        self._about.setVisible(found is not None)
        self._words.show_lines(found.lines if found else ())
        self._words.setVisible(found is not None and bool(found.lines))
        if found:
            announce(self, f"{found.about}. {self._words.accessibleDescription()}")
