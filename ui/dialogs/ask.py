"""Asking before something that cannot be undone; the button says the verb."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ui.dialogs.base import Dialog


def ask(
    parent: QWidget,
    title: str,
    sentence: str,
    verb: str,
    done: Callable[[], object],
    *,
    dangerous: bool = False,
    cancel: str = "Cancel",
) -> Dialog:
    """Open a question; `done` is called when the verb is chosen."""
    made = Dialog(parent, title, sentence)

    def agreed() -> None:
        made.accept()
        done()

    way_out = made.add_cancel(cancel)
    deed = made.add_button(verb, agreed, kind="danger" if dangerous else "primary")
    (way_out if dangerous else deed).setFocus()
    made.open()
    return made
