"""The form of one result: exactly what the code requires, the evidence for a wrong number, and what happens next.

What a reader would get wrong: the form records nothing. It hands over plain facts; whether they suffice is decided by
the command, and its refusal comes back to the field it names.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from caller_app.base.clock import london
from caller_app.queries.rows import OutcomeForm, PadOutcome
from ui.screens.calling.card_view import SafetyRow
from ui.widgets.buttons import button
from ui.widgets.choice_list import ChoiceList, put_in_place
from ui.widgets.fact_form import FactForm
from ui.widgets.fold import foot_line
from ui.widgets.panes import scrolling
from ui.widgets.texts import Text
from ui.widgets.yielding_area import SnugFrame

ASK_AGAIN = (("y", "Y   Yes, another time is fine"), ("n", "N   No, not about this again"))


class OutcomeFormView(QFrame):
    """Head, neutral text or warning where the code has one, fields, what follows, and the button that records."""

    submitted = Signal(object, str)  # facts, how a wrong number is known
    alternative_wanted = Signal()
    given_up = Signal()

    def __init__(self, *, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._form: OutcomeForm | None = None
        self._wordings: dict[str, str] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        inside = SnugFrame()
        box.addWidget(scrolling(inside, accessible="Result form"), 1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        self._title = Text("", "title", wrap=True)
        self._definition = Text("", "quiet", wrap=True)
        column.addWidget(self._title)
        column.addWidget(self._definition)
        self._say = Text("", "read", wrap=True, selectable=True)
        self._say.setProperty("part", "read-box")
        column.addWidget(self._say)
        self._warn = SafetyRow(inside)
        self._warn.hide()
        column.addWidget(self._warn)
        self._quick_label = Text("When?", "field")
        self._quick_box = QVBoxLayout()
        self._quick: ChoiceList | None = None
        column.addWidget(self._quick_label)
        column.addLayout(self._quick_box)
        self._again_label = Text("May we ask again another time?", "field")
        self._again = ChoiceList(ASK_AGAIN, name="May we ask again another time?", numbered=False, columns=2)
        self._again.changed.connect(self._turned)
        column.addWidget(self._again_label)
        column.addWidget(self._again)
        self._evidence_label = Text("How do you know?", "field")
        column.addWidget(self._evidence_label)
        self._evidence_box = QVBoxLayout()
        self._evidence: ChoiceList | None = None
        column.addLayout(self._evidence_box)
        self.facts = FactForm(today=today, parent=inside)
        self.facts.submitted.connect(self._submit)
        self.facts.changed.connect(self._pathway_chosen)
        column.addWidget(self.facts)
        self._refusal = Text("", "error", wrap=True)
        self._refusal.hide()
        column.addWidget(self._refusal)
        column.addStretch(1)
        foot = QFrame(self)
        foot.setProperty("pane", "foot")
        below = QVBoxLayout(foot)
        below.setContentsMargins(16, 10, 16, 10)
        self._next = Text("", "quiet", wrap=True)
        self._record = button("Record", self.facts.go_on, kind="primary", icon="check", keys="Enter")
        self._back = button("Back", self.given_up.emit, keys="Esc")
        below.addLayout(foot_line(self._next, self._back, self._record))
        box.addWidget(foot)

    # ---- showing -------------------------------------------------------------------------------------------------

    def show_form(
        self,
        form: OutcomeForm,
        *,
        alternative: PadOutcome | None,
        evidence: tuple[tuple[str, str], ...] = (),
        wordings: dict[str, str] | None = None,
    ) -> None:
        """Show what a code asks; values already filled in stay when it is the sister code."""
        kept = self.facts.values() if self._form is not None and alternative is not None else {}
        self._form = form
        self._title.setText(form.label)
        self._definition.setText(form.definition)
        self._wordings = wordings or {}
        self._read_out(form.say)
        self._warn_of(form.warn)
        self._next.setText(f"Then: {form.next_step[:1].lower()}{form.next_step[1:]}" if form.next_step else "")
        self._show_again(form, alternative)
        self.facts.show_fields((*form.fields, *form.referral), {**dict(form.filled), **kept})
        for one in self.facts.rows:
            self._pathway_chosen(one.field.name)
        self._show_quick(form)
        self._evidence = put_in_place(
            self._evidence_box,
            self._evidence,
            ChoiceList(evidence, name="How do you know?", columns=2) if evidence else None,
        )
        self._evidence_label.setVisible(bool(evidence))
        self._record.setText("Record and go on")
        self._record.setAccessibleName(f"Record {form.label}")
        self.say("")

    def _show_again(self, form: OutcomeForm, alternative: PadOutcome | None) -> None:
        shown = form.code in ("D01", "D02") and alternative is not None
        self._again_label.setVisible(shown)
        self._again.setVisible(shown)
        self._again.blockSignals(True)
        self._again.choose("y" if form.code == "D01" else "n")
        self._again.blockSignals(False)

    def _show_quick(self, form: OutcomeForm) -> None:
        made = None
        if form.quick_times:
            choices = [(str(at), f"{one.label}: {one.words}") for at, one in enumerate(form.quick_times)]
            made = ChoiceList((*choices, ("own", "Choose a day and time below")), name="When?", columns=1)
            made.changed.connect(self._quick_chosen)
        self._quick = put_in_place(self._quick_box, self._quick, made)
        self._show_own(made is None)
        self._quick_label.setVisible(made is not None)

    def _read_out(self, words: str) -> None:
        self._say.setText(words)
        self._say.setVisible(bool(words))

    def _warn_of(self, words: str) -> None:
        self._warn.fill("stop" if words else "info", words)
        self._warn.setVisible(bool(words))

    def _pathway_chosen(self, name: str) -> None:
        """Agreement counts only for the words that were read: they come up with the pathway."""
        chosen = self.facts.row(name)
        if chosen is not None and chosen.field.kind == "pathway":
            self._read_out(self._wordings.get(str(chosen.value()), ""))

    def _show_own(self, shown: bool) -> None:
        """Day and time are only asked where none of the ready-made times fits."""
        for name in ("date", "time"):
            one = self.facts.row(name)
            if one is not None:
                one.setVisible(shown)

    def forget(self) -> None:
        """Hold nothing of anybody any more."""
        self._form, self._wordings = None, {}
        self.facts.show_fields((), {})
        self._quick = put_in_place(self._quick_box, self._quick, None)
        self._read_out("")
        self._warn_of("")
        self.say("")

    def focus(self) -> None:
        """Go to what has to be answered first."""
        if self._quick is not None:
            self._quick.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._evidence is not None:
            self._evidence.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._again.isVisibleTo(self):
            row_of_reason = self.facts.first_empty()
            if row_of_reason is not None:
                row_of_reason.focus()
            else:
                self._record.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.facts.first_empty() is None or not self.facts.focus_first():
            self._record.setFocus(Qt.FocusReason.OtherFocusReason)

    def stand(self) -> QWidget:
        """Give where the focus goes when this pane is cycled to."""
        return self.facts.rows[0] if self.facts.rows else self._record

    def say(self, sentence: str, field: str | None = None) -> None:
        """Show a refusal at its field, else above the button."""
        if field == "evidence" and self._evidence is not None:
            self._evidence.setFocus(Qt.FocusReason.OtherFocusReason)
        here = bool(sentence) and self.facts.set_fault(field, sentence)
        self._refusal.setText("" if here else sentence)
        self._refusal.setVisible(bool(sentence) and not here)

    def set_busy(self, busy: bool) -> None:
        """While the result is being written the form stays as it is."""
        self._record.setDisabled(busy)

    # ---- answering -----------------------------------------------------------------------------------------------

    def submit(self) -> None:
        """Record, if nothing is missing."""
        self.facts.go_on()

    def _submit(self) -> None:
        if self._quick is not None and not self._quick.chosen() and self._asks_a_day():
            self.say("Choose when to ring: keys 1 to 4.")
            self._quick.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._form is not None and self._record.isEnabled():
            known = self._evidence.chosen() if self._evidence is not None else []
            self.submitted.emit(self.facts.values(), known[0] if known else "")

    def _asks_a_day(self) -> bool:
        day = self.facts.row("date")
        return day is not None and day.field.required

    def _turned(self) -> None:
        wanted = "D01" if self._again.chosen() == ["y"] else "D02"
        if self._form is not None and wanted != self._form.code and self._again.chosen():
            self.alternative_wanted.emit()

    def _quick_chosen(self) -> None:
        if self._quick is None or self._form is None:
            return
        chosen = self._quick.chosen()
        if not chosen:
            return
        day, time = self.facts.row("date"), self.facts.row("time")
        self._show_own(chosen[0] == "own")
        if chosen[0] == "own":
            if day is not None:
                day.focus()
            return
        one = self._form.quick_times[int(chosen[0])]
        start, end = london(one.from_at), london(one.to_at)
        if day is not None:
            day.set_value(start.date().isoformat())
        if time is not None:
            time.set_value(f"{start:%H:%M}-{end:%H:%M}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.facts.go_on()
            return
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.text() and self._take_key(event.text().lower()):
            return
        super().keyPressEvent(event)

    def _take_key(self, text: str) -> bool:
        focus = self.focusWidget()
        if isinstance(focus, QLineEdit | QPlainTextEdit) and focus.hasFocus():
            return False
        if text in "yn" and self._again.isVisibleTo(self):
            self._again.choose(text)
            return True
        who = self.facts.row("anyone")
        if text == "m" and who is not None:
            who.set_value("me" if who.value() == "anyone" else "anyone")
            return True
        if any(one is not None and one.take_key(text) for one in (self._quick, self._evidence)):
            return True
        return self.facts.take_key(text)

    def values(self) -> dict[str, Any]:
        """Give what is filled in."""
        return self.facts.values()
