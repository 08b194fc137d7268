"""The sync light: a word, a shape and a sentence; it never claims more than is known.

What a reader would get wrong: amber and red come from the client's `Standing`, not from here. The age in the sentence
grows although nothing happens, so the window shows the standing again every half minute.
"""

from datetime import datetime

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QSizePolicy

from caller_app.queries.rows import Standing
from ui.a11y import name
from ui.theme.icons import icon
from ui.theme.live import follow, set_tone, tokens

# state -> (word, icon, tone)
_FACES = {
    "all_sent": ("All sent", "good", ""),
    "sending": ("Sending", "sending", "info"),
    "unsent": ("Unsent", "half", "caution"),
    "offline": ("Offline", "offline", "caution"),
    "sign_in": ("Sign in to send", "lock", "caution"),
    "portal": ("Network asks for a log-in", "warning", "caution"),
    "trouble": ("Needs help", "stop", "danger"),
}


def age(since: datetime, now: datetime) -> str:
    """Say an age in words: "just now", "4 min", "3 h", "2 days"."""
    minutes = int((now - since).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


def words_of(standing: Standing, now: datetime) -> str:
    """Give the words of the light: state, how much is unsent, how old the oldest is."""
    word = _FACES[standing.state][0]
    if standing.unsent and standing.oldest_unsent_at is not None:
        oldest = age(standing.oldest_unsent_at, now)
        count = f"{standing.unsent} unsent" if standing.state != "unsent" else str(standing.unsent)
        separator = " · " if standing.state != "unsent" else " "
        return f"{word}{separator}{count}, " + (oldest if oldest == "just now" else f"oldest {oldest}")
    return word


class SyncLight(QPushButton):
    """A button: pressing it opens what stands behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "light")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._standing: Standing | None = None
        name(self, "Sending state: not known yet")
        self.setText("Starting")
        follow(self, self._draw)

    def show_standing(self, standing: Standing, now: datetime) -> None:
        """Show how things stand."""
        self._standing = standing
        words = words_of(standing, now)
        self.setText(words)
        self.setToolTip(standing.sentence)
        name(self, f"Sending state: {words}", standing.sentence)
        self._draw()

    def _draw(self) -> None:
        state = self._standing.state if self._standing is not None else "sending"
        _word, shape, tone = _FACES[state]
        set_tone(self, tone)
        look = tokens()
        self.setIcon(icon(shape, look, f"{tone}_text" if tone else "good", gap=look.half))
        self.setIconSize(QSize(look.icon + look.half, look.icon))
