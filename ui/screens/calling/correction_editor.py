"""Correcting one detail: the old value at the left, the new one at the right, how we know it by 1 to 4.

What a reader would get wrong: where several types fit a detail (a number that is wrong, or a new number) the type is
chosen first; a type that needs the identity check says so and cannot be recorded before.
"""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from caller_app.queries.rows import CorrectionForm, CorrectionKind
from ui.widgets.buttons import button
from ui.widgets.choice_list import ChoiceList, put_in_place
from ui.widgets.fact_form import FactForm
from ui.widgets.fold import foot_line
from ui.widgets.panes import Pane, scrolling
from ui.widgets.texts import Text
from ui.widgets.yielding_area import SnugFrame


class CorrectionEditor(QFrame):
    """Type, old beside new, evidence, and what the practice will be asked to do."""

    submitted = Signal(str, object, str)  # type, values, evidence
    given_up = Signal()

    def __init__(self, *, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._form: CorrectionForm | None = None
        self._kind: CorrectionKind | None = None
        self._known: dict[str, str] = {}
        self._types: ChoiceList | None = None
        self._evidence: ChoiceList | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        inside = SnugFrame()
        self._area = scrolling(inside, accessible="Correction")
        box.addWidget(self._area, 1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        self._title = Text("", "title", wrap=True)
        column.addWidget(self._title)
        self._types_box = QVBoxLayout()
        column.addLayout(self._types_box)
        beside = QGridLayout()
        beside.setHorizontalSpacing(16)
        beside.setVerticalSpacing(4)
        beside.setColumnStretch(0, 2)
        beside.setColumnStretch(1, 3)
        beside.addWidget(Text("On our record", "field"), 0, 0)
        beside.addWidget(Text("What we were told", "field"), 0, 1)
        old = Pane("sunken", margin=12)
        self._old = Text("", "large", wrap=True, selectable=True)
        old.column.addWidget(self._old)
        beside.addWidget(old, 1, 0, Qt.AlignmentFlag.AlignTop)
        self.facts = FactForm(today=today, parent=inside)
        self.facts.submitted.connect(self._facts_done)
        beside.addWidget(self.facts, 1, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(beside)
        self._evidence_label = Text("Who or what told us?", "field")
        column.addWidget(self._evidence_label)
        self._evidence_box = QVBoxLayout()
        column.addLayout(self._evidence_box)
        self._refusal = Text("", "error", wrap=True)
        self._refusal.hide()
        column.addWidget(self._refusal)
        column.addStretch(1)
        foot = QFrame(self)
        foot.setProperty("pane", "foot")
        below = QVBoxLayout(foot)
        below.setContentsMargins(16, 10, 16, 10)
        self._then = Text("", "quiet", wrap=True)
        self._record = button("Record the correction", self._go_on, kind="primary", icon="check", keys="Enter")
        back = button("Back", self.given_up.emit, keys="Esc")
        below.addLayout(foot_line(self._then, back, self._record))
        box.addWidget(foot)

    def show_form(self, form: CorrectionForm) -> None:
        """Show a detail and the types that fit it."""
        self._form = form
        self._title.setText(f"Put right: {form.label}")
        self._old.setText(form.old or "nothing on our record")
        self._old.setAccessibleName(f"On our record: {self._old.text()}")
        self._types = put_in_place(
            self._types_box,
            self._types,
            ChoiceList(
                tuple((one.type, _type_words(one)) for one in form.kinds),
                name="What is wrong?",
                columns=2,
                numbered=False,
            )
            if len(form.kinds) > 1
            else None,
        )
        self._evidence = put_in_place(
            self._evidence_box,
            self._evidence,
            ChoiceList(tuple((one, label) for one, label, _ in form.evidence), name="Who or what told us?", columns=2),
        )
        first = next((one for one in form.kinds if one.possible), form.kinds[0] if form.kinds else None)
        if self._types is not None and first is not None:
            self._types.choose(first.type)
            self._types.changed.connect(self._type_chosen)
        self._take(first)
        self.say("")

    def _take(self, kind: CorrectionKind | None) -> None:
        self._kind = kind
        if kind is None:
            self.facts.show_fields((), {})
            self._then.setText("This detail cannot be corrected here. Tell your supervisor.")
            self._record.setDisabled(True)
            return
        filled = dict(kind.filled)
        # The number is the detail itself: it stands at the left and is not asked again.
        self._known = {
            one.name: filled[one.name] for one in kind.fields if one.kind == "number_used" and filled.get(one.name)
        }
        self.facts.show_fields([one for one in kind.fields if one.name not in self._known], filled)
        self._record.setEnabled(kind.possible)
        asked = f"The practice is asked: {kind.asked_of_practice.rstrip('.').lower()}, {kind.urgency}."
        self._then.setText(asked if kind.possible else kind.why_not)

    def _type_chosen(self) -> None:
        chosen = self._types.chosen() if self._types is not None else []
        if self._form is not None and chosen and (self._kind is None or chosen[0] != self._kind.type):
            self._take(next(one for one in self._form.kinds if one.type == chosen[0]))
            self.say("")

    def forget(self) -> None:
        """Hold nothing of anybody any more."""
        self._form = None
        self._old.setText("")
        self._old.setAccessibleName("")
        self._take(None)
        self._types = put_in_place(self._types_box, self._types, None)
        self._evidence = put_in_place(self._evidence_box, self._evidence, None)
        self.say("")

    def focus(self) -> None:
        """Begin at the top: go to the new value, or to the evidence where nothing has to be typed."""
        self._area.verticalScrollBar().setValue(0)
        if self.facts.first_empty() is not None:
            self.facts.focus_first()
        elif self._evidence is not None and not self._evidence.chosen():
            # Below the fold nobody would see where they are; its keys, 1 to 4, work from the first question as well.
            seen = self._is_seen(self._evidence)
            first = self._evidence if seen or self._types is None else self._types
            first.setFocus(Qt.FocusReason.OtherFocusReason)
            if not seen and self._types is None:
                self._area.ensureWidgetVisible(self._evidence)
        else:
            self._record.setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_seen(self, part: QWidget) -> bool:
        view = self._area.viewport()
        return view.rect().intersects(QRect(part.mapTo(view, QPoint(0, 0)), part.size()))

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

    def _facts_done(self) -> None:
        self._go_on()

    def _go_on(self) -> None:
        if self._kind is None or not self._kind.possible or self._evidence is None:
            return
        missing = self.facts.first_empty()
        chosen = self._evidence.chosen()
        if missing is not None:
            self.facts.go_on()
        elif not chosen:
            self.say("Choose how we know this: keys 1 to 4.", "evidence")
        else:
            self.submitted.emit(self._kind.type, {**self._known, **self.facts.values()}, chosen[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_on()
            return
        focus = self.focusWidget()
        typing = isinstance(focus, QLineEdit | QPlainTextEdit) and focus.hasFocus()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if (
            plain
            and not typing
            and event.text()
            and self._evidence is not None
            and self._evidence.take_key(event.text())
        ):
            return
        super().keyPressEvent(event)


def _type_words(kind: CorrectionKind) -> str:
    return kind.label if kind.possible else f"{kind.label} ({kind.why_not})"
