"""When the next pass is due: pure functions of what happened and of a random number that is handed in.

What a reader would get wrong: pending work alone never causes an immediate retry. After a failure the wait is drawn
from the whole range up to a doubling bound (full jitter), so that 500 workstations do not come back as one.
"""

from dataclasses import dataclass, replace

POLL_SECONDS = 20.0
IDLE_SECONDS = 60.0
EAGER_SECONDS = 5.0
EAGER_FOR = 60.0
LISTENING_SECONDS = 60.0  # between passes while news comes by itself: the lease and held records are looked at
JITTER = 0.2
CAP_PENDING = 60.0
CAP_QUIET = 300.0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What the schedule remembers: failures in a row, and until when (monotonic seconds) it looks often."""

    failures: int = 0
    eager_until: float = 0.0

    def failed(self) -> "Rhythm":
        """Count one more failed pass."""
        return replace(self, failures=min(self.failures + 1, 30))

    def went_well(self) -> "Rhythm":
        """Forget the failures."""
        return replace(self, failures=0)

    def eager(self, now: float) -> "Rhythm":
        """Look often for a minute: something was just recorded or decided."""
        return replace(self, eager_until=now + EAGER_FOR)


def wait(
    rhythm: Rhythm,
    *,
    now: float,
    active: bool,
    unsent: bool,
    chance: float,
    retry_after: float | None = None,
    listening: bool = False,
) -> float:
    """Give the seconds until the next pass; `chance` is random, 0 to 1; `listening`: news is waited for."""
    if rhythm.failures:
        if retry_after is not None:
            return retry_after * (1 + 0.3 * chance)
        cap = CAP_PENDING if unsent else CAP_QUIET
        return chance * min(cap, 2.0 ** (rhythm.failures - 1))
    if listening and not unsent:
        base = LISTENING_SECONDS
    elif now < rhythm.eager_until:
        base = EAGER_SECONDS
    else:
        base = POLL_SECONDS if active else IDLE_SECONDS
    least, most = base * (1 - JITTER), base * (1 + JITTER)
    return min(most, least + (most - least) * chance)  # rounding must not pass the bound
