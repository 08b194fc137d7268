"""One page of a walk: read-aloud words and questions as a caller sees them; digits answer, Enter goes on.

What a reader would get wrong: nothing here is a call. Plain keys act only while this pane has the focus, and a help
route is named, never opened.
"""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from caller_app.queries.script_rows import ScriptLine
from caller_app.supervise.rehearsal import Walked, WalkLine, WalkPage
from ui.theme.live import follow, tokens
from ui.widgets.buttons import button
from ui.widgets.line_pool import LinePool
from ui.widgets.panes import scrolling
from ui.widgets.script_line import ScriptLineView
from ui.widgets.texts import Text
from ui.widgets.yielding_area import SnugFrame

_NEXT = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class WalkLineView(QFrame):
    """A line as the caller sees it, and below it what it sets."""

    def __init__(self, parent: QWidget, *, today: Callable[[], date]) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.line = ScriptLineView(self, today=today)
        self._leads = Text("", "small", wrap=True)
        # Level with the words above, which stand beside their tag.
        follow(self._leads, lambda: self._leads.setContentsMargins(tokens().type_small * 5 + 22, 0, 12, 6))
        column.addWidget(self.line)
        column.addWidget(self._leads)

    def fill(self, line: WalkLine, answer: object) -> None:
        """Show a line with its answer."""
        self.line.fill(
            ScriptLine(
                name=line.name, style=line.style, text=line.text, hint=line.hint, choices=line.choices,
                missing=line.gaps, many=line.kind == "select_multiple", kind=line.kind, required=line.required,
                fault=line.fault,
            ),
            answer,
        )  # fmt: skip
        self._leads.setText(f"→ {line.leads}" if line.leads else "")
        self._leads.setVisible(bool(line.leads))


class WalkPane(QFrame):
    """Head with the step, the lines of one page, and the way on."""

    answered = Signal(str, str)
    typed = Signal(str, str)
    moved = Signal(int)

    def __init__(self, *, today: Callable[[], date]) -> None:
        super().__init__()
        self.setProperty("pane", "true")
        self.setProperty("part", "script")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("The page that is walked")
        self._today = today
        self._page: WalkPage | None = None
        self._current = ""
        box = QVBoxLayout(self)
        box.setContentsMargins(2, 2, 2, 2)
        box.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 10, 4)
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._step = Text("", "small")
        self._title = Text("", "section", wrap=True)
        words.addWidget(self._step)
        words.addWidget(self._title)
        self.back = button("Back", lambda: self.moved.emit(-1), kind="quiet", icon="chevron-left", keys="Backspace")
        self.onward = button("Next", self._onward, kind="quiet", icon="chevron-right", keys="Enter")
        head.addLayout(words, 1)
        for part in (self.back, self.onward):
            head.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(head)
        inside = SnugFrame()
        self._area = scrolling(inside, accessible="The page")
        box.addWidget(self._area, 1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(6, 0, 6, 8)
        self._lines: LinePool[WalkLineView] = LinePool(self._make, gap=2)
        column.addWidget(self._lines)
        column.addStretch(1)
        follow(self._lines, lambda: self._lines.setMaximumWidth(tokens().type_read * 48))
        self._missing = Text("", "error", wrap=True)
        self._missing.setContentsMargins(16, 4, 16, 8)
        self._missing.hide()
        box.addWidget(self._missing)

    def _make(self, parent: QWidget) -> WalkLineView:
        made = WalkLineView(parent, today=self._today)
        made.line.answered.connect(self.answered)
        made.line.typed.connect(self.typed)
        made.line.entered.connect(self._entered)
        made.line.taken.connect(self._go_to)
        return made

    def show_walk(self, walked: Walked, at: int) -> None:
        """Show one page of the path."""
        page = walked.pages[at] if at < len(walked.pages) else None
        turned = page is None or self._page is None or page.name != self._page.name
        had = self._has_keyboard()
        self._page = page
        self._missing.hide()
        total = len(walked.pages) + walked.ahead
        self._step.setText(f"Step {at + 1} of {'about ' if walked.ahead else ''}{total}" if page is not None else "")
        self._title.setText(page.title if page is not None else "Nothing to read")
        self.back.setEnabled(at > 0)
        self.onward.setEnabled(page is not None and (not page.done or at + 1 < len(walked.pages)))
        lines = page.lines if page is not None else ()
        for view, line in zip(self._lines.take(len(lines)), lines, strict=True):
            view.fill(line, walked.taken.get(line.name))
        for spare in self._lines.spare():
            spare.line.forget()
        names = [line.name for line in lines if line.choices or line.kind in _TYPED]
        unanswered = [name for name in names if not walked.taken.get(name)]
        if turned or self._current not in names:
            self._go_to(unanswered[0] if unanswered else names[-1] if names else "")
        elif walked.taken.get(self._current):
            below = [name for name in unanswered if names.index(name) > names.index(self._current)]
            many = next(line.kind == "select_multiple" for line in lines if line.name == self._current)
            if below and not many:
                self._go_to(below[0])
        if turned:
            self._area.verticalScrollBar().setValue(0)
        if had:
            self._take_keyboard()

    def say_missing(self, sentence: str, line: str) -> None:
        """Say why the page cannot be left yet, and stand on the question."""
        self._missing.setText(sentence)
        self._missing.show()
        self._go_to(line)
        self._take_keyboard()

    def _go_to(self, name: str) -> None:
        self._current = name
        for view in self._lines.lines():
            view.line.set_current(bool(name) and view.line.name == name)

    def _view(self) -> WalkLineView | None:
        return next((view for view in self._lines.lines() if view.line.name == self._current), None)

    def _has_keyboard(self) -> bool:
        focus = self.window().focusWidget()
        return focus is self or (focus is not None and self._lines.isAncestorOf(focus))

    def _take_keyboard(self) -> None:
        view = self._view()
        if view is not None:
            self._area.ensureWidgetVisible(view, 0, 8)
        if view is not None and view.line.field is not None:
            view.line.field.box.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _onward(self) -> None:
        for view in self._lines.lines():
            if view.line.field is not None:
                view.line.field.hand_over()
        self.moved.emit(1)

    def _entered(self, name: str) -> None:
        """Enter in a box: to the next question of the page, and from the last one on."""
        names = [view.line.name for view in self._lines.lines() if view.line.asks]
        below = names[names.index(name) + 1 :] if name in names else []
        if below:
            self._go_to(below[0])
            self._take_keyboard()
        else:
            self._onward()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        view = self._view()
        if event.key() in _NEXT and not event.isAutoRepeat():
            self._onward()
        elif event.key() == Qt.Key.Key_Backspace and not event.isAutoRepeat():
            self.moved.emit(-1)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step_ask(1 if event.key() == Qt.Key.Key_Down else -1)
        elif not (event.text().isalnum() and view is not None and view.line.take_key(event.text())):
            super().keyPressEvent(event)

    def _step_ask(self, step: int) -> None:
        names = [view.line.name for view in self._lines.lines() if view.line.asks]
        at = (names.index(self._current) if self._current in names else 0) + step
        if 0 <= at < len(names):
            self._go_to(names[at])
            self._take_keyboard()


_TYPED = frozenset({"integer", "decimal", "text", "date"})
