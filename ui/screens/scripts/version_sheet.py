"""One version in full: what it is, who did what to it and when, and what can be done with it now."""

from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from caller_app.protocol.scripts import ScriptAct, ScriptStep, ScriptVersion
from ui.screens.scripts.columns import state_words
from ui.widgets.buttons import button
from ui.widgets.chips import Chip
from ui.widgets.empty import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.line_grid import LineGrid
from ui.widgets.panes import Pane
from ui.widgets.texts import Text, rule
from ui.widgets.times import text_words

_TONES = {"published": "good", "approved": "info", "in_review": "caution"}


class VersionSheet(Pane):
    """The pane beside the list; `act_pressed` carries the code of a step."""

    act_pressed = Signal(str)
    rehearse_wanted = Signal()
    save_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(margin=16, gap=10)
        self.setMinimumHeight(1)
        self.nothing = EmptyState("note", "Choose a version", "Who wrote, approved and published it is shown here.")
        self.title = Text("", "section", wrap=True)
        self.state = Chip("", "info")
        head = QHBoxLayout()
        head.addWidget(self.state)
        head.addStretch(1)
        self.facts = LineGrid("About this version", letters=18)
        self._line = rule()
        self._history_head = Text("What was done", "overline")
        self.history = LineGrid("What was done with it, the oldest first", letters=18)
        self._tools = QWidget()
        tools = FlowLayout(self._tools, gap=8, line_gap=8)
        self.rehearse = button("Rehearse it", self.rehearse_wanted.emit, icon="eye")
        self.save = button("Save the workbook …", self.save_wanted.emit, icon="copy")
        tools.addWidget(self.rehearse)
        tools.addWidget(self.save)
        self._acts = QWidget()
        self._flow = FlowLayout(self._acts, gap=8, line_gap=8)
        self.buttons: list[QPushButton] = []
        self._codes: list[str] = []
        self._will = Text("", "quiet", wrap=True)
        self.column.addWidget(self.nothing, 1)
        self.column.addWidget(self.title)
        self.column.addLayout(head)
        for part in (self._acts, self._will, self._line, self.facts, self._tools, self._history_head, self.history):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self._all = (
            self.title, self.state, self.facts, self._line, self._history_head, self.history, self._tools, self._acts,
            self._will,
        )  # fmt: skip
        for part in self._all:
            part.hide()

    def show_version(self, version: ScriptVersion | None, now: datetime) -> None:
        """Show a version; None where none is chosen."""
        for part in self._all:
            part.setVisible(version is not None)
        self.nothing.setVisible(version is None)
        if version is None:
            self._show_acts([])
            return
        self.title.setText(f"{version.title}, version {version.version}")
        self.state.show_state(state_words(version), _TONES.get(version.state, "info"))
        tried = f"{version.examples}, all as expected" if version.examples else "none in the workbook"
        self.facts.show_lines(
            [
                ("Form", version.form_id),
                ("Written by", version.author or "not known"),
                ("Example patients", tried if version.has_workbook else "not known"),
                ("Warnings", str(version.warnings) if version.has_workbook else "not known"),
                ("Fingerprint", version.sha256[:16]),
            ]
        )
        self.history.show_lines([(text_words(one.at, now), _done(one)) for one in version.steps])
        self._tools.setVisible(version.has_workbook)
        self._show_acts(version.acts)

    def _show_acts(self, acts: list[ScriptAct]) -> None:
        while len(self.buttons) < len(acts):
            made = button("", partial(self._pressed, len(self.buttons)))
            self.buttons.append(made)
            self._flow.addWidget(made)
        self._codes = [one.code for one in acts]
        for at, made in enumerate(self.buttons):
            act = acts[at] if at < len(acts) else None
            made.setVisible(act is not None)
            made.setText(act.label if act else "")
            made.setAccessibleName(act.label if act else "")
            made.setAccessibleDescription((act.refused or act.will) if act else "")
            made.setToolTip((act.refused or act.will) if act else "")
            made.setEnabled(act is not None and not act.refused)
        self._acts.setVisible(bool(acts))
        self._will.setText("\n".join(f"{one.label}: {one.refused or one.will}" for one in acts))
        self._will.setVisible(bool(acts))

    def _pressed(self, at: int) -> None:
        if at < len(self._codes):
            self.act_pressed.emit(self._codes[at])


def _done(step: ScriptStep) -> str:
    words = f"{step.words} by {step.by}" if step.by else step.words
    return f"{words[:1].upper()}{words[1:]}." + (f" Why: {step.why}" if step.why else "")
