"""The situations a sweep has to reach: one that it never reached says nothing about them, and has to say so.

Not among them: a reset for collected removals alone. Whoever is below the horizon has lost the lease or the token too;
it comes a dozen times in a hundred thousand schedules.
"""

from collections.abc import Mapping

WANTED = (
    "reset: token", "reset: epoch", "reset: cursor ahead", "new epoch", "replay", "renumbered",
    "409: a number used twice", "device lost", "the centre knows numbers never given here", "the centre lost changes",
    "a hole that nothing here can fill", "a hole in the numbers", "not judged beyond a hole",
    "judged beyond a hole that nobody filled", "judged what waited before it", "twins part", "feed behind the copy",
    "alarm: older than promised", "restore older than promised", "previous token accepted",
    "short page ends at the head", "feed ends in collected numbers", "snapshot below the horizon",
    "tombstones collected", "retired device came back", "slow commit", "slow commit rolled back",
    "waited for a counter", "late work", "late outcome", "outcome after a stop", "contradictory finals",
    "same final twice", "correction conflict", "promise on a moved case", "promise on an ended case", "referral held",
    "undo", "undo of what is not there", "never in scope", "author draining", "stored from a revoked device",
    "stored as plain bytes", "500 on one envelope", "400 on one envelope", "set split by savepoints",
    "change that breaks judging", "newer change judged after an upgrade", "an id with other content",
    "the same change again", "stored and not judged", "late verdict told by a notice", "urgent before the queue",
    "removed", "swept", "removed while its call is open", "held for 30 minutes", "lease over", "wiped by order",
    "sent again where no list is served", "push failed, list read", "durable", "erased",
    "a number called durable is another's", "died before the page", "died between slices", "died after the page",
    "request of long ago", "stale reply set aside", "messages paused after a restore",
    "message sent again under its id", "died between message and note of it", "backup", "clone",
    "receipts asked for with a new list",
)  # fmt: skip


def never_reached(reached: Mapping[str, int]) -> list[str]:
    """Name what a sweep wanted to reach and did not."""
    return [one for one in WANTED if not reached.get(one)]
