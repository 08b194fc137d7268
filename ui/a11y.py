"""Names for people who cannot see the screen, given where a control is made.

What a reader would get wrong: a combo box answers with its value and a table with nothing unless it is named here.
"""

from importlib import import_module
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

Named = TypeVar("Named", bound=QWidget)


def name(widget: Named, words: str, description: str = "") -> Named:
    """Give a control its accessible name (and what it does, where the name leaves that open)."""
    widget.setAccessibleName(words)
    if description:
        widget.setAccessibleDescription(description)
    return widget


def label_for(label: QLabel, control: QWidget) -> None:
    """Tie a label to its control: name for readers, mnemonic for the keyboard."""
    label.setBuddy(control)
    if not control.accessibleName():
        control.setAccessibleName(label.text().replace("&", ""))


def load_voice() -> None:
    """Load what `announce` needs; sign-in is painted without it."""
    import_module("PySide6.QtGui").QAccessible.isActive()


def announce(widget: QWidget, sentence: str) -> None:
    """Say a sentence to a screen reader without moving the focus (outcomes, results of a search)."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    if sentence and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, sentence))


def tab_here(owner: QWidget, *controls: QWidget) -> None:
    """Let Tab come to controls that were made later where their owner stands, and not after everything else."""
    before = owner.previousInFocusChain()
    while before.focusPolicy() == Qt.FocusPolicy.NoFocus or owner.isAncestorOf(before):
        if before is owner.window() or before is owner:
            return
        before = before.previousInFocusChain()
    for one in controls:
        QWidget.setTabOrder(before, one)
        before = one
