"""What passes learn for those that come after, as long as the program runs; nothing of it is needed to be right.

The pace of the line, how often the centre did not know our place, and when it is our turn after a restore.
"""

import hashlib
from dataclasses import dataclass, field

from caller_app.sync.push import Pace

TOKENS_UNTIL_TWIN = 2
HAND_IN_EVERY_NS = 3600 * 1_000_000_000
PROOF_RESTS_NS = 3600 * 1_000_000_000


@dataclass(slots=True)
class Memory:
    """Kept by the worker; a pass without one (support's) takes no turn and starts at the full pace."""

    takes_turns: bool = False
    pace: Pace = field(default_factory=Pace)
    resets_for_token: int = 0
    nothing_in_doubt: bool = False  # the ledger was looked through, and time has not gone back since
    _handed_in: int | None = None
    _no_proof_since: int | None = None
    _turn: tuple[str, int] | None = None

    def looks_like_a_twin(self) -> bool:
        """Count that the centre did not know our token; the second time another copy of us is likely pulling too."""
        self.resets_for_token += 1
        if self.resets_for_token < TOKENS_UNTIL_TWIN:
            return False
        self.resets_for_token = 0
        return True

    def may_hand_in_again(self, now_ns: int) -> bool:
        """Tell whether it is an hour or more since this last said yes."""
        if self._handed_in is not None and now_ns - self._handed_in < HAND_IN_EVERY_NS:
            return False
        self._handed_in = now_ns
        return True

    def no_proof_for_now(self, now_ns: int) -> None:
        """Remember that the centre cannot tell what it holds: it is asked again in an hour."""
        self._no_proof_since = now_ns

    def may_ask_for_proof(self, now_ns: int) -> bool:
        """Tell whether the centre may be asked what it holds."""
        return self._no_proof_since is None or now_ns - self._no_proof_since >= PROOF_RESTS_NS

    def must_wait(self, epoch: str, device_id: str | None, within: int, now_ns: int) -> bool:
        """Tell whether others go first in a new history: each workstation has its own moment within the span."""
        if not self.takes_turns or not within:
            return False
        if self._turn is None or self._turn[0] != epoch:
            self._turn = (epoch, now_ns + my_moment(epoch, device_id or "", within))
        return now_ns < self._turn[1]


def my_moment(epoch: str, device_id: str, within: int) -> int:
    """Give a workstation's moment in nanoseconds: spread evenly, the same however often it is asked."""
    drawn = int.from_bytes(hashlib.sha256(f"{epoch}:{device_id}".encode()).digest()[:8])
    return within * 1_000_000_000 * (drawn % 1_000_000) // 1_000_000
