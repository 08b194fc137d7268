"""The honest light: what the two files know, with how it stands with the centre laid over it. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from caller_app.base.clock import london
from caller_app.queries.rows import Standing
from caller_app.store.local import NEEDS_NEWER
from caller_app.sync.worker import Link

CLOCK_WARNS = timedelta(minutes=5)
CONCERN_WAITS = timedelta(minutes=5)  # then a person has to tell the duty lead (docs/sync.md, conflict policy)


def merge(
    local: Standing,
    link: Link,
    *,
    alarm: str | None = None,
    low_on_room: bool = False,
    outbox_damaged: bool = False,
    push_only: bool = False,
) -> Standing:
    """Say how it stands as a whole; what needs a person comes before what heals by itself."""
    off = int(link.clock_off / timedelta(minutes=1))
    late = _clock_words(link.clock_off)
    shown = replace(local, clock_off_minutes=off if late else 0)
    if outbox_damaged:
        words = "The file of your saved work is damaged. Close this program and open it again: it rescues what it can."
        return replace(shown, state="trouble", sentence=f"{words} {local.sentence}{late}")
    if push_only:  # nothing else can be done here, so it comes first
        words = f"{NEEDS_NEWER} {alarm}" if alarm else NEEDS_NEWER
        return replace(shown, state="trouble", sentence=f"{words} {local.sentence}{late}", needs_newer=True)
    if alarm:
        return replace(shown, state="trouble", sentence=f"{alarm} {local.sentence}{late}")
    if low_on_room:
        words = "The disk of this computer is full: your last entry was saved on the room kept for it. Free some space."
        return replace(shown, state="trouble", sentence=f"{words} {local.sentence}{late}")
    if link.state == "trouble":
        return replace(shown, state="trouble", sentence=f"{link.sentence} {local.sentence}{late}")
    if link.state == "sign_in":
        return replace(shown, state="sign_in", sentence=f"{link.sentence} {local.sentence}{late}")
    if link.state == "portal":
        return replace(shown, state="portal", sentence=f"{link.sentence} {local.sentence}{late}")
    if link.state == "offline":
        since = f" (since {london(link.since):%H:%M})" if link.since else ""
        words = link.sentence or "The centre cannot be reached. You can go on working."
        return replace(shown, state="offline", sentence=f"{words}{since} {local.sentence}{late}")
    if link.state in ("new", "sending"):
        return replace(shown, state="sending", sentence=f"Connecting to the centre. {local.sentence}{late}")
    if local.unsent:
        return replace(shown, state="sending", sentence=f"Sending. {local.sentence}{late}")
    return replace(shown, state="all_sent", sentence=f"{local.sentence}{late}")


def with_concern(shown: Standing, now: datetime) -> Standing:
    """Ask for a telephone call where a concern still has not reached the centre: nobody else knows of it."""
    if shown.concern_at is None or now - shown.concern_at < CONCERN_WAITS:
        return shown
    whom = f"the supervisor on duty now on {shown.duty_phone}" if shown.duty_phone else "the supervisor on duty now"
    words = f"The concern you recorded at {london(shown.concern_at):%H:%M} has not reached the centre. Ring {whom}."
    return replace(shown, state="trouble", sentence=f"{words} {shown.sentence}")


def _clock_words(off: timedelta) -> str:
    if abs(off) <= CLOCK_WARNS:
        return ""
    minutes = round(abs(off) / timedelta(minutes=1))
    length = f"{minutes} minutes" if minutes < 120 else f"{round(minutes / 60)} hours"
    way = "fast" if off > timedelta(0) else "slow"
    return f" This computer's clock is {length} {way}: have it put right, times of calls are shown by it."
