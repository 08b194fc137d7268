"""Ticks and arrows the style sheet needs as files: tinted once per theme into a folder of this process.

WORKAROUND (Qt 6.11): a style sheet takes pictures only by file name and cannot tint them. The folder holds drawings
only and goes away with the process.
"""

import atexit
import shutil
import tempfile
from pathlib import Path

from PySide6.QtCore import QDir

from caller_app.base.paths import resource_path
from ui.theme.tokens import Tokens

# (icon, role of its colour) as the templates name them: url(tinted:check-on_accent-light.svg)
_MARKS = (
    ("check", "on_accent"),
    ("dash", "on_accent"),
    ("dot", "accent"),
    ("check", "text_disabled"),
    ("dot", "text_disabled"),
    ("chevron-down", "text_quiet"),
    ("chevron-up", "text_quiet"),
    ("chevron-down", "text_disabled"),
)

_folder: list[Path] = []


def draw_marks(tokens: Tokens) -> None:
    """Lay the marks of one theme where the style sheet finds them."""
    if not _folder:
        made = Path(tempfile.mkdtemp(prefix="caller-app-marks-"))
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        QDir.setSearchPaths("tinted", [str(made)])
        _folder.append(made)
    for name, role in _MARKS:
        target = _folder[0] / f"{name}-{role}-{tokens.name}.svg"
        if not target.exists():
            drawing = (resource_path("icons") / f"{name}.svg").read_text(encoding="utf-8")
            target.write_text(drawing.replace("currentColor", getattr(tokens, role)), encoding="utf-8")
