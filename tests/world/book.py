"""What was recorded, as the test itself wrote it down: the independent model the real parts are checked against.

Nothing here asks the code under test. An act is in the book from the moment its commit returned; it is forgiven only
where the loss is nobody's promise: a disk put back to an image, or a centre restored from before what it had promised.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

WHERE = {  # kind of change -> the list of the item that shows its effect, and the name of the id there
    "attempt_recorded": ("attempts", "attempt_id"),
    "correction_proposed": ("corrections", "correction_id"),
    "callback_promised": ("promises", "promise_id"),
    "referral_requested": ("referrals", "referral_id"),
    "note_added": ("notes", "note_id"),
    "concern_raised": ("concerns", "concern_id"),
}


@dataclass(slots=True)
class Act:
    """One change a person recorded."""

    change_id: str
    order: int  # the order in which the world recorded
    machine: int  # which machine of the world
    user_id: int
    case_id: str
    kind: str
    what: str  # the outcome of an attempt, the words of a note, what an undo takes back
    foreign: bool = False  # about a person who was never on this list
    lane: int = 1


@dataclass(slots=True)
class Book:
    """All acts of one world."""

    acts: dict[str, Act] = field(default_factory=dict)
    forgiven: set[str] = field(default_factory=set)
    promises_broken: dict[int, set[str]] = field(default_factory=dict)  # machine -> erased acts a restore lost
    restored: int = 0
    revoked: set[int] = field(default_factory=set)  # machines
    drained: set[int] = field(default_factory=set)  # users
    stops: set[str] = field(default_factory=set)  # cases closed by a supervisor's list

    def add(self, act: Act) -> None:
        """Write an act down."""
        assert act.change_id not in self.acts, "one id was given out twice"
        self.acts[act.change_id] = act

    def due(self) -> list[Act]:
        """Give the acts that must not be lost, in the order they were recorded."""
        return [one for one in self.acts.values() if one.change_id not in self.forgiven]

    def forgive(self, change_ids: Iterable[str]) -> None:
        """Take back the duty for acts whose only copy was on a disk that was put back."""
        self.forgiven.update(change_ids)

    def of_case(self, case_id: str, user_id: int, kind: str) -> list[Act]:
        """Give one person's acts of a kind on a case."""
        return [
            one
            for one in self.acts.values()
            if (one.case_id, one.user_id, one.kind) == (case_id, user_id, kind) and one.change_id not in self.forgiven
        ]
