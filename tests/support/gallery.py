"""Pictures of every screen, to be looked at: `python -m tests.support.gallery OUT [--only WORD] [--theme NAME]`.

Each picture is a function that makes a widget out of fakes; `@picture` registers it. UI parts register theirs in
modules named `gallery_*` beside this one. Nothing here asserts: looking is the point.
"""

import argparse
import importlib
import os
import pkgutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QApplication, QDialog, QWidget

import tests.support
from tests.support.clock import StoppedClock
from tests.support.qt import dressed

SIZES = (QSize(1366, 768), QSize(1920, 1080))


@dataclass
class Stage:
    """What a picture is made with: clock, a folder that is thrown away, and things to keep alive."""

    folder: Path
    clock: StoppedClock = field(default_factory=StoppedClock)
    kept: list[object] = field(default_factory=list)

    def settle(self) -> None:
        """Let everything that is due happen."""
        for _ in range(8):
            QCoreApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


Picture = Callable[[Stage], QWidget]
PICTURES: dict[str, tuple[Picture, tuple[QSize, ...]]] = {}


def picture(name: str, *, sizes: tuple[QSize, ...] = SIZES) -> Callable[[Picture], Picture]:
    """Register a picture; a dialog shows its parent window with the dialog over it."""

    def register(make: Picture) -> Picture:
        PICTURES[name] = (make, sizes)
        return make

    return register


def load() -> None:
    """Import every gallery module beside this one."""
    for found in pkgutil.iter_modules(tests.support.__path__):
        if found.name.startswith("gallery_"):
            importlib.import_module(f"tests.support.{found.name}")


def draw(name: str, out: Path, theme: str, percent: int = 100) -> list[Path]:
    """Draw one picture in one theme at all its sizes."""
    made = []
    make, sizes = PICTURES[name]
    for size in sizes:
        dressed(theme, percent)
        with tempfile.TemporaryDirectory() as folder:
            stage = Stage(Path(folder))
            widget = make(stage)
            window = widget.window() if not isinstance(widget, QDialog) else widget.parentWidget().window()
            window.resize(size)
            window.show()
            stage.settle()
            shot = window.grab()
            for dialog in window.findChildren(QDialog):
                if dialog.isVisible():
                    stage.settle()
                    over = dialog.grab()
                    from PySide6.QtGui import QColor, QPainter

                    painter = QPainter(shot)
                    painter.fillRect(shot.rect(), QColor(0, 0, 0, 60))
                    painter.drawPixmap((shot.width() - over.width()) // 2, (shot.height() - over.height()) // 2, over)
                    painter.end()
            scale = f"-{percent}" if percent != 100 else ""
            path = out / f"{name}-{theme}{scale}-{size.width()}.png"
            shot.save(str(path))
            made.append(path)
            window.close()
            window.deleteLater()
            stage.settle()
    return made


def main(arguments: list[str]) -> int:
    """Draw what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.gallery")
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", default="", help="only pictures whose name holds this word")
    parser.add_argument("--theme", action="append", help="light, dark, high_contrast (default: light and dark)")
    parser.add_argument("--percent", type=int, default=100, help="text size")
    asked = parser.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    app = dressed()
    # `python -m` made this module `__main__`; the pictures register in the imported one.
    gallery = importlib.import_module("tests.support.gallery")
    gallery.load()
    for theme in asked.theme or ["light", "dark"]:
        for name in gallery.PICTURES:
            if asked.only in name:
                for path in gallery.draw(name, asked.out, theme, asked.percent):
                    sys.stdout.write(f"{path}\n")
    app.quit()
    return 0


def application() -> QApplication:
    """Give the application the pictures are drawn in."""
    return dressed()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
