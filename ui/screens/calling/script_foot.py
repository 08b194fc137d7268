"""Below the script: what is still missing, or how the call ends as its answers stand, and the key that takes it.

What a reader would get wrong: the result offered here is derived from the answers and recorded by nobody yet. Enter
takes it as any result is taken: what it still asks is asked in its form.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from caller_app.queries.script_rows import ScriptPath
from ui.theme.live import is_large
from ui.widgets.buttons import button
from ui.widgets.fold import foot_line
from ui.widgets.texts import Text


class ScriptFoot(QFrame):
    """Hidden while there is nothing to say."""

    taken = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("pane", "foot")
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 8, 12, 8)
        box.setSpacing(6)
        self._missing = Text("", "error", wrap=True)
        self._missing.hide()
        box.addWidget(self._missing)
        self._end = QFrame(self)
        inside = QVBoxLayout(self._end)
        inside.setContentsMargins(0, 0, 0, 0)
        words = QFrame(self._end)
        down = QVBoxLayout(words)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        self._label = Text("", "section", wrap=True)
        self._because = Text("", "quiet", wrap=True)
        down.addWidget(self._label)
        down.addWidget(self._because)
        self._take = button("Finish", self.taken.emit, kind="primary", icon="check", keys="Enter")
        inside.addLayout(foot_line(words, self._take))
        self._end.hide()
        box.addWidget(self._end)
        self.hide()

    def say(self, sentence: str) -> None:
        """Say what is missing; nothing clears it."""
        self._missing.setText(sentence)
        self._missing.setVisible(bool(sentence))
        self._share()

    def show_end(self, path: ScriptPath | None) -> None:
        """Offer the result the answers lead to; None while they lead on."""
        offered = path is not None and path.finished and bool(path.outcome)
        if offered and path is not None:
            self._label.setText(f"This call ends as: {path.outcome_label}")
            self._because.setText(f"because {path.reason}. F9 shows every result." if path.reason else "")
            # Where the text is large the script keeps the room; the reason stands in "All results" too.
            self._because.setVisible(bool(path.reason) and not is_large())
            self._take.setAccessibleName(f"Finish: {path.outcome_label}")
            self._end.setAccessibleName(f"{self._label.text()} {self._because.text()}".strip())
        elif not self._end.isHidden():
            self._label.setText("")
            self._because.setText("")
            self._take.setAccessibleName("Finish")
            self._end.setAccessibleName("")
        self._end.setVisible(offered)
        self._share()

    @property
    def offers(self) -> bool:
        """Tell whether a result is offered."""
        return not self._end.isHidden()

    def _share(self) -> None:
        self.setVisible(not self._missing.isHidden() or not self._end.isHidden())
