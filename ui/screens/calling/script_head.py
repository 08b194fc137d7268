"""The head of the script: which step of about how many, the name of the page, its language, and the way on and back.

What a reader would get wrong: where the line is too short, icons go first, then the word step, then key caps, then
words that an icon says too, last the title's end.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from caller_app.queries.script_rows import ScriptPath
from ui.shortcuts import keys_of
from ui.theme.live import tokens
from ui.widgets.buttons import CappedButton, button
from ui.widgets.elided import ElidedLabel
from ui.widgets.texts import Text

# caps, icons, "Step 2 of about 5" in full, words where an icon says it too: the roomiest way first
_WAYS = (
    (True, True, True, True),
    (True, False, True, True),
    (True, False, False, True),
    (False, False, False, True),
    (False, False, False, False),
)


class ScriptHead(QFrame):
    """Step, title, buttons, and a thin line that fills."""

    back = Signal()
    onward = Signal()
    details_wanted = Signal()
    language_wanted = Signal()
    what_if_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = ""
        self._spoken_in = ""
        self._fitted: tuple[object, ...] = ()
        down = QVBoxLayout(self)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        across = QHBoxLayout()
        across.setContentsMargins(14, 4, 10, 3)
        across.setSpacing(4)
        self._step = Text("", "small")
        self._title = ElidedLabel()
        self._title.setProperty("text_role", "section")
        self._language = button("Language", self.language_wanted.emit, kind="quiet", keys="L")
        self._back = button("Back", self.back.emit, kind="quiet", icon="chevron-left", keys="Backspace")
        self._next = button("Next", self.onward.emit, kind="quiet", icon="chevron-right", keys="Enter")
        self._details = button("Details", self.details_wanted.emit, kind="quiet", icon="correct", keys="E")
        self._what_if = button(
            "What to say if …", self.what_if_wanted.emit, kind="quiet", icon="speech", keys=keys_of("what_if"),
        )  # fmt: skip
        across.addWidget(self._step)
        across.addSpacing(4)
        across.addWidget(self._title, 1)
        self._spoken = {one: one.text() for one in (self._what_if, self._details)}  # an icon says it too
        self._buttons = (self._language, self._what_if, self._details, self._back, self._next)
        for part in self._buttons:
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            across.addWidget(part)
        self._language.hide()
        down.addLayout(across)
        self._bar = QProgressBar(self)
        self._bar.setProperty("part", "progress")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(3)
        self._bar.setAccessibleName("Progress of the script")
        down.addWidget(self._bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out caps, then icons, until the title stands whole beside the buttons."""
        look = tokens()
        # Asked after every answer; tried out only where something of it is another.
        asked = (self.width(), self._title.text(), self.words, self._spoken_in, look.type_body,
                 tuple(one.isHidden() for one in self._buttons))  # fmt: skip
        if asked == self._fitted:
            return
        self._fitted = asked
        whole = QSize(look.icon + look.half, look.icon)
        shown = [one for one in self._buttons if not one.isHidden()]
        title = self._title.fontMetrics().horizontalAdvance(self._title.text())
        for caps, icons, long, words in _WAYS:
            size = whole if icons else QSize(0, 0)
            for one in shown:
                one.setIconSize(size)
                if isinstance(one, CappedButton):
                    one.show_cap(caps)
            for one, said in self._spoken.items():
                one.setText(said if words else "")
                one.setIconSize(size if words else whole)
            self._step.setText(self.words.capitalize() if long else self.words.removeprefix("step "))
            self._language.setText(f"Language: {self._spoken_in}" if words else self._spoken_in)
            needed = self._step.sizeHint().width() + title + sum(one.sizeHint().width() + 4 for one in shown)
            if needed + 32 <= self.width():
                break

    def show_step(self, path: ScriptPath, at: int) -> None:
        """Say where the call stands."""
        count = len(path.pages) + path.ahead
        page = path.pages[at] if 0 <= at < len(path.pages) else None
        about = "about " if path.ahead else ""
        self.words = f"step {at + 1} of {about}{count}" if page is not None else ""
        self._title.setText(page.title if page is not None else "Script")
        self._back.setEnabled(at > 0)
        self._bar.setRange(0, max(1, count))
        self._bar.setValue(at + 1 if page is not None else 0)
        self._show_language(path.languages, path.language)
        self._fit()

    def show_ending(self, *, ending: bool) -> None:
        """At the end of the script the way on is below, with the result."""
        self._next.setVisible(not ending)
        self._fit()

    def _show_language(self, languages: tuple[str, ...], spoken: str) -> None:
        """Offer another language where there is one; the button says which is read now."""
        shown = spoken if spoken in languages else languages[0] if languages else ""
        self._language.setVisible(len(languages) > 1)
        if shown and self._spoken_in != shown:
            self._spoken_in = shown
            self._language.setAccessibleName(f"Language of the script: {shown}. Press for the next one.")
