"""The words of judging: what is known of a case when a change arrives, and what became of it.

What a reader would get wrong: nothing here looks at a clock. `reassigned_at` and `stopped_at` are the centre's times;
`occurred_at` is the workstation's, put right by the centre before judging. Times only decide what is reviewed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from caller_app.domain.calling_rules import SITTING
from caller_app.domain.changes import Recorded
from caller_app.domain.effects import Effect, NoticeTo, PromiseSettled
from caller_app.domain.items import Item, PastAttempt, Promise
from caller_app.domain.outcomes import SAFETY, STOPS
from caller_app.domain.projects import Project
from caller_app.domain.rulebook import Rulebook

Verdict = Literal["applied", "applied_review", "quarantined"]

# Review classes: what a supervisor will find on the list.
LATE = "late_outcome"
AFTER_STOP = "contact_after_optout"
CONTRADICTORY = "contradictory_outcomes"
DIED = "reported as died"


AuthorState = Literal["active", "draining", "revoked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStanding:
    """What the centre knows beside the item. The defaults are a clean case on the author's own list."""

    assignee_id: int | None = None
    assign_gen: int = 0
    ever_assigned: bool = True
    reassigned_at: datetime | None = None
    taker_has_called: bool = False
    stopped_at: datetime | None = None
    author_state: AuthorState = "active"
    author_may_lift: bool = False  # a supervisor, online: may undo another person's attempt
    referred_elsewhere: bool = False  # another case of the person has the same pathway underway
    pathway_full: bool = False  # its places were taken by others meanwhile
    earlier: Mapping[str, str] = field(default_factory=dict)  # change id -> verdict, of changes judged before


def clean_standing(item: Item, one: Recorded) -> CaseStanding:
    """Give the standing of a case that is the author's and untouched by others: what a workstation assumes."""
    return CaseStanding(assignee_id=one.author_id, assign_gen=max(item.assign_gen, one.assign_gen or 0))


@dataclass(frozen=True, slots=True)
class Judgement:
    """The item as it now stands, the verdict, and what the centre has to do beside."""

    item: Item
    verdict: Verdict = "applied"
    reason: str | None = None
    review_class: str | None = None
    effects: tuple[Effect, ...] = ()

    def reviewed(self, review_class: str, reason: str | None = None) -> "Judgement":
        """Give the same judgement, applied but for a supervisor to look at; a class already set stays."""
        kept = self.review_class or review_class
        return replace(self, verdict="applied_review", review_class=kept, reason=self.reason or reason or review_class)


@dataclass(frozen=True, slots=True)
class Situation:
    """One change meeting one case."""

    item: Item
    one: Recorded
    standing: CaseStanding
    rules: Rulebook
    project: Project

    @property
    def reassigned(self) -> bool:
        """The case is not the author's any more, or was another's in between."""
        if self.standing.assignee_id != self.one.author_id:
            return True
        return self.one.assign_gen is not None and self.one.assign_gen < self.standing.assign_gen

    @property
    def still_mine_then(self) -> bool:
        """It was done before the reassignment and the new assignee has not called yet."""
        if self.standing.taker_has_called:
            return False
        return self.standing.reassigned_at is None or self.one.occurred_at < self.standing.reassigned_at

    @property
    def stopped_at(self) -> datetime | None:
        """When the person was stopped, by the centre's record or by history."""
        if self.standing.stopped_at is not None:
            return self.standing.stopped_at
        own = self.one.change.act_id
        return min((at for at, act_id, _ in stops_of(self.item) if act_id != own), default=None)

    @property
    def ended(self) -> bool:
        """The case had ended before this change, by something else than the same act or the same sitting."""
        if self.item.status != "closed":
            return self.standing.stopped_at is not None and not self._of_closing_act()
        return not self._of_closing_act()

    def _of_closing_act(self) -> bool:
        closing = [one for one in live(self.item) if one.led_to == "closed"]
        if not closing:
            return False
        last = closing[-1]
        if last.act_id and last.act_id == self.one.change.act_id:
            return True
        # The last attempt used up the rule (C06): another number tried in the same sitting still counts.
        outcome = self.rules.outcomes.find(last.outcome)
        unreached = outcome is not None and not outcome.final and outcome.contact_level == "none"
        near = abs(self.one.occurred_at - last.at) < SITTING
        return unreached and near and last.caller_id == self.one.author_id and self.standing.stopped_at is None


def live(item: Item) -> list[PastAttempt]:
    """Give the attempts that were not taken back, in order of judgement."""
    return [one for one in item.attempts if not one.superseded]


def stops_of(item: Item) -> list[tuple[datetime, str, str]]:
    """Give what stopped the person in this case's history: when, in which act, and why; a reported death is one."""
    told = [one for one in item.corrections if one.type == "DECEASED_REPORTED"]
    stops = [(one.at, one.act_id, one.led_why) for one in live(item) if one.outcome in STOPS]
    stops += [(one.at, one.act_id, DIED) for one in told if one.state not in ("withdrawn", "rejected")]
    return stops


def open_promises(item: Item) -> list[Promise]:
    """Give the promises still to be kept, the earliest first."""
    if not item.promises:
        return []
    return sorted((one for one in item.promises if one.state == "open"), key=lambda one: (one.from_at, one.promise_id))


def cancelled_promises(item: Item, by: str, author_id: int) -> tuple[Item, tuple[Effect, ...]]:
    """Cancel what is still promised on a case that has ended; whoever promised it is told."""
    effects: list[Effect] = []
    promises = []
    for promise in item.promises:
        if promise.state == "open":
            promise = replace(promise, state="cancelled", kept_by=by)
            effects.append(PromiseSettled(promise.promise_id, "cancelled"))
            if promise.made_by_id != author_id:
                text = "A call you promised is no longer needed: the case has ended."
                effects.append(NoticeTo(promise.made_by_id, text))
        promises.append(promise)
    return replace(item, promises=tuple(promises)), tuple(effects)


def with_promise(item: Item) -> Item:
    """Let an open promise decide the time of a case that may be called: a promise outranks a retry."""
    waiting = open_promises(item)
    if not waiting or item.status not in ("ready", "callback"):
        return item
    soonest = waiting[0].from_at
    if item.status == "callback" and item.not_before is not None and not_promised(item) and item.not_before < soonest:
        return item
    return replace(item, status="callback", not_before=soonest)


def not_promised(item: Item) -> bool:
    """Tell whether the case's next time is not the time of one of its promises."""
    return all(one.from_at != item.not_before for one in item.promises)


def restated(item: Item) -> Item:
    """Derive status, time and reason again from history: what undoing an attempt goes back to.

    Safety first: a stop closes, a concern locks. Then endings (two different ones are for review), then the last
    attempt that did something.
    """
    attempts = live(item)
    stops = stops_of(item)
    endings = [one for one in attempts if one.led_to == "closed"]
    moved = [one for one in attempts if one.led_to]
    if stops:
        return replace(item, status="closed", not_before=None, status_why=stops[0][2])
    if item.concerns or any(one.outcome in SAFETY for one in attempts):
        return replace(item, status="supervisor", not_before=None, status_why="somebody is worried about the person")
    if len({one.outcome for one in endings}) > 1:
        return replace(item, status="needs_review", not_before=None, status_why="two results disagree")
    last = endings[-1] if endings else moved[-1] if moved else None
    if last is None or last.led_to == "":
        return with_promise(replace(item, status="ready", not_before=None, status_why=""))
    return with_promise(replace(item, status=last.led_to, not_before=last.led_not_before, status_why=last.led_why))
