"""The one home of the system's key store: keys of the local files, unlock hashes, refresh tokens.

What a reader would get wrong: `keyring` falls back silently. Without a session bus its `fail` backend raises, its
`null` backend stores nothing and says nothing, and `keyrings.alt` writes plain text. Only the named safe ones are
accepted, and every value is read back after it was set.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from caller_app.base.errors import Refused
from caller_app.base.paths import Paths

SERVICE = "caller-app"
DEMO_VARIABLE = "CALLER_APP_DEMO_KEYS"
DEMO_MARK = "demo-profile"
_SAFE_BACKENDS = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.Windows",
    "keyring.backends.macOS",
)
_NO_STORE = (
    "This computer has no safe key store for this person, so patient data cannot be kept on it. "
    "Sign in to the desktop (so that its password store is unlocked) or ask IT, then start again."
)
_NOT_KEPT = (
    "The key store of this computer did not keep what it was given, so patient data cannot be kept here. Ask IT."
)


class Secrets(Protocol):
    """A place for small secrets by name. `in_file` says that it is no safe place (the demo's throw-away profile)."""

    @property
    def in_file(self) -> bool: ...

    def get(self, name: str) -> str | None: ...

    def set(self, name: str, value: str) -> None: ...

    def drop(self, name: str) -> None: ...


class KeyringSecrets:
    """The operating system's key store."""

    in_file = False

    def __init__(self) -> None:
        self._backend = _safe_backend()

    def get(self, name: str) -> str | None:
        """Read a secret; None where there is none."""
        value = self._call(self._backend.get_password, SERVICE, name)
        return value if isinstance(value, str) else None

    def set(self, name: str, value: str) -> None:
        """Store a secret and read it back; raises Refused where it was not kept."""
        self._call(self._backend.set_password, SERVICE, name, value)
        if self.get(name) != value:
            raise Refused(_NOT_KEPT)

    def drop(self, name: str) -> None:
        """Remove a secret; nothing happens where there is none."""
        from keyring.errors import PasswordDeleteError

        try:
            self._call(self._backend.delete_password, SERVICE, name)
        except PasswordDeleteError:
            return

    @staticmethod
    def _call(work: Any, *args: str) -> Any:
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            return work(*args)
        except PasswordDeleteError:
            raise
        except KeyringError:
            raise Refused(_NO_STORE) from None

    def __repr__(self) -> str:
        return "KeyringSecrets()"


def _safe_backend() -> Any:
    import keyring

    chosen = keyring.get_keyring()
    for backend in [*getattr(chosen, "backends", ()), chosen]:
        if type(backend).__module__.startswith(_SAFE_BACKENDS):
            return backend
    raise Refused(_NO_STORE)


class MemorySecrets:
    """Secrets that end with the process: for tests that ask for it."""

    in_file = False

    def __init__(self) -> None:
        self._held: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """Read a secret; None where there is none."""
        return self._held.get(name)

    def set(self, name: str, value: str) -> None:
        """Store a secret."""
        self._held[name] = value

    def drop(self, name: str) -> None:
        """Remove a secret."""
        self._held.pop(name, None)

    def __repr__(self) -> str:
        return "MemorySecrets()"


class FileSecrets:
    """Secrets in a plain file beside the data: for the demo's invented people only, and the screen says so."""

    in_file = True

    def __init__(self, folder: Path) -> None:
        self._file = folder / "demo-keys.json"

    def get(self, name: str) -> str | None:
        """Read a secret; None where there is none."""
        value = self._read().get(name)
        return value if isinstance(value, str) else None

    def set(self, name: str, value: str) -> None:
        """Store a secret, replacing the file in one step."""
        self._write({**self._read(), name: value})

    def drop(self, name: str) -> None:
        """Remove a secret."""
        self._write({key: value for key, value in self._read().items() if key != name})

    def _read(self) -> dict[str, Any]:
        try:
            held = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return held if isinstance(held, dict) else {}

    def _write(self, held: dict[str, Any]) -> None:
        fresh = self._file.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(held, out)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._file)

    def __repr__(self) -> str:
        return "FileSecrets()"


def open_secrets(paths: Paths, environment: Mapping[str, str] | None = None) -> Secrets:
    """Give the system's key store; a file only for a folder marked as a demo's, and only when asked by environment."""
    environment = os.environ if environment is None else environment
    if environment.get(DEMO_VARIABLE) == "1":
        if not (paths.home / DEMO_MARK).is_file():
            raise Refused("Keys in a file are for the demo's throw-away profile only; this folder is not one.")
        return FileSecrets(paths.home)
    return KeyringSecrets()
