"""The tokens of one signed-in person, shared by the threads that ask the centre; never logged, never in a repr."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from caller_app.protocol.messages import SignedIn


@dataclass(frozen=True, slots=True)
class Tokens:
    """A short-lived access token and the one that renews it."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    refresh_until: str = ""


class Credentials:
    """Holds the tokens; `kept` is told each new refresh token, so that a restart can go on without a password."""

    def __init__(self, tokens: Tokens | None = None, *, kept: Callable[[str | None], None] | None = None) -> None:
        self._tokens = tokens
        self._kept = kept
        self.renewing = threading.Lock()

    @property
    def tokens(self) -> Tokens | None:
        """Give the current tokens; None when a password is needed."""
        return self._tokens

    def take(self, signed: SignedIn) -> None:
        """Take the tokens of a sign-in or a renewal."""
        self._tokens = Tokens(signed.access_token, signed.refresh_token, signed.refresh_until)
        if self._kept is not None:
            self._kept(signed.refresh_token)

    def spend(self) -> None:
        """Forget tokens the centre no longer takes."""
        self._tokens = None
        if self._kept is not None:
            self._kept(None)

    def keep_with(self, kept: Callable[[str | None], None]) -> None:
        """Say where refresh tokens are kept from now on."""
        self._kept = kept
        if self._tokens is not None:
            kept(self._tokens.refresh)

    def __repr__(self) -> str:
        return "Credentials()"
