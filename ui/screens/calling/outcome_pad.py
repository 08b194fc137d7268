"""All results of the catalogue by group, searchable by word or code; what does not fit now says why.

What a reader would get wrong: the buttons are made once and only change their look, so the pad costs nothing per
person. Typing goes to the search box; Enter takes the first result that is left.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from caller_app.domain.derived import OVERRIDING, contradiction, refusal
from caller_app.queries.rows import PadGroup, PadOutcome
from caller_app.queries.script_rows import ScriptPath
from ui.a11y import name
from ui.theme.live import tokens
from ui.widgets.buttons import button
from ui.widgets.fold import foot_line
from ui.widgets.key_button import KeyButton
from ui.widgets.panes import row, scrolling
from ui.widgets.texts import Text
from ui.widgets.yielding_area import SnugFrame

COLUMNS = 4
KEYS = {"C01": "F2", "C03": "F3", "P02": "F4", "R01": "F7", "D01": "F8", "S01": "Ctrl+F4"}


class PadColumn(QWidget):
    """One column of groups."""

    def __init__(self) -> None:
        super().__init__()
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(0)


class DerivedLine(QFrame):
    """What the answers of the script lead to, with the key that takes it; or that they lead nowhere yet."""

    taken = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("part", "derived")
        self.code = ""
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 8, 8)
        words = QFrame(self)
        down = QVBoxLayout(words)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        self._label = Text("", "section", wrap=True)
        self._because = Text("", "quiet", wrap=True)
        down.addWidget(self._label)
        down.addWidget(self._because)
        self._take = button("Take it", lambda: self.taken.emit(self.code), kind="primary", icon="check", keys="Enter")
        box.addLayout(foot_line(words, self._take))

    def show_path(self, path: ScriptPath, outcomes: dict[str, PadOutcome]) -> None:
        """Offer what the answers lead to, as far as they decide."""
        decides = path.outcome in outcomes and (path.finished or path.outcome in OVERRIDING)
        self.code = path.outcome if decides else ""
        if decides:
            label = f"The answers lead to: {path.outcome_label}"
            because = f"because {path.reason}" if path.reason else ""
        elif path.said and not path.finished:
            label = "The script has not come to its end"
            because = "“Cut off or broke off” keeps what was said; a call back does too. The call goes on from there."
        else:
            label = because = ""
        self._label.setText(label)
        self._because.setText(because)
        self._because.setVisible(bool(because))
        self._take.setVisible(decides)
        self._take.setAccessibleName(f"Take {path.outcome_label}" if decides else "Take it")
        self.setVisible(bool(label))


class OutcomePad(QFrame):
    """Search box, four columns of results, the reason line."""

    outcome_chosen = Signal(str)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._codes: dict[str, KeyButton] = {}
        self._heads: dict[str, tuple[Text, tuple[str, ...]]] = {}
        self._outcomes: dict[str, PadOutcome] = {}
        self._path = ScriptPath()
        self._across = 0
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 10, 16, 12)
        box.setSpacing(8)
        self.search = name(QLineEdit(), "Find a result by word or code")
        self.search.setPlaceholderText("Word or code, Enter takes the first")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._take_first)
        self.search.installEventFilter(self)
        box.addLayout(
            row(
                Text("What was the result?", "section"), 16, self.search, button("Back", self.given_up.emit, keys="Esc")
            )
        )
        self._derived = DerivedLine(self)
        self._derived.taken.connect(self._chosen)
        box.addWidget(self._derived)
        inside = SnugFrame()
        box.addWidget(scrolling(inside, accessible="Results"), 1)
        across = QHBoxLayout(inside)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        self._columns = [PadColumn() for _ in range(COLUMNS)]
        for column in self._columns:
            across.addWidget(column, 1, Qt.AlignmentFlag.AlignTop)
        self._reason = Text("", "quiet", wrap=True)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignTop)
        box.addWidget(self._reason)

    def show_pad(self, groups: tuple[PadGroup, ...]) -> None:
        """Show which results fit this moment of the call."""
        self._outcomes = {one.code: one for group in groups for one in group.outcomes}
        if set(self._outcomes) != set(self._codes):
            self._build(groups)
        if self.isVisible():
            self._show_possible()

    def _show_possible(self) -> None:
        for code, made in self._codes.items():
            why_not = self._why_not(code)
            made.set_possible(not why_not, why_not)

    def _why_not(self, code: str) -> str:
        """Say why a result does not fit: the moment of the call, or the answers of its script."""
        one, path = self._outcomes[code], self._path
        if not one.possible:
            return one.why_not
        against = contradiction(path.outcome, code, finished=path.finished)
        return refusal(path.outcome_label, one.label, path.reason) if against else ""

    def _build(self, groups: tuple[PadGroup, ...]) -> None:
        for made in self._codes.values():
            made.deleteLater()
        for head, _ in self._heads.values():
            head.deleteLater()
        self._codes, self._heads = {}, {}
        for group in groups:
            self._heads[group.name] = (Text(group.name, "overline"), tuple(one.code for one in group.outcomes))
            for one in group.outcomes:
                made = KeyButton(f"{one.code}  {one.label}", kind="pad")
                made.clicked.connect(lambda _checked=False, code=one.code: self._chosen(code))
                made.installEventFilter(self)
                self._codes[one.code] = made
        self._place()

    def _place(self) -> None:
        """Lay the groups into as many columns as there is room for at this text size."""
        across = self._across = max(1, min(COLUMNS, self.width() // (tokens().type_body * 15)))
        total = sum(len(codes) + 1 for _, codes in self._heads.values())
        used, at = 0, 0
        for head, codes in self._heads.values():
            size = len(codes) + 1
            if used and used + size / 2 > total / across and at < across - 1:
                at, used = at + 1, 0
            head.setContentsMargins(6, 6 if used else 0, 0, 2)
            used += size
            column = self._columns[at].box
            for part in (head, *(self._codes[code] for code in codes)):
                column.addWidget(part)
        for at, one in enumerate(self._columns):
            one.setVisible(at < across)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._codes and self._across != max(1, min(COLUMNS, self.width() // (tokens().type_body * 15))):
            self._place()

    def show_derived(self, path: ScriptPath) -> None:
        """Offer what the answers of the script lead to."""
        self._path = path
        self._derived.show_path(path, self._outcomes)

    def forget(self) -> None:
        """Hold nothing of anybody any more."""
        self._path = ScriptPath()
        self._derived.show_path(self._path, {})

    def open(self) -> None:
        """Begin anew: nothing typed, focus in the search box."""
        self._show_possible()
        self.search.clear()
        self._reason.setText("")
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, sentence: str) -> None:
        """Say why something was refused."""
        self._reason.setText(sentence)

    def found(self) -> list[str]:
        """Give the codes that are left by the search, possible ones first."""
        left = [code for code, made in self._codes.items() if not made.isHidden()]
        return sorted(left, key=lambda code: bool(self._why_not(code)))

    def _filter(self, text: str) -> None:
        wanted = text.lower().split()
        for code, made in self._codes.items():
            one = self._outcomes[code]
            said = f"{code} {one.label} {one.definition}".lower()
            made.setVisible(all(word in said for word in wanted))
        for head, codes in self._heads.values():
            head.setVisible(any(not self._codes[code].isHidden() for code in codes))
        for at, column in enumerate(self._columns):
            heads = (head for head, _ in self._heads.values() if head.parentWidget() is column)
            column.setVisible(at < self._across and any(not head.isHidden() for head in heads))
        left = self.found()
        if not left:
            self._reason.setText("No result matches. Clear the search to see all of them.")
        elif wanted:
            self._tell(left[0])
        else:
            self._reason.setText("")

    def _take_first(self) -> None:
        left = self.found()
        if left and self.search.text().strip():
            self._chosen(left[0])
        elif self._derived.code and not self.search.text().strip():
            self._chosen(self._derived.code)

    def _chosen(self, code: str) -> None:
        why_not = self._why_not(code)
        if why_not:
            self._reason.setText(f"{self._outcomes[code].label}: {why_not}")
        else:
            self.outcome_chosen.emit(code)

    def _tell(self, code: str) -> None:
        one = self._outcomes[code]
        why_not = self._why_not(code)
        why = f" Not now: {why_not}" if why_not else ""
        key = f" Key {KEYS[code]}." if code in KEYS else ""
        self._reason.setText(f"{one.code}  {one.definition}{key}{why}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.Enter) and isinstance(watched, KeyButton):
            code = next((code for code, made in self._codes.items() if made is watched), None)
            if code is not None:
                self._tell(code)
        elif event.type() == QEvent.Type.KeyPress and watched is self.search and isinstance(event, QKeyEvent):
            left = self.found()
            if event.key() == Qt.Key.Key_Down and left:
                first = next(code for code in self._codes if code in left)
                self._codes[first].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        shown = [made for made in self._codes.values() if not made.isHidden()]
        here = next((n for n, made in enumerate(shown) if made.hasFocus()), None)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and here is not None:
            shown[here].click()
        elif step is not None and here is not None:
            to = here + step
            if to < 0:
                self.search.setFocus(Qt.FocusReason.TabFocusReason)
            elif to < len(shown):
                shown[to].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)
