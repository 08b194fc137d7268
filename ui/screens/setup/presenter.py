"""Decides the first run: which centre, is it one, may we talk to it. Says honestly what was found.

What a reader would get wrong: the centre is remembered only after it has answered as one; an address typed anew must
be checked anew.
"""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from caller_app.base.errors import CentreUnreachable, Refused

PORTAL = (
    "Something on this network answered instead of the centre, most likely a page asking you to log in to the Wi-Fi. "
    "Open a web browser, log in to the network, then check again."
)
NOBODY = (
    "No centre answers at this address. Check it letter by letter, and that this computer is on the network; then "
    "check again."
)


class SetupView(Protocol):
    """The screen as its presenter sees it."""

    def show_checking(self, checking: bool) -> None: ...
    def show_found(self, name: str, *, test_mode: bool) -> None: ...
    def show_nothing_found(self) -> None: ...
    def show_failure(self, fault: Exception) -> None: ...
    def finish(self) -> None: ...


class Door(Protocol):
    """What of the client's doorway is used here."""

    def check_centre(self, url: str, ca_file: Path | None = None) -> "Future[Any]": ...
    def remember_centre(self, url: str, ca_file: Path | None = None) -> Any: ...


Watch = Callable[..., None]


class SetupPresenter:
    """First run."""

    def __init__(self, view: SetupView, door: Door, watch: Watch) -> None:
        self._view, self._door, self._watch = view, door, watch
        self._asked: tuple[str, Path | None] | None = None
        self._found: tuple[str, Path | None] | None = None

    def on_changed(self) -> None:
        """The address or the file was edited: what was found no longer counts."""
        if self._found is not None or self._asked is not None:
            self._found = self._asked = None
            self._view.show_checking(False)
            self._view.show_nothing_found()

    def on_check(self, typed: str, ca_file: str) -> None:
        """Ask the address whether a centre is there."""
        try:
            url, authority = clean_address(typed), clean_ca_file(ca_file)
        except Refused as refused:
            self._view.show_failure(refused)
            return
        asked = (url, authority)
        self._asked, self._found = asked, None
        self._view.show_checking(True)
        self._watch(
            self._door.check_centre(url, authority),
            lambda centre: self._answered(asked, centre),
            lambda fault: self._failed(asked, fault),
        )

    def on_continue(self) -> None:
        """Keep the centre that answered and go on to sign-in."""
        if self._found is not None:
            url, ca_file = self._found
            self._door.remember_centre(url, ca_file)
            self._view.finish()

    def _answered(self, asked: tuple[str, Path | None], centre: Any) -> None:
        if asked != self._asked:
            return
        self._found, self._asked = asked, None
        self._view.show_checking(False)
        self._view.show_found(centre.name, test_mode=centre.test_mode)

    def _failed(self, asked: tuple[str, Path | None], fault: Exception) -> None:
        if asked != self._asked:
            return
        self._asked = None
        self._view.show_checking(False)
        if isinstance(fault, CentreUnreachable):
            fault = _at_set_up(fault)
        self._view.show_failure(fault)


def _at_set_up(fault: CentreUnreachable) -> CentreUnreachable:
    """Say it for set-up, where nothing can be worked on yet and nothing was recorded that could be sent later."""
    if fault.portal:
        return CentreUnreachable(PORTAL, portal=True)
    return CentreUnreachable(NOBODY) if fault.no_answer else fault


def clean_address(typed: str) -> str:
    """Make an address of what was typed; plain HTTP only to this machine."""
    text = typed.strip()
    if not text:
        raise Refused("Type the address of the centre, for example https://calls.example.nhs.uk.", field="url")
    if "://" not in text:
        text = "https://" + text
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or any(one.isspace() for one in text):
        raise Refused("That does not read as an address. It looks like https://calls.example.nhs.uk.", field="url")
    if parts.username or parts.password:
        raise Refused("Leave names and passwords out of the address; they are asked for next.", field="url")
    if parts.scheme == "http" and host not in ("localhost", "127.0.0.1", "::1"):
        raise Refused(
            "This address begins with http://, which anyone on the network could read. Patient data only goes over "
            "https://. Ask whoever runs the centre for its https address.",
            field="url",
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def clean_ca_file(typed: str) -> Path | None:
    """Check that the certificate file, where one is named, is there."""
    text = typed.strip()
    if not text:
        return None
    if not Path(text).is_file():
        raise Refused("There is no file of this name. Choose the certificate file you were given.", field="ca_file")
    return Path(text)
