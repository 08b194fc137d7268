"""Every retained change as support would read it: what kind, where it stands, what the centre said.

What a reader would get wrong: titles say what was done and never to whom, so that the page may be shown to anybody who
helps with a stuck workstation.
"""

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
    ReferralRequested,
)
from caller_app.domain.rulebook import Rulebook
from caller_app.queries.rows import OutboxRow
from caller_app.store import journal
from caller_app.store.journal import Entry
from caller_app.store.snapshot import Snapshot

_ACCESSED = {
    "view": "Card opened",
    "check_panel": "Check panel shown",
    "danger_details": "Details for 999 shown",
    "dial": "Number dialled",
    "incoming": "Incoming call taken",
}
_REASONS = {
    "late_outcome": "recorded after the person was passed to a colleague",
    "late": "recorded after the person was passed to a colleague",
    "duplicate_contact": "a colleague recorded the same result",
    "contact_after_optout": "recorded after the person asked not to be called",
    "never_in_scope": "this person was never on your list",
    "unknown_schema": "the centre does not know this kind of entry yet",
    "id_reuse": "the same entry arrived with other content",
    "author_disabled": "your account was closed meanwhile",
    "revoked_device": "this workstation was shut out",
}


def entries(s: Snapshot, *, limit: int = 200, offset: int = 0) -> tuple[OutboxRow, ...]:
    """Give the retained changes, the newest first."""
    return tuple(
        OutboxRow(
            dseq=entry.dseq,
            change_id=entry.change_id,
            kind=entry.kind,
            title=title_of(entry.change, s.rules),
            recorded_at=entry.recorded_at,
            state=state_of(entry),
            verdict=entry.verdict,
            reason=reason_in_words(entry.reason) if entry.reason else None,
            tries=entry.tries,
        )
        for entry in journal.entries(s.outbox, limit=limit, offset=offset)
    )


def title_of(change: Change, rules: Rulebook) -> str:
    """Say what a change is, never whom it is about."""
    match change:
        case AttemptRecorded():
            outcome = rules.outcomes.find(change.outcome)
            return f"Call: {outcome.label}" if outcome else "Call"
        case AttemptSuperseded():
            return "Call taken back"
        case CorrectionProposed():
            kind = rules.corrections.find(change.type)
            return f"Correction: {kind.label}" if kind else "Correction"
        case CallbackPromised():
            return "Callback promised"
        case ReferralRequested():
            return "Pathway taken up"
        case NoteAdded():
            return "Note"
        case ConcernRaised():
            return "Concern raised"
        case ConcernAdded():
            return "Added to a concern"
        case Accessed():
            return _ACCESSED.get(change.what, "Record looked at")
    return change.kind.replace("_", " ")


def state_of(entry: Entry) -> str:
    """Say where a change stands, in the words of the outbox page and of My day."""
    if entry.verdict in ("applied_review", "quarantined"):
        return "being looked at" + (f": {reason_in_words(entry.reason)}" if entry.reason else "")
    if entry.verdict == "applied":
        return "accepted"
    if entry.verdict == "received" or entry.state in ("ACKED", "DURABLE"):
        return "sent"
    if entry.state == "SENT":
        return "sending"
    return "saved here" if entry.state == "PENDING" else "saved here, sending needs another try"


def reason_in_words(reason: str) -> str:
    """Say a reason of the centre in words; one that is not known here is shown as it came, without its underscores."""
    return _REASONS.get(reason, reason.replace("_", " "))
