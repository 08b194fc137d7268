"""Which notices of the centre a person has looked at on this computer: one instant per person, nothing else."""

from collections.abc import Sequence
from typing import Any

KEY = "notices_seen"
MANY = 20  # no more are counted


def unseen(told_at: Sequence[str], settings: Any, user_id: int) -> int:
    """Count the notices made after the person last looked."""
    since = settings.get(KEY).get(str(user_id), "")
    return sum(at > since for at in told_at)


def mark_seen(told_at: Sequence[str], settings: Any, user_id: int) -> None:
    """Note that the newest has been looked at."""
    if told_at:
        settings.set(KEY, {**settings.get(KEY), str(user_id): max(told_at)})


def unseen_words(told_at: Sequence[str], settings: Any, user_id: int) -> str:
    """Say it: "2 new", "20+ new", nothing where there is none."""
    count = unseen(told_at, settings, user_id)
    return "" if not count else f"{MANY}+ new" if count >= MANY else f"{count} new"
