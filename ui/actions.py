"""QActions made from the table of shortcuts: one per widget and name, with words, keys and tooltip.

What a reader would get wrong: an action acts while its widget (or what is inside it) is shown in the active window and,
for "call" and "script" keys, has the focus inside; Qt's contexts do that, not our code.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from ui.shortcuts import SHORTCUTS


def action(
    owner: QWidget, name: str, act: Callable[[], object], *, inside_only: bool = False, icon: str = ""
) -> QAction:
    """Make the action of a shortcut on a widget; `inside_only` keeps it to when the focus is inside."""
    row = SHORTCUTS[name]
    made = QAction(row.words, owner)
    made.setObjectName(name)
    made.setData(icon)
    made.setShortcut(QKeySequence(row.keys))
    made.setAutoRepeat(False)
    contexts = Qt.ShortcutContext
    made.setShortcutContext(contexts.WidgetWithChildrenShortcut if inside_only else contexts.WindowShortcut)
    made.setToolTip(f"{row.words} ({row.keys})")
    made.setStatusTip(row.more)
    made.triggered.connect(lambda _checked=False: act())
    owner.addAction(made)
    return made


def commands(window: QWidget) -> list[QAction]:
    """List what can be done now, for the command palette: enabled actions of everything that is shown."""
    found: dict[str, QAction] = {}
    for made in window.findChildren(QAction):
        owner = made.parent()
        shown = not isinstance(owner, QWidget) or owner is window or owner.isVisibleTo(window)
        if made.objectName() in SHORTCUTS and made.isEnabled() and shown:
            found.setdefault(made.objectName(), made)
    order = {name: at for at, name in enumerate(SHORTCUTS)}
    return sorted(found.values(), key=lambda one: order[one.objectName()])
