"""Which profile is whose: one folder with two files and one key per (centre, person), and who signed in last.

What a reader would get wrong: a missing key is never replaced by a fresh one while a file made with the old one exists.
That file holds recorded work; it stays untouched until its key is back. Folder names say nothing about a person.
The centre's file is read before sign-in is painted, so nothing that takes long to load is needed for it.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from caller_app.base.errors import Refused
from caller_app.base.paths import Paths
from caller_app.base.secrets import Secrets

_NO_KEY = (
    "The key to your saved work is not in this computer's key store. The file was left untouched. "
    "Sign in to the desktop as the same user as before, or ask IT."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSignIn:
    """Who signed in last: enough to open their profile without the centre."""

    user_id: int
    name: str
    shown_name: str
    role: str
    server_id: str
    server_name: str
    test_mode: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreFile:
    """What this installation remembers in the open: the centre's address and who signed in last."""

    url: str
    ca_file: str | None = None
    last: LastSignIn | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """The place of one person's two files."""

    name: str
    folder: Path


def profile_of(paths: Paths, server_id: str, user_id: int) -> Profile:
    """Give the profile of a person at a centre."""
    import hashlib

    name = hashlib.sha256(f"{server_id}|{user_id}".encode()).hexdigest()[:20]
    return Profile(name, paths.profiles / name)


def key_of(profile: Profile, secrets: Secrets) -> bytes:
    """Give the profile's key, made at its first opening; raises Refused where the key of existing files is gone."""
    import hashlib
    import secrets as random_bytes

    name = f"{profile.name}/key"
    held = secrets.get(name)
    mark_file = profile.folder / "key-mark"
    if held is None:
        if (profile.folder / "outbox.db").exists():
            raise Refused(_NO_KEY)
        held = random_bytes.token_bytes(32).hex()
        secrets.set(name, held)
    try:
        key = bytes.fromhex(held)
    except ValueError:
        raise Refused(_NO_KEY) from None
    if len(key) != 32:
        raise Refused(_NO_KEY)
    mark = hashlib.sha256(b"caller-app key mark" + key).hexdigest()[:16]
    if mark_file.exists():
        if mark_file.read_text(encoding="ascii").strip() != mark:
            raise Refused(_NO_KEY)
    else:
        profile.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark_file.write_text(mark, encoding="ascii")
    return key


def read_centre(paths: Paths) -> CentreFile | None:
    """Read what is remembered of the centre; None at the first run, or where the file is not ours."""
    try:
        return _centre_of(json.loads(paths.centre_file.read_bytes()))
    except (OSError, ValueError, KeyError):
        return None


def write_centre(paths: Paths, remembered: CentreFile) -> None:
    """Remember the centre, replacing the file in one step."""
    paths.make()
    fresh = paths.centre_file.with_suffix(".new")
    with fresh.open("wb") as out:
        out.write(json.dumps(asdict(remembered), separators=(",", ":")).encode())
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(paths.centre_file)


def _centre_of(found: Any) -> CentreFile:
    """Make the file's content of what JSON holds; raises KeyError or ValueError where it is not ours."""
    _check(found, {"url": str})
    ca_file, last = found.get("ca_file"), found.get("last")
    if ca_file is not None:
        _check(found, {"ca_file": str})
    return CentreFile(url=found["url"], ca_file=ca_file, last=None if last is None else _last_of(last))


def _last_of(found: Any) -> LastSignIn:
    kinds = {one.name: one.type for one in fields(LastSignIn)}
    _check(found, kinds)
    return LastSignIn(**{name: found[name] for name in kinds})


def _check(found: Any, kinds: Mapping[str, Any]) -> None:
    if not isinstance(found, dict) or any(type(found[name]) is not kind for name, kind in kinds.items()):
        raise ValueError("not a file of ours")
