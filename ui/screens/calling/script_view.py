"""The script pane: one readable section at a time, large; digits answer, Enter goes on, Backspace goes back.

What a reader would get wrong: plain keys act only while this pane has the focus. Every other key goes on to the
window.
"""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from caller_app.queries.rows import ScriptPage
from ui.theme.live import follow, set_property, tokens
from ui.widgets.buttons import button
from ui.widgets.elided import ElidedLabel
from ui.widgets.line_pool import LinePool
from ui.widgets.panes import scrolling
from ui.widgets.script_line import ScriptLineView
from ui.widgets.texts import Text
from ui.widgets.yielding_area import SnugFrame


class ScriptView(QFrame):
    """Head with the step and its name, the lines, and the way on."""

    page_moved = Signal(int)
    answered = Signal(str, str)
    identity_wanted = Signal()
    details_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self.setProperty("part", "script")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._page: ScriptPage | None = None
        self._current: str | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(2, 2, 2, 2)
        box.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(14, 6, 10, 4)
        head.setSpacing(8)
        self._step = Text("", "small")
        self._title = ElidedLabel()
        self._title.setProperty("text_role", "section")
        self._back = button(
            "Back", lambda: self.page_moved.emit(-1), kind="quiet", icon="chevron-left", keys="Backspace"
        )
        self._next = button("Next", lambda: self.page_moved.emit(1), kind="quiet", icon="chevron-right", keys="Enter")
        self._details = button("Details", self.details_wanted.emit, kind="quiet", icon="correct", keys="E")
        for part in (self._details, self._back, self._next):
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        head.addWidget(self._step)
        head.addWidget(self._title, 1)
        head.addWidget(self._details)
        head.addWidget(self._back)
        head.addWidget(self._next)
        box.addLayout(head)
        inside = SnugFrame()
        self._area = scrolling(inside, accessible="Script")
        box.addWidget(self._area, 1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(6, 0, 6, 8)
        self._lines: LinePool[ScriptLineView] = LinePool(self._make_line, gap=2)
        self._none = Text("No script has arrived for this project yet. Record the result with F9.", "quiet", wrap=True)
        self._none.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self._none)
        column.addWidget(self._lines)
        column.addStretch(1)
        # Longer lines are hard to read aloud without losing the place.
        follow(self._lines, lambda: self._lines.setMaximumWidth(tokens().type_read * 52))

    def _make_line(self, parent: QWidget) -> ScriptLineView:
        line = ScriptLineView(parent)
        line.answered.connect(self.answered)
        return line

    def show_page(self, pages: tuple[ScriptPage, ...], at: int, answers: dict[str, Any]) -> None:
        """Show one section with the answers given so far."""
        page = pages[at] if 0 <= at < len(pages) else None
        turned = page is None or self._page is None or page.name != self._page.name
        self._page = page
        self._none.setVisible(page is None)
        self._step.setText(f"Step {at + 1} of {len(pages)}" if page is not None else "")
        self._title.setText(page.title if page is not None else "Script")
        self._back.setEnabled(at > 0)
        lines = page.lines if page is not None else ()
        for view, line in zip(self._lines.take(len(lines)), lines, strict=True):
            view.fill(line, answers.get(line.name))
        asks = [line for line in lines if line.choices]
        open_asks = [line for line in asks if line.name not in answers]
        self._go_to(open_asks[0].name if open_asks else asks[-1].name if asks else None)
        if turned:
            self._area.verticalScrollBar().setValue(0)
        else:
            self._show_current()
        self.setAccessibleName(f"Script, step {at + 1}: {page.title}" if page is not None else "Script")

    def _go_to(self, name: str | None) -> None:
        self._current = name
        for view in self._lines.lines():
            view.set_current(name is not None and view.name == name)

    def _show_current(self) -> None:
        current = next((view for view in self._lines.lines() if view.property("current")), None)
        if current is not None:
            self._area.ensureWidgetVisible(current, 0, 8)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        set_property(self, "here", True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        set_property(self, "here", False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.page_moved.emit(1)
            case Qt.Key.Key_Backspace:
                self.page_moved.emit(-1)
            case Qt.Key.Key_I:
                self.identity_wanted.emit()
            case Qt.Key.Key_E:
                self.details_wanted.emit()
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self._step_ask(1 if event.key() == Qt.Key.Key_Down else -1)
            case Qt.Key.Key_PageDown | Qt.Key.Key_PageUp:
                bar = self._area.verticalScrollBar()
                down = event.key() == Qt.Key.Key_PageDown
                bar.setValue(bar.value() + (bar.pageStep() if down else -bar.pageStep()))
            case _:
                current = next((v for v in self._lines.lines() if v.property("current")), None)
                if not (event.text().isdigit() and current is not None and current.take_key(event.text())):
                    super().keyPressEvent(event)

    def _step_ask(self, step: int) -> None:
        asks = [view for view in self._lines.lines() if view.asks]
        at = next((n for n, view in enumerate(asks) if view.property("current")), 0) + step
        if 0 <= at < len(asks):
            self._go_to(asks[at].name)
            self._area.ensureWidgetVisible(asks[at])
        else:
            bar = self._area.verticalScrollBar()
            bar.setValue(bar.value() + step * 48)
