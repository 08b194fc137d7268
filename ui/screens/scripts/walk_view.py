"""The walk: the sample patient at the left, the page in the middle, where the path ends at the right."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from caller_app.script.examples import Example
from caller_app.supervise.rehearsal import Rehearsal, Walked
from ui.screens.scripts.walk_page import WalkPane
from ui.widgets.buttons import button
from ui.widgets.chips import Chip
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.forms import Form
from ui.widgets.line_grid import LineGrid
from ui.widgets.panes import Pane, SideBySide, scrolling
from ui.widgets.texts import Text, rule

NOBODY = "Nobody: values typed below"


class WalkView(QWidget):
    """Three panes; the middle one takes the keys."""

    patient_chosen = Signal(object)  # Example or None
    begun_anew = Signal()
    given_typed = Signal(str, str)
    language_chosen = Signal(str)

    def __init__(self, *, today: Callable[[], date]) -> None:
        super().__init__()
        self._examples: tuple[Example, ...] = ()
        self.page = WalkPane(today=today)
        self.fields: dict[str, QLineEdit] = {}
        patient = scrolling(self._lay_patient(), accessible="The sample patient", framed=True)
        end = scrolling(self._lay_end(), accessible="Where this path ends", framed=True)
        split = SideBySide((patient, 208), (self.page, 0), (end, 240), shares=(288, 690, 312))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)

    def _lay_patient(self) -> QWidget:
        left = Pane(margin=12, gap=12)
        self.form = Form(gap=12)
        self.patient = ChoiceBox(12)
        self.patient.activated.connect(self._choose_patient)
        self.form.add("patient", "Sample patient", self.patient)
        self.language = ChoiceBox(8)
        self.language.activated.connect(lambda at: self.language_chosen.emit(self.language.itemText(at)))
        self.form.add("language", "Language", self.language)
        left.column.addWidget(self.form)
        self.anew = button("Begin anew", self.begun_anew.emit, icon="undo")
        left.column.addWidget(self.anew)
        left.column.addWidget(rule())
        self._brings = Text("What the call brings", "overline")
        left.column.addWidget(self._brings)
        self._values_box = QVBoxLayout()
        left.column.addLayout(self._values_box)
        self._values: Form | None = None
        left.column.addStretch(1)
        return left

    def _lay_end(self) -> QWidget:
        right = Pane(margin=12, gap=8)
        right.setMinimumHeight(1)
        self.state = Chip("Not finished", "info")
        self.outcome = Text("", "section", wrap=True)
        self.because = Text("", "quiet", wrap=True)
        self.facts = LineGrid("What the path leads to")
        self.said = LineGrid("Answers so far", shares=(3, 2))
        right.column.addWidget(Text("Where this path ends", "overline"))
        for part in (self.state, self.outcome, self.because, self.facts, rule()):
            right.column.addWidget(part)
        right.column.addWidget(Text("Answers so far", "overline"))
        right.column.addWidget(self.said)
        right.column.addStretch(1)
        return right

    # ---- showing -------------------------------------------------------------------------------------------------

    def show_rehearsal(self, rehearsal: Rehearsal) -> None:
        """Take a workbook: its sample patients, its fields, its languages."""
        self._examples = rehearsal.examples
        with QSignalBlocker(self.patient):
            self.patient.clear()
            self.patient.addItems([NOBODY, *(one.name for one in rehearsal.examples)])
        with QSignalBlocker(self.language):
            self.language.clear()
            self.language.addItems(list(rehearsal.languages))
        self.form.fields["language"].holder.setVisible(len(rehearsal.languages) > 1)
        names = [row.name for row in rehearsal.given()]
        if list(self.fields) != names:
            self._show_fields(names)

    def _show_fields(self, names: list[str]) -> None:
        if self._values is not None:
            self._values_box.removeWidget(self._values)
            self._values.setParent(None)
            self._values.deleteLater()
        self._values = Form(gap=8)
        self.fields = {}
        for name in names:
            line = QLineEdit()
            line.setMaxLength(200)
            line.editingFinished.connect(lambda one=name: self.given_typed.emit(one, self.fields[one].text()))  # type: ignore[misc]
            self.fields[name] = line
            self._values.add(name, name.replace("_", " "), line)
        self._values_box.addWidget(self._values)
        self._brings.setText("What the call brings" if names else "The call brings nothing to this script")

    def show_given(self, values: dict[str, str]) -> None:
        """Show what the sample patient brings."""
        for name, line in self.fields.items():
            if line.text() != values.get(name, ""):
                line.setText(values.get(name, ""))

    def choose_patient(self, at: int) -> None:
        """Choose the sample patient in this place."""
        self.patient.setCurrentIndex(at + 1)
        self._choose_patient(at + 1)

    def _choose_patient(self, at: int) -> None:
        self.patient_chosen.emit(self._examples[at - 1] if 0 < at <= len(self._examples) else None)

    def show_walk(self, walked: Walked, at: int) -> None:
        """Show where the walk stands."""
        self.page.show_walk(walked, at)
        if walked.finished and walked.outcome:
            self.state.show_state("Ends here", "good")
        elif walked.finished:
            self.state.show_state("Ends with no outcome", "caution")
        else:
            self.state.show_state("Not finished", "info")
        self.outcome.setText(f"{walked.outcome}  {walked.outcome_label}" if walked.outcome else "No outcome set yet")
        self.because.setText(f"Set by: {walked.because}" if walked.because else "")
        self.because.setVisible(bool(walked.because))
        lines = [("Pathway", one) for one in walked.pathways] or [("Pathway", "none")]
        lines += [("Opens help", one) for one in walked.raises]
        lines += [("Warned", one) for one in walked.warned]
        self.facts.show_lines(lines)
        self.said.show_lines([(asked, answer) for _page, asked, answer in walked.said] or [("–", "none yet")])
