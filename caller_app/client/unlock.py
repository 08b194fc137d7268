"""Opening a profile without the centre: the password is checked against an argon2id hash kept beside the key.

For the person last signed in only, within 12 hours of the last sign-in at the centre, with five tries. What a reader
would get wrong: the machine's clock may have been set back to gain time. A clock that reads earlier than the latest
moment ever noted here is refused, and within one run of the machine the monotonic clock counts too.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from caller_app.base.clock import Clock, from_text, to_text
from caller_app.base.errors import Refused
from caller_app.base.machine import boot_id
from caller_app.base.secrets import Secrets
from caller_app.protocol.limits import SIGN_IN_HOURS
from caller_app.store.lease import passed_since

if TYPE_CHECKING:
    from argon2 import PasswordHasher

TRIES = 5
SET_BACK = timedelta(minutes=5)
_ONLINE = " Connect to the network and sign in at the centre; what you recorded is safe on this computer."
_WRONG = "Name or password is not right."


class Unlock(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept beside the key."""

    hash: str
    wall: str
    mono: int
    boot: str
    high: str
    tries: int = 0


def load() -> None:
    """Load what checking takes, before there is a password to check."""
    _hasher()


def remember(secrets: Secrets, profile: str, password: str, clock: Clock) -> datetime:
    """Keep the hash of a password the centre has just accepted; gives until when it opens the profile."""
    now = clock.now()
    entry = Unlock(
        hash=_hasher().hash(password), wall=to_text(now), mono=clock.monotonic_ns(), boot=boot_id(), high=to_text(now)
    )
    _keep(secrets, profile, entry)
    return now + timedelta(hours=SIGN_IN_HOURS)


def check(secrets: Secrets, profile: str, password: str, clock: Clock) -> None:
    """Check a password without the centre; raises Refused with what to do instead."""
    from argon2.exceptions import InvalidHashError, VerificationError

    entry = _kept(secrets, profile)
    if entry is None:
        raise Refused("The centre cannot be reached, and you have not signed in on this computer before." + _ONLINE)
    now, high = clock.now(), from_text(entry.high)
    if now < high - SET_BACK:
        raise Refused("The centre cannot be reached, and this computer's clock was set back." + _ONLINE)
    passed = passed_since(clock, from_text(entry.wall), entry.mono, entry.boot, high)
    if passed >= timedelta(hours=SIGN_IN_HOURS):
        raise Refused(f"Your last sign-in at the centre was more than {SIGN_IN_HOURS} hours ago." + _ONLINE)
    if entry.tries >= TRIES:
        raise Refused("Too many wrong passwords." + _ONLINE)
    # Counted before it is checked, so that pulling the plug gains no further try.
    _keep(secrets, profile, msgspec.structs.replace(entry, tries=entry.tries + 1, high=to_text(max(now, high))))
    try:
        _hasher().verify(entry.hash, password)
    except (VerificationError, InvalidHashError):
        raise Refused(_WRONG, field="password") from None
    _keep(secrets, profile, msgspec.structs.replace(entry, tries=0, high=to_text(max(now, high))))


def note_time(secrets: Secrets, profile: str, clock: Clock) -> None:
    """Keep the latest moment this machine's clock has shown."""
    entry = _kept(secrets, profile)
    if entry is not None and clock.now() > from_text(entry.high):
        _keep(secrets, profile, msgspec.structs.replace(entry, high=to_text(clock.now())))


def _kept(secrets: Secrets, profile: str) -> Unlock | None:
    held = secrets.get(f"{profile}/unlock")
    if held is None:
        return None
    try:
        return msgspec.json.decode(held, type=Unlock)
    except msgspec.DecodeError:
        return None


def _keep(secrets: Secrets, profile: str, entry: Unlock) -> None:
    secrets.set(f"{profile}/unlock", msgspec.json.encode(entry).decode())


def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
