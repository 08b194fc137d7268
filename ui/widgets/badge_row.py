"""Badges in a row that wraps: needs, language, safe contact. Chips are reused from person to person."""

from PySide6.QtWidgets import QWidget

from ui.widgets.chips import Chip
from ui.widgets.flow import FlowLayout


class BadgeRow(QWidget):
    """Shows (tone, words) pairs; a tone never stands without its words."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, gap=8, line_gap=6)
        self._chips: list[Chip] = []
        self.setAccessibleName(name)

    def show_badges(self, badges: tuple[tuple[str, str], ...]) -> None:
        """Show these and no others."""
        while len(self._chips) < len(badges):
            chip = Chip("")
            self._chips.append(chip)
            self._flow.addWidget(chip)
        for at, chip in enumerate(self._chips):
            if at < len(badges):
                tone, words = badges[at]
                chip.show_state(words, tone)
            elif not chip.isHidden():
                chip.show_state("", chip.property("tone") or "")  # the tone costs a look at the style sheet
            chip.setVisible(at < len(badges))
        self.setVisible(bool(badges))
        self.setAccessibleDescription("; ".join(words for _, words in badges))
        self.updateGeometry()
