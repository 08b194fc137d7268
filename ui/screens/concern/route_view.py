"""One help route on one page: what to say, what to ask, whom to ring, the address for 999, and the record.

What a reader would get wrong: the record comes last on the page and nothing waits for it. Saving twice adds to the
same record; what was saved cannot be changed.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from caller_app.queries.rows import DangerDetails, HelpRoute
from ui.a11y import announce, name
from ui.theme.live import follow, set_property, tokens
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.flow import FlowLayout
from ui.widgets.line_pool import LinePool
from ui.widgets.panes import Pane, row, scrolling
from ui.widgets.texts import Text
from ui.widgets.yielding_area import SnugFrame


class RingRow(QWidget):
    """Whom to ring, the number large beside it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        self._whom = Text("", wrap=True)
        self._number = Text("", "display", selectable=True)
        line.addWidget(self._whom, 1)
        line.addWidget(self._number, 0, Qt.AlignmentFlag.AlignVCenter)

    def fill(self, whom: str, number: str) -> None:
        """Show a number."""
        self._whom.setText(whom)
        self._number.setText(number)
        set_property(self._number, "text_role", "display" if number == "999" else "title")
        self._number.setAccessibleName(f"{whom}: {number}")


def _page() -> tuple[SnugFrame, QVBoxLayout]:
    page = SnugFrame()
    page.setProperty("pane", "true")
    column = QVBoxLayout(page)
    column.setContentsMargins(20, 16, 20, 16)
    column.setSpacing(10)
    return page, column


def _lines(role: str) -> "LinePool[Text]":
    return LinePool(lambda _: Text("", role, wrap=True, selectable=True), gap=6)  # type: ignore[arg-type]


def _read_box(_parent: QWidget) -> Text:
    made = Text("", "read", wrap=True, selectable=True)
    made.setProperty("part", "read-box")
    return made


class RouteView(QWidget):
    """The page of one route."""

    reveal_pressed = Signal()
    saved = Signal(str, tuple)
    back_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: list[QCheckBox] = []
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        left, right = _page(), _page()
        self._title = Text("", "title", wrap=True)
        self._say: LinePool[Text] = LinePool(_read_box, gap=6)
        self._ask, self._remember = _lines("read"), _lines("body")
        left[1].addWidget(self._title)
        for heading, part in (("Say", self._say), ("Ask", self._ask), ("Remember", self._remember)):
            left[1].addWidget(Text(heading, "overline"))
            left[1].addWidget(part)
        left[1].addStretch(1)
        across.addWidget(scrolling(left[0], accessible="What to say and ask", framed=True), 5)

        right[1].addWidget(Text("Ring", "overline"))
        self._ring: LinePool[RingRow] = LinePool(RingRow, gap=8)
        right[1].addWidget(self._ring)
        self._checked = Text("", "small", wrap=True)
        right[1].addWidget(self._checked)
        self._make_danger(right[1])
        self._make_record(right[1])
        right[1].addStretch(1)
        # Above what scrolls: that it is kept, and that nobody has been told yet, may not lie below the edge.
        self.banner = Banner()
        beside = QVBoxLayout()
        beside.setSpacing(8)
        beside.addWidget(self.banner)
        beside.addWidget(scrolling(right[0], accessible="Whom to ring, and the record", framed=True), 1)
        across.addLayout(beside, 4)

    def _make_danger(self, right: QVBoxLayout) -> None:
        self._reveal = button("Show address and numbers for 999", self.reveal_pressed.emit, icon="eye", keys="A")
        self._reveal.setToolTip("Key A. That you looked is recorded.")
        self._danger = Pane("sunken", margin=12, gap=4)
        self._who = Text("", "section", wrap=True, selectable=True)
        self._address = Text("", "read", wrap=True, selectable=True)
        self._numbers = Text("", "large", wrap=True, selectable=True)
        for part in (Text("Read to the operator", "overline"), self._who, self._address, self._numbers):
            self._danger.column.addWidget(part)
        right.addLayout(row(self._reveal, None))
        right.addWidget(self._danger)

    def _make_record(self, right: QVBoxLayout) -> None:
        right.addSpacing(8)
        self._record_head = Text("Keep a record", "section")
        self.words = name(QPlainTextEdit(), "What was said, in their words")
        self.words.setPlaceholderText(
            "What was said, in their words. A few words are enough; the time is kept by itself."
        )
        self.words.setTabChangesFocus(True)
        follow(self.words, lambda: self.words.setFixedHeight(tokens().type_body * 4 + 20))
        self._told_space = QWidget()
        self._told_box = FlowLayout(self._told_space, gap=16, line_gap=0)
        self.other = name(QLineEdit(), "Somebody else who was told")
        self.other.setPlaceholderText("Somebody else: who")
        self.other.setMaxLength(80)
        self._save = button("Keep this record", self._give, kind="primary", icon="check", keys="Ctrl+Enter")
        right.addWidget(self._record_head)
        right.addWidget(self.words)
        right.addWidget(Text("Who has been told?", "field"))
        right.addWidget(self._told_space)
        right.addWidget(self.other)
        right.addLayout(row(self._save, None))

    def show_route(self, route: HelpRoute) -> None:
        """Show one route; the record begins empty."""
        self._title.setText(route.title)
        for pool, texts in ((self._say, route.say), (self._ask, route.ask), (self._remember, route.remember)):
            for label, words in zip(pool.take(len(texts)), texts, strict=True):
                label.setText(words)
        for line, (whom, number) in zip(self._ring.take(len(route.ring)), route.ring, strict=True):
            line.fill(whom, number)
        self._checked.setText(
            f"Numbers last checked on {route.checked_on}."
            if route.checked_on and route.checked_on[0].isdigit()
            else "Nobody has confirmed these numbers for this service yet."
        )
        self._show_told([whom for whom, _ in route.ring])
        self.words.clear()
        self.other.clear()
        self.banner.clear()
        self.set_kept(kept=False)

    def _show_told(self, names: list[str]) -> None:
        for box in self._told:
            self._told_box.removeWidget(box)
            box.setParent(None)
            box.deleteLater()
        self._told = []
        for words in dict.fromkeys((*names, "My supervisor", "The GP practice")):
            box = name(QCheckBox(words), f"Told: {words}")
            self._told.append(box)
            self._told_box.addWidget(box)

    def set_kept(self, *, kept: bool) -> None:
        """Say whether a record exists already: then more is added, nothing is changed."""
        self._record_head.setText("Add to the record" if kept else "Keep a record")
        self._save.setText("Add to the record" if kept else "Keep this record")
        self._save.setAccessibleName(self._save.text())

    def show_kept(self, sentence: str, *, offline: bool) -> None:
        """Say that the record is on disk; what was typed makes room for what is to be added."""
        self.banner.say(sentence, "caution" if offline else "good")
        self.words.clear()
        self.other.clear()
        for box in self._told:
            box.setEnabled(not box.isChecked())
        self.set_kept(kept=True)

    def show_danger(self, details: DangerDetails | None) -> None:
        """Show or hide what is read to the operator."""
        self._danger.setVisible(details is not None)
        self._reveal.setVisible(details is None)
        if details is None:
            for label in (self._who, self._address, self._numbers):
                label.setText("")
            return
        self._who.setText(f"{details.shown_name}, born {details.dob}")
        self._address.setText(
            "\n".join((*details.address_lines, details.postcode or "")).strip() or "No address on record"
        )
        self._numbers.setText(" · ".join(details.numbers))
        announce(self._address, self._address.text())

    def show_refusal(self, sentence: str) -> None:
        """Say what is missing."""
        self.banner.say(sentence, "caution")

    def set_saving(self, saving: bool) -> None:
        """While it is being written it cannot be pressed again."""
        self._save.setDisabled(saving)

    def focus(self) -> None:
        """Stand where a key does no harm and the next thing is one Tab away."""
        self._reveal.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give(self) -> None:
        told = [
            box.accessibleName().removeprefix("Told: ") for box in self._told if box.isChecked() and box.isEnabled()
        ]
        if self.other.text().strip():
            told.append(self.other.text().strip())
        self.saved.emit(self.words.toPlainText(), tuple(told))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typing = self.words.hasFocus() or self.other.hasFocus()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self._give()
        elif event.key() == Qt.Key.Key_A and not typing and not event.modifiers():
            self.reveal_pressed.emit()
        else:
            super().keyPressEvent(event)
