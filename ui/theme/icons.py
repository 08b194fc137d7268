"""Icons: our own single-colour outlines (resources/icons), tinted per role and drawn at the screen's scale.

What a reader would get wrong: an icon is never the only word. `live.set_icon` keeps a button's icon right when the
theme changes; `tinted` is for painting.
"""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from caller_app.base.paths import resource_path
from ui.theme.tokens import Tokens


@lru_cache(maxsize=128)
def _drawing(name: str) -> str:
    return (resource_path("icons") / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def tinted(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Draw an icon in one colour at a size in logical pixels."""
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def icon(name: str, tokens: Tokens, role: str = "text", *, gap: int = 0) -> QIcon:
    """Give an icon in a role's colour, greyed where disabled, sharp at twice the scale; `gap` keeps words off it."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        for ink, mode in ((getattr(tokens, role), QIcon.Mode.Normal), (tokens.text_disabled, QIcon.Mode.Disabled)):
            made.addPixmap(_widened(tinted(name, ink, tokens.icon, ratio), gap), mode)
    return made


def _widened(pixmap: QPixmap, gap: int) -> QPixmap:
    """Leave room at the right of an icon: no style sheet can set the distance between icon and words."""
    if not gap:
        return pixmap
    ratio = pixmap.devicePixelRatio()
    wide = QPixmap(pixmap.width() + round(gap * ratio), pixmap.height())
    wide.setDevicePixelRatio(ratio)
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    painter.drawPixmap(0, 0, pixmap)
    painter.end()
    return wide


def icon_names() -> list[str]:
    """List the icons that ship."""
    return sorted(path.stem for path in resource_path("icons").glob("*.svg"))
