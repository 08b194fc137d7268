"""The head of the card: who, what they need, what to mind. Before identity there is nothing else to show.

What a reader would get wrong: nothing is hidden here. What may not be seen was never read into the card.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from caller_app.queries.rows import Card
from ui.theme.live import set_tone
from ui.widgets.badge_row import BadgeRow
from ui.widgets.buttons import button
from ui.widgets.elided import ElidedLabel
from ui.widgets.line_pool import LinePool
from ui.widgets.shapes import TONE_SHAPES, Shape
from ui.widgets.texts import Text

_TONES = {"info": "info", "caution": "caution", "stop": "danger"}
_WORDS = {"info": "Note", "caution": "Take care", "stop": "Stop"}


class SafetyRow(QFrame):
    """One safe-to-call line: a word for the tone, then the sentence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("part", "banner")
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 5, 12, 5)
        line.setSpacing(8)
        self._shape = Shape("info", "info_text", small=True)
        self._text = Text("", wrap=True)
        line.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._text, 1)

    def fill(self, tone: str, text: str) -> None:
        """Show a line."""
        self._text.setText(text)
        self.setAccessibleName(f"{_WORDS.get(tone, 'Note')}: {text}")
        drawn = _TONES.get(tone, "info")
        self._shape.show_shape(TONE_SHAPES[drawn], f"{drawn}_text")
        set_tone(self, drawn)


class CardHead(QWidget):
    """Name, one quiet line, badges, warnings."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact = False
        self._has_badges = False
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        top = QHBoxLayout()
        top.setSpacing(8)
        self._name = ElidedLabel()
        self._name.setProperty("text_role", "title")
        top.addWidget(self._name, 1)
        self._leave = button("Leave for later", self.left.emit, kind="quiet", icon="parked")
        self._leave.setToolTip("Puts this person down. What is half done waits at the top of My list.")
        top.addWidget(self._leave)
        box.addLayout(top)
        self._quiet = Text("", "quiet", wrap=True)
        box.addWidget(self._quiet)
        self._badges = BadgeRow("Needs")
        box.addWidget(self._badges)
        self._warnings = LinePool(SafetyRow, gap=4)
        box.addWidget(self._warnings)

    def forget(self) -> None:
        """Hold nothing of anybody any more."""
        self._name.setText("")
        self._quiet.setText("")
        self._badges.show_badges(())
        self._warnings.take(0)
        self._has_badges = False

    def set_compact(self, compact: bool) -> None:
        """Keep to name and line while a form has the room; needs and warnings come back with the script."""
        self._compact = compact
        self._badges.setVisible(not compact and self._has_badges)
        self._warnings.setVisible(not compact and bool(self._warnings.lines()))

    def show_card(self, card: Card) -> None:
        """Fill the head from the card."""
        self._name.setText(card.shown_name)
        self._quiet.setText(_second_line(card))
        self._badges.show_badges(tuple(("info", need) for need in card.needs))
        # What matters before ringing gives its room to the call once the number was rung.
        rung = card.dialled_number is not None
        lines = [(line.tone, line.text) for line in card.warnings if not rung or line.tone != "info"]
        if card.safe_contact:
            lines.insert(0, ("caution", f"Safe contact: {card.safe_contact}"))
        for row, (tone, words) in zip(self._warnings.take(len(lines)), lines, strict=True):
            row.fill(tone, words)
        self._has_badges = bool(card.needs)
        self.set_compact(self._compact)


def _second_line(card: Card) -> str:
    if not card.identity.passed:
        return "Identity is not checked in this call yet: say nothing of who we are or why we ring."
    parts = [card.project_name or ""]
    if card.age is not None:
        parts.append(f"{card.age} years")
    if card.nhs_last4:
        parts.append(f"NHS number ending {card.nhs_last4}")
    parts.append(card.practice_name or "")
    return "  ·  ".join(part for part in parts if part)
