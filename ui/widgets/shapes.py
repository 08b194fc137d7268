"""A small icon that follows the theme: the shape beside every word of state."""

from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.theme.icons import tinted
from ui.theme.live import follow, tokens

# The shape of each tone, so that a state is never told by colour alone.
TONE_SHAPES = {"danger": "stop", "caution": "warning", "good": "good", "info": "info", "": "info"}


class Shape(QLabel):
    """One icon in a role's colour."""

    def __init__(self, icon: str, role: str = "text_quiet", *, small: bool = False, large: bool = False) -> None:
        super().__init__()
        self._icon, self._role = icon, role
        self._more = -3 if small else 14 if large else 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self, self._draw)

    def show_shape(self, icon: str, role: str) -> None:
        """Change what is shown."""
        if (icon, role) != (self._icon, self._role):
            self._icon, self._role = icon, role
            self._draw()

    def _draw(self) -> None:
        look = tokens()
        size = look.icon + self._more
        self.setPixmap(tinted(self._icon, getattr(look, self._role), size, self.devicePixelRatioF()))
        self.setFixedSize(size, size)
