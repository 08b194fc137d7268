"""The shipped font, so that text looks the same on every workstation and tabular figures line up.

Inter, SIL OFL 1.1 (resources/fonts/OFL.txt). Where it cannot be loaded the system's own font takes over.
"""

import functools
import logging
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

from caller_app.base.paths import resource_path

log = logging.getLogger(__name__)

FAMILY = "Inter"


@functools.cache
def load_fonts() -> bool:
    """Load the shipped faces, once; tells whether the family is there."""
    # Asking for the list of all families would have Qt look through every font of the machine.
    loaded = [_load(path) for path in sorted(resource_path("fonts").glob("*.otf"))]
    return bool(loaded) and all(loaded)


def _load(path: Path) -> bool:
    number = QFontDatabase.addApplicationFont(str(path))
    if number < 0:
        log.warning("a shipped font could not be loaded: %s", path.name)
    return FAMILY in QFontDatabase.applicationFontFamilies(number)


def app_font(pixels: int) -> QFont:
    """Give the font of the application: shipped family, figures of one width."""
    font = QFont(FAMILY)
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPixelSize(pixels)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
