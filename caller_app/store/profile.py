"""Which profile is whose: one folder with two files and one key per (centre, person), and who signed in last.

What a reader would get wrong: a missing key is never replaced by a fresh one while a file made with the old one exists.
That file holds recorded work; it stays untouched until its key is back. Folder names say nothing about a person.
"""

import hashlib
import os
import secrets as random_bytes
from dataclasses import dataclass
from pathlib import Path

import msgspec

from caller_app.base.errors import Refused
from caller_app.base.paths import Paths
from caller_app.base.secrets import Secrets

_NO_KEY = (
    "The key to your saved work is not in this computer's key store. The file was left untouched. "
    "Sign in to the desktop as the same user as before, or ask IT."
)


class LastSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed in last: enough to open their profile without the centre."""

    user_id: int
    name: str
    shown_name: str
    role: str
    server_id: str
    server_name: str
    test_mode: bool


class CentreFile(msgspec.Struct, frozen=True, kw_only=True):
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
    name = hashlib.sha256(f"{server_id}|{user_id}".encode()).hexdigest()[:20]
    return Profile(name, paths.profiles / name)


def key_of(profile: Profile, secrets: Secrets) -> bytes:
    """Give the profile's key, made at its first opening; raises Refused where the key of existing files is gone."""
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
        return msgspec.json.decode(paths.centre_file.read_bytes(), type=CentreFile)
    except (OSError, msgspec.DecodeError):
        return None


def write_centre(paths: Paths, remembered: CentreFile) -> None:
    """Remember the centre, replacing the file in one step."""
    paths.make()
    fresh = paths.centre_file.with_suffix(".new")
    with fresh.open("wb") as out:
        out.write(msgspec.json.encode(remembered))
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(paths.centre_file)
