"""F1: what may be said to whatever they object, found by typing a word of it.

What a reader would get wrong: this is for looking something up in the middle of a sentence. Nothing is recorded here;
Esc or F1 goes back to the page that was read.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from caller_app.queries.script_rows import Objection, ScriptLine
from ui.a11y import name
from ui.theme.live import follow, tokens
from ui.widgets.buttons import button
from ui.widgets.line_pool import LinePool, wipe
from ui.widgets.panes import row, scrolling
from ui.widgets.script_line import with_gaps
from ui.widgets.texts import Text
from ui.widgets.yielding_area import SnugFrame


class ObjectionRow(QFrame):
    """What they object, and what may be said."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("part", "objection")
        down = QVBoxLayout(self)
        down.setContentsMargins(12, 8, 12, 8)
        down.setSpacing(4)
        self._about = Text("", "field", wrap=True)
        self._text = Text("", "read", wrap=True, selectable=True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._hint = Text("", "quiet", wrap=True)
        for part in (self._about, self._text, self._hint):
            down.addWidget(part)

    def fill(self, one: Objection) -> None:
        """Show one."""
        self._about.setText(one.about)
        self._text.setText(with_gaps(ScriptLine("", "objection", one.text, missing=one.missing)))
        self._hint.setText(one.hint)
        self._hint.setVisible(bool(one.hint))
        self.setAccessibleName(f"{one.about}: {one.text} {one.hint}".strip())


class WhatIfPane(QFrame):
    """Search box and the answers that are left."""

    given_up = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._found: tuple[Objection, ...] = ()
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 10, 12, 8)
        box.setSpacing(8)
        self.search = name(QLineEdit(self), "Find what they say by a word of it")
        self.search.setPlaceholderText("Type a word of what they say")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        back = button("Back to the script", self.given_up.emit, kind="quiet", keys="Esc")
        box.addLayout(row(Text("What to say if …", "section"), 16, self.search, back))
        inside = SnugFrame()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 8)
        self._rows: LinePool[ObjectionRow] = LinePool(ObjectionRow, gap=4)
        self._none = Text("Nothing here has this word. Clear the box to see all of them.", "quiet", wrap=True)
        column.addWidget(self._none)
        column.addWidget(self._rows)
        column.addStretch(1)
        self._area = scrolling(inside, accessible="What to say if they object")
        box.addWidget(self._area, 1)
        follow(self._rows, lambda: self._rows.setMaximumWidth(tokens().type_read * 52))

    def show_objections(self, found: tuple[Objection, ...]) -> None:
        """Show all of them, nothing typed."""
        self._found = found
        self.search.clear()
        self._filter("")

    def forget(self) -> None:
        """Hold nothing of anybody any more."""
        if self._found:
            self._found = ()
            self._rows.take(0)
            wipe(self._rows)

    def focus(self) -> None:
        """Type at once."""
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def shown(self) -> list[str]:
        """Name what is left by the search."""
        wanted = self.search.text().lower().split()
        return [one.about for one in self._found if _holds(one, wanted)]

    def _filter(self, text: str) -> None:
        wanted = text.lower().split()
        left = [one for one in self._found if _holds(one, wanted)]
        for view, one in zip(self._rows.take(len(left)), left, strict=True):
            view.fill(one)
        self._none.setVisible(not left)
        self._area.verticalScrollBar().setValue(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and watched is self.search and isinstance(event, QKeyEvent):
            bar = self._area.verticalScrollBar()
            steps = {
                Qt.Key.Key_Down: 48, Qt.Key.Key_Up: -48, Qt.Key.Key_PageDown: bar.pageStep(),
                Qt.Key.Key_PageUp: -bar.pageStep(),
            }  # fmt: skip
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                bar.setValue(bar.value() + step)
                return True
        return False


def _holds(one: Objection, wanted: list[str]) -> bool:
    said = f"{one.about} {one.text}".lower()
    return all(word in said for word in wanted)
