"""The conflict rules, one function for both ends: what a change does to a case, whoever else was there meanwhile.

`fold` lays my unreflected changes over the centre's row on a workstation; `judge` decides one change at the centre.
Both are the same code, so what a caller saw and what the centre makes of it differ only by what the caller could not
know. What a reader would get wrong: a judgement never deletes anything. What cannot take effect stays as history and
goes to a supervisor.
"""

from collections.abc import Sequence
from dataclasses import replace

from caller_app.domain.changes import (
    Accessed,
    AttemptRecorded,
    AttemptSuperseded,
    CallbackPromised,
    Change,
    ConcernAdded,
    ConcernRaised,
    CorrectionProposed,
    NoteAdded,
    Recorded,
    ReferralRequested,
    ReferralTakenBack,
)
from caller_app.domain.effects import NoticeTo
from caller_app.domain.items import Item
from caller_app.domain.outcomes import STOPS
from caller_app.domain.projects import Project
from caller_app.domain.rebase_attempt import judge_attempt
from caller_app.domain.rebase_correction import judge_correction
from caller_app.domain.rebase_facts import (
    judge_access,
    judge_addition,
    judge_concern,
    judge_note,
    judge_promise,
)
from caller_app.domain.rebase_referral import judge_referral, judge_taken_back
from caller_app.domain.rebase_terms import CaseStanding, Judgement, Situation, clean_standing
from caller_app.domain.rebase_undo import judge_undo
from caller_app.domain.rulebook import Rulebook

__all__ = ["CaseStanding", "Judgement", "fold", "judge"]


def fold(item: Item, recorded: Sequence[Recorded], rules: Rulebook, project: Project) -> Item:
    """Lay changes over a case as the workstation shows it, in the order they were recorded.

    A change the row already reflects changes nothing: ids decide, so laying twice is the same as laying once.
    """
    for one in recorded:
        item = judge(item, one, clean_standing(item, one), rules, project).item
    return item


def judge(item: Item, one: Recorded, standing: CaseStanding, rules: Rulebook, project: Project) -> Judgement:
    """Decide what one change does to a case (the conflict table of docs/sync.md, kind by kind)."""
    urgent = _is_safety(one)
    if not standing.ever_assigned:
        return _aside(item, "never_in_scope", urgent)
    if standing.author_state == "revoked":
        return _aside(item, "revoked_device", urgent)
    judgement = _handled(Situation(item, one, standing, rules, project), one.change)
    if judgement is None:
        return _aside(item, "unknown_schema", urgent)
    if standing.author_state == "draining" and judgement.verdict == "applied" and one.change.kind != Accessed.kind:
        return replace(judgement, verdict="applied_review", reason="author_disabled", review_class="author_disabled")
    return judgement


def _handled(s: Situation, change: Change) -> Judgement | None:
    """Every kind of change has its row here and in the conflict table: a kind without both does not ship."""
    match change:
        case AttemptRecorded():
            return judge_attempt(s, change)
        case AttemptSuperseded():
            return judge_undo(s, change)
        case CorrectionProposed():
            return judge_correction(s, change)
        case CallbackPromised():
            return judge_promise(s, change)
        case ReferralRequested():
            return judge_referral(s, change)
        case ReferralTakenBack():
            return judge_taken_back(s, change)
        case NoteAdded():
            return judge_note(s, change)
        case ConcernRaised():
            return judge_concern(s, change)
        case ConcernAdded():
            return judge_addition(s, change)
        case Accessed():
            return judge_access(s, change)
    return None


def _is_safety(one: Recorded) -> bool:
    change = one.change
    if isinstance(change, AttemptRecorded):
        return change.outcome in STOPS or change.outcome == "E01"
    return isinstance(change, ConcernRaised | ConcernAdded)


def _aside(item: Item, reason: str, urgent: bool) -> Judgement:
    """Keep the change without effect, for a supervisor; one about safety says so, so that it is looked at first."""
    review_class = f"{reason}_safety" if urgent else reason
    text = "A change that may be about a person's safety was put aside: look at it now."
    return Judgement(item, "quarantined", reason, review_class, effects=(NoticeTo(None, text),) if urgent else ())
