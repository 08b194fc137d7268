"""Decides sign-in: by the centre, or without it for the person last signed in, within their time.

What a reader would get wrong: the password is handed on and kept nowhere here. Whether the centre was reached is the
client's to say (`offline_since`); this screen promises nothing.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol

from caller_app.base.errors import Refused


class SignInView(Protocol):
    """The screen as its presenter sees it."""

    def show_trying(self, trying: bool) -> None: ...
    def show_failure(self, fault: Exception) -> None: ...
    def enter(self, client: Any) -> None: ...


class Door(Protocol):
    """What of the client's doorway is used here."""

    def remembered(self) -> Any: ...
    def sign_in(self, name: str, password: str) -> "Future[Any]": ...


class SignInPresenter:
    """Who works?"""

    def __init__(self, view: SignInView, door: Door, watch: Callable[..., None]) -> None:
        self._view, self._door, self._watch = view, door, watch
        self._trying = False

    def last_name(self) -> str:
        """Give who signed in last on this computer."""
        known = self._door.remembered()
        return known.last_name or "" if known is not None else ""

    def centre(self) -> str:
        """Give the centre's address."""
        known = self._door.remembered()
        return known.url if known is not None else ""

    def offline_words(self) -> str:
        """Say who may open without the centre and for how long; empty where nobody may."""
        known = self._door.remembered()
        if known is None or not known.last_name:
            return ""
        return (
            f"If the centre cannot be reached, {known.last_name} can still open their list with the same password, "
            "up to 12 hours after signing in with the centre."
        )

    def on_sign_in(self, name: str, password: str) -> None:
        """Try the name and password."""
        if self._trying:
            return
        if not name.strip():
            self._view.show_failure(Refused("Type your user name.", field="name"))
            return
        if not password:
            self._view.show_failure(Refused("Type your password.", field="password"))
            return
        self._trying = True
        self._view.show_trying(True)
        self._watch(self._door.sign_in(name.strip(), password), self._entered, self._failed)

    def _entered(self, client: Any) -> None:
        self._trying = False
        self._view.enter(client)

    def _failed(self, fault: Exception) -> None:
        self._trying = False
        self._view.show_trying(False)
        self._view.show_failure(fault)
