"""The script pane: one page at a time, large; digits answer, Enter goes on, Backspace goes back.

What a reader would get wrong: plain keys act only while this pane has the focus. A key pressed while the next rows are
still being worked out waits for them (a few milliseconds): it belongs to what the caller will see, not to what was.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from caller_app.queries.script_rows import ScriptPage, ScriptPath
from ui.screens.calling.script_foot import ScriptFoot
from ui.screens.calling.script_head import ScriptHead
from ui.screens.calling.so_far import SoFar
from ui.theme.live import follow, set_property, tokens
from ui.widgets.buttons import button
from ui.widgets.line_pool import LinePool
from ui.widgets.panes import scrolling
from ui.widgets.script_line import ScriptLineView
from ui.widgets.texts import Text
from ui.widgets.yielding_area import SnugFrame

MARGIN = 14  # width of the answers so far, in letters
_LEFT = 34  # the script keeps at least this many letters beside them
_WHOLE = 16_777_215  # Qt's word for no limit
_OPEN = (None, "", [])  # answers that are none
_STEPS = {Qt.Key.Key_Return: "next", Qt.Key.Key_Enter: "next", Qt.Key.Key_Backspace: "back"}


class ScriptView(QFrame):
    """Head, the answers so far, the lines, and the foot."""

    page_moved = Signal(int)
    line_wanted = Signal(int, str)  # page, line: to an earlier answer
    answered = Signal(str, str)
    typed = Signal(str, str)
    identity_wanted = Signal()
    details_wanted = Signal()
    language_wanted = Signal()
    help_wanted = Signal()
    what_if_wanted = Signal()

    def __init__(self, *, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self.setProperty("part", "script")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._today = today
        self._path = ScriptPath()
        self._page: ScriptPage | None = None
        self._at = 0
        self._current: str | None = None
        self._answers: dict[str, Any] = {}
        self._wanted: str | None = None  # the line to stand on when its page is shown
        self._answered: str | None = None  # just now; what it brings is not known yet
        self._looking_back = False
        self._asking = False
        self._waiting: list[str] = []  # keys pressed meanwhile
        box = QVBoxLayout(self)
        box.setContentsMargins(2, 2, 2, 2)
        box.setSpacing(0)
        self.head = ScriptHead(self)
        self.head.back.connect(lambda: self._move(-1))
        self.head.onward.connect(lambda: self._move(1))
        self.head.details_wanted.connect(self.details_wanted)
        self.head.language_wanted.connect(self.language_wanted)
        self.head.what_if_wanted.connect(self.what_if_wanted)
        box.addWidget(self.head)
        across = QHBoxLayout()
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self.so_far = SoFar(self)
        self.so_far.chosen.connect(self._go_back_to)
        self.so_far.hide()
        across.addWidget(self.so_far)
        inside = SnugFrame()
        self._area = scrolling(inside, accessible="Script")
        across.addWidget(self._area, 1)
        box.addLayout(across, 1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(6, 0, 6, 8)
        self._lines: LinePool[ScriptLineView] = LinePool(self._make_line, gap=2)
        self._none = Text("No script has arrived for this project yet. Record the result with F9.", "quiet", wrap=True)
        self._none.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self._none)
        column.addWidget(self._lines)
        # Where the text is too large for a margin the answers so far take the place of the page for a moment.
        self._to_answers = button("Answers so far", self._look_back, kind="quiet", keys="A")
        self._to_answers.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._to_answers.hide()
        column.addWidget(self._to_answers, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._show_current)
        self.foot = ScriptFoot(self)
        self.foot.taken.connect(lambda: self._move(1))
        box.addWidget(self.foot)
        # Longer lines are hard to read aloud without losing the place.
        follow(self._lines, self._fit)

    def _fit(self) -> None:
        self._lines.setMaximumWidth(tokens().type_read * 52)
        self.so_far.setMinimumWidth(tokens().type_body * MARGIN)

    def _make_line(self, parent: QWidget) -> ScriptLineView:
        line = ScriptLineView(parent, today=self._today)
        line.answered.connect(self.answered)
        line.typed.connect(self.typed)
        line.entered.connect(self._entered)
        line.taken.connect(self._go_to)
        line.help_wanted.connect(lambda _route: self.help_wanted.emit())
        return line

    # ---- showing -------------------------------------------------------------------------------------------------

    def show_script(self, path: ScriptPath, at: int, answers: dict[str, Any], *, settled: bool = True) -> None:
        """Show one page with the answers given so far; not settled: what follows from the last one is on its way."""
        page = path.pages[at] if 0 <= at < len(path.pages) else None
        turned = page is None or self._page is None or page.name != self._page.name or at != self._at
        had = self._has_keyboard()
        before, self._answers = self._answers, {**path.taken, **answers}
        self._path, self._page, self._at = path, page, at
        self._none.setVisible(page is None)
        self.head.show_step(path, at)
        lines = page.lines if page is not None else ()
        shown = self._lines.take(len(lines))
        for view, line in zip(shown, lines, strict=True):
            view.fill(line, self._answers.get(line.name))
        for view in self._lines.spare():
            view.forget()
        self._say_end(settled=settled)
        self._show_margin()
        self._go_to(self._next_current(page, turned=turned, before=before, settled=settled))
        if turned:
            self.foot.say("")
            self._area.verticalScrollBar().setValue(0)
            if self._begun():
                self._later.start()  # a page taken up again: where it goes on, or first of all the way to help
        elif before != self._answers or not settled:
            self._later.start()  # what the answer brought is laid out by then
        if had:
            self._follow_keyboard()
        self.setAccessibleName(f"Script, {self.head.words}: {page.title}" if page is not None else "Script")
        self._settle(asking=not settled)

    def let_go(self) -> None:
        """Another person comes: no key pressed and no letter typed for this one is theirs."""
        self._waiting.clear()
        self._wanted = None
        for view in self._lines.lines():
            if view.field is not None:
                view.field.forget()

    def forget(self) -> None:
        """Hold nothing of anybody any more."""
        self.let_go()
        self.foot.say("")
        self.show_script(ScriptPath(), 0, {})

    def _say_end(self, *, settled: bool) -> None:
        last = self._at == len(self._path.pages) - 1
        self.foot.show_end(self._path if last and self._page is not None and self._page.done else None)
        self.head.show_ending(ending=self.foot.offers)
        if self._page is not None and self._page.done and settled:
            self.foot.say("")

    def _show_margin(self) -> None:
        self.so_far.show_said(self._path.said, self._at)
        self._looking_back = False
        self._share()

    def _share(self) -> None:
        looking_back, said, look = self._looking_back, bool(self._path.said), tokens()
        beside = self.width() > look.type_body * (MARGIN + _LEFT)
        self.so_far.setVisible(said and (beside or looking_back))
        margin = max(look.type_body * MARGIN, self.width() // 5)
        self.so_far.setMaximumWidth(margin if beside else _WHOLE)
        self._to_answers.setVisible(said and not beside)
        self._area.setVisible(beside or not looking_back)

    def _look_back(self) -> None:
        """To the newest of the answers so far."""
        if self._path.said:
            self._looking_back = True
            self._share()
            self.so_far.focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._share()

    def say(self, sentence: str, line: str | None) -> None:
        """Say what the page still needs, and stand on it."""
        self.foot.say(sentence)
        if sentence and line is not None:
            self._go_to(line)
            self._show_current()
            self._follow_keyboard()

    def hand_over(self) -> None:
        """Hand over what is being typed: a result is about to be recorded, or the card is left."""
        for view in self._lines.lines():
            if view.field is not None:
                view.field.hand_over()

    # ---- the question that keys answer ----------------------------------------------------------------------------

    def _next_current(
        self, page: ScriptPage | None, *, turned: bool, before: dict[str, Any], settled: bool
    ) -> str | None:
        """Say which question comes next: the first open one, then the one after what was just answered.

        After an answer the next question may be one that the answer brought: it is looked for once that is known.
        """
        wanted, self._wanted = self._wanted, None
        asks = [view for view in self._lines.lines() if view.asks] if page is not None else []
        names = [view.name for view in asks]
        still_open = [name for name in names if self._answers.get(name) in _OPEN]
        if wanted in names:
            return wanted
        if turned or self._current not in names:
            return still_open[0] if still_open else names[-1] if names else None
        here = next(view for view in asks if view.name == self._current)
        if here.name not in still_open and before.get(here.name) != self._answers.get(here.name):
            self._answered = here.name
        if not settled:
            return here.name
        answered, self._answered = self._answered, None
        below = [name for name in still_open if names.index(name) > names.index(here.name)]
        moves_on = answered == here.name and not here.many and here.field is None
        return below[0] if moves_on and below else here.name

    def _begun(self) -> bool:
        """Tell whether the page was answered in part: it opens where it goes on, so that keys answer what is seen."""
        shown = self._lines.lines()
        return any(view.calls_for_help or (view.asks and self._answers.get(view.name)) for view in shown)

    def _go_to(self, name: str | None) -> None:
        self._current = name
        for view in self._lines.lines():
            view.set_current(name is not None and view.name == name)

    def _line(self) -> ScriptLineView | None:
        return next((view for view in self._lines.lines() if view.name == self._current), None)

    def _show_current(self) -> None:
        """Bring into sight what calls for help; else the question with the words that belong to it.

        Those are what is said before it since the question above, and what its answer has brought below it.
        """
        lines = self._lines.lines()
        calls = next((view for view in reversed(lines) if view.calls_for_help), None)
        current = self._line()
        if calls is not None:
            self._area.ensureWidgetVisible(calls, 0, 8)
        elif current is not None:
            first = last = lines.index(current)
            while first > 0 and not lines[first - 1].asks:
                first -= 1
            while self._answers.get(current.name) not in _OPEN and last + 1 < len(lines) and not lines[last + 1].asks:
                last += 1
            self._area.ensureWidgetVisible(lines[last], 0, 8)
            bar, top = self._area.verticalScrollBar(), lines[first].mapTo(self._area.widget(), QPoint(0, 0)).y()
            bar.setValue(min(bar.value(), max(0, top - 8)))  # what is read first wins where not all of it has room

    def _has_keyboard(self) -> bool:
        focus = self.window().focusWidget()
        return focus is self or (focus is not None and self._lines.isAncestorOf(focus))

    def _follow_keyboard(self) -> None:
        """The keyboard goes with the question: into its box, or to the pane for the keys of its answers."""
        current = self._line()
        if current is not None and current.field is not None:
            if not current.field.box.hasFocus():
                current.field.box.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, step: int) -> None:
        self.hand_over()
        self.page_moved.emit(step)

    def _entered(self, name: str) -> None:
        self._go_to(name)
        self._press("after")

    def _go_back_to(self, page: int, line: str) -> None:
        self.hand_over()
        self._wanted = line
        self.line_wanted.emit(page, line)
        self._follow_keyboard()

    # ---- keys ----------------------------------------------------------------------------------------------------

    def _settle(self, *, asking: bool) -> None:
        self._asking = asking
        while self._waiting and not self._asking:
            self._act(self._waiting.pop(0))

    def _press(self, key: str) -> None:
        if self._asking:
            self._waiting.append(key)
        else:
            self._act(key)

    def _act(self, key: str) -> bool:
        match key:
            case "next":
                self._move(1)
            case "back":
                self._move(-1)
            case "after":
                self._after()
            case _:
                current = self._line()
                return current is not None and current.take_key(key)
        return True

    def _after(self) -> None:
        """Enter in a box: to the next open question of the page, and from the last one on."""
        names = [view.name for view in self._lines.lines() if view.asks]
        at = names.index(self._current) if self._current in names else -1
        below = [name for name in names[at + 1 :] if self._answers.get(name) in _OPEN]
        here = self._line()
        if below and not (here is not None and self._page is not None and here.name in self._page.missing):
            self._go_to(below[0])
            self._show_current()
            self._follow_keyboard()
        else:
            self._move(1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._looking_back:
            self._looking_back = False
            self._share()
        set_property(self, "here", True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        set_property(self, "here", False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        key, text = Qt.Key(event.key()), event.text().lower()
        if key in _STEPS or key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(key, again=event.isAutoRepeat())
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            bar = self._area.verticalScrollBar()
            bar.setValue(bar.value() + (bar.pageStep() if key == Qt.Key.Key_PageDown else -bar.pageStep()))
        elif text in ("i", "e", "a", "l"):
            self._letter(text)
        elif text and text.isalnum() and self._asking:
            self._waiting.append(text)
        elif not (text and text.isalnum() and not event.isAutoRepeat() and self._act(text)):
            super().keyPressEvent(event)

    def _step(self, key: Qt.Key, *, again: bool) -> None:
        """A key held down is one key: the next page has to be read before it is left."""
        if key in _STEPS:
            if not again:
                self._press(_STEPS[key])
        else:
            self._step_ask(1 if key == Qt.Key.Key_Down else -1)

    def _letter(self, text: str) -> None:
        if text == "i":
            self.identity_wanted.emit()
        elif text == "e":
            self.details_wanted.emit()
        elif text == "l":
            self.language_wanted.emit()
        else:
            self._look_back()

    def _step_ask(self, step: int) -> None:
        asks = [view for view in self._lines.lines() if view.asks]
        at = next((n for n, view in enumerate(asks) if view.name == self._current), 0) + step
        if 0 <= at < len(asks):
            self._go_to(asks[at].name)
            self._area.ensureWidgetVisible(asks[at])
            self._follow_keyboard()
        else:
            bar = self._area.verticalScrollBar()
            bar.setValue(bar.value() + step * 48)
