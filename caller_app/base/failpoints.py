"""Named places at which a test may have the process end as if killed: `CALLSYNC_CRASH_AT=name`, or `name:3` (3rd time).

What a reader would get wrong: the variable alone does nothing. Only a store or a centre opened in test mode arms it, so
it cannot end the program of a person at work; unarmed a place costs one comparison. The end is SIGKILL: nothing is
flushed, closed or said.
"""

import os
import signal

VARIABLE = "CALLSYNC_CRASH_AT"
NAMES = frozenset(
    {
        # workstation
        "recorded_before_shown",  # the outbox has it, the shown row not yet
        "batch_marked_before_sent",
        "reply_before_settled",
        "settled_before_shown",
        "rows_before_token",  # inside the last transaction of a page
        "between_slices",
        "removal_logged_before_removed",
        "migrated_before_stamped",
        # centre
        "stored_before_commit",
        "after_store_before_judge",
        "judged_before_commit",
        "after_store_before_reply",
        "page_noted_before_reply",
    }
)

_armed: dict[str, int] = {}  # the one armed place, and how many times it may still be passed


def arm() -> None:
    """Take the place named in the environment; called only where test mode is established."""
    name, _, count = os.environ.get(VARIABLE, "").partition(":")
    if not name:
        return
    if name not in NAMES:
        raise RuntimeError(f"{VARIABLE} names no place: {name!r}")
    _armed[name] = int(count or 1)


def crash_here(name: str) -> None:
    """End the process here, if this is the armed place and its turn."""
    if _armed and name in _armed:
        _armed[name] -= 1
        if _armed[name] == 0:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
