"""The life of a script's version: draft, in review, approved, published, retired; and the steps between.

What a reader would get wrong: words never change, only the state does. Who wrote a version may not approve it [L]. A
version is retired by the one that takes its place, never by itself: a project is never without a script. One that was
in use may be put back, which is the quick remedy where a new version turns out to be wrong.
"""

from dataclasses import dataclass
from typing import Final

STATES: Final = {
    "draft": "Draft",
    "in_review": "In review",
    "approved": "Approved",
    "published": "Published",
    "retired": "Retired",
    "dropped": "Given up",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: from which states, into which, and what is said of it."""

    code: str
    label: str
    will: str
    done: str  # what the history says
    begins: frozenset[str]
    state: str
    asks_why: bool = False


STEPS: Final = {
    one.code: one
    for one in (
        Step("ask_review", "Ask for review", "Somebody else is asked to read, walk and approve it.",
             "put forward for review", frozenset({"draft"}), "in_review"),
        Step("approve", "Approve", "You have read and walked it, and answer for it. It can then be published.",
             "approved", frozenset({"in_review"}), "approved"),
        Step("publish", "Publish", "It is checked once more with its table of example patients, and every new call of "
             "the project begins with it. Calls in progress end on the version they began with.",
             "published", frozenset({"approved", "retired"}), "published"),
        Step("send_back", "Send back", "It becomes a draft again, and the reason is shown to who wrote it.",
             "sent back", frozenset({"in_review", "approved"}), "draft", asks_why=True),
        Step("drop", "Give up", "It is put away and stays in the list. It was never read to anybody.",
             "given up", frozenset({"draft", "in_review", "approved"}), "dropped", asks_why=True),
    )
}  # fmt: skip
DONE: Final = {"added": "added", "retired": "retired", **{one.code: one.done for one in STEPS.values()}}
PUT_BACK: Final = "Put back in use"
OWN: Final = "You wrote this version: somebody else has to approve it."


def possible(state: str) -> tuple[Step, ...]:
    """Give the steps that can be taken from a state, what goes on first."""
    return tuple(one for one in STEPS.values() if state in one.begins)


def label_of(step: Step, state: str) -> str:
    """Give the verb of a step."""
    return PUT_BACK if step.code == "publish" and state == "retired" else step.label


def refusal(step: Step, *, author: bool) -> str:
    """Say why a person may not take a step; empty where they may."""
    return OWN if step.code == "approve" and author else ""
